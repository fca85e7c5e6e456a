package io.quipu.perf;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.MemberRank;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Increments of 1 to uniformly random members of one board ({@code score:desc}, {@code sum}, ties {@code first}), by
 * name; first each member once, with a random score. The names are those that redis-benchmark draws. At the end the
 * competition rank of every sampled member must be one more than the number of better scores sent.
 */
final class BoardWorkload implements Workload
{
    static final String PREFIX = "member:";
    static final String BOARD = "board";

    /** First scores are uniform below this. */
    static final int FIRST_SCORES = 1_000_000;
    private static final int LIST = 250;
    private static final int SAMPLES = 40;

    private final NumberedNames names = new NumberedNames(PREFIX);
    private final SplittableRandom random;
    private final int[] scores;
    /** Of the request being built: drawn and counted before any name is written, so that misses of scores overlap. */
    private final int[] numbers;
    private final int commandsPerRequest;
    private final ReplyForm form;
    private int filled;

    BoardWorkload(final int members, final int commandsPerRequest, final ReplyForm form, final long seed)
    {
        scores = new int[members];
        numbers = new int[commandsPerRequest];
        random = new SplittableRandom(seed);
        this.commandsPerRequest = commandsPerRequest;
        this.form = form;
    }

    @Override
    public int commandsPerRequest()
    {
        return commandsPerRequest;
    }

    @Override
    public boolean isFilling()
    {
        return filled < scores.length;
    }

    @Override
    public void fill(final Request request)
    {
        request.form(ReplyForm.ACK);
        if (filled == 0)
        {
            request.createBoard(BoardDefinition.named(BOARD));
        }
        request.board(BOARD);
        for (int i = 1; i < FILL_BATCH && filled < scores.length; i++)
        {
            final int score = random.nextInt(FIRST_SCORES);
            request.score(names.write(filled), 0, names.length(), score);
            scores[filled++] = score;
        }
    }

    @Override
    public void next(final Request request, final long[] expected)
    {
        request.form(form).board(BOARD);
        for (int i = 0; i < commandsPerRequest; i++)
        {
            numbers[i] = random.nextInt(scores.length);
        }
        for (int i = 0; i < commandsPerRequest; i++)
        {
            expected[i] = ++scores[numbers[i]];
        }
        for (int i = 0; i < commandsPerRequest; i++)
        {
            request.score(names.write(numbers[i]), 0, names.length(), 1);
        }
    }

    @Override
    public void verify(final Reply reply, final long[] expected)
    {
        if (reply.refusedCount() != 0)
        {
            throw new IllegalStateException("a score behind " + reply.firstSequence() + " was refused: " + reply);
        }
        for (int i = 0, size = form == ReplyForm.ACK ? 0 : reply.commandCount(); i < size; i++)
        {
            if (reply.value(i) != expected[i])
            {
                Workload.same("the value of score " + (reply.firstSequence() + i), reply.value(i), expected[i]);
            }
        }
    }

    @Override
    public long verifyAll(final QuipuClient client)
    {
        final int[] sorted = scores.clone();
        Arrays.sort(sorted);
        for (int sample = 0; sample < SAMPLES; sample++)
        {
            final int count = Math.min(LIST, scores.length);
            final int from = random.nextInt(scores.length - count + 1);
            final List<MemberRank> ranks = client.rank(BOARD, names.names(from, count));
            for (int i = 0; i < count; i++)
            {
                final long score = scores[from + i];
                Workload.same("score of " + names.name(from + i), ranks.get(i).score()[0], score);
                Workload.same("rank of " + names.name(from + i), ranks.get(i).competition(), 1 + better(sorted, score));
            }
        }
        return (long)SAMPLES * Math.min(LIST, scores.length);
    }

    private static long better(final int[] sorted, final long score)
    {
        int low = 0;
        int high = sorted.length;
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            if (sorted[middle] <= score)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return sorted.length - low;
    }
}

package io.quipu.perf;

import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Adds of 1 to uniformly random counters, by name or by handle; first each counter once, in order, by name. The names
 * are those that redis-benchmark draws.
 * <p>
 * With values in the replies, each is compared with the total kept here. By handle and without values, nothing is
 * kept while time is taken: at the end the same numbers are drawn once more, and every counter is read and compared.
 */
final class CounterWorkload implements Workload
{
    static final String PREFIX = "counter:";

    private static final int LIST = 512;
    private static final int SAMPLES = 1_000;

    private final NumberedNames names = new NumberedNames(PREFIX);
    private final long seed;
    private final SplittableRandom random;
    private final int[] totals;
    /** Of the request being built: drawn and counted before any name is written, so that misses of totals overlap. */
    private final int[] numbers;
    private final int commandsPerRequest;
    private final boolean byHandle;
    private final boolean values;
    private final ReplyForm form;
    private long firstHandle;
    private long drawn;
    private int filled;

    CounterWorkload(
        final int counters, final int commandsPerRequest, final boolean byHandle, final ReplyForm form, final long seed)
    {
        totals = new int[counters];
        numbers = new int[commandsPerRequest];
        this.seed = seed;
        random = new SplittableRandom(seed);
        this.commandsPerRequest = commandsPerRequest;
        this.byHandle = byHandle;
        this.form = form;
        values = form != ReplyForm.ACK;
    }

    @Override
    public int commandsPerRequest()
    {
        return commandsPerRequest;
    }

    @Override
    public boolean isFilling()
    {
        return filled < totals.length;
    }

    @Override
    public void fill(final Request request)
    {
        request.form(ReplyForm.ACK);
        for (int i = 0; i < FILL_BATCH && filled < totals.length; i++)
        {
            request.add(names.write(filled), 0, names.length(), 1);
            totals[filled++] = 1;
        }
    }

    @Override
    public void next(final Request request, final long[] expected)
    {
        request.form(form);
        if (byHandle)
        {
            for (int i = 0; i < commandsPerRequest; i++)
            {
                request.addByHandle(firstHandle + random.nextInt(totals.length), 1);
            }
            drawn += commandsPerRequest;
            return;
        }

        for (int i = 0; i < commandsPerRequest; i++)
        {
            numbers[i] = random.nextInt(totals.length);
        }
        for (int i = 0; i < commandsPerRequest; i++)
        {
            expected[i] = ++totals[numbers[i]];
        }
        for (int i = 0; i < commandsPerRequest; i++)
        {
            request.add(names.write(numbers[i]), 0, names.length(), 1);
        }
    }

    /** Handles of counters that were created in one go are consecutive, since ids are dense; samples are compared. */
    @Override
    public void prepare(final QuipuClient client)
    {
        if (byHandle)
        {
            firstHandle = client.resolve(Kind.COUNTER, null, names.name(0)).get(0);
            final SplittableRandom samples = new SplittableRandom(seed + 1);
            for (int i = 0; i < SAMPLES; i++)
            {
                final int counter = samples.nextInt(totals.length);
                Workload.same(
                    "handle of " + names.name(counter),
                    client.resolve(Kind.COUNTER, null, names.name(counter)).get(0),
                    firstHandle + counter);
            }
        }
    }

    @Override
    public void verify(final Reply reply, final long[] expected)
    {
        if (reply.refusedCount() != 0)
        {
            throw new IllegalStateException("an add behind " + reply.firstSequence() + " was refused: " + reply);
        }
        for (int i = 0, size = values ? reply.commandCount() : 0; i < size; i++)
        {
            if (reply.value(i) != expected[i])
            {
                Workload.same("the counter of add " + (reply.firstSequence() + i), reply.value(i), expected[i]);
            }
        }
    }

    @Override
    public long verifyAll(final QuipuClient client)
    {
        final SplittableRandom again = new SplittableRandom(seed);
        for (; drawn > 0; drawn--)
        {
            totals[again.nextInt(totals.length)]++;
        }
        return readBack(client, names, totals);
    }

    /**
     * Reads all counters and compares them.
     *
     * @return how many.
     * @throws IllegalStateException that names the first difference.
     */
    static long readBack(final QuipuClient client, final NumberedNames names, final int[] totals)
    {
        for (int from = 0; from < totals.length; from += LIST)
        {
            final int count = Math.min(LIST, totals.length - from);
            final List<CounterValue> read = client.get(names.names(from, count));
            for (int i = 0; i < count; i++)
            {
                if (read.get(i).value() != totals[from + i])
                {
                    Workload.same(names.name(from + i), read.get(i).value(), totals[from + i]);
                }
            }
        }
        return totals.length;
    }
}

package io.quipu.engine;

import com.sun.management.ThreadMXBean;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.SubmitEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the sequencer thread allocates on the Java heap for N commands more, of all usual kinds, from one client:
 * nothing. What a roll to the next journal file costs is counted apart and printed.
 */
class AllocationTest
{
    private static final int COMMANDS_PER_REQUEST = 200;
    private static final int REQUESTS_PER_ROUND = 5_000;
    private static final int OUTSTANDING = 4;
    private static final int NAMES = 10_000;
    private static final int MEMBERS = 5_000;
    private static final int MAX_ROUNDS = 10;
    private static final int FRAMES = 64;
    private static final int FIRST_REQUEST = 2;
    private static final int TEMPLATE_ID_OFFSET = 2;
    private static final int REQUEST_SEQUENCE_OFFSET = 2 * MessageHeaderEncoder.ENCODED_LENGTH + SubmitEncoder.BLOCK_LENGTH;

    @TempDir
    private Path dir;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final List<UnsafeBuffer> frames = new ArrayList<>();
    private UnsafeBuffer query;
    private long requests;
    private long replies;
    private long queries;
    private long queryReplies;
    private long refusals;

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    @Test
    void shouldAllocateNothingForAMillionCommandsMore()
    {
        final EngineContext context = new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .threads(threads())
            .log(line -> {});
        try (EngineNode engine = EngineNode.launch(context);
            RawClient client = new RawClient(engine.ingress(), dir.resolve("client")))
        {
            prepare(client);
            long bytes = -1;
            long before = allocatedBytes();
            for (int round = 0; round < MAX_ROUNDS && bytes != 0; round++)
            {
                runRound(client);
                final long after = allocatedBytes();
                bytes = after - before;
                before = after;
                System.out.println(
                    "round " + round + ": " + COMMANDS_PER_REQUEST * REQUESTS_PER_ROUND + " commands, " + bytes + " bytes");
            }

            assertThat(refusals).isZero();
            assertThat(bytes).isZero();
        }
    }

    @Test
    void shouldReportWhatARollCosts()
    {
        final EngineContext context = new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(4 << 20)
            .log(line -> {});
        try (EngineNode engine = EngineNode.launch(context);
            RawClient client = new RawClient(engine.ingress(), dir.resolve("client")))
        {
            prepare(client);
            runRound(client);
            final long afterN = allocatedBytes();
            final int rollsBefore = files();
            runRound(client);
            final int rolls = files() - rollsBefore;
            final long bytes = allocatedBytes() - afterN;

            System.out.println("rolls " + rolls + ", allocated " + bytes + " bytes: " + bytes / rolls + " a roll");
            assertThat(rolls).isGreaterThan(2);
            assertThat(bytes / rolls).isLessThan(1 << 20);
        }
    }

    private int files()
    {
        return dir.resolve("engine").resolve("journal").toFile().list((parent, name) -> name.endsWith(".cq4")).length;
    }

    /** Frames are built once and get their numbers when they are sent: a client that makes garbage makes the collector run. */
    private void prepare(final RawClient client)
    {
        final long attachment = client.attach(1);
        client.submit(attachment, new Frames.Body(1).createBoard("board", 0));
        client.listener = this::onMessage;
        final Random random = new Random(5);
        final List<String> counters = names("counter:", NAMES);
        final List<String> members = names("member:", MEMBERS);
        for (int i = 0; i < FRAMES; i++)
        {
            final Frames.Body body = body(i, pick(random, counters), pick(random, members));
            frames.add(new UnsafeBuffer(new Frames.Submit(client.key(), attachment).request(body).encode()));
        }

        query = new UnsafeBuffer(Frames.getTop(client.key(), 1, "board", 100));
    }

    private static Frames.Body body(final int index, final List<String> counters, final List<String> members)
    {
        final Frames.Body body = new Frames.Body(1);
        switch (index % 4)
        {
            case 0:
                return body.form(ReplyForm.RANKS).scoreAll("board", members, index);

            case 1:
                return body.form(ReplyForm.ACK).scoreAll("board", members, -index);

            case 2:
                return body.atomic().addAll(counters, 3);

            default:
                return body.addAll(counters, 1);
        }
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length)
    {
        switch (buffer.getShort(offset + TEMPLATE_ID_OFFSET))
        {
            case ReplyDecoder.TEMPLATE_ID:
                replies++;
                break;

            case QueryReplyDecoder.TEMPLATE_ID:
                queryReplies++;
                break;

            case RefusedDecoder.TEMPLATE_ID:
                refusals++;
                break;

            default:
                break;
        }
    }

    private void runRound(final RawClient client)
    {
        for (int i = 0; i < REQUESTS_PER_ROUND; i++)
        {
            final UnsafeBuffer frame = frames.get(i % FRAMES);
            frame.putLong(REQUEST_SEQUENCE_OFFSET, FIRST_REQUEST + requests);
            frame.putLong(REQUEST_SEQUENCE_OFFSET + Long.BYTES, FIRST_REQUEST - 1 + replies);
            requests++;
            offer(client, frame);
            if (i % 50 == 0)
            {
                queries++;
                offer(client, query);
            }

            while (requests - replies >= OUTSTANDING || queryReplies < queries)
            {
                client.poll();
            }
        }

        client.await("the rest", () -> replies == requests);
    }

    private static void offer(final RawClient client, final DirectBuffer frame)
    {
        while (!client.offer(frame))
        {
            client.poll();
        }
    }

    private static List<String> pick(final Random random, final List<String> names)
    {
        final int from = random.nextInt(names.size() - COMMANDS_PER_REQUEST);
        return names.subList(from, from + COMMANDS_PER_REQUEST);
    }

    private static List<String> names(final String prefix, final int count)
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            names.add(prefix + i);
        }

        return names;
    }

    /** By the threads that commands pass through. */
    private long allocatedBytes()
    {
        long bytes = 0;
        for (final Thread thread : Thread.getAllStackTraces().keySet())
        {
            if (thread.getName().equals("quipu-sequencer") || thread.getName().equals("quipu-transport"))
            {
                bytes += threads.getThreadAllocatedBytes(thread.getId());
            }
        }

        assertThat(bytes).isPositive();
        return bytes;
    }
}

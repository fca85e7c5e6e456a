package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Heap bytes that the thread of the state has allocated after 2N commands, less those after N: none.
 */
class AllocationTest
{
    private static final int COMMANDS = 1_000_000;
    private static final int BATCH = 100;
    private static final int NAMES = 10_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingInSteadyState()
    {
        try (Story story = new Story())
        {
            prefill(story);
            final Traffic traffic = new Traffic(story.state);
            traffic.record();

            traffic.run(COMMANDS);
            final long before = threads.getCurrentThreadAllocatedBytes();
            traffic.run(COMMANDS);
            final long after = threads.getCurrentThreadAllocatedBytes();

            assertThat(traffic.replies).isEqualTo(2L * COMMANDS / BATCH);
            assertThat(traffic.chunks).isEqualTo(2L * COMMANDS / BATCH * 2);
            assertThat(after - before).isZero();
        }
    }

    private static void prefill(final Story story)
    {
        story.send(story.request().create("b", BoardSpec.points()).create("c", BoardSpec.of(1, 1, "points,diff")));
        for (int i = 0; i < NAMES; i += BATCH)
        {
            final RequestBuilder built = story.request();
            for (int j = i; j < i + BATCH; j++)
            {
                built.add("counter:" + j, 1);
            }
            built.onBoard("b");
            for (int j = i; j < i + BATCH; j++)
            {
                built.score("member:" + j, j);
            }
            built.onBoard("c");
            for (int j = i; j < i + BATCH; j++)
            {
                built.scoreColumns("member:" + j, j, j);
            }
            story.send(built);
        }
    }

    /** Records and queries built ahead; only sequences are written into them. */
    private static final class Traffic implements ReplyHandler, QueryHandler
    {
        private static final int RECORDS = 200;

        final StateMachine state;
        final MutableDirectBuffer[] bodies = new MutableDirectBuffer[RECORDS];
        final MutableDirectBuffer[] pages = new MutableDirectBuffer[RECORDS];
        final MutableDirectBuffer[] ranks = new MutableDirectBuffer[RECORDS];
        long requestSequence;
        long replies;
        long chunks;

        Traffic(final StateMachine state)
        {
            this.state = state;
            requestSequence = state.sessions().lastRequestSequence(1);
        }

        void record()
        {
            final Random random = new Random(42);
            final RequestBuilder request = new RequestBuilder();
            final BodyBuilder body = new BodyBuilder();
            final QueryBuilder query = new QueryBuilder();
            for (int i = 0; i < RECORDS; i++)
            {
                fill(request.clear().form(ReplyForm.get((short)(i % 3))), random, i);
                body.clear().request(1, 0, 0, request);
                bodies[i] = copy(body.buffer(), body.length());
                query.clear().onBoard(0, "b".getBytes(UTF_8)).page(0, 10);
                pages[i] = copy(query.buffer(), query.length());
                query.clear().onBoard(0, "c".getBytes(UTF_8))
                    .ranks(("member:" + random.nextInt(NAMES)).getBytes(UTF_8), "none".getBytes(UTF_8));
                ranks[i] = copy(query.buffer(), query.length());
            }
        }

        private static void fill(final RequestBuilder request, final Random random, final int number)
        {
            if (number % 5 == 0)
            {
                request.atomic();
            }
            for (int j = 0; j < BATCH / 4; j++)
            {
                request.add("counter:" + random.nextInt(NAMES), random.nextInt(9) - 4);
            }
            for (int j = 0; j < BATCH / 4; j++)
            {
                request.addByHandle(0x1000_0000_0000_0001L + random.nextInt(NAMES), random.nextInt(9) - 4);
            }
            request.onBoard("b");
            for (int j = 0; j < BATCH / 4; j++)
            {
                request.score("member:" + random.nextInt(NAMES), random.nextInt(2_000) - 1_000);
            }
            request.onBoard("c");
            for (int j = 0; j < BATCH / 4 - 2; j++)
            {
                request.scoreColumns("member:" + random.nextInt(NAMES), random.nextInt(9) - 4, random.nextInt(9));
            }
            request.onBoard("b").remove("member:" + number).score("member:" + number, number);
        }

        void run(final int commands)
        {
            for (int i = 0; i < commands / BATCH; i++)
            {
                final MutableDirectBuffer body = bodies[i % RECORDS];
                body.putLong(8, requestSequence + 1);
                body.putLong(16, Math.max(0, requestSequence - 3));
                requestSequence++;
                state.apply(body, 0, body.capacity(), state.sequence() + 1, state.timeNs() + 1_000, this);
                query(pages[i % RECORDS]);
                query(ranks[i % RECORDS]);
            }
        }

        private void query(final MutableDirectBuffer query)
        {
            state.queries().run(query, 0, query.capacity(), this);
        }

        private static MutableDirectBuffer copy(final DirectBuffer buffer, final int length)
        {
            final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            copy.putBytes(0, buffer, 0, length);
            return copy;
        }

        @Override
        public void onReply(
            final int sessionId,
            final long requestSequence,
            final long lastSequence,
            final DirectBuffer buffer,
            final int offset,
            final int length)
        {
            replies++;
        }

        @Override
        public void onSessionOpened(final int sessionId)
        {
            throw new AssertionError();
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            throw new AssertionError();
        }

        @Override
        public void onChunk(final DirectBuffer buffer, final int offset, final int length, final boolean last)
        {
            chunks++;
        }
    }
}

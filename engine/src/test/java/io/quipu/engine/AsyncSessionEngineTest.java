package io.quipu.engine;

import com.sun.management.ThreadMXBean;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.Egress;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.Request;
import io.quipu.transport.client.SessionState;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The asynchronous session against a real engine that loses replies and is started anew.
 */
@Timeout(120)
class AsyncSessionEngineTest
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int COUNTERS = 10;

    @TempDir
    private Path dir;

    private final Request request = new Request();

    private EngineContext engineContext()
    {
        return new EngineContext().dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).log((line) -> {});
    }

    @Test
    void shouldApplyOnceAndAnswerAlikeOverLostRepliesAndRestarts()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Outcomes outcomes = new Outcomes();
        final long[] expected = new long[COUNTERS];
        EngineNode engine = EngineNode.launch(engineContext().egressDecorator((egress) -> new LossyEgress(egress, seed)));
        final String address = engine.ingress();
        try (AsyncSession session = AsyncSession.connect(
            new ClientContext().engine(address).resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(50)), outcomes))
        {
            for (int i = 0; i < 20_000; i++)
            {
                final int counter = random.nextInt(COUNTERS);
                final long delta = random.nextInt(100) - 50;
                expected[counter] += delta;
                offer(session, i, request.reset().add("c" + counter, delta));
                if (6_000 == i % 7_000)
                {
                    engine.close();
                    engine = EngineNode.launch(engineContext().ingress(address)
                        .egressDecorator((egress) -> new LossyEgress(egress, seed)));
                }
            }
            assertThat(session.flush(TIMEOUT_NS)).as("seed " + seed).isTrue();
            assertThat(session.counters().connections()).isEqualTo(3);
            assertThat(session.counters().repliesRetried()).isGreaterThan(10);
            assertThat(outcomes.values).as("seed " + seed).hasSize(20_000);

            try (QuipuClient client = QuipuClient.connect(address))
            {
                final String[] names = IntStream.range(0, COUNTERS).mapToObj((i) -> "c" + i).toArray(String[]::new);
                assertThat(client.get(names)).as("seed " + seed).extracting(CounterValue::value)
                    .containsExactlyElementsOf(IntStream.range(0, COUNTERS).mapToObj((i) -> expected[i]).toList());
                assertThat(client.status().sequence()).isEqualTo(20_001);
            }
        }
        finally
        {
            engine.close();
        }
    }

    @Test
    void shouldResumeWithTheSameReplies()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()))
        {
            final Outcomes first = new Outcomes();
            final SessionState state;
            try (AsyncSession session = AsyncSession.connect(
                new ClientContext().engine(engine.ingress()).manualAcknowledge(true), first))
            {
                for (int i = 0; i < 50; i++)
                {
                    offer(session, i, request.reset().add("c", i));
                }
                session.flush(TIMEOUT_NS);
                session.acknowledge(20);
                state = session.state();
            }
            final Outcomes second = new Outcomes();
            try (AsyncSession session = AsyncSession.connect(
                new ClientContext().engine(engine.ingress()).sessionState(state), second))
            {
                for (int i = 20; i < 100; i++)
                {
                    offer(session, i, request.reset().add("c", i));
                }
                session.flush(TIMEOUT_NS);
                assertThat(session.counters().repliesRetried()).isEqualTo(30);
                for (long i = 20; i < 50; i++)
                {
                    assertThat(second.bytes.get(i)).isEqualTo(first.bytes.get(i));
                }
                assertThat(second.values.get(99L)).isEqualTo(99 * 100 / 2);
                session.closeSession();
            }
        }
    }

    @Test
    void shouldTakeOutWhatIsRefusedForGoodFromAmongOthers()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()))
        {
            try (QuipuClient client = QuipuClient.connect(engine.ingress()))
            {
                client.setLimit(Limit.REQUEST_COMMANDS, 4);
            }
            final Outcomes outcomes = new Outcomes();
            try (AsyncSession session =
                AsyncSession.connect(new ClientContext().engine(engine.ingress()), outcomes))
            {
                for (int i = 0; i < 300; i++)
                {
                    request.reset();
                    for (int j = 0; j < (3 == i % 20 ? 5 : 1); j++)
                    {
                        request.add("c", 1);
                    }
                    offer(session, i, request);
                }
                assertThat(session.flush(TIMEOUT_NS)).isTrue();
                assertThat(outcomes.refused).hasSize(15).allMatch((refusal) -> refusal.endsWith(" REQUEST_TOO_LARGE 4"));
                assertThat(outcomes.values).hasSize(285);
                assertThat(outcomes.values.get(299L)).isEqualTo(285);
                assertThat(session.repliesReceivedUpTo()).isEqualTo(285);
            }
        }
    }

    @Test
    void shouldAllocateNothingInSteadyState()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final Summing summing = new Summing();
        try (EngineNode engine = EngineNode.launch(engineContext());
            AsyncSession session = AsyncSession.connect(new ClientContext().engine(engine.ingress()), summing))
        {
            final UnsafeBuffer name = new UnsafeBuffer(new byte[]{'c', '0'});
            int sent = submit(session, name, 0, 30_000);
            final long before = threads.getThreadAllocatedBytes(self);
            final long overhead = threads.getThreadAllocatedBytes(self) - before;
            final long start = threads.getThreadAllocatedBytes(self);
            sent = submit(session, name, sent, 30_000);
            final long allocated = threads.getThreadAllocatedBytes(self) - start - overhead;
            assertThat(summing.replies).isEqualTo(sent);
            assertThat(summing.commands).isEqualTo(sent * 10L);
            // Nothing a request; the embedded driver's housekeeping takes a few bytes a second, and the JDK 128 for a datagram
            // whose sender differs from the previous one's.
            assertThat(allocated).isLessThan(8 * 1024);
            System.out.println("client thread: " + allocated + " bytes allocated for 30,000 requests of 10 commands");
        }
    }

    private int submit(final AsyncSession session, final UnsafeBuffer name, final int from, final int count)
    {
        for (int i = from; i < from + count; i++)
        {
            request.reset().form(0 == i % 2 ? ReplyForm.ACK : ReplyForm.VALUES);
            for (int j = 0; j < 10; j++)
            {
                name.putByte(1, (byte)('0' + (i + j) % 10));
                request.add(name, 0, 2, 1);
            }
            while (session.offer(request, i) < 0)
            {
                session.poll();
            }
        }
        while (session.unanswered() > 0)
        {
            session.poll();
        }
        return from + count;
    }

    private static void offer(final AsyncSession session, final long correlation, final Request request)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        long result;
        while ((result = session.offer(request, correlation)) == AsyncSession.BACK_PRESSURED)
        {
            session.poll();
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
        assertThat(result).isPositive();
    }

    /** One outcome a request, or the test fails. */
    private static final class Outcomes implements ReplyHandler
    {
        final Map<Long, Long> values = new HashMap<>();
        final Map<Long, byte[]> bytes = new HashMap<>();
        final List<String> refused = new ArrayList<>();

        @Override
        public void onReply(final long correlation, final Reply reply)
        {
            assertThat(reply.code(0)).isEqualTo(ResultCode.OK);
            assertThat(values.put(correlation, reply.value(0))).isNull();
            final byte[] result = new byte[reply.resultLength()];
            reply.resultBuffer().getBytes(reply.resultOffset(), result);
            bytes.put(correlation, result);
        }

        @Override
        public void onRefused(
            final long correlation, final long requestSequence, final ResultCode code, final long detail)
        {
            refused.add(correlation + " " + code + " " + detail);
        }
    }

    private static final class Summing implements ReplyHandler
    {
        int replies;
        long commands;

        @Override
        public void onReply(final long correlation, final Reply reply)
        {
            replies++;
            commands += reply.commandCount() - reply.refusedCount();
        }

        @Override
        public void onRefused(
            final long correlation, final long requestSequence, final ResultCode code, final long detail)
        {
            throw new AssertionError(code);
        }
    }

    /** Loses one reply in a hundred. */
    private static final class LossyEgress implements WholeEgress
    {
        private final Egress egress;
        private final Random random;

        LossyEgress(final Egress egress, final long seed)
        {
            this.egress = egress;
            this.random = new Random(seed);
        }

        @Override
        public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            return isLost(buffer, offset) ? SENT : egress.offer(connectionId, buffer, offset, length);
        }

        private boolean isLost(final DirectBuffer buffer, final int offset)
        {
            return ReplyDecoder.TEMPLATE_ID == new MessageHeaderDecoder().wrap(buffer, offset).templateId() &&
                0 == random.nextInt(100);
        }
    }
}

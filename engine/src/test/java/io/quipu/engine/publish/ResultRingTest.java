package io.quipu.engine.publish;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Each test runs its ring on a thread of its own: with assertions on, the Disruptor allows a thread one single-producer ring.
 */
@Execution(ExecutionMode.SAME_THREAD)
class ResultRingTest
{
    private static final int CAPACITY = 16;
    private static final int ARENA = 1024;

    @Test
    void shouldHandOverDescriptorsAndBodiesInOrder() throws Exception
    {
        onThread(() ->
        {
            final ResultRing ring = new ResultRing(CAPACITY, ARENA);
            final EventPoller<Result> poller = ring.newPoller();
            publish(ring, 7, "seven");
            publish(ring, 8, "");
            publish(ring, 9, "nine");

            assertThat(drain(ring, poller)).containsExactly("7:seven", "8:", "9:nine");
            assertThat(ring.isDrained()).isTrue();
        });
    }

    @Test
    void shouldKeepEveryFieldOfADescriptorApart() throws Exception
    {
        onThread(() ->
        {
            final ResultRing ring = new ResultRing(CAPACITY, ARENA);
            ring.newPoller();
            final Result result = ring.claim()
                .sequence(Long.MAX_VALUE)
                .correlationId(-2)
                .detail(-3)
                .connectionId(-4)
                .attachment(-5)
                .kind((byte)6)
                .ack((byte)7)
                .code((byte)8)
                .flags(Result.FLAG_LAST)
                .chunk(65_535)
                .sessionId(-9);
            ring.allocate(result, 10);
            ring.publish(result);

            assertThat(result.sequence()).isEqualTo(Long.MAX_VALUE);
            assertThat(result.correlationId()).isEqualTo(-2);
            assertThat(result.detail()).isEqualTo(-3);
            assertThat(result.connectionId()).isEqualTo(-4);
            assertThat(result.attachment()).isEqualTo(-5);
            assertThat(result.kind()).isEqualTo((byte)6);
            assertThat(result.ack()).isEqualTo((byte)7);
            assertThat(result.code()).isEqualTo((byte)8);
            assertThat(result.hasFlag(Result.FLAG_LAST)).isTrue();
            assertThat(result.hasFlag(Result.FLAG_RETRIED)).isFalse();
            assertThat(result.chunk()).isEqualTo(65_535);
            assertThat(result.sessionId()).isEqualTo(-9);
            assertThat(result.bodyLength()).isEqualTo(10);
            assertThat(result.arenaEnd()).isEqualTo(16);
        });
    }

    @Test
    void shouldNeverOverwriteWhatTheSlowestStageHasNotPassed() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        onThread(() -> runAgainstTwin(new Random(seed)));
    }

    /** A fast and a gated poller; each body is checked against a copy when its stage comes to it. */
    private static void runAgainstTwin(final Random random) throws Exception
    {
        final ResultRing ring = new ResultRing(CAPACITY, ARENA);
        final Sequence gate = new Sequence(-1);
        final EventPoller<Result> fast = ring.newPoller();
        final EventPoller<Result> gated = ring.newPoller(gate);
        final Deque<String> fastTwin = new ArrayDeque<>();
        final Deque<String> gatedTwin = new ArrayDeque<>();
        int published = 0;
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            final int action = random.nextInt(8);
            if (action < 5)
            {
                final String body = text(random, random.nextInt(300));
                if (ring.hasRoom(1, body.length(), body.length()))
                {
                    publish(ring, published, body);
                    fastTwin.add(published + ":" + body);
                    gatedTwin.add(published + ":" + body);
                    published++;
                }
                else
                {
                    refused++;
                }
            }
            else if (action == 5)
            {
                gate.set(gate.get() + random.nextInt((int)(ring.cursor() - gate.get()) + 1));
            }
            else
            {
                final EventPoller<Result> poller = action == 6 ? fast : gated;
                final Deque<String> twin = action == 6 ? fastTwin : gatedTwin;
                for (final String seen : drain(ring, poller))
                {
                    assertThat(seen).isEqualTo(twin.remove());
                }
            }
        }

        assertThat(published).isGreaterThan(10_000);
        assertThat(refused).isGreaterThan(1_000);
        gate.set(ring.cursor());
        drain(ring, fast);
        drain(ring, gated);
        assertThat(ring.isDrained()).isTrue();
        assertThat(ring.hasRoom(CAPACITY, ARENA / 4, ARENA / 4)).isTrue();
    }

    @Test
    void shouldSayWhenThereIsNoRoomAndRefuseToClaimThen() throws Exception
    {
        onThread(() ->
        {
            final ResultRing ring = new ResultRing(CAPACITY, ARENA);
            final EventPoller<Result> poller = ring.newPoller();
            for (int i = 0; i < CAPACITY; i++)
            {
                assertThat(ring.hasRoom(1, 0, 0)).isTrue();
                publish(ring, i, "");
            }

            assertThat(ring.hasRoom(1, 0, 0)).isFalse();
            assertThat(ring.isHalfFull()).isTrue();
            assertThatThrownBy(ring::claim).isInstanceOf(IllegalStateException.class);

            drain(ring, poller);
            assertThat(ring.hasRoom(CAPACITY, 0, 0)).isTrue();
            assertThat(ring.isHalfFull()).isFalse();
        });
    }

    @Test
    void shouldCountTheArenaToo() throws Exception
    {
        onThread(() ->
        {
            final ResultRing ring = new ResultRing(CAPACITY, ARENA);
            final EventPoller<Result> poller = ring.newPoller();
            publish(ring, 1, "x".repeat(600));

            assertThat(ring.isHalfFull()).isTrue();
            assertThat(ring.hasRoom(1, 600, 600)).isFalse();
            final Result result = ring.claim();
            assertThatThrownBy(() -> ring.allocate(result, 600)).isInstanceOf(IllegalStateException.class);
            ring.publish(result);

            drain(ring, poller);
            assertThat(ring.hasRoom(1, 200, 600)).isTrue();
        });
    }

    private static String text(final Random random, final int length)
    {
        final StringBuilder text = new StringBuilder();
        while (text.length() < length)
        {
            text.append((char)('a' + random.nextInt(26)));
        }

        return text.toString();
    }

    private static void publish(final ResultRing ring, final long sequence, final String body)
    {
        final Result result = ring.claim().sequence(sequence);
        final UnsafeBuffer bytes = new UnsafeBuffer(body.getBytes());
        if (bytes.capacity() > 0)
        {
            ring.copyBody(result, bytes, 0, bytes.capacity());
        }

        ring.publish(result);
    }

    private static List<String> drain(final ResultRing ring, final EventPoller<Result> poller) throws Exception
    {
        final List<String> seen = new ArrayList<>();
        poller.poll((result, slot, endOfBatch) ->
        {
            seen.add(result.sequence() + ":" +
                ring.arena().getStringWithoutLengthAscii(result.bodyOffset(), result.bodyLength()));
            return true;
        });
        return seen;
    }

    private interface Body
    {
        void run() throws Exception;
    }

    private static void onThread(final Body body) throws Exception
    {
        final Throwable[] failure = new Throwable[1];
        final Thread thread = new Thread(() ->
        {
            try
            {
                body.run();
            }
            catch (final Exception | AssertionError ex)
            {
                failure[0] = ex;
            }
        });
        thread.start();
        thread.join();
        if (failure[0] != null)
        {
            throw new AssertionError(failure[0]);
        }
    }
}

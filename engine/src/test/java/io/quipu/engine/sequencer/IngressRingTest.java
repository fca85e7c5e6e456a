package io.quipu.engine.sequencer;

import io.quipu.transport.Channels;
import io.quipu.transport.IngressHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

class IngressRingTest
{
    private static final int STEPS = 200_000;
    private static final int KINDS = 4;
    private static final String CLOSED = "closed ";

    private final IngressRing ring = new IngressRing();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Channels.MAX_MESSAGE_LENGTH]);
    private final Deque<String> expected = new ArrayDeque<>();
    private boolean hasRoom = true;

    private boolean put(final int kind, final int connectionId, final int length, final int fill)
    {
        buffer.setMemory(0, length, (byte)fill);
        switch (kind)
        {
            case 0:
                return ring.onSubmit(connectionId, buffer, 0, length);

            case 1:
                return ring.onQuery(connectionId, buffer, 0, length);

            case 2:
                return ring.onAttachSession(connectionId, buffer, 0, length);

            default:
                return ring.onCloseSession(connectionId, buffer, 0, length);
        }
    }

    private static String text(final int kind, final int connectionId, final int length, final int fill)
    {
        return kind + " " + connectionId + ' ' + length + ' ' + (byte)fill;
    }

    @Test
    void shouldDeliverWhatAQueueWould()
    {
        final long seed = System.nanoTime();
        System.out.println("IngressRingTest seed " + seed);
        final Random random = new Random(seed);
        final Checking handler = new Checking();
        int refused = 0;
        for (int step = 0; step < STEPS; step++)
        {
            final int connectionId = random.nextInt(1000);
            final int longest = random.nextInt(10) == 0 ? Channels.MAX_MESSAGE_LENGTH : 300;
            final int length = random.nextInt(longest) + 1;
            switch (random.nextInt(8))
            {
                case 0:
                    ring.onConnectionClosed(connectionId);
                    expected.add(CLOSED + connectionId);
                    break;

                case 1:
                    hasRoom = random.nextInt(4) != 0;
                    ring.poll(handler, random.nextInt(8) + 1);
                    break;

                default:
                    final int kind = random.nextInt(KINDS);
                    final int fill = random.nextInt(256);
                    if (put(kind, connectionId, length, fill))
                    {
                        expected.add(text(kind, connectionId, length, fill));
                    }
                    else
                    {
                        refused++;
                    }
                    break;
            }
        }

        hasRoom = true;
        while (!expected.isEmpty())
        {
            ring.tellClosed();
            assertThat(ring.poll(handler, 64)).isPositive();
        }
        assertThat(refused).isPositive();
    }

    @Test
    void shouldRefuseFramesWhenFullAndStillTellWhoClosed()
    {
        int frames = 0;
        while (put(0, 1, 100, frames))
        {
            expected.add(text(0, 1, 100, frames));
            frames++;
        }
        ring.onConnectionClosed(1);
        expected.add(CLOSED + 1);

        assertThat(frames).isEqualTo(IngressRing.FRAMES);
        final Checking handler = new Checking();
        assertThat(ring.poll(handler, Integer.MAX_VALUE)).isEqualTo(frames);
        assertThat(ring.tellClosed()).isTrue();
        assertThat(put(0, 2, 100, 7)).isTrue();
        expected.add(text(0, 2, 100, 7));
        assertThat(ring.poll(handler, Integer.MAX_VALUE)).isEqualTo(2);
        assertThat(expected).isEmpty();
    }

    @Test
    void shouldDeliverTheSameFrameAgainWhenThereWasNoRoom()
    {
        put(0, 1, 10, 1);
        expected.add(text(0, 1, 10, 1));
        final Checking handler = new Checking();
        hasRoom = false;
        assertThat(ring.poll(handler, 10)).isZero();
        hasRoom = true;
        assertThat(ring.poll(handler, 10)).isEqualTo(1);
        assertThat(expected).isEmpty();
    }

    @Test
    void shouldCarryFramesFromThreadToThread()
    {
        final int[] received = new int[1];
        final CompletableFuture<Void> consumer = CompletableFuture.runAsync(() ->
        {
            final Counting handler = new Counting(received);
            while (received[0] < STEPS)
            {
                if (ring.poll(handler, 64) == 0)
                {
                    Thread.yield();
                }
            }
        });
        int sent = 0;
        while (sent < STEPS && !consumer.isDone())
        {
            final int length = 8 + sent % 2000;
            buffer.setMemory(0, length, (byte)sent);
            buffer.putInt(0, sent);
            if (ring.onSubmit(sent, buffer, 0, length))
            {
                sent++;
            }
            else
            {
                Thread.yield();
            }
        }
        consumer.join();
        assertThat(received[0]).isEqualTo(STEPS);
    }

    /** Takes each frame, which must be the next one expected, whole. */
    private final class Checking implements IngressHandler
    {
        @Override
        public boolean onSubmit(final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            return check(0, connectionId, frame, offset, length);
        }

        @Override
        public boolean onQuery(final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            return check(1, connectionId, frame, offset, length);
        }

        @Override
        public boolean onAttachSession(
            final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            return check(2, connectionId, frame, offset, length);
        }

        @Override
        public boolean onCloseSession(
            final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            return check(3, connectionId, frame, offset, length);
        }

        @Override
        public void onConnectionClosed(final int connectionId)
        {
            assertThat(CLOSED + connectionId).isEqualTo(expected.poll());
        }

        private boolean check(
            final int kind, final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            if (hasRoom)
            {
                final byte[] bytes = new byte[length];
                frame.getBytes(offset, bytes);
                assertThat(text(kind, connectionId, length, bytes[0])).isEqualTo(expected.poll());
                final byte[] all = new byte[length];
                Arrays.fill(all, bytes[0]);
                assertThat(Arrays.equals(bytes, all)).isTrue();
            }
            return hasRoom;
        }
    }

    /** Counts frames, each of which names its number and has the length and the bytes that follow from it. */
    private static final class Counting implements IngressHandler
    {
        private final int[] received;

        private Counting(final int[] received)
        {
            this.received = received;
        }

        @Override
        public boolean onSubmit(final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            final int number = received[0];
            if (number != connectionId || number != frame.getInt(offset) || 8 + number % 2000 != length ||
                (byte)number != frame.getByte(offset + length - 1))
            {
                throw new AssertionError("frame " + number + " is not what was sent");
            }
            received[0]++;
            return true;
        }

        @Override
        public boolean onQuery(final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            throw new AssertionError("nobody sent a query");
        }

        @Override
        public boolean onAttachSession(
            final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            throw new AssertionError("nobody attached");
        }

        @Override
        public boolean onCloseSession(
            final int connectionId, final DirectBuffer frame, final int offset, final int length)
        {
            throw new AssertionError("nobody closed a session");
        }

        @Override
        public void onConnectionClosed(final int connectionId)
        {
            throw new AssertionError("nobody closed");
        }
    }
}

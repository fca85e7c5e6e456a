package io.quipu.transport;

import com.sun.management.ThreadMXBean;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the bytes that the transport allocates in its turns, its polls and the replies sent from them; the client in the same
 * thread is not counted.
 */
class ZeroAllocationTest
{
    /** Takes a second or more, so that what happens once a second is counted. */
    private static final int WINDOW = 150_000;
    /** The JVM allocates a few hundred bytes whenever it compiles anew: the first window without any such is the proof. */
    private static final int MAX_WINDOWS = 8;
    private static final int LONG_MESSAGE_EVERY = 512;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingInSteadyState()
    {
        final EngineTransport transport = EngineTransport.launch(TestWorld.context(directory).feed(null));
        try (transport; TestClient client = new TestClient(directory.resolve("client")))
        {
            final EchoHandler handler = new EchoHandler(transport);
            final TestClient.Link link = client.openUdp(transport);
            connect(transport, client, link, handler);

            final UnsafeBuffer shortFrame = new UnsafeBuffer(TestFrames.submit(link.key(), 1, 1, 1));
            final UnsafeBuffer longFrame = new UnsafeBuffer(TestFrames.submit(link.key(), 1, 1, 470));
            // The first frame with the key must fit one fragment: nobody unproven has long messages put together.
            assertThat(link.offer(TestFrames.keepAlive(link.key()))).isPositive();
            long allocated = Long.MAX_VALUE;
            for (int i = 0; i < MAX_WINDOWS && allocated > 0; i++)
            {
                allocated = run(transport, client, link, handler);
            }
            assertThat(allocated).isZero();
        }
    }

    /** @return bytes allocated while that many requests were received and answered. */
    private long run(
        final EngineTransport transport, final TestClient client, final TestClient.Link link, final EchoHandler handler)
    {
        final UnsafeBuffer shortFrame = new UnsafeBuffer(TestFrames.submit(link.key(), 1, 1, 1));
        final UnsafeBuffer longFrame = new UnsafeBuffer(TestFrames.submit(link.key(), 1, 1, 470));
        final int[] replies = new int[1];
        final long deadlineNs = System.nanoTime() + 2 * TestWorld.TIMEOUT_NS;
        long allocated = 0;
        int sent = 0;
        handler.frames = 0;
        while (replies[0] < WINDOW && System.nanoTime() - deadlineNs < 0)
        {
            if (sent < WINDOW && sent - replies[0] < 32)
            {
                final UnsafeBuffer frame = 0 == sent % LONG_MESSAGE_EVERY ? longFrame : shortFrame;
                sent += link.requests.offer(frame, 0, frame.capacity()) > 0 ? 1 : 0;
            }
            client.invoke();
            link.responses.poll((buffer, offset, length, header) -> replies[0] += 100 == length ? 1 : 0, 100);

            final long before = threads.getCurrentThreadAllocatedBytes();
            transport.doWork();
            transport.ingress().poll(handler, 64);
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(replies[0]).isEqualTo(WINDOW);
        assertThat(handler.frames).isEqualTo(WINDOW);
        return allocated;
    }

    private static void connect(
        final EngineTransport transport, final TestClient client, final TestClient.Link link, final IngressHandler handler)
    {
        final UnsafeBuffer connect = new UnsafeBuffer(TestFrames.connect(1, Channels.PROTOCOL_VERSION));
        final long deadlineNs = System.nanoTime() + TestWorld.TIMEOUT_NS;
        boolean isSent = false;
        while (0 == link.key())
        {
            assertThat(System.nanoTime() - deadlineNs).isNegative();
            isSent = isSent || link.requests.offer(connect, 0, connect.capacity()) > 0;
            client.invoke();
            link.poll();
            transport.doWork();
            transport.ingress().poll(handler, 64);
        }
    }

    /** Answers each request with 100 bytes that stand in two places, and offers the same to the feed. */
    private static final class EchoHandler implements IngressHandler
    {
        private final UnsafeBuffer reply = new UnsafeBuffer(new byte[100]);
        private final EngineTransport transport;
        private int frames;

        EchoHandler(final EngineTransport transport)
        {
            this.transport = transport;
        }

        @Override
        public boolean onSubmit(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            final int outcome = transport.egress().offer(connectionId, reply, 0, 18, buffer, offset, 82);
            if (Egress.SENT == outcome)
            {
                frames++;
                transport.feed().offer(reply, 0, reply.capacity());
            }
            return Egress.SENT == outcome;
        }

        @Override
        public boolean onQuery(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            return true;
        }

        @Override
        public boolean onAttachSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            return true;
        }

        @Override
        public boolean onCloseSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
        {
            return true;
        }

        @Override
        public void onConnectionClosed(final int connectionId)
        {
        }
    }
}

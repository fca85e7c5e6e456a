package io.quipu.transport;

import io.quipu.codecs.egress.ConnectedDecoder;
import org.agrona.CloseHelper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.fail;

/**
 * An engine's transport and raw clients, all in the test's thread, so that a test decides what happens next.
 */
final class TestWorld implements AutoCloseable
{
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    final RecordingIngressHandler handler = new RecordingIngressHandler();
    final List<String> log = new ArrayList<>();
    final EngineTransport transport;
    final TestClient client;
    final List<TestClient.Link> links = new ArrayList<>();
    /** Added to the transport's clock. */
    long aheadNs;
    boolean isPolling = true;
    boolean isClientRunning = true;

    TestWorld(final Path directory)
    {
        this(directory, false);
    }

    TestWorld(final Path directory, final boolean isIpc)
    {
        transport = EngineTransport.launch(context(directory)
            .nanoClock(() -> System.nanoTime() + aheadNs)
            .log(log::add));
        client = isIpc ? new TestClient(transport) : new TestClient(directory.resolve("client"));
    }

    static TransportContext context(final Path directory)
    {
        return new TransportContext()
            .directory(directory)
            .sharedMemory(directory)
            .ingress("localhost:0")
            .feed(TransportContext.FEED_OFF)
            .progress(new FixedProgress());
    }

    TestClient.Link link()
    {
        return add(client.openUdp(transport));
    }

    TestClient.Link add(final TestClient.Link link)
    {
        links.add(link);
        return link;
    }

    /** A connection that is proven. */
    TestClient.Link connect()
    {
        final TestClient.Link link = link();
        connect(link);
        return link;
    }

    void connect(final TestClient.Link link)
    {
        final long proven = gauge("transport.connections.opened");
        send(link, TestFrames.connect(links.size(), Channels.PROTOCOL_VERSION));
        await("Connected", () -> !link.received(ConnectedDecoder.TEMPLATE_ID).isEmpty());
        send(link, TestFrames.keepAlive(link.key()));
        await("proof", () -> gauge("transport.connections.opened") > proven);
    }

    void send(final TestClient.Link link, final byte[] frame)
    {
        await("room to send", () -> link.offer(frame) > 0);
    }

    void turn()
    {
        transport.doWork();
        if (isPolling)
        {
            transport.ingress().poll(handler, 100);
        }
        if (isClientRunning)
        {
            client.invoke();
            links.forEach(TestClient.Link::poll);
        }
    }

    void turns(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            turn();
        }
    }

    void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            turn();
            if (System.nanoTime() - deadlineNs >= 0)
            {
                final StringBuilder text = new StringBuilder("no " + what + ' ' + log);
                transport.gauges((label, value) -> text.append('\n').append(label).append('=').append(value));
                fail(text.toString());
            }
        }
    }

    long gauge(final String label)
    {
        final long[] found = new long[1];
        transport.gauges((name, value) -> found[0] += name.equals(label) ? value : 0);
        return found[0];
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(client, transport);
    }

    static final class FixedProgress implements EngineProgress
    {
        @Override
        public long sequence()
        {
            return 41;
        }

        @Override
        public long durableSequence()
        {
            return 40;
        }

        @Override
        public int epoch()
        {
            return 3;
        }

        @Override
        public int maxRequestCommands()
        {
            return 4096;
        }
    }
}

package io.quipu.transport;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.quipu.codecs.egress.ConnectedDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Speaks the schema over raw Aeron, in the caller's thread, with a driver of its own or over the engine's by IPC.
 */
final class TestClient implements AutoCloseable
{
    final MediaDriver driver;
    final Aeron aeron;

    TestClient(final Path directory)
    {
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .aeronDirectoryName(directory.toString())
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.INVOKER)
            .asyncExecutorEnabled(false)
            .publicationTermBufferLength(Channels.TERM_LENGTH)
            .termBufferSparseFile(true)
            .lowStorageWarningThreshold(0)
            .counterValuesBufferLength(Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN)
            .errorHandler((ex) -> {}));
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .errorHandler((ex) -> {}));
    }

    /** Over the driver of the engine, which runs in the same thread. */
    TestClient(final EngineTransport transport)
    {
        driver = null;
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(transport.aeronDirectory().toString())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(transport.driverInvoker())
            .errorHandler((ex) -> {}));
    }

    Link openUdp(final EngineTransport transport)
    {
        return openUdp(transport, Channels.TERM_LENGTH);
    }

    Link openUdp(final EngineTransport transport, final int termLength)
    {
        final int port = transport.ingressPort();
        return new Link(
            Channels.response("localhost", port), Channels.ingress("localhost", port) + "|term-length=" + termLength);
    }

    Link openIpc()
    {
        return new Link("aeron:ipc?control-mode=response", "aeron:ipc?term-length=" + Channels.TERM_LENGTH);
    }

    void invoke()
    {
        if (null != driver)
        {
            driver.sharedAgentInvoker().invoke();
        }
        aeron.conductorAgentInvoker().invoke();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }

    /** One connection: a publication to the engine, and the subscription for its answers. */
    final class Link implements AutoCloseable
    {
        final Subscription responses;
        final ExclusivePublication requests;
        final List<byte[]> received = new ArrayList<>();
        private final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) ->
        {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            received.add(bytes);
        });

        Link(final String responseChannel, final String requestChannel)
        {
            responses = aeron.addSubscription(responseChannel, Channels.RESPONSE_STREAM_ID);
            final ChannelUri uri = ChannelUri.parse(requestChannel);
            uri.put("response-correlation-id", Long.toString(responses.registrationId()));
            requests = aeron.addExclusivePublication(uri.toString(), Channels.INGRESS_STREAM_ID);
        }

        long offer(final byte[] frame)
        {
            return requests.offer(new UnsafeBuffer(frame), 0, frame.length);
        }

        void poll()
        {
            responses.poll(assembler, 100);
        }

        /** The key of the last Connected, or 0. */
        long key()
        {
            for (int i = received.size() - 1; i >= 0; i--)
            {
                if (ConnectedDecoder.TEMPLATE_ID == templateId(received.get(i)))
                {
                    return connected(received.get(i)).connectionKey();
                }
            }
            return 0;
        }

        List<byte[]> received(final int templateId)
        {
            return received.stream().filter((bytes) -> templateId == templateId(bytes)).toList();
        }

        List<RefusedDecoder> refusals()
        {
            return received(RefusedDecoder.TEMPLATE_ID).stream()
                .map((bytes) -> new RefusedDecoder().wrapAndApplyHeader(
                    new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder()))
                .toList();
        }

        @Override
        public void close()
        {
            requests.close();
            responses.close();
        }
    }

    static ConnectedDecoder connected(final byte[] bytes)
    {
        return new ConnectedDecoder().wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
    }

    static int templateId(final byte[] bytes)
    {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(bytes), 0).templateId();
    }
}

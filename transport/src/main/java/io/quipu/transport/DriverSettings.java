package io.quipu.transport;

import io.aeron.Aeron;
import io.aeron.driver.Configuration;
import io.aeron.driver.CongestionControlSupplier;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NoOpLock;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How the engine sets up its media driver and its Aeron client, and why.
 */
final class DriverSettings
{
    static final int MAX_MTU_LENGTH = Configuration.MAX_UDP_PAYLOAD_LENGTH;

    /** Of images on the ingress stream: connections, those not proven yet, and some to spare. */
    static final int STREAM_SESSION_LIMIT = 256;

    /**
     * The thread recovers and replays before it comes back, and may be stopped by a debugger or a signal; nobody else can take
     * the driver over, so there is nothing to be gained from declaring it dead.
     */
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);
    private static final long UNBLOCK_TIMEOUT_NS = TimeUnit.HOURS.toNanos(2);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    /** A client waits for one such interval in its handshake, and each image costs a datagram in each. */
    private static final long STATUS_MESSAGE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The least that Aeron takes: about 8,000 counters; 256 images and 200 publications need some 2,500. */
    private static final int COUNTER_VALUES_LENGTH = Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN;

    /**
     * Time since the epoch that no step of the wall clock moves: Aeron compares heartbeats with it, and would end a client whose
     * machine's clock was set forward.
     */
    private static final long START_MS = System.currentTimeMillis();
    private static final long START_NS = System.nanoTime();
    private static final EpochClock STEADY_EPOCH_CLOCK =
        () -> START_MS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START_NS);

    private DriverSettings()
    {
    }

    /** Everything on the caller's thread, small files, nothing that a stranger can make large. */
    static MediaDriver.Context driver(final Path directory, final ErrorHandler errorHandler, final TransportGauges gauges)
    {
        return new MediaDriver.Context()
            .aeronDirectoryName(directory.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .warnIfDirectoryExists(false)
            .printConfigurationOnStart(false)
            .threadingMode(ThreadingMode.INVOKER)
            .asyncExecutorEnabled(false)
            .useConcurrentCountersManager(false)
            .epochClock(STEADY_EPOCH_CLOCK)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
            .publicationUnblockTimeoutNs(UNBLOCK_TIMEOUT_NS)
            .publicationLingerTimeoutNs(LINGER_NS)
            .statusMessageTimeoutNs(STATUS_MESSAGE_NS)
            .reResolutionCheckIntervalNs(LIVENESS_TIMEOUT_NS)
            .publicationTermBufferLength(Channels.TERM_LENGTH)
            .ipcTermBufferLength(Channels.TERM_LENGTH)
            .termBufferSparseFile(true)
            .performStorageChecks(true)
            .lowStorageWarningThreshold(0)
            .counterValuesBufferLength(COUNTER_VALUES_LENGTH)
            .socketRcvbufLength(SocketBuffers.receiveLength())
            .socketSndbufLength(SocketBuffers.sendLength())
            .initialWindowLength(SocketBuffers.window(1))
            .congestControlSupplier(windows())
            .streamSessionLimit(STREAM_SESSION_LIMIT)
            .errorHandler(errorHandler)
            .receiveChannelEndpointSupplier((udpChannel, dispatcher, statusIndicator, context) ->
                new IngressEndpoint(udpChannel, dispatcher, statusIndicator, context, gauges));
    }

    /** Images share one socket, the ingress; what else this driver receives are status messages. */
    private static CongestionControlSupplier windows()
    {
        final IngressWindow.Sharing sharing = new IngressWindow.Sharing();
        return (registrationId, channel, streamId, sessionId, termLength, mtuLength, control, source, clock, context, counters) ->
            sharing.open(termLength, mtuLength);
    }

    /** Shares the driver's thread: no lock is needed, and no keep-alive can be late. */
    static Aeron.Context client(final MediaDriver driver, final ErrorHandler errorHandler)
    {
        final AgentInvoker driverInvoker = driver.sharedAgentInvoker();
        return new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .clientName("quipu-engine")
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driverInvoker)
            .clientLock(NoOpLock.INSTANCE)
            .epochClock(STEADY_EPOCH_CLOCK)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .errorHandler(errorHandler)
            .subscriberErrorHandler(errorHandler);
    }
}

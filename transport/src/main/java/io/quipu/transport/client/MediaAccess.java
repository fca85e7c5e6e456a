package io.quipu.transport.client;

import io.aeron.Aeron;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.ControlProtocolException;
import io.aeron.exceptions.DriverTimeoutException;
import io.quipu.transport.Channels;
import io.quipu.transport.DriverDirectory;
import io.quipu.transport.SocketBuffers;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.SystemUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NoOpLock;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The Aeron client in use, and the media driver under it: given by the caller, running elsewhere, or launched here.
 * <p>
 * A driver of our own has no thread: whoever polls drives it through {@link #invoke()}. One thread at a time.
 */
final class MediaAccess implements AutoCloseable
{
    private static final String AGRONA_NEEDS = "jdk.internal.misc";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** The driver's files, two logs of three terms each, and some to spare. */
    private static final long SHARED_MEMORY_NEEDED = 20L * 1024 * 1024;
    private static final int DRAIN_TURNS = 10;
    /** A feed that stalled is joined anew after this; the default is 10 s. */
    private static final long IMAGE_LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * Nobody else can take a driver of our own over, and its thread may be stopped by a debugger, a signal or a slow handler:
     * nothing is gained by declaring it dead.
     */
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);
    private static final long UNBLOCK_TIMEOUT_NS = TimeUnit.HOURS.toNanos(2);

    /** Moved by no step of the wall clock: Aeron compares heartbeats with it. */
    private static final long START_MS = System.currentTimeMillis();
    private static final long START_NS = System.nanoTime();
    private static final EpochClock STEADY_EPOCH_CLOCK =
        () -> START_MS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START_NS);

    private final Aeron aeron;
    private final boolean ownsAeron;
    private final MediaDriver driver;
    private final DriverDirectory directory;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker conductorInvoker;
    private boolean isClosed;

    private MediaAccess(
        final Aeron aeron,
        final boolean ownsAeron,
        final MediaDriver driver,
        final DriverDirectory directory,
        final AgentInvoker driverInvoker)
    {
        this.aeron = aeron;
        this.ownsAeron = ownsAeron;
        this.driver = driver;
        this.directory = directory;
        this.driverInvoker = driverInvoker;
        this.conductorInvoker = aeron.conductorAgentInvoker();
    }

    /** Takes or launches what a context asks for. */
    static MediaAccess open(final ClientContext context)
    {
        if (!Object.class.getModule().isExported(AGRONA_NEEDS, Aeron.class.getModule()))
        {
            throw new QuipuException(
                "Agrona cannot work in this JVM: start it with --add-exports=java.base/" + AGRONA_NEEDS + "=ALL-UNNAMED");
        }
        if (null != context.aeron())
        {
            return new MediaAccess(context.aeron(), false, null, null, context.driverAgentInvoker());
        }
        if (null != context.aeronDirectory())
        {
            return connect(context);
        }
        return launch(context.errorHandler());
    }

    Aeron aeron()
    {
        return aeron;
    }

    String aeronDirectory()
    {
        return aeron.context().aeronDirectoryName();
    }

    /** One turn of everything that has no thread of its own. */
    int invoke()
    {
        int work = 0;
        if (null != driverInvoker)
        {
            work += driverInvoker.invoke();
        }
        if (null != conductorInvoker)
        {
            work += conductorInvoker.invoke();
        }
        return work;
    }

    /** A few turns, so that what was just offered leaves before the driver does. */
    void drain()
    {
        for (int i = 0; i < DRAIN_TURNS; i++)
        {
            invoke();
        }
    }

    /** Closes what was opened here. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.closeAll(ownsAeron ? aeron : null, driver, directory);
        }
    }

    private static MediaAccess connect(final ClientContext context)
    {
        try
        {
            final Aeron aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(context.aeronDirectory())
                .clientName("quipu-client")
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(context.connectTimeoutNs()))
                .errorHandler(context.errorHandler())
                .subscriberErrorHandler(context.errorHandler()));
            return new MediaAccess(aeron, true, null, null, null);
        }
        catch (final DriverTimeoutException ex)
        {
            throw new UnreachableException(
                "no media driver runs in " + context.aeronDirectory() + ": start it, or give no aeronDirectory", ex);
        }
    }

    private static MediaAccess launch(final ErrorHandler errorHandler)
    {
        DriverDirectory directory = null;
        MediaDriver driver = null;
        boolean isLaunched = false;
        try
        {
            directory = DriverDirectory.claim(
                "client",
                SHARED_MEMORY,
                SHARED_MEMORY_NEEDED,
                Path.of(SystemUtil.tmpDirName()),
                (line) -> System.err.println("quipu client: " + line));
            driver = MediaDriver.launch(driverContext(directory, errorHandler));
            final Aeron aeron = Aeron.connect(clientContext(driver, errorHandler));
            isLaunched = true;
            return new MediaAccess(aeron, true, driver, directory, driver.sharedAgentInvoker());
        }
        finally
        {
            if (!isLaunched)
            {
                CloseHelper.quietCloseAll(driver, directory);
            }
        }
    }

    private static MediaDriver.Context driverContext(final DriverDirectory directory, final ErrorHandler errorHandler)
    {
        return new MediaDriver.Context()
            .aeronDirectoryName(directory.path().toString())
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
            .imageLivenessTimeoutNs(IMAGE_LIVENESS_TIMEOUT_NS)
            .publicationTermBufferLength(Channels.TERM_LENGTH)
            .ipcTermBufferLength(Channels.TERM_LENGTH)
            .termBufferSparseFile(true)
            .performStorageChecks(false)
            .socketRcvbufLength(SocketBuffers.receiveLength())
            .socketSndbufLength(SocketBuffers.sendLength())
            .initialWindowLength(SocketBuffers.window(1))
            .lowStorageWarningThreshold(0)
            .counterValuesBufferLength(Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN)
            .errorBufferLength(Configuration.ERROR_BUFFER_LENGTH_DEFAULT)
            .lossReportBufferLength(Configuration.LOSS_REPORT_BUFFER_LENGTH_DEFAULT)
            .errorHandler((error) -> onDriverError(error, errorHandler));
    }

    /** What is wrong with a channel comes back to who asked for it, too. */
    private static void onDriverError(final Throwable error, final ErrorHandler errorHandler)
    {
        if (!(error instanceof ControlProtocolException))
        {
            errorHandler.onError(error);
        }
    }

    private static Aeron.Context clientContext(final MediaDriver driver, final ErrorHandler errorHandler)
    {
        return new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .clientName("quipu-client")
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .clientLock(NoOpLock.INSTANCE)
            .epochClock(STEADY_EPOCH_CLOCK)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .errorHandler(errorHandler)
            .subscriberErrorHandler(errorHandler);
    }
}

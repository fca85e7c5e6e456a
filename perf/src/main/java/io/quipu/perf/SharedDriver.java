package io.quipu.perf;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.quipu.transport.client.ClientContext;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NoOpLock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One media driver without a thread under several sessions that one thread polls, as a program with many sessions
 * would have it.
 */
final class SharedDriver implements AutoCloseable
{
    private static final int TERM_LENGTH = 1 << 20;
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);

    private final Path directory;
    private final MediaDriver driver;
    private final Aeron aeron;

    SharedDriver()
    {
        try
        {
            final Path sharedMemory = Path.of(CommonContext.getAeronDirectoryName()).getParent();
            directory = Leftovers.createDirectory(sharedMemory, "quipu-bench-driver-");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .aeronDirectoryName(directory.resolve("driver").toString())
            .threadingMode(ThreadingMode.INVOKER)
            .dirDeleteOnShutdown(true)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
            .publicationUnblockTimeoutNs(2 * LIVENESS_TIMEOUT_NS)
            .publicationTermBufferLength(TERM_LENGTH)
            .termBufferSparseFile(true));
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .clientLock(NoOpLock.INSTANCE)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS)));
    }

    /** Lets a client's configuration use it. */
    ClientContext client(final ClientContext context)
    {
        return context.aeron(aeron).driverAgentInvoker(driver.sharedAgentInvoker());
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver, () -> Leftovers.remove(directory));
    }
}

package io.quipu.transport;

import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Configuration of an {@link EngineTransport}: set, then concluded once by {@link EngineTransport#launch}.
 */
public final class TransportContext
{
    /** Value of {@link #feed(String)} for an engine that publishes nothing. */
    public static final String FEED_OFF = "off";

    private Path directory;
    private Path sharedMemory = Path.of("/dev/shm");
    private long sharedMemoryNeeded = 32L * 1024 * 1024;
    private String ingress = Channels.DEFAULT_HOST + ':' + Channels.DEFAULT_PORT;
    private String feed;
    private boolean allowUnauthenticated;
    private EngineProgress progress;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private Consumer<String> log = (line) -> {};
    private boolean isConcluded;

    /** The engine's directory: names the driver's directory, and holds it when shared memory is too small. Mandatory. */
    public TransportContext directory(final Path directory)
    {
        this.directory = directory;
        return this;
    }

    public Path directory()
    {
        return directory;
    }

    /** Where shared memory is mounted; a directory of the driver's own is made in it. */
    public TransportContext sharedMemory(final Path sharedMemory)
    {
        this.sharedMemory = sharedMemory;
        return this;
    }

    public Path sharedMemory()
    {
        return sharedMemory;
    }

    /** Bytes that must be free in shared memory; below, the driver's directory goes under {@link #directory()}. */
    public TransportContext sharedMemoryNeeded(final long sharedMemoryNeeded)
    {
        this.sharedMemoryNeeded = sharedMemoryNeeded;
        return this;
    }

    public long sharedMemoryNeeded()
    {
        return sharedMemoryNeeded;
    }

    /** {@code HOST:PORT} to listen on; port 0 picks a free one. */
    public TransportContext ingress(final String ingress)
    {
        this.ingress = ingress;
        return this;
    }

    public String ingress()
    {
        return ingress;
    }

    /** An Aeron channel for the feed, or {@link #FEED_OFF}; {@code null}: multicast on loopback, two ports above ingress. */
    public TransportContext feed(final String feed)
    {
        this.feed = feed;
        return this;
    }

    public String feed()
    {
        return feed;
    }

    /** Whether an address other than loopback may be listened on, though nobody is asked who he is. */
    public TransportContext allowUnauthenticated(final boolean allowUnauthenticated)
    {
        this.allowUnauthenticated = allowUnauthenticated;
        return this;
    }

    public boolean allowUnauthenticated()
    {
        return allowUnauthenticated;
    }

    /** What to tell clients of the engine. Mandatory; asked from the first poll on. */
    public TransportContext progress(final EngineProgress progress)
    {
        this.progress = progress;
        return this;
    }

    public EngineProgress progress()
    {
        return progress;
    }

    public TransportContext nanoClock(final NanoClock nanoClock)
    {
        this.nanoClock = nanoClock;
        return this;
    }

    public NanoClock nanoClock()
    {
        return nanoClock;
    }

    /** Takes one line for each event worth telling an operator. */
    public TransportContext log(final Consumer<String> log)
    {
        this.log = log;
        return this;
    }

    public Consumer<String> log()
    {
        return log;
    }

    void conclude()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("transport context is concluded already");
        }
        Objects.requireNonNull(directory, "directory=null");
        Objects.requireNonNull(sharedMemory, "sharedMemory=null");
        Objects.requireNonNull(ingress, "ingress=null");
        Objects.requireNonNull(progress, "progress=null");
        Objects.requireNonNull(nanoClock, "nanoClock=null");
        Objects.requireNonNull(log, "log=null");
        isConcluded = true;
    }
}

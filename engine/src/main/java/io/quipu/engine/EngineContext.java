package io.quipu.engine;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.checkpoint.Shadow;
import io.quipu.journal.CheckpointStore;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.DirectoryLock;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalStore;
import io.quipu.transport.Channels;
import io.quipu.transport.Egress;
import io.quipu.transport.Feed;
import io.quipu.transport.Ingress;
import io.quipu.transport.TransportContext;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Configuration of an engine: filled fluently, concluded once by {@link EngineNode#launch(EngineContext)}, which
 * fills the defaults and refuses what cannot be with {@code name=value} and the reason. Not thread safe; not used
 * twice.
 */
public final class EngineContext
{
    /** Host and port of the ingress when none is given. */
    public static final String DEFAULT_INGRESS = Channels.DEFAULT_HOST + ':' + Channels.DEFAULT_PORT;
    /** {@link #feed(String)}: publish nothing. */
    public static final String FEED_OFF = TransportContext.FEED_OFF;
    /** Longest time that journaled data stays unsynced when no reply waits for it. */
    public static final long DEFAULT_SYNC_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Longest time that a sync may take. */
    public static final long DEFAULT_SYNC_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    /** Size at which the journal goes on in a new file. */
    public static final long DEFAULT_ROLL_LENGTH = JournalContext.DEFAULT_ROLL_LENGTH;
    /** Room on the disk below which nothing new is journaled. */
    public static final long DEFAULT_FREE_BYTES_FLOOR = 256L << 20;

    /** {@link #retainBytes(long)}: no file of the journal is ever removed. */
    public static final long RETAIN_ALL = Long.MAX_VALUE;

    private static final int DEFAULT_RING_CAPACITY = 32 * 1024;
    private static final int DEFAULT_ARENA_CAPACITY = 16 * 1024 * 1024;

    private Path dir;
    private String ingress = DEFAULT_INGRESS;
    private String feed;
    private Ack defaultAck = Ack.JOURNALED;
    private long syncIntervalNs = DEFAULT_SYNC_INTERVAL_NS;
    private long syncTimeoutNs = DEFAULT_SYNC_TIMEOUT_NS;
    private long rollLength = DEFAULT_ROLL_LENGTH;
    private long freeBytesFloor = DEFAULT_FREE_BYTES_FLOOR;
    private long retainBytes = RETAIN_ALL;
    private int ringCapacity = DEFAULT_RING_CAPACITY;
    private int arenaCapacity = DEFAULT_ARENA_CAPACITY;
    private Idle idle = Idle.BACKOFF;
    private Threads threads = Threads.COMPACT;
    private boolean allowUnauthenticated;
    private boolean acceptClock;
    private final List<String> feedCounters = new ArrayList<>();
    private Clock clock = Clock.system();
    private JournalStore journalStore;
    private CheckpointStore checkpointStore;
    private boolean shadow = true;
    private long checkpointBytes = Shadow.DEFAULT_EVERY_BYTES;
    private DirectoryLock directoryLock;
    private CrashPoint crashPoint = CrashPoint.NONE;
    private UnaryOperator<Ingress> ingressDecorator = UnaryOperator.identity();
    private UnaryOperator<Egress> egressDecorator = UnaryOperator.identity();
    private UnaryOperator<Feed> feedDecorator = UnaryOperator.identity();
    private RecoveryProgress recoveryProgress = RecoveryProgress.NONE;
    private Consumer<String> log = EngineContext::logToStandardError;
    private boolean concluded;

    /**
     * The directory that holds everything the engine keeps. Created when missing. Required.
     */
    public EngineContext dir(final Path dir)
    {
        this.dir = dir;
        return this;
    }

    public Path dir()
    {
        return dir;
    }

    /**
     * HOST:PORT of the ingress; port 0 picks a free one. Responses leave from the next port.
     */
    public EngineContext ingress(final String ingress)
    {
        this.ingress = ingress;
        return this;
    }

    public String ingress()
    {
        return ingress;
    }

    /**
     * Aeron channel of the feed, {@link #FEED_OFF} for none, or null for multicast on loopback at the ingress port +
     * 2.
     */
    public EngineContext feed(final String feed)
    {
        this.feed = feed;
        return this;
    }

    public String feed()
    {
        return feed;
    }

    /**
     * Counters whose name begins with one of these are published on the feed.
     */
    public EngineContext feedCounters(final List<String> prefixes)
    {
        feedCounters.clear();
        feedCounters.addAll(prefixes);
        return this;
    }

    public List<String> feedCounters()
    {
        return List.copyOf(feedCounters);
    }

    /**
     * Ack level of a request or query that names none: {@link Ack#JOURNALED} or {@link Ack#DURABLE}.
     */
    public EngineContext defaultAck(final Ack defaultAck)
    {
        this.defaultAck = defaultAck;
        return this;
    }

    public Ack defaultAck()
    {
        return defaultAck;
    }

    /**
     * Longest time that journaled data stays unsynced; a waiting durable reply starts a sync at once.
     */
    public EngineContext syncIntervalNs(final long syncIntervalNs)
    {
        this.syncIntervalNs = syncIntervalNs;
        return this;
    }

    public long syncIntervalNs()
    {
        return syncIntervalNs;
    }

    /**
     * Longest time that a sync may take before the engine stops with IO_FAULT: a disk that hangs reports nothing.
     */
    public EngineContext syncTimeoutNs(final long syncTimeoutNs)
    {
        this.syncTimeoutNs = syncTimeoutNs;
        return this;
    }

    public long syncTimeoutNs()
    {
        return syncTimeoutNs;
    }

    /**
     * Bytes at which the journal goes on in a new file.
     */
    public EngineContext rollLength(final long rollLength)
    {
        this.rollLength = rollLength;
        return this;
    }

    public long rollLength()
    {
        return rollLength;
    }

    /**
     * Room on the disk below which new requests are refused with REJECT_DISK; reads and retries go on.
     */
    public EngineContext freeBytesFloor(final long freeBytesFloor)
    {
        this.freeBytesFloor = freeBytesFloor;
        return this;
    }

    public long freeBytesFloor()
    {
        return freeBytesFloor;
    }

    /**
     * Bytes of the journal that stay at least when files of it are removed that the last three checkpoints cover;
     * {@link #RETAIN_ALL} to remove none.
     */
    public EngineContext retainBytes(final long retainBytes)
    {
        this.retainBytes = retainBytes;
        return this;
    }

    public long retainBytes()
    {
        return retainBytes;
    }

    /**
     * How much may wait between the sequencer and the stages that send it.
     *
     * @param results powers of two, both.
     * @param bytes   of their bodies; at least 1 MiB, the worst that one frame can cause.
     */
    public EngineContext ring(final int results, final int bytes)
    {
        ringCapacity = results;
        arenaCapacity = bytes;
        return this;
    }

    public int ringCapacity()
    {
        return ringCapacity;
    }

    public int arenaCapacity()
    {
        return arenaCapacity;
    }

    public EngineContext idle(final Idle idle)
    {
        this.idle = idle;
        return this;
    }

    public Idle idle()
    {
        return idle;
    }

    public EngineContext threads(final Threads threads)
    {
        this.threads = threads;
        return this;
    }

    public Threads threads()
    {
        return threads;
    }

    /**
     * Allows addresses other than loopback, where anybody who reaches the port may read and write everything.
     */
    public EngineContext allowUnauthenticated(final boolean allowUnauthenticated)
    {
        this.allowUnauthenticated = allowUnauthenticated;
        return this;
    }

    public boolean allowUnauthenticated()
    {
        return allowUnauthenticated;
    }

    /**
     * Starts although the wall clock is more than 30 days ahead of the journal's last entry.
     */
    public EngineContext acceptClock(final boolean acceptClock)
    {
        this.acceptClock = acceptClock;
        return this;
    }

    public boolean acceptClock()
    {
        return acceptClock;
    }

    public EngineContext clock(final Clock clock)
    {
        this.clock = clock;
        return this;
    }

    public Clock clock()
    {
        return clock;
    }

    /**
     * Where the journal's bytes go, instead of Chronicle files under the directory.
     */
    public EngineContext journalStore(final JournalStore journalStore)
    {
        this.journalStore = journalStore;
        return this;
    }

    public JournalStore journalStore()
    {
        return journalStore;
    }

    /**
     * Where checkpoints are, instead of files under the directory.
     */
    public EngineContext checkpointStore(final CheckpointStore checkpointStore)
    {
        this.checkpointStore = checkpointStore;
        return this;
    }

    public CheckpointStore checkpointStore()
    {
        return checkpointStore;
    }

    /**
     * Whether a second state follows the journal, which proves the digests and makes checkpoints while the engine serves. It
     * takes as much memory as the first, and a thread.
     */
    public EngineContext shadow(final boolean shadow)
    {
        this.shadow = shadow;
        return this;
    }

    public boolean shadow()
    {
        return shadow;
    }

    /**
     * Bytes by which the journal grows between two checkpoints of the shadow.
     */
    public EngineContext checkpointBytes(final long checkpointBytes)
    {
        this.checkpointBytes = checkpointBytes;
        return this;
    }

    public long checkpointBytes()
    {
        return checkpointBytes;
    }

    /**
     * What keeps a second engine out, instead of a kernel lock in the directory.
     */
    public EngineContext directoryLock(final DirectoryLock directoryLock)
    {
        this.directoryLock = directoryLock;
        return this;
    }

    public DirectoryLock directoryLock()
    {
        return directoryLock;
    }

    /**
     * Told of the places between two stores that the engine passes.
     */
    public EngineContext crashPoint(final CrashPoint crashPoint)
    {
        this.crashPoint = crashPoint;
        return this;
    }

    public CrashPoint crashPoint()
    {
        return crashPoint;
    }

    /**
     * Put around the way in.
     */
    public EngineContext ingressDecorator(final UnaryOperator<Ingress> ingressDecorator)
    {
        this.ingressDecorator = ingressDecorator;
        return this;
    }

    public UnaryOperator<Ingress> ingressDecorator()
    {
        return ingressDecorator;
    }

    /**
     * Put around the way back to clients.
     */
    public EngineContext egressDecorator(final UnaryOperator<Egress> egressDecorator)
    {
        this.egressDecorator = egressDecorator;
        return this;
    }

    public UnaryOperator<Egress> egressDecorator()
    {
        return egressDecorator;
    }

    /**
     * Put around the way out to subscribers.
     */
    public EngineContext feedDecorator(final UnaryOperator<Feed> feedDecorator)
    {
        this.feedDecorator = feedDecorator;
        return this;
    }

    public UnaryOperator<Feed> feedDecorator()
    {
        return feedDecorator;
    }

    public EngineContext recoveryProgress(final RecoveryProgress recoveryProgress)
    {
        this.recoveryProgress = recoveryProgress;
        return this;
    }

    public RecoveryProgress recoveryProgress()
    {
        return recoveryProgress;
    }

    /**
     * Takes one line an event, without line end; called by any thread of the engine. Default: standard error, with
     * the time.
     */
    public EngineContext log(final Consumer<String> log)
    {
        this.log = log;
        return this;
    }

    public Consumer<String> log()
    {
        return log;
    }

    /**
     * Checks everything and freezes the context.
     *
     * @throws IllegalArgumentException naming what is wrong as {@code name=value}, and what to do.
     * @throws IllegalStateException    when concluded before.
     */
    void conclude()
    {
        if (concluded)
        {
            throw new IllegalStateException("a context is concluded once: make a new one");
        }

        concluded = true;
        check(dir != null, "dir", dir, "name the directory of the engine");
        check(ingress != null && ingress.lastIndexOf(':') > 0, "ingress", ingress, "write HOST:PORT");
        check(
            defaultAck == Ack.JOURNALED || defaultAck == Ack.DURABLE, "ack", defaultAck, "choose journaled or durable");
        check(syncIntervalNs > 0, "sync-interval", syncIntervalNs, "must be above 0");
        check(checkpointBytes > 0, "checkpoint-bytes", checkpointBytes, "must be above 0");
        check(retainBytes >= 0, "retain", retainBytes, "must be 0 or above");
        check(syncTimeoutNs > 0, "sync-timeout", syncTimeoutNs, "must be above 0");
        check(threads != null, "threads", threads, "choose compact or split");
    }

    private static void logToStandardError(final String line)
    {
        System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " engine: " + line);
    }

    private static void check(final boolean good, final String name, final Object value, final String advice)
    {
        if (!good)
        {
            throw new IllegalArgumentException(name + "=" + value + ": " + advice);
        }
    }
}

package io.quipu.engine.publish;

import com.lmax.disruptor.Sequence;
import io.quipu.engine.Clock;
import io.quipu.engine.ThreadEnd;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the journal durable: group commit. Each turn reads how far the ring and the journal have got, forces the
 * journal to the disk, and only then lets the stages that wait for durability go that far. After {@link #start()} a
 * thread of its own takes the turns; without, whoever calls {@link #turn()}.
 * <pre>
 *   sequencer thread             turn
 *   append record                c = ring.cursor()
 *   appended.set(sequence)       a = appended.get()
 *   publish results              force()                  all that was appended before c was published
 *                                durable.set(a)
 *                                gate.set(c)              durable replies up to slot c may leave
 * </pre>
 * Whatever is published at slot c was appended before, so it is covered by the force that follows. It runs as often
 * as it is woken, and else once an interval. A failure is final: never tried again, no gate moves any more, and the
 * engine stops, because after a failed sync nobody knows which pages the kernel has dropped.
 */
public final class Syncer implements AutoCloseable
{
    /** {@link #syncUnderWay()} when none is. */
    static final long NO_SYNC = -1;

    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FORCE_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private final ResultRing ring;
    private final Runnable force;
    private final Runnable onDurable;
    private final DiskRoom diskRoom;
    private final long intervalNs;
    private final Thread thread;
    private final Sequence gate = new Sequence(-1);
    private final Sequence appended = new Sequence(0);
    private final Sequence durable = new Sequence(0);
    /** When the last sync ended, and whether nothing was forced since; of the thread that takes the turns. */
    private long syncedNs;
    private boolean isSyncLast;

    private volatile boolean running = true;
    private volatile RuntimeException failure;
    private volatile long syncCount;
    private volatile long syncUnderWay = NO_SYNC;
    private volatile long longestSyncNs;

    /**
     * @param clock      of the engine.
     * @param ring       whose cursor is followed.
     * @param force      returns when all that was appended before the call is on the disk, or throws; called once more a
     *                   second behind a sync that none follows.
     * @param onDurable  called when the gate has moved behind a sync: wakes who sleeps in front of it.
     * @param diskRoom   to look at the disk for.
     * @param intervalNs longest time between two turns.
     * @param recovered  sequence that is appended and durable already.
     */
    public Syncer(
        final Clock clock,
        final ResultRing ring,
        final Runnable force,
        final Runnable onDurable,
        final DiskRoom diskRoom,
        final long intervalNs,
        final long recovered)
    {
        this.clock = clock;
        this.ring = ring;
        this.force = force;
        this.onDurable = onDurable;
        this.diskRoom = diskRoom;
        this.intervalNs = intervalNs;
        appended.set(recovered);
        durable.set(recovered);
        thread = new Thread(this::run, "quipu-syncer");
        thread.setDaemon(true);
    }

    public void start()
    {
        thread.start();
    }

    /** What the stages for durable results stay behind. */
    public Sequence gate()
    {
        return gate;
    }

    /** The sequencer has appended up to this entry; called before anything that depends on it is published. */
    public void onAppended(final long sequence)
    {
        appended.set(sequence);
    }

    /** The last entry known to survive a loss of power. Any thread. */
    public long durableSequence()
    {
        return durable.get();
    }

    /** Starts a turn at once. */
    public void wake()
    {
        LockSupport.unpark(thread);
    }

    /** Why syncing ended, or null while all is well. Any thread. */
    public RuntimeException failure()
    {
        return failure;
    }

    /** Syncs so far. */
    public long syncCount()
    {
        return syncCount;
    }

    /** Number of the sync that is under way, or {@link #NO_SYNC}. Any thread. */
    long syncUnderWay()
    {
        return syncUnderWay;
    }

    /** The slowest of them. */
    public long longestSyncNs()
    {
        return longestSyncNs;
    }

    /** Whether everything appended survives a loss of power. For the sequencer thread. */
    public boolean isDurable()
    {
        return durable.get() == appended.get();
    }

    /** Whether its thread has ended, or was never started: nothing is under way on the disk any more. */
    public boolean isEnded()
    {
        return !thread.isAlive();
    }

    /** Whether everything published may leave. */
    public boolean isIdle()
    {
        return gate.get() == ring.cursor() && durable.get() == appended.get();
    }

    private void run()
    {
        do
        {
            LockSupport.parkNanos(this, intervalNs);
        }
        while (running && turn());
    }

    /**
     * Makes durable what was appended before, and looks at the room on the disk when that is due. For one thread at
     * a time.
     *
     * @return false when that failed, now or before: {@link #failure()} says why, and nothing is tried again.
     */
    public boolean turn()
    {
        if (null != failure)
        {
            return false;
        }

        try
        {
            sync();
            diskRoom.lookIfDue(clock.monotonicNs());
            return true;
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
        catch (final Error ex)
        {
            failure = new IllegalStateException("the syncer ended: " + ex, ex);
        }

        return false;
    }

    private void sync()
    {
        final long cursor = ring.cursor();
        final long sequence = appended.get();
        if (sequence > durable.get())
        {
            final long startNs = clock.monotonicNs();
            force();
            final long tookNs = clock.monotonicNs() - startNs;
            longestSyncNs = Math.max(longestSyncNs, tookNs);
            syncCount++;
            syncedNs = startNs + tookNs;
            isSyncLast = true;
            durable.set(sequence);
            gate.set(cursor);
            onDurable.run();
        }
        else
        {
            gate.set(cursor);
            forceOnceMore();
        }
    }

    /** The journal writes down only once a second to where it is durable: it is called again when nothing follows a sync. */
    private void forceOnceMore()
    {
        if (isSyncLast && clock.monotonicNs() - syncedNs >= FORCE_AGAIN_NS)
        {
            isSyncLast = false;
            force();
        }
    }

    private void force()
    {
        syncUnderWay = syncCount;
        force.run();
        syncUnderWay = NO_SYNC;
    }

    /**
     * Ends the thread and waits for it, a few seconds at most: a disk that hangs may never come back, and then {@link
     * #isEnded()} says so. What was not synced before stays so.
     */
    @Override
    public void close()
    {
        running = false;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread, CLOSE_TIMEOUT_NS);
    }
}

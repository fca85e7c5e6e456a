package io.quipu.engine.checkpoint;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.ThreadEnd;
import io.quipu.engine.recovery.Replayer;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.JournalStore;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * A second state that follows the journal, so that the first never stops: it reads what is durable as bytes, applies it, compares
 * the digest in each record's header with its own, and writes a checkpoint each time the journal has grown by so much.
 * <pre>
 *   sequencer --> journal --> syncer: durable sequence
 *                    |             |
 *                    '--> shadow <-'   scan, compare, apply ... checkpoint
 * </pre>
 * A digest that differs is a bit that fell over in the memory of one of the two, or a program that is not deterministic: the
 * engine stops with {@link Verdict#DIVERGED}. How far the shadow lags delays nothing but checkpoints and, where that is asked
 * for, the removal of journal files.
 * <p>
 * After {@link #start()} a thread of its own takes the turns; without, whoever calls {@link #turn()}. Figures may be read
 * by any thread.
 */
public final class Shadow implements AutoCloseable
{
    /** By how much the journal grows between two checkpoints when nothing else is said. */
    public static final long DEFAULT_EVERY_BYTES = 1L << 30;

    /** Entries that one turn applies at most, so that it ends soon when it is asked to. */
    private static final long TURN_ENTRIES = 1_000_000;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Checkpoints checkpoints;
    private final JournalStore store;
    private final JournalScanner scanner;
    private final LongSupplier durableSequence;
    private final long everyBytes;
    private final LongPredicate hasRoom;
    private final Consumer<String> log;
    private final Thread thread;

    private StateMachine state;
    private Replayer replayer;
    private JournalPlace place;
    private long checkpointAtBytes;

    private volatile boolean running = true;
    private volatile RuntimeException failure;
    private volatile long sequence;
    private volatile long stateBytes;
    private volatile long checkpointSequence;
    private volatile long checkpointBytes;
    private volatile long checkpointNs;

    /**
     * @param checkpoints     to begin with, and to make.
     * @param store           of the journal, to read from; closed with this.
     * @param durableSequence of the journal; nothing behind it is read.
     * @param everyBytes      by how much the journal grows between two checkpoints.
     * @param hasRoom         whether the disk has room for a checkpoint of so many bytes.
     * @param log             hears a line about each checkpoint.
     */
    public Shadow(
        final Checkpoints checkpoints,
        final JournalStore store,
        final LongSupplier durableSequence,
        final long everyBytes,
        final LongPredicate hasRoom,
        final Consumer<String> log)
    {
        this.checkpoints = checkpoints;
        this.store = store;
        this.durableSequence = durableSequence;
        this.everyBytes = everyBytes;
        this.hasRoom = hasRoom;
        this.log = log;
        scanner = new JournalScanner(store, true);
        thread = new Thread(this::run, "quipu-shadow");
        thread.setDaemon(true);
    }

    public void start()
    {
        thread.start();
    }

    /** Why it ended, null while all is well: the engine is to stop for the same reason. */
    public RuntimeException failure()
    {
        return failure;
    }

    /** Last entry applied. */
    public long sequence()
    {
        return sequence;
    }

    /** Entries that are durable and not yet applied. */
    public long lag()
    {
        return Math.max(0, durableSequence.getAsLong() - sequence);
    }

    /** Off-heap memory of its state. */
    public long stateBytes()
    {
        return stateBytes;
    }

    /** Sequence of the last checkpoint, also one of an earlier engine; 0 for none. */
    public long checkpointSequence()
    {
        return checkpointSequence;
    }

    /** Bytes of the last checkpoint that it made. */
    public long checkpointBytes()
    {
        return checkpointBytes;
    }

    /** How long the last checkpoint took that it made. */
    public long checkpointNs()
    {
        return checkpointNs;
    }

    private void run()
    {
        while (running && failure == null)
        {
            if (turn() == 0)
            {
                LockSupport.parkNanos(this, PAUSE_NS);
            }
        }
    }

    /**
     * Applies what has become durable, up to a bound, and makes a checkpoint when one is due. For one thread at a time.
     *
     * @return entries applied; 0 when there was nothing to do, or when it failed.
     */
    public int turn()
    {
        if (failure != null)
        {
            return 0;
        }

        try
        {
            if (state == null)
            {
                begin();
            }
            final int applied = follow();
            if (place.bytes() >= checkpointAtBytes && state.sequence() > checkpointSequence)
            {
                checkpoint();
            }
            return applied;
        }
        catch (final JournalException ex)
        {
            failure = new JournalException(ex.verdict(), "the shadow: " + ex.getMessage(), ex);
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
        catch (final Error ex)
        {
            failure = new IllegalStateException("the shadow ended: " + ex, ex);
        }

        return 0;
    }

    private void begin()
    {
        final Checkpoints.Restored restored = checkpoints.restore(RecoveryProgress.NONE);
        state = restored.state();
        place = restored.place();
        replayer = new Replayer(
            state, place.timestampNs(), Replayer.TO_END, RecoveryProgress.NONE, ReplyHandler.NONE);
        tell();
        checkpointSequence = sequence;
        checkpointAtBytes = place.bytes() + everyBytes;
    }

    private int follow()
    {
        final long to = Math.min(durableSequence.getAsLong(), state.sequence() + TURN_ENTRIES);
        if (to <= state.sequence())
        {
            return 0;
        }

        final long before = state.sequence();
        final ScanResult found = scanner.scan(replayer, to, place);
        if (found.verdict() != Verdict.CLEAN)
        {
            final Verdict verdict = found.verdict() == Verdict.TORN_TAIL ? Verdict.CORRUPT : found.verdict();
            throw new JournalException(verdict, "what was durable cannot be read any more: " + found.describe());
        }
        if (!found.reachedTo())
        {
            throw new JournalException(
                Verdict.CORRUPT, "what was durable to sequence " + to + " is gone: " + found.describe());
        }
        place = found.place();
        tell();

        return (int)(state.sequence() - before);
    }

    private void tell()
    {
        sequence = state.sequence();
        stateBytes = state.bytes();
    }

    /**
     * Makes a checkpoint of where it stands, whether one is due or not; between two turns.
     *
     * @throws JournalException when it cannot be made.
     */
    public void checkpointNow()
    {
        final long startNs = System.nanoTime();
        checkpointBytes = checkpoints.save(state, place, durableSequence.getAsLong());
        checkpointNs = System.nanoTime() - startNs;
        checkpointSequence = state.sequence();
    }

    /** What cannot be written is told, and tried again when the journal has grown by as much again. */
    private void checkpoint()
    {
        checkpointAtBytes = place.bytes() + everyBytes;
        if (!hasRoom.test(stateBytes))
        {
            log.accept("no checkpoint at sequence " + state.sequence() + ": too little room on the disk");
            return;
        }

        try
        {
            checkpointNow();
            log.accept(
                "checkpoint sequence=" + state.sequence() + " bytes=" + checkpointBytes +
                " ms=" + TimeUnit.NANOSECONDS.toMillis(checkpointNs));
        }
        catch (final JournalException ex)
        {
            if (ex.verdict() != Verdict.IO_FAULT && ex.verdict() != Verdict.LOCKED)
            {
                throw ex;
            }
            log.accept("no checkpoint at sequence " + state.sequence() + ": " + ex.getMessage());
            return;
        }
        checkpoints.releaseJournal();
    }

    /** Ends the thread, waits for it, and frees the state. */
    @Override
    public void close()
    {
        running = false;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread, ThreadEnd.NO_TIMEOUT);

        if (state != null)
        {
            state.close();
            state = null;
        }
        store.close();
    }
}

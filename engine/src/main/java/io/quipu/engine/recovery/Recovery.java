package io.quipu.engine.recovery;

import io.quipu.engine.Clock;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Brings a state to where the journal ends: the first thing that a start does under the lock. It begins with the newest
 * checkpoint that is good, and applies the records behind it. Everything that can refuse the start is judged here, before
 * anything is changed; a torn tail is moved to quarantine only after that. On the sequencer thread.
 */
public final class Recovery implements RecordHandler, AutoCloseable
{
    /** A wall clock so far ahead of the journal is taken for wrong. */
    public static final long MAX_CLOCK_AHEAD_NS = TimeUnit.DAYS.toNanos(30);

    private final Clock clock;
    private final boolean acceptClock;
    private final RecoveryProgress progress;
    private final Checkpoints checkpoints;

    private StateMachine state;
    private JournalPlace start = JournalPlace.START;
    private Replayer replayer;

    /**
     * @param checkpoints to begin with; null for none.
     * @param clock       to compare the journal's last time with.
     * @param acceptClock whether it may be far ahead.
     * @param progress    told how far it got.
     */
    public Recovery(
        final Checkpoints checkpoints, final Clock clock, final boolean acceptClock, final RecoveryProgress progress)
    {
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.acceptClock = acceptClock;
        this.progress = progress;
    }

    /**
     * Reads, applies, judges, repairs.
     *
     * @param journal locked, not yet read.
     * @return what was found.
     * @throws JournalException with the verdict that refuses the start; nothing was changed then.
     */
    public ScanResult run(final Journal journal)
    {
        if (checkpoints == null)
        {
            state = new StateMachine();
        }
        else
        {
            final Checkpoints.Restored restored = checkpoints.restore(progress);
            state = restored.state();
            start = restored.place();
        }

        replayer = new Replayer(state, start.timestampNs(), Replayer.TO_END, progress, ReplyHandler.NONE);
        final ScanResult found = journal.recover(this, start);
        replayer.finish();
        return found;
    }

    /** The state; null before {@link #run}. Closed with this. */
    public StateMachine state()
    {
        return state;
    }

    /** Sequence of the checkpoint that it began with, 0 for none. */
    public long checkpointSequence()
    {
        return start.sequence();
    }

    /** Journaled time of the last record, 0 for an empty journal. */
    public long timeNs()
    {
        return replayer.timeNs();
    }

    /** Records applied. */
    public long records()
    {
        return replayer.records();
    }

    @Override
    public void onStart(final long bytes)
    {
        replayer.onStart(bytes);
    }

    @Override
    public void onRecord(final JournalRecord record)
    {
        replayer.onRecord(record);
    }

    @Override
    public void onEnd(final ScanResult found)
    {
        final long lastNs = replayer.timeNs();
        final long wallNs = clock.wallNs();
        if (!found.isEmpty() && !acceptClock && wallNs - lastNs > MAX_CLOCK_AHEAD_NS)
        {
            throw new JournalException(
                Verdict.CLOCK_AHEAD,
                "the clock says " + instant(wallNs) + ", more than 30 days after the journal's last entry, sequence " +
                found.lastSequence() + " at " + instant(lastNs) +
                "; nothing was changed: set the clock, or start with --accept-clock if it is right");
        }
    }

    @Override
    public void close()
    {
        if (state != null)
        {
            state.close();
        }
    }

    private static Instant instant(final long timeNs)
    {
        return Instant.ofEpochSecond(0, timeNs);
    }
}

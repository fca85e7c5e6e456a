package io.quipu.engine.publish;

import io.quipu.engine.Clock;
import io.quipu.engine.EngineFailedException;
import io.quipu.journal.Verdict;

import java.util.concurrent.TimeUnit;

/**
 * Notices a sync that does not come back: a disk that hangs reports nothing. It counts the time that the sequencer saw
 * pass while one and the same sync was under way, turn by turn, so that a process which was itself stopped for minutes
 * does not take its own sleep for the disk's. For the sequencer thread; allocates nothing.
 */
public final class SyncWatch
{
    /** Longest time that passes between two turns of an engine that runs. */
    private static final long MAX_TURN_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Clock clock;
    private final Syncer syncer;
    private final long timeoutNs;
    private long watchedSync = Syncer.NO_SYNC;
    private long waitedNs;
    private long lookedNs;

    /**
     * @param clock     of the engine.
     * @param syncer    to watch.
     * @param timeoutNs longest time that a sync may take.
     */
    public SyncWatch(final Clock clock, final Syncer syncer, final long timeoutNs)
    {
        this.clock = clock;
        this.syncer = syncer;
        this.timeoutNs = timeoutNs;
    }

    /**
     * Looks whether a sync hangs; each turn.
     *
     * @throws EngineFailedException IO_FAULT when it does.
     */
    public void check()
    {
        final long sync = syncer.syncUnderWay();
        if (Syncer.NO_SYNC == sync)
        {
            watchedSync = Syncer.NO_SYNC;
            return;
        }

        final long nowNs = clock.monotonicNs();
        if (sync != watchedSync)
        {
            watchedSync = sync;
            waitedNs = 0;
        }
        else
        {
            waitedNs += Math.min(MAX_TURN_NS, nowNs - lookedNs);
        }

        lookedNs = nowNs;
        if (waitedNs > timeoutNs)
        {
            throw new EngineFailedException(
                Verdict.IO_FAULT.name(),
                Verdict.IO_FAULT.exitCode(),
                "a sync of the journal did not come back for " + TimeUnit.NANOSECONDS.toMillis(waitedNs) +
                " ms: look at the disk; durable is sequence " + syncer.durableSequence(),
                null);
        }
    }
}

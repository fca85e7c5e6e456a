package io.quipu.engine.sequencer;

import io.quipu.engine.Clock;

/**
 * The time that entries are stamped with. Within an epoch it is the last time plus what the monotonic clock says has
 * passed, and leans towards the wall clock by at most a tenth of that: whatever happens to the wall clock, journaled
 * time neither goes back nor jumps. At a start it is set to the wall clock, or stays at the journal's last time where
 * the wall clock is behind it. For the sequencer thread.
 */
public final class EngineTime
{
    /** A tenth of what has passed, at most, is added or taken away. */
    private static final long SLEW_DIVISOR = 10;

    private final Clock clock;
    private long timeNs;
    private long monotonicNs;

    /**
     * @param clock    to read.
     * @param atLeastNs the journal's last time; 0 for an empty journal.
     */
    public EngineTime(final Clock clock, final long atLeastNs)
    {
        this.clock = clock;
        monotonicNs = clock.monotonicNs();
        timeNs = Math.max(atLeastNs, clock.wallNs());
    }

    /**
     * The time now, not before any time returned so far.
     *
     * @return nanoseconds since 1970.
     */
    public long nowNs()
    {
        final long nowNs = clock.monotonicNs();
        final long elapsedNs = Math.max(0, nowNs - monotonicNs);
        final long slewNs = elapsedNs / SLEW_DIVISOR;
        final long behindNs = clock.wallNs() - (timeNs + elapsedNs);

        monotonicNs = nowNs;
        timeNs += elapsedNs + Math.max(-slewNs, Math.min(slewNs, behindNs));
        return timeNs;
    }
}

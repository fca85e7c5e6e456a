package io.quipu.engine;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * What the sequencer thread does when a turn found no work.
 */
public enum Idle
{
    /** Spins and yields a moment, then parks ever longer, up to 2 ms: under 3 % of a core when idle. */
    BACKOFF,

    /** Never leaves the core: for latency, on a machine that has one to spare. */
    SPIN;

    private static final long MAX_SPINS = 20;
    /** As long as a sync takes, and a client its next step: a park is 50 us at the least. */
    private static final long MAX_YIELDS = 200;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MAX_PARK_NS = 2_000_000;

    IdleStrategy strategy()
    {
        return this == SPIN ?
            BusySpinIdleStrategy.INSTANCE :
            new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
    }
}

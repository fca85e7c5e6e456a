package io.quipu.engine.sim;

import io.quipu.engine.Clock;

/**
 * Time that passes only when the simulation says so. The monotonic clock never goes back; the wall clock goes wherever
 * an operator or NTP may move it.
 */
final class SimClock implements Clock
{
    private static final long START_WALL_NS = 1_800_000_000_000_000_000L;

    private long nowNs = 1_000_000_000L;
    private long wallOffsetNs = START_WALL_NS;

    @Override
    public long monotonicNs()
    {
        return nowNs;
    }

    @Override
    public long wallNs()
    {
        return nowNs + wallOffsetNs;
    }

    void advance(final long ns)
    {
        nowNs += ns;
    }

    void jumpWall(final long ns)
    {
        wallOffsetNs += ns;
    }
}

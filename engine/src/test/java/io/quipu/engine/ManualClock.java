package io.quipu.engine;

/**
 * Time that a test makes pass: both clocks stand until they are set.
 */
public final class ManualClock implements Clock
{
    public volatile long monotonicNs;
    public volatile long wallNs;

    /** Both go on alike. */
    public void pass(final long ns)
    {
        pass(ns, ns);
    }

    public void pass(final long monotonic, final long wall)
    {
        monotonicNs += monotonic;
        wallNs += wall;
    }

    @Override
    public long monotonicNs()
    {
        return monotonicNs;
    }

    @Override
    public long wallNs()
    {
        return wallNs;
    }
}

package io.quipu.engine;

/**
 * The clocks of the operating system. Wall time at the millisecond is enough: the engine only slews towards it.
 */
final class SystemClock implements Clock
{
    static final SystemClock INSTANCE = new SystemClock();

    private static final long NS_PER_MS = 1_000_000L;

    private SystemClock()
    {
    }

    @Override
    public long monotonicNs()
    {
        return System.nanoTime();
    }

    @Override
    public long wallNs()
    {
        return System.currentTimeMillis() * NS_PER_MS;
    }
}

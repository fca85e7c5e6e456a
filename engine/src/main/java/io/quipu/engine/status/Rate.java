package io.quipu.engine.status;

import java.util.concurrent.TimeUnit;

/**
 * How often something counted happens in a second, over the last second that is complete. For one thread.
 */
final class Rate
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private long countBefore;
    private long perSecond;

    /**
     * @param count     so far.
     * @param elapsedNs since the last call.
     */
    void update(final long count, final long elapsedNs)
    {
        perSecond = (count - countBefore) * SECOND_NS / elapsedNs;
        countBefore = count;
    }

    long perSecond()
    {
        return perSecond;
    }
}

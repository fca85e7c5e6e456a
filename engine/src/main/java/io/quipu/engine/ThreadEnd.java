package io.quipu.engine;

import java.util.concurrent.TimeUnit;

/**
 * Waits for the end of a thread that was told to end, whoever interrupts the one that waits; an interrupt is kept.
 */
public final class ThreadEnd
{
    /** For ever. */
    public static final long NO_TIMEOUT = Long.MAX_VALUE;

    private static final long JOIN_MS = TimeUnit.SECONDS.toMillis(1);

    private ThreadEnd()
    {
    }

    /**
     * @param thread    to wait for; a thread does not wait for itself.
     * @param timeoutNs to wait at most, or {@link #NO_TIMEOUT}.
     */
    public static void await(final Thread thread, final long timeoutNs)
    {
        final long startNs = System.nanoTime();
        boolean isInterrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread && System.nanoTime() - startNs < timeoutNs)
        {
            try
            {
                thread.join(JOIN_MS);
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }
}

package io.quipu.transport.client;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What a caller's thread hands to the client's thread, and waits for. The client's thread fills it in and {@link #complete}s it,
 * once; the caller reads it after {@link #await}.
 */
abstract class Call
{
    private final Thread caller = Thread.currentThread();
    /** Published by {@link #isDone}; makes the exception on the caller's thread, so that it shows where the call was made. */
    private Supplier<QuipuException> failure;
    private volatile boolean isDone;

    /** For the client's thread: there is an answer. */
    final void complete()
    {
        isDone = true;
        LockSupport.unpark(caller);
    }

    /** For the client's thread: there will be none. */
    final void fail(final Supplier<QuipuException> newFailure)
    {
        failure = newFailure;
        complete();
    }

    final boolean isDone()
    {
        return isDone;
    }

    /** For the caller, once it is done: throws when there is no answer. */
    final void throwFailure()
    {
        if (null != failure)
        {
            throw failure.get();
        }
    }

    /**
     * For the caller: waits until it is done.
     *
     * @return false when the time is over or the thread was interrupted first.
     */
    final boolean await(final long deadlineNs)
    {
        while (!isDone)
        {
            final long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0 || Thread.currentThread().isInterrupted())
            {
                return isDone;
            }
            LockSupport.parkNanos(this, leftNs);
        }
        return true;
    }
}

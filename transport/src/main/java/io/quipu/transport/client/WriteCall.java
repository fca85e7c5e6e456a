package io.quipu.transport.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request on its way from a caller's thread to the session. The caller may take it back as long as the session has not taken a
 * copy of it; so nobody reads the caller's {@link Request} once the call has returned.
 * <pre>
 *   QUEUED --> TAKING --> TAKEN
 *      ^ \        |
 *      |  +-------+-- no room: back to QUEUED
 *      +--> WITHDRAWN
 * </pre>
 */
final class WriteCall extends Call
{
    private static final int QUEUED = 0;
    private static final int TAKING = 1;
    private static final int TAKEN = 2;
    private static final int WITHDRAWN = 3;

    private final Request request;
    private final AtomicInteger stage = new AtomicInteger(QUEUED);
    /** With its own bytes. */
    private Reply reply;

    WriteCall(final Request request)
    {
        this.request = request;
    }

    /** For the client's thread: between this and {@link #endTake} the request may be read. False when it was withdrawn. */
    boolean beginTake()
    {
        return stage.compareAndSet(QUEUED, TAKING);
    }

    void endTake(final boolean isTaken)
    {
        stage.set(isTaken ? TAKEN : QUEUED);
    }

    Request request()
    {
        return request;
    }

    void reply(final Reply newReply)
    {
        reply = newReply;
        complete();
    }

    Reply reply()
    {
        return reply;
    }

    /** For the caller: takes the request back. False when the session has it. */
    boolean withdraw()
    {
        while (true)
        {
            switch (stage.get())
            {
                case QUEUED:
                    if (stage.compareAndSet(QUEUED, WITHDRAWN))
                    {
                        return true;
                    }
                    break;

                case TAKING:
                    Thread.onSpinWait();
                    break;

                default:
                    return WITHDRAWN == stage.get();
            }
        }
    }
}

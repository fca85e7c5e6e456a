package io.quipu.transport.client;

/**
 * A session driven by one thread: requests are offered, replies arrive in {@link #poll()}. Exactly once, over lost replies,
 * reconnections and restarts of the engine. Allocates nothing in steady state.
 * <p>
 * The thread that owns it calls {@link #poll()} often, also when it has nothing to offer: this sends, receives, keeps the
 * connection alive and drives the media driver when that is the client's own.
 */
public final class AsyncSession implements AutoCloseable
{
    /** No room: poll, then offer again. */
    public static final long BACK_PRESSURED = -1;
    /** The session is closed or evicted: nothing more can be offered. */
    public static final long CLOSED = -2;

    private AsyncSession()
    {
    }

    /**
     * Connects and attaches a session; waits for both.
     *
     * @throws UnreachableException     when no engine answers in time.
     * @throws SessionEvictedException  when a resumed session is no longer known.
     * @throws IllegalArgumentException when the context is wrong.
     */
    public static AsyncSession connect(final ClientContext context, final ReplyHandler handler)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a copy of a request, to be sent in order. Requests that queue up while others are under way share a frame.
     *
     * @param correlation handed back with the outcome.
     * @return its request sequence (final unless an earlier request is refused before the append, see the reply for the one it
     * was applied with), or {@link #BACK_PRESSURED}, or {@link #CLOSED}.
     * @throws IllegalArgumentException when it has no commands.
     */
    public long offer(final Request request, final long correlation)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * One turn: receives, calls the handler, sends, keeps alive, reconnects.
     *
     * @return 0 when there was nothing to do.
     */
    public int poll()
    {
        throw new UnsupportedOperationException();
    }

    /** Offered requests whose outcome is not known yet. */
    public int unanswered()
    {
        throw new UnsupportedOperationException();
    }

    /** Declares replies as kept by the caller, with {@link ClientContext#manualAcknowledge(boolean)} only. */
    public void acknowledge(final long requestSequence)
    {
        throw new UnsupportedOperationException();
    }

    /** The highest request sequence below which there is an outcome for every request; 0 at the start. */
    public long repliesReceivedUpTo()
    {
        throw new UnsupportedOperationException();
    }

    /** What another process needs to go on with this session; safe to write down before what is offered next is sent. */
    public SessionState state()
    {
        throw new UnsupportedOperationException();
    }

    public boolean isConnected()
    {
        throw new UnsupportedOperationException();
    }

    /** Since when there has been no connection; 0 when there is one. */
    public long disconnectedForNs()
    {
        throw new UnsupportedOperationException();
    }

    public boolean isClosed()
    {
        throw new UnsupportedOperationException();
    }

    /** Frames sent again, replies that arrived twice, reconnections ... for tests and status lines. */
    public ClientCounters counters()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until every offered request has its outcome.
     *
     * @return false when that took longer.
     */
    public boolean flush(final long timeoutNs)
    {
        throw new UnsupportedOperationException();
    }

    /** Ends the session for ever, when the engine can be reached: its kept replies are dropped; then closes. */
    public void closeSession()
    {
        throw new UnsupportedOperationException();
    }

    /** Disconnects and frees everything; what was offered and not yet answered may or may not be applied. Idempotent. */
    @Override
    public void close()
    {
    }
}

package io.quipu.transport.client;

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;

/**
 * A session driven by one thread: requests are offered, replies arrive in {@link #poll()}. Exactly once, over lost replies,
 * reconnections and restarts of the engine. Allocates nothing in steady state.
 * <p>
 * The thread that owns it calls {@link #poll()} often, also when it has nothing to offer: this sends, receives, keeps the
 * connection alive and drives the media driver when that is the client's own.
 * <p>
 * It has a connection of its own, or, from {@link AsyncClient#openSession(ReplyHandler)}, shares one with other sessions of the
 * same thread; then a poll of one is a poll of all.
 */
public final class AsyncSession implements AutoCloseable
{
    /** No room: poll, then offer again. */
    public static final long BACK_PRESSURED = -1;
    /** The session is closed or evicted: nothing more can be offered. */
    public static final long CLOSED = -2;

    private static final long FLUSH_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final AsyncClient client;
    private final ClientSession session;
    private final boolean ownsClient;
    private boolean isClosed;

    AsyncSession(final AsyncClient client, final ClientSession session, final boolean ownsClient)
    {
        this.client = client;
        this.session = session;
        this.ownsClient = ownsClient;
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
        final AsyncClient client = AsyncClient.open(context);
        boolean isAttached = false;
        try
        {
            final ClientSession session = client.add(handler, context.sessionState());
            client.await(session);
            isAttached = true;
            return new AsyncSession(client, session, true);
        }
        finally
        {
            if (!isAttached)
            {
                client.close();
            }
        }
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
        return session.offer(request, correlation);
    }

    /**
     * One turn: receives, calls the handler, sends, keeps alive, reconnects. What the handler throws comes out here,
     * before anything more is sent: a request that was refused has given its number to the next one, which has not left yet.
     *
     * @return 0 when there was nothing to do.
     */
    public int poll()
    {
        return isClosed ? 0 : client.poll();
    }

    /** Offered requests whose outcome is not known yet. */
    public int unanswered()
    {
        return session.unanswered();
    }

    /**
     * Declares replies as kept by the caller: the engine may forget them.
     *
     * @throws IllegalStateException    without {@link ClientContext#manualAcknowledge(boolean)}.
     * @throws IllegalArgumentException beyond {@link #repliesReceivedUpTo()}.
     */
    public void acknowledge(final long requestSequence)
    {
        if (!client.context().manualAcknowledge())
        {
            throw new IllegalStateException("manualAcknowledge=false: replies are acknowledged as they come");
        }
        session.acknowledge(requestSequence);
    }

    /** Every request up to this request sequence has its outcome; 0 at the start. */
    public long repliesReceivedUpTo()
    {
        return session.answeredUpTo();
    }

    /**
     * What another process needs to go on with this session. Written down before the first request is offered, and again with
     * each {@link #acknowledge(long)}, it is enough to resume at any moment.
     */
    public SessionState state()
    {
        return session.state();
    }

    public boolean isConnected()
    {
        return client.isConnected() && session.isAttached();
    }

    /** For how long there has been no connection; 0 when there is one. */
    public long disconnectedForNs()
    {
        return client.disconnectedForNs();
    }

    /** Whether it was closed, or the engine no longer knows the session. */
    public boolean isClosed()
    {
        return isClosed || client.isClosed() || session.isEnded();
    }

    /** Figures about its connection. */
    public ClientCounters counters()
    {
        return client.counters();
    }

    /**
     * Polls until every offered request has its outcome.
     *
     * @return false when that took longer.
     */
    public boolean flush(final long timeoutNs)
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final IdleStrategy idle = AsyncClient.idleStrategy();
        while (session.unanswered() > 0 && !isClosed)
        {
            idle.idle(poll());
            if (System.nanoTime() - deadlineNs > 0)
            {
                return 0 == session.unanswered();
            }
        }
        return 0 == session.unanswered();
    }

    /** Ends the session for ever, if the engine can be reached: its kept replies are dropped; then closes. */
    public void closeSession()
    {
        if (flush(FLUSH_TIMEOUT_NS))
        {
            session.close();
            final long deadlineNs = System.nanoTime() + FLUSH_TIMEOUT_NS;
            final IdleStrategy idle = AsyncClient.idleStrategy();
            while (!session.isEnded() && System.nanoTime() - deadlineNs < 0)
            {
                idle.idle(poll());
            }
        }
        close();
    }

    /**
     * Leaves, and disconnects and frees everything when the connection is its own; what was offered and not yet answered may or
     * may not be applied. Idempotent.
     */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            client.remove(session);
            if (ownsClient)
            {
                client.close();
            }
        }
    }
}

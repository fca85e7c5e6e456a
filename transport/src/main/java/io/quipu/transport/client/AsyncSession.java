package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;

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

    private static final long FLUSH_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MediaAccess media;
    private final EngineConnection connection;
    private final ClientSession session;
    private final ClientCounters counters = new ClientCounters();
    private final boolean manualAcknowledge;
    private boolean isClosed;

    private AsyncSession(final MediaAccess media, final ClientContext context, final ReplyHandler handler)
    {
        this.media = media;
        manualAcknowledge = context.manualAcknowledge();
        final long nowNs = System.nanoTime();
        connection = new EngineConnection(media.aeron(), context, new Egress(), counters, nowNs);
        session = new ClientSession(connection, context, context.sessionState(), handler, counters, nowNs);
        session.attach();
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
        context.conclude();
        final MediaAccess media = MediaAccess.open(context);
        AsyncSession asyncSession = null;
        boolean isAttached = false;
        try
        {
            asyncSession = new AsyncSession(media, context, handler);
            asyncSession.awaitAttached(context);
            isAttached = true;
            return asyncSession;
        }
        finally
        {
            if (!isAttached)
            {
                CloseHelper.closeAll(asyncSession, media);
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
        if (isClosed)
        {
            return 0;
        }
        final long nowNs = System.nanoTime();
        int work = connection.doWork(nowNs);
        work += session.doWork(nowNs);
        return work + media.invoke();
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
        if (!manualAcknowledge)
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
        return connection.isConnected() && session.isAttached();
    }

    /** For how long there has been no connection; 0 when there is one. */
    public long disconnectedForNs()
    {
        return connection.disconnectedForNs();
    }

    /** Whether it was closed, or the engine no longer knows the session. */
    public boolean isClosed()
    {
        return isClosed || session.isEnded();
    }

    /** Figures about this connection. */
    public ClientCounters counters()
    {
        return counters;
    }

    /**
     * Polls until every offered request has its outcome.
     *
     * @return false when that took longer.
     */
    public boolean flush(final long timeoutNs)
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final IdleStrategy idle = idleStrategy();
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
            final IdleStrategy idle = idleStrategy();
            while (!session.isEnded() && System.nanoTime() - deadlineNs < 0)
            {
                idle.idle(poll());
            }
        }
        close();
    }

    /** Disconnects and frees everything; what was offered and not yet answered may or may not be applied. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            connection.close();
            media.drain();
            media.close();
        }
    }

    private void awaitAttached(final ClientContext context)
    {
        final long deadlineNs = System.nanoTime() + context.connectTimeoutNs();
        final IdleStrategy idle = idleStrategy();
        while (!isConnected())
        {
            idle.idle(poll());
            if (session.isEnded())
            {
                throw Refusals.ended(session.lastRefusal());
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw Refusals.unreachable(context, connection, session.lastRefusal());
            }
        }
    }

    private static IdleStrategy idleStrategy()
    {
        return new BackoffIdleStrategy(10, 20, 1_000, 100_000);
    }

    /** Hands what the connection receives to the session. */
    private final class Egress implements EgressListener
    {
        @Override
        public void onConnected(final long nowNs)
        {
            session.onConnected(nowNs);
        }

        @Override
        public void onDisconnected()
        {
            session.onDisconnected();
        }

        @Override
        public void onSessionAttached(
            final long correlationId,
            final long lastRequestSequence,
            final long sequence,
            final long attachment,
            final long nowNs)
        {
            session.onSessionAttached(correlationId, lastRequestSequence, sequence, attachment);
        }

        @Override
        public void onSessionClosed(final long correlationId)
        {
            session.onSessionClosed(correlationId);
        }

        @Override
        public void onReply(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
        {
            session.onReply(buffer, offset, length, nowNs);
        }

        @Override
        public void onQueryReply(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
        {
            counters.badFrames++;
        }

        @Override
        public void onRefused(
            final long correlationId,
            final long attachment,
            final long requestSequence,
            final ResultCode code,
            final long detail,
            final long nowNs)
        {
            if (0 == requestSequence)
            {
                session.onControlRefused(correlationId, code, detail);
            }
            else if (session.isFor(attachment))
            {
                session.onRequestRefused(requestSequence, code, detail, nowNs);
            }
        }
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Many sessions of one thread over one connection. One {@link #poll()} drives them all: what they send in a turn shares
 * datagrams, and so do the replies to it.
 * <pre>
 *   session A --+                                                     +--&gt; handler of A
 *   session B --+--&gt; poll: frames -&gt; datagram =&gt; engine =&gt; datagram --+--&gt; handler of B
 *   session C --+                                                     +--&gt; handler of C
 * </pre>
 * One thread; allocates nothing in steady state.
 */
public final class AsyncClient implements AutoCloseable
{
    private static final ClientSession[] NO_SESSIONS = {};

    private final ClientContext context;
    private final MediaAccess media;
    private final ClientCounters counters = new ClientCounters();
    private final EngineConnection connection;
    private ClientSession[] sessions = NO_SESSIONS;
    /** Those that are attached on this connection; one that no longer is refuses what comes for it. */
    private final Long2ObjectHashMap<ClientSession> byAttachment = new Long2ObjectHashMap<>();
    private boolean isClosed;

    private AsyncClient(final ClientContext context, final MediaAccess media)
    {
        this.context = context;
        this.media = media;
        connection = new EngineConnection(media.aeron(), context, new Egress(), counters, System.nanoTime());
    }

    /**
     * Connects and waits for it.
     *
     * @param context of the connection and of all sessions; a {@link ClientContext#sessionState()} in it is no session's.
     * @throws UnreachableException     when no engine answers in time.
     * @throws IllegalArgumentException when the context is wrong.
     */
    public static AsyncClient connect(final ClientContext context)
    {
        final AsyncClient client = open(context);
        boolean isConnected = false;
        try
        {
            client.await(null);
            isConnected = true;
            return client;
        }
        finally
        {
            if (!isConnected)
            {
                client.close();
            }
        }
    }

    /** Starts to connect. */
    static AsyncClient open(final ClientContext context)
    {
        context.conclude();
        final MediaAccess media = MediaAccess.open(context);
        AsyncClient client = null;
        try
        {
            client = new AsyncClient(context, media);
            return client;
        }
        finally
        {
            if (null == client)
            {
                media.close();
            }
        }
    }

    /**
     * Attaches a new session and waits for it; polls the others meanwhile.
     *
     * @throws UnreachableException when the engine does not attach it in time.
     */
    public AsyncSession openSession(final ReplyHandler handler)
    {
        return openSession(handler, null);
    }

    /**
     * As {@link #openSession(ReplyHandler)}, for a session that another process began.
     *
     * @param state where it stopped; null for a new one.
     * @throws SessionEvictedException when it is no longer known.
     */
    public AsyncSession openSession(final ReplyHandler handler, final SessionState state)
    {
        if (isClosed)
        {
            throw new IllegalStateException("the client is closed");
        }
        final ClientSession session = add(handler, state);
        boolean isAttached = false;
        try
        {
            await(session);
            isAttached = true;
            return new AsyncSession(this, session, false);
        }
        finally
        {
            if (!isAttached)
            {
                remove(session);
            }
        }
    }

    /**
     * One turn: receives, calls the handlers, sends, keeps alive, reconnects. What a handler throws comes out here,
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
        connection.gathering().onTurn(nowNs, hasUnderWay());
        for (final ClientSession session : sessions)
        {
            work += session.doWork(nowNs);
        }
        return work + media.invoke();
    }

    /** Offered requests of all sessions whose outcome is not known yet. */
    public int unanswered()
    {
        int unanswered = 0;
        for (final ClientSession session : sessions)
        {
            unanswered += session.unanswered();
        }
        return unanswered;
    }

    public boolean isConnected()
    {
        return connection.isConnected();
    }

    /** For how long there has been no connection; 0 when there is one. */
    public long disconnectedForNs()
    {
        return connection.disconnectedForNs();
    }

    public boolean isClosed()
    {
        return isClosed;
    }

    /** Figures about the connection, all sessions together. */
    public ClientCounters counters()
    {
        return counters;
    }

    /** Disconnects and frees everything; what was offered and not yet answered may or may not be applied. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.closeAll(connection::close, media::drain, media);
        }
    }

    private boolean hasUnderWay()
    {
        for (final ClientSession session : sessions)
        {
            if (session.hasUnderWay())
            {
                return true;
            }
        }
        return false;
    }

    ClientContext context()
    {
        return context;
    }

    ClientSession add(final ReplyHandler handler, final SessionState state)
    {
        final ClientSession session =
            new ClientSession(connection, context, state, handler, counters, System.nanoTime());
        session.attach();
        sessions = ArrayUtil.add(sessions, session);
        return session;
    }

    void remove(final ClientSession session)
    {
        sessions = ArrayUtil.remove(sessions, session);
        byAttachment.values().remove(session);
    }

    /** Polls until there is a connection, and the session, if one is given, is attached. */
    void await(final ClientSession session)
    {
        final long deadlineNs = System.nanoTime() + context.connectTimeoutNs();
        final IdleStrategy idle = idleStrategy();
        while (!connection.isConnected() || null != session && !session.isAttached())
        {
            idle.idle(poll());
            if (null != session && session.isEnded())
            {
                throw Refusals.ended(session.lastRefusal());
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw Refusals.unreachable(
                    context, connection, null == session ? ResultCode.OK : session.lastRefusal());
            }
        }
    }

    static IdleStrategy idleStrategy()
    {
        return new BackoffIdleStrategy(10, 20, 1_000, 100_000);
    }

    /** Hands what the connection receives to the session that it is for. */
    private final class Egress implements EgressListener
    {
        @Override
        public void onConnected(final long nowNs)
        {
            for (final ClientSession session : sessions)
            {
                session.onConnected(nowNs);
            }
        }

        @Override
        public void onDisconnected()
        {
            byAttachment.clear();
            for (final ClientSession session : sessions)
            {
                session.onDisconnected();
            }
        }

        @Override
        public void onSessionAttached(
            final long correlationId,
            final long lastRequestSequence,
            final long sequence,
            final long attachment,
            final long nowNs)
        {
            for (final ClientSession session : sessions)
            {
                if (session.isAttachedBy(correlationId))
                {
                    byAttachment.put(attachment, session);
                    session.onSessionAttached(correlationId, lastRequestSequence, sequence, attachment);
                    return;
                }
            }
        }

        @Override
        public void onSessionClosed(final long correlationId)
        {
            for (final ClientSession session : sessions)
            {
                session.onSessionClosed(correlationId);
            }
        }

        @Override
        public void onReply(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
        {
            final ClientSession session = byAttachment.get(ClientSession.attachment(buffer, offset));
            if (null != session)
            {
                session.onReply(buffer, offset, length, nowNs);
            }
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
            if (0 != requestSequence)
            {
                final ClientSession session = byAttachment.get(attachment);
                if (null != session && session.isFor(attachment))
                {
                    session.onRequestRefused(requestSequence, code, detail, nowNs);
                }
                return;
            }
            for (final ClientSession session : sessions)
            {
                session.onControlRefused(correlationId, code, detail);
            }
        }
    }
}

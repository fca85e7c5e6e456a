package io.quipu.transport.client;

import io.aeron.Aeron;
import io.quipu.codecs.ingress.Ack;
import io.quipu.transport.Channels;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;

import java.util.concurrent.TimeUnit;

/**
 * Configuration of a {@link QuipuClient}, an {@link AsyncSession} or a {@link FeedSubscriber}. Concluded once, when it is used;
 * one context serves one of them, {@link #clone()} it for the next.
 * <p>
 * Without {@link #aeron(Aeron)} and {@link #aeronDirectory(String)} the client launches a small media driver of its own, in a
 * directory of its own that is removed at the end.
 */
public final class ClientContext implements Cloneable
{
    /** Requests that wait or are under way, at most. */
    public static final int MAX_QUEUED_REQUESTS = 1 << 16;

    private String engine = Channels.DEFAULT_HOST + ':' + Channels.DEFAULT_PORT;
    private String feedChannel;
    private Aeron aeron;
    private AgentInvoker driverAgentInvoker;
    private String aeronDirectory;
    private Ack defaultAck = Ack.ENGINE_DEFAULT;
    private Ack queryAck = Ack.ENGINE_DEFAULT;
    private SessionState sessionState;
    private boolean manualAcknowledge;
    private long connectTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private long requestTimeoutNs = TimeUnit.SECONDS.toNanos(30);
    private long refusalTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long resendIntervalNs = TimeUnit.MILLISECONDS.toNanos(250);
    private long silenceTimeoutNs = TimeUnit.SECONDS.toNanos(2);
    private long coalesceNs = TimeUnit.MICROSECONDS.toNanos(50);
    private int queuedRequests = 256;
    private int queuedBytes = 1024 * 1024;
    private ConnectionListener connectionListener = new ConnectionListener()
    {
        @Override
        public void onConnected(final int epoch, final long sequence)
        {
        }

        @Override
        public void onDisconnected(final String reason)
        {
        }
    };
    private ErrorHandler errorHandler = (error) -> System.err.println("quipu client: " + error);
    private String host;
    private int port;
    private boolean concluded;

    /**
     * Where the engine listens: {@code HOST:PORT}; default {@code localhost:7400}. An IPv6 host stands in brackets.
     * {@code aeron:ipc} reaches an engine over its own driver, see {@link #aeronDirectory(String)}.
     */
    public ClientContext engine(final String newEngine)
    {
        engine = newEngine;
        return this;
    }

    public String engine()
    {
        return engine;
    }

    /** Channel of the feed; default null: multicast on loopback, at the port that follows from the engine's. */
    public ClientContext feedChannel(final String newFeedChannel)
    {
        feedChannel = newFeedChannel;
        return this;
    }

    public String feedChannel()
    {
        return feedChannel;
    }

    /**
     * An Aeron client that exists already and that the caller closes. When it was made with a conductor invoker, it must be used
     * by one thread only: the one that polls.
     */
    public ClientContext aeron(final Aeron newAeron)
    {
        aeron = newAeron;
        return this;
    }

    public Aeron aeron()
    {
        return aeron;
    }

    /** Invoker of the embedded media driver under {@link #aeron()} that the polling thread is to drive too; default null. */
    public ClientContext driverAgentInvoker(final AgentInvoker newDriverAgentInvoker)
    {
        driverAgentInvoker = newDriverAgentInvoker;
        return this;
    }

    public AgentInvoker driverAgentInvoker()
    {
        return driverAgentInvoker;
    }

    /** Directory of a media driver that runs already; default null. */
    public ClientContext aeronDirectory(final String newAeronDirectory)
    {
        aeronDirectory = newAeronDirectory;
        return this;
    }

    public String aeronDirectory()
    {
        return aeronDirectory;
    }

    /** Ack of the single calls of a {@link QuipuClient}, and of requests that name none; default: what the engine says. */
    public ClientContext defaultAck(final Ack newDefaultAck)
    {
        defaultAck = newDefaultAck;
        return this;
    }

    public Ack defaultAck()
    {
        return defaultAck;
    }

    /** What the last entry that a query saw must have reached before the answer leaves; default: what the engine says. */
    public ClientContext queryAck(final Ack newQueryAck)
    {
        queryAck = newQueryAck;
        return this;
    }

    public Ack queryAck()
    {
        return queryAck;
    }

    /** Goes on with this session instead of a new one; default null. */
    public ClientContext sessionState(final SessionState newSessionState)
    {
        sessionState = newSessionState;
        return this;
    }

    public SessionState sessionState()
    {
        return sessionState;
    }

    /**
     * With true the engine keeps each reply of an {@link AsyncSession} until {@link AsyncSession#acknowledge(long)}, so that a
     * process that dies can resume and see the same replies; default false: received is acknowledged.
     */
    public ClientContext manualAcknowledge(final boolean newManualAcknowledge)
    {
        manualAcknowledge = newManualAcknowledge;
        return this;
    }

    public boolean manualAcknowledge()
    {
        return manualAcknowledge;
    }

    /** How long the first connection may take; default 5 s. */
    public ClientContext connectTimeoutNs(final long newConnectTimeoutNs)
    {
        connectTimeoutNs = newConnectTimeoutNs;
        return this;
    }

    public long connectTimeoutNs()
    {
        return connectTimeoutNs;
    }

    /** How long a call of a {@link QuipuClient} waits for its answer, restarts of the engine included; default 30 s. */
    public ClientContext requestTimeoutNs(final long newRequestTimeoutNs)
    {
        requestTimeoutNs = newRequestTimeoutNs;
        return this;
    }

    public long requestTimeoutNs()
    {
        return requestTimeoutNs;
    }

    /** How long a request is sent again after BUSY, REJECT_DISK or SHUTTING_DOWN before that is its outcome; default 10 s. */
    public ClientContext refusalTimeoutNs(final long newRefusalTimeoutNs)
    {
        refusalTimeoutNs = newRefusalTimeoutNs;
        return this;
    }

    public long refusalTimeoutNs()
    {
        return refusalTimeoutNs;
    }

    /** Silence after which a request or a query is sent again, doubled up to 8 times this; default 250 ms. */
    public ClientContext resendIntervalNs(final long newResendIntervalNs)
    {
        resendIntervalNs = newResendIntervalNs;
        return this;
    }

    public long resendIntervalNs()
    {
        return resendIntervalNs;
    }

    /** Silence of the engine, which sends a heartbeat a second, after which the client connects anew; default 2 s. */
    public ClientContext silenceTimeoutNs(final long newSilenceTimeoutNs)
    {
        silenceTimeoutNs = newSilenceTimeoutNs;
        return this;
    }

    public long silenceTimeoutNs()
    {
        return silenceTimeoutNs;
    }

    /**
     * How long requests gather at most while earlier ones of the same connection are unanswered, counted from what was sent
     * last; default 50 us. With nothing under way a request leaves at once, and what has gathered leaves with the last reply;
     * so does a full frame.
     */
    public ClientContext coalesceNs(final long newCoalesceNs)
    {
        coalesceNs = newCoalesceNs;
        return this;
    }

    public long coalesceNs()
    {
        return coalesceNs;
    }

    /** Requests that wait or are under way before {@link AsyncSession#offer} is back-pressured; rounded up; default 256. */
    public ClientContext queuedRequests(final int newQueuedRequests)
    {
        queuedRequests = newQueuedRequests;
        return this;
    }

    public int queuedRequests()
    {
        return queuedRequests;
    }

    /** Bytes of them; rounded up to a power of two; default 1 MiB. */
    public ClientContext queuedBytes(final int newQueuedBytes)
    {
        queuedBytes = newQueuedBytes;
        return this;
    }

    public int queuedBytes()
    {
        return queuedBytes;
    }

    /** Told when the engine comes and goes; default: nobody. */
    public ClientContext connectionListener(final ConnectionListener newConnectionListener)
    {
        connectionListener = newConnectionListener;
        return this;
    }

    public ConnectionListener connectionListener()
    {
        return connectionListener;
    }

    /** Told what has no caller to be told; default: one line to stderr. */
    public ClientContext errorHandler(final ErrorHandler newErrorHandler)
    {
        errorHandler = newErrorHandler;
        return this;
    }

    public ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    /** A copy that is not concluded. */
    @Override
    public ClientContext clone()
    {
        try
        {
            final ClientContext copy = (ClientContext)super.clone();
            copy.concluded = false;
            return copy;
        }
        catch (final CloneNotSupportedException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /**
     * Checks all values, once.
     *
     * @throws IllegalArgumentException that names the value.
     */
    ClientContext conclude()
    {
        if (concluded)
        {
            throw new IllegalStateException("this context is in use: clone() it");
        }
        splitEngine();
        positive("connectTimeoutNs", connectTimeoutNs);
        positive("requestTimeoutNs", requestTimeoutNs);
        positive("refusalTimeoutNs", refusalTimeoutNs);
        positive("resendIntervalNs", resendIntervalNs);
        between("silenceTimeoutNs", silenceTimeoutNs, Channels.HEARTBEAT_INTERVAL_NS + 1, Long.MAX_VALUE);
        between("coalesceNs", coalesceNs, 0, TimeUnit.SECONDS.toNanos(1));
        between("queuedRequests", queuedRequests, 1, MAX_QUEUED_REQUESTS);
        between("queuedBytes", queuedBytes, 2L * Channels.MAX_MESSAGE_LENGTH, 1 << 30);
        if (null != aeron && null != aeronDirectory)
        {
            throw new IllegalArgumentException("aeronDirectory=" + aeronDirectory + ": give it or an Aeron client, not both");
        }
        concluded = true;
        return this;
    }

    String host()
    {
        return host;
    }

    int port()
    {
        return port;
    }

    boolean isIpc()
    {
        return EngineConnection.IPC.equals(engine);
    }

    boolean isLoopback()
    {
        return "localhost".equals(host) || host.startsWith("127.") || "[::1]".equals(host);
    }

    private void splitEngine()
    {
        if (isIpc())
        {
            if (null == aeron && null == aeronDirectory)
            {
                throw new IllegalArgumentException("engine=" + engine + ": needs the engine's driver, see aeronDirectory");
            }
            host = Channels.DEFAULT_HOST;
            port = Channels.DEFAULT_PORT;
            return;
        }
        final int colon = null == engine ? -1 : engine.lastIndexOf(':');
        final String digits = colon < 0 ? "" : engine.substring(colon + 1);
        if (colon < 1 || !digits.matches("[0-9]{1,5}"))
        {
            throw new IllegalArgumentException("engine=" + engine + ": expected HOST:PORT, as localhost:7400");
        }
        host = engine.substring(0, colon);
        port = Integer.parseInt(digits);
        between("port of engine=" + engine, port, 1, 65535 - Channels.FEED_PORT_OFFSET);
    }

    private static void positive(final String name, final long value)
    {
        between(name, value, 1, Long.MAX_VALUE);
    }

    private static void between(final String name, final long value, final long lowest, final long highest)
    {
        if (value < lowest || value > highest)
        {
            throw new IllegalArgumentException(name + '=' + value + ": expected " + lowest + ".." + highest);
        }
    }
}

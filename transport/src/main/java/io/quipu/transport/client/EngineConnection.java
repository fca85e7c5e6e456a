package io.quipu.transport.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.Header;
import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.ConnectedDecoder;
import io.quipu.codecs.egress.HeartbeatDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.codecs.egress.SessionClosedDecoder;
import io.quipu.codecs.ingress.ConnectEncoder;
import io.quipu.codecs.ingress.DisconnectEncoder;
import io.quipu.codecs.ingress.KeepAliveEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.transport.Channels;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * The way to one engine and back: makes a connection, proves it, keeps it alive, notices when it is gone and makes the next.
 * <pre>
 *   WAITING --> SUBSCRIBING --> PUBLISHING --> GREETING -- Connected --> PROVING -- KeepAlive offered --> CONNECTED
 *      ^            |               |             |                         |                                 |
 *      +------------+---------------+-------------+-------------------------+---------------------------------+
 *          refused, timed out, silent for too long, or the response image is gone; the wait doubles up to 500 ms
 * </pre>
 * Each attempt has an image, a response channel and a nonce of its own, so that nothing of an earlier one is taken for its own.
 * One thread; never blocks; allocates only when a connection is made.
 */
final class EngineConnection
{
    /** As engine address: the engine is reached by IPC, over the driver that both use. */
    static final String IPC = "aeron:ipc";

    private static final long MIN_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Of an attempt while nobody listens at the address; then it is made anew, the host's name looked up again. */
    private static final long ATTEMPT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    /** Between two Connect frames of an attempt. */
    private static final long GREETING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** From the first Connect frame of an attempt on. */
    private static final long GREETING_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long KEEP_ALIVE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int FRAGMENT_LIMIT = 64;
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;

    private enum State
    {
        WAITING, SUBSCRIBING, PUBLISHING, GREETING, PROVING, CONNECTED, CLOSED
    }

    private final Aeron aeron;
    private final EgressListener listener;
    private final ConnectionListener connectionListener;
    private final ClientCounters counters;
    private final String ingressChannel;
    private final String responseChannel;
    private final long silenceTimeoutNs;
    private final Gathering gathering;
    private final SecureRandom random = new SecureRandom();
    private final FragmentAssembler assembler = new FragmentAssembler(this::onFragment);

    private final UnsafeBuffer outbound = new UnsafeBuffer(new byte[128]);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ConnectEncoder connectEncoder = new ConnectEncoder();
    private final KeepAliveEncoder keepAliveEncoder = new KeepAliveEncoder();
    private final DisconnectEncoder disconnectEncoder = new DisconnectEncoder();
    private final ConnectedDecoder connected = new ConnectedDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final SessionAttachedDecoder sessionAttached = new SessionAttachedDecoder();
    private final SessionClosedDecoder sessionClosed = new SessionClosedDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();

    private State state = State.WAITING;
    private Subscription subscription;
    private ExclusivePublication publication;
    private long registrationId;
    private long waitNs = MIN_WAIT_NS;
    private long nextAttemptNs;
    private long attemptDeadlineNs;
    private long nextGreetingNs;
    private long nextKeepAliveNs;
    private long lastHeardNs;
    private long disconnectedSinceNs;
    private long nowNs;
    private boolean greeted;
    /** Why the connection is to be given up at the next turn; null to keep it. */
    private String loss;
    /** What a listener threw while Aeron was calling; Aeron would only report it, and go on. */
    private RuntimeException failure;
    private String lastFailure = "nobody listens there";

    private long lastCorrelationId;
    private long nonce;
    private long connectionKey;
    private int epoch;
    private long sequence;
    private int maxMessageLength = Channels.MAX_MESSAGE_LENGTH;
    private int keptReplies;
    private int keptReplyBytes;

    EngineConnection(
        final Aeron aeron,
        final ClientContext context,
        final EgressListener listener,
        final ClientCounters counters,
        final long nowNs)
    {
        this.aeron = aeron;
        this.listener = listener;
        this.connectionListener = context.connectionListener();
        this.counters = counters;
        this.silenceTimeoutNs = context.silenceTimeoutNs();
        this.ingressChannel = ingressChannel(context);
        this.responseChannel = context.isIpc() ?
            IPC + "?control-mode=response" : Channels.response(context.host(), context.port());
        gathering = new Gathering(context.coalesceNs(), nowNs);
        this.nowNs = nowNs;
        this.nextAttemptNs = nowNs;
        this.disconnectedSinceNs = nowNs;
    }

    boolean isConnected()
    {
        return State.CONNECTED == state;
    }

    /** Since when there has been no connection. */
    long disconnectedForNs()
    {
        return isConnected() ? 0 : Math.max(1, System.nanoTime() - disconnectedSinceNs);
    }

    /** Why the last attempt failed. */
    String lastFailure()
    {
        return lastFailure;
    }

    /** For the next frame that has one; never 0, never given twice. */
    long nextCorrelationId()
    {
        return ++lastCorrelationId;
    }

    /** When the sessions on this connection send. */
    Gathering gathering()
    {
        return gathering;
    }

    /** Goes into each frame but Connect. */
    long connectionKey()
    {
        return connectionKey;
    }

    int epoch()
    {
        return epoch;
    }

    /** Longest frame that the engine takes. */
    int maxMessageLength()
    {
        return maxMessageLength;
    }

    /** Requests that a session may leave unacknowledged. */
    int keptReplies()
    {
        return keptReplies;
    }

    /** Bytes of their replies. */
    int keptReplyBytes()
    {
        return keptReplyBytes;
    }

    /** One turn: receives, keeps alive, moves on with an attempt. */
    int doWork(final long newNowNs)
    {
        nowNs = newNowNs;
        switch (state)
        {
            case WAITING:
                return nowNs - nextAttemptNs < 0 ? 0 : subscribe();

            case SUBSCRIBING:
                return awaitSubscription();

            case PUBLISHING:
                return awaitPublication();

            case GREETING:
                return greet();

            case PROVING:
                return prove();

            case CONNECTED:
                return keep();

            default:
                return 0;
        }
    }

    /** Offers a frame; false when there is no room now. */
    boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        return isConnected() && isSent(publication.offer(buffer, offset, length, null));
    }

    /** Offers a frame of two parts. */
    boolean offer(
        final DirectBuffer first, final int firstLength, final DirectBuffer second, final int offset, final int length)
    {
        return isConnected() && isSent(publication.offer(first, 0, firstLength, second, offset, length, null));
    }

    /** Gives the connection up and makes another. */
    void reconnect(final String reason)
    {
        if (null == loss)
        {
            loss = reason;
        }
    }

    /** Says goodbye when connected. Idempotent. */
    void close()
    {
        if (State.CLOSED != state)
        {
            if (isConnected())
            {
                disconnectEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder).connectionKey(connectionKey);
                offer(outbound, 0, HEADER_LENGTH + disconnectEncoder.encodedLength());
            }
            release();
            state = State.CLOSED;
        }
    }

    private int subscribe()
    {
        loss = null;
        attemptDeadlineNs = nowNs + ATTEMPT_TIMEOUT_NS;
        registrationId = aeron.asyncAddSubscription(responseChannel, Channels.RESPONSE_STREAM_ID);
        state = State.SUBSCRIBING;
        return 1;
    }

    private int awaitSubscription()
    {
        try
        {
            subscription = aeron.getSubscription(registrationId);
        }
        catch (final RegistrationException ex)
        {
            return fail(ex);
        }
        if (null == subscription)
        {
            return failWhenLate("the media driver does not answer");
        }
        final String channel = ingressChannel + "|response-correlation-id=" + subscription.registrationId();
        registrationId = aeron.asyncAddExclusivePublication(channel, Channels.INGRESS_STREAM_ID);
        state = State.PUBLISHING;
        return 1;
    }

    private int awaitPublication()
    {
        try
        {
            publication = aeron.getExclusivePublication(registrationId);
        }
        catch (final RegistrationException ex)
        {
            return fail(ex);
        }
        if (null == publication)
        {
            return failWhenLate("the media driver does not answer");
        }
        nonce = random.nextLong();
        greeted = false;
        nextGreetingNs = nowNs;
        state = State.GREETING;
        return 1;
    }

    private int greet()
    {
        int work = receive();
        if (null != loss)
        {
            return giveUp(loss);
        }
        if (State.GREETING == state && nowNs - nextGreetingNs >= 0 && publication.isConnected())
        {
            connectEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder)
                .nonce(nonce).protocolVersion(Channels.PROTOCOL_VERSION);
            if (isSent(publication.offer(outbound, 0, HEADER_LENGTH + connectEncoder.encodedLength(), null)))
            {
                nextGreetingNs = nowNs + GREETING_INTERVAL_NS;
                attemptDeadlineNs = greeted ? attemptDeadlineNs : nowNs + GREETING_TIMEOUT_NS;
                greeted = true;
                work++;
            }
        }
        return State.GREETING == state ?
            work + failWhenLate(greeted ? "it does not answer" : "nobody listens there") : work;
    }

    private int prove()
    {
        if (!sendKeepAlive())
        {
            return null == loss ? failWhenLate("it does not answer") : giveUp(loss);
        }
        state = State.CONNECTED;
        waitNs = MIN_WAIT_NS;
        lastHeardNs = nowNs;
        counters.connections++;
        listener.onConnected(nowNs);
        connectionListener.onConnected(epoch, sequence);
        return 1;
    }

    private int keep()
    {
        final int work = receive();
        if (null == loss && nowNs - nextKeepAliveNs >= 0)
        {
            sendKeepAlive();
        }
        if (null == loss && nowNs - lastHeardNs > silenceTimeoutNs)
        {
            loss = "silent for " + TimeUnit.NANOSECONDS.toMillis(nowNs - lastHeardNs) + " ms";
        }
        if (null == loss && 0 == work && (subscription.hasNoImages() || subscription.imageAtIndex(0).isEndOfStream()))
        {
            loss = "it has closed the connection";
        }
        return null == loss ? work : work + giveUp(loss);
    }

    private int receive()
    {
        final int work = subscription.poll(assembler, FRAGMENT_LIMIT);
        if (null != failure)
        {
            final RuntimeException ex = failure;
            failure = null;
            throw ex;
        }
        return work;
    }

    private boolean sendKeepAlive()
    {
        keepAliveEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder).connectionKey(connectionKey);
        if (isSent(publication.offer(outbound, 0, HEADER_LENGTH + keepAliveEncoder.encodedLength(), null)))
        {
            nextKeepAliveNs = nowNs + KEEP_ALIVE_INTERVAL_NS;
            return true;
        }
        return false;
    }

    private boolean isSent(final long position)
    {
        if (position > 0)
        {
            return true;
        }
        if (Publication.NOT_CONNECTED == position || Publication.CLOSED == position)
        {
            reconnect("nobody listens there any more");
        }
        else if (Publication.MAX_POSITION_EXCEEDED == position)
        {
            reconnect("the log is used up");
        }
        return false;
    }

    private int fail(final RegistrationException ex)
    {
        registrationId = Aeron.NULL_VALUE;
        return giveUp(reason(ex));
    }

    private static String reason(final RegistrationException ex)
    {
        final String message = ex.getMessage();
        return message.contains("UnknownHostException") ? "no such host" : message;
    }

    private int failWhenLate(final String reason)
    {
        return nowNs - attemptDeadlineNs < 0 ? 0 : giveUp(reason);
    }

    private int giveUp(final String reason)
    {
        final boolean wasUp = isConnected();
        lastFailure = reason;
        loss = null;
        release();
        state = State.WAITING;
        nextAttemptNs = nowNs + waitNs;
        waitNs = Math.min(2 * waitNs, MAX_WAIT_NS);
        if (wasUp)
        {
            disconnectedSinceNs = nowNs;
            listener.onDisconnected();
            connectionListener.onDisconnected(reason);
        }
        return 1;
    }

    private void release()
    {
        if (State.SUBSCRIBING == state && Aeron.NULL_VALUE != registrationId)
        {
            aeron.asyncRemoveSubscription(registrationId);
        }
        if (State.PUBLISHING == state && Aeron.NULL_VALUE != registrationId)
        {
            aeron.asyncRemovePublication(registrationId);
        }
        CloseHelper.closeAll(publication, subscription);
        publication = null;
        subscription = null;
        assembler.clear();
    }

    /** A frame behind one that a listener threw at is lost, as it might be on the way: it is asked for again. */
    private void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        if (null != failure)
        {
            return;
        }
        try
        {
            onFrame(buffer, offset, length);
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
    }

    private void onFrame(final DirectBuffer buffer, final int offset, final int length)
    {
        if (FrameValidator.OK != FrameValidator.validateEgress(buffer, offset, length))
        {
            counters.badFrames++;
            return;
        }

        final int templateId = buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int blockLength = buffer.getShort(
            offset + MessageHeaderDecoder.blockLengthEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (State.CONNECTED == state)
        {
            lastHeardNs = nowNs;
            onMessage(templateId, blockLength, buffer, offset, length);
        }
        else if (State.GREETING == state)
        {
            onGreeted(templateId, blockLength, buffer, offset);
        }
    }

    private void onGreeted(final int templateId, final int blockLength, final DirectBuffer buffer, final int offset)
    {
        if (ConnectedDecoder.TEMPLATE_ID == templateId)
        {
            connected.wrap(buffer, offset + HEADER_LENGTH, blockLength, ConnectedDecoder.SCHEMA_VERSION);
            if (nonce == connected.nonce())
            {
                connectionKey = connected.connectionKey();
                epoch = connected.epoch();
                sequence = connected.sequence();
                maxMessageLength = (int)Math.min(connected.maxMessageLength(), publication.maxMessageLength());
                keptReplies = connected.keptReplies();
                keptReplyBytes = (int)Math.min(connected.keptReplyBytes(), Integer.MAX_VALUE);
                state = State.PROVING;
            }
        }
        else if (RefusedDecoder.TEMPLATE_ID == templateId)
        {
            refused.wrap(buffer, offset + HEADER_LENGTH, blockLength, RefusedDecoder.SCHEMA_VERSION);
            if (nonce == refused.correlationId())
            {
                reconnect("it refuses the connection: " + refused.code());
            }
        }
    }

    private void onMessage(
        final int templateId, final int blockLength, final DirectBuffer buffer, final int offset, final int length)
    {
        final int block = offset + HEADER_LENGTH;
        switch (templateId)
        {
            case ReplyDecoder.TEMPLATE_ID:
                listener.onReply(buffer, offset, length, nowNs);
                break;

            case QueryReplyDecoder.TEMPLATE_ID:
                listener.onQueryReply(buffer, offset, length, nowNs);
                break;

            case RefusedDecoder.TEMPLATE_ID:
                refused.wrap(buffer, block, blockLength, RefusedDecoder.SCHEMA_VERSION);
                onRefused();
                break;

            case SessionAttachedDecoder.TEMPLATE_ID:
                sessionAttached.wrap(buffer, block, blockLength, SessionAttachedDecoder.SCHEMA_VERSION);
                listener.onSessionAttached(
                    sessionAttached.correlationId(),
                    sessionAttached.lastRequestSequence(),
                    sessionAttached.sequence(),
                    sessionAttached.attachment(),
                    nowNs);
                break;

            case SessionClosedDecoder.TEMPLATE_ID:
                sessionClosed.wrap(buffer, block, blockLength, SessionClosedDecoder.SCHEMA_VERSION);
                listener.onSessionClosed(sessionClosed.correlationId());
                break;

            case HeartbeatDecoder.TEMPLATE_ID:
                heartbeat.wrap(buffer, block, blockLength, HeartbeatDecoder.SCHEMA_VERSION);
                if (epoch != heartbeat.epoch())
                {
                    reconnect("it was started anew");
                }
                break;

            default:
                break;
        }
    }

    private void onRefused()
    {
        counters.refusals++;
        final ResultCode code = refused.code();
        if (ResultCode.UNKNOWN_CONNECTION == code)
        {
            reconnect("it does not know the connection any more");
        }
        else
        {
            listener.onRefused(
                refused.correlationId(),
                refused.attachment(),
                refused.requestSequence(),
                code,
                refused.detail(),
                nowNs);
        }
    }

    private static String ingressChannel(final ClientContext context)
    {
        if (context.isIpc())
        {
            return IPC + "?term-length=" + Channels.TERM_LENGTH;
        }
        return Channels.ingress(context.host(), context.port()) + "|term-length=" + Channels.TERM_LENGTH +
            (context.isLoopback() ? "|mtu=" + Channels.LOOPBACK_MTU_LENGTH : "");
    }
}

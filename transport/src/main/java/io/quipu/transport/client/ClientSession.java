package io.quipu.transport.client;

import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AttachSessionEncoder;
import io.quipu.codecs.ingress.CloseSessionEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * One session on an {@link EngineConnection}: every offered request gets one outcome, and is applied once or not at all.
 * <pre>
 *   DETACHED --> ATTACHING --> ATTACHED --> SETTLING     (a refused request is taken out)
 *      ^             |            |  ^          |
 *      +-------------+------------+--+----------+        connection lost, or the attachment unknown
 *
 *   any --> ENDED     evicted, rolled back, or closed
 * </pre>
 * <b>Sent again</b>, with the same number: on silence, after each attach, and after a refusal that passes (BUSY, OUT_OF_ORDER,
 * ...). The engine applies a number once and answers it again from its kept replies.
 * <p>
 * <b>Taken out</b>: a request that the engine refuses for good uses no number, and those behind it are refused as OUT_OF_ORDER.
 * Their numbers move down by one, but only once nothing sent under the old numbers can still arrive: the session is attached
 * again, on the same connection and thus behind all of it, and the answer says that the refused number was not applied in the
 * meantime. Until then nothing is sent.
 * <p>
 * One thread; allocates nothing in steady state.
 */
final class ClientSession
{
    /** {@link #offer} has no room. */
    static final long BACK_PRESSURED = AsyncSession.BACK_PRESSURED;
    /** {@link #offer} comes too late. */
    static final long ENDED = AsyncSession.CLOSED;

    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int SUBMIT_LENGTH = HEADER_LENGTH + SubmitEncoder.BLOCK_LENGTH;
    private static final int MAX_REQUESTS_IN_FRAME = 1024;
    /** A frame this long is worth sending, whether or not others would join. */
    private static final int WORTHWHILE_LENGTH = 4096;
    private static final long MIN_HOLD_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long MAX_HOLD_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MAX_RESEND_FACTOR = 8;
    private static final long NO_TIME = Long.MIN_VALUE;
    private static final long NO_REQUEST = 0;

    private enum State
    {
        DETACHED, ATTACHING, ATTACHED, SETTLING, ENDED
    }

    private final EngineConnection connection;
    private final ReplyHandler handler;
    private final ClientCounters counters;
    private final RequestWindow window;
    private final Ack defaultAck;
    private final long resendIntervalNs;
    private final long refusalTimeoutNs;
    private final long tokenHigh;
    private final long tokenLow;

    private final Reply reply = new Reply();
    private final UnsafeBuffer outbound = new UnsafeBuffer(new byte[128]);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AttachSessionEncoder attachEncoder = new AttachSessionEncoder();
    private final CloseSessionEncoder closeEncoder = new CloseSessionEncoder();
    private final SubmitEncoder submitEncoder = new SubmitEncoder();

    private State state = State.DETACHED;
    private long firstAttachedAt;
    private long resumedLastSent;
    private long attachment;
    private long attachCorrelationId;
    private long attachAtNs;
    private boolean attachWanted;
    private boolean isClosing;
    private long closeCorrelationId;
    private long closeAtNs;

    private long nowNs;
    private long resendDelayNs;
    private long holdNs = MIN_HOLD_NS;
    private long holdUntilNs;
    /** Since when nothing but refusals that should pass was heard. */
    private long refusedSinceNs = NO_TIME;
    /** Up to here each request is sent in a frame of its own, to learn which one the engine does not take. */
    private long aloneUpTo;

    private long settleNumber = NO_REQUEST;
    private ResultCode settleCode;
    private long settleDetail;
    private ResultCode lastRefusal = ResultCode.OK;

    ClientSession(
        final EngineConnection connection,
        final ClientContext context,
        final SessionState resumed,
        final ReplyHandler handler,
        final ClientCounters counters,
        final long nowNs)
    {
        this.connection = connection;
        this.handler = handler;
        this.counters = counters;
        defaultAck = context.defaultAck();
        resendIntervalNs = context.resendIntervalNs();
        refusalTimeoutNs = context.refusalTimeoutNs();
        resendDelayNs = resendIntervalNs;
        this.nowNs = nowNs;
        attachAtNs = nowNs;
        holdUntilNs = nowNs;

        final int capacity = BitUtil.findNextPositivePowerOfTwo(Math.max(128, context.queuedRequests()));
        final SecureRandom random = new SecureRandom();
        tokenHigh = null == resumed ? random.nextLong() : resumed.tokenHigh();
        tokenLow = null == resumed ? random.nextLong() : resumed.tokenLow();
        firstAttachedAt = null == resumed ? SessionState.NEVER_ATTACHED : resumed.firstAttachedAt();
        resumedLastSent = null == resumed ? 0 : resumed.lastSentRequest();
        window = new RequestWindow(
            capacity,
            context.queuedBytes(),
            null == resumed ? 0 : resumed.repliesReceivedUpTo(),
            context.manualAcknowledge());
        if (connection.isConnected())
        {
            onConnected(nowNs);
        }
    }

    /** Attaches as soon as there is a connection, not only when there is something to send. */
    void attach()
    {
        attachWanted = true;
    }

    /** As {@link AsyncSession#offer}. */
    long offer(final Request request, final long correlation)
    {
        if (State.ENDED == state || isClosing)
        {
            return ENDED;
        }
        if (0 == request.commandCount())
        {
            throw new IllegalArgumentException("the request has no commands");
        }
        final long number = window.append(request, correlation, defaultAck);
        return RequestWindow.NO_ROOM == number ? BACK_PRESSURED : number;
    }

    /** One turn: attaches, sends, sends again. What is received comes through the methods below. */
    int doWork(final long newNowNs)
    {
        nowNs = newNowNs;
        if (!connection.isConnected())
        {
            return 0;
        }
        switch (state)
        {
            case DETACHED:
                return (attachWanted || window.unanswered() > 0) && nowNs - attachAtNs >= 0 ? sendAttach() : 0;

            case ATTACHING:
            case SETTLING:
                return nowNs - attachAtNs >= 0 ? sendAttach() : 0;

            case ATTACHED:
                return isClosing && 0 == window.unanswered() ? sendClose() : send();

            default:
                return 0;
        }
    }

    boolean isAttached()
    {
        return State.ATTACHED == state || State.SETTLING == state;
    }

    boolean isEnded()
    {
        return State.ENDED == state;
    }

    /** Why the session ended, or what the engine refused last. */
    ResultCode lastRefusal()
    {
        return lastRefusal;
    }

    /** Whether something was sent that has no outcome. */
    boolean hasUnderWay()
    {
        return window.hasUnderWay();
    }

    int unanswered()
    {
        return window.unanswered();
    }

    long answeredUpTo()
    {
        return window.answeredUpTo();
    }

    void acknowledge(final long requestSequence)
    {
        if (requestSequence > window.answeredUpTo())
        {
            throw new IllegalArgumentException(
                "requestSequence=" + requestSequence + ": replies are known up to " + window.answeredUpTo());
        }
        window.acknowledge(requestSequence);
    }

    SessionState state()
    {
        final long lastSent = Math.max(1, Math.max(resumedLastSent, window.offeredUpTo()));
        return new SessionState(tokenHigh, tokenLow, firstAttachedAt, lastSent, window.acknowledgedUpTo());
    }

    /**
     * Takes nothing more, and ends the session when everything has its outcome: the engine forgets it. {@link #isEnded()} tells
     * when that is done.
     */
    void close()
    {
        isClosing = true;
        attachWanted = true;
        closeAtNs = nowNs;
        if (SessionState.NEVER_ATTACHED == firstAttachedAt && 0 == window.unanswered())
        {
            state = State.ENDED;
        }
    }

    void onConnected(final long newNowNs)
    {
        nowNs = newNowNs;
        attachAtNs = newNowNs;
        window.limits(connection.keptReplies(), connection.keptReplyBytes());
    }

    void onDisconnected()
    {
        if (State.ENDED != state)
        {
            state = State.DETACHED;
        }
    }

    /** Whether that is the AttachSession whose answer is awaited. */
    boolean isAttachedBy(final long correlationId)
    {
        return correlationId == attachCorrelationId && (State.ATTACHING == state || State.SETTLING == state);
    }

    void onSessionAttached(
        final long correlationId, final long lastRequestSequence, final long sequence, final long newAttachment)
    {
        if (!isAttachedBy(correlationId))
        {
            return;
        }
        // An engine that lost its last entries with the power counts them anew, and may evict this session at one of them.
        if (SessionState.NEVER_ATTACHED == firstAttachedAt || sequence < firstAttachedAt)
        {
            firstAttachedAt = sequence;
        }
        attachment = newAttachment;
        if (lastRequestSequence < window.highestAnswered())
        {
            end(ResultCode.ROLLED_BACK, lastRequestSequence);
            return;
        }
        state = State.ATTACHED;
        holdUntilNs = nowNs;
        window.rewind();
        if (NO_REQUEST != settleNumber)
        {
            settle(lastRequestSequence);
        }
    }

    void onSessionClosed(final long correlationId)
    {
        if (isClosing && correlationId == closeCorrelationId)
        {
            state = State.ENDED;
        }
    }

    /** Whether a Reply or Refused frame is for this session. */
    boolean isFor(final long frameAttachment)
    {
        return isAttached() && frameAttachment == attachment;
    }

    /** The attachment that a Reply frame is for. */
    static long attachment(final DirectBuffer reply, final int offset)
    {
        return 0xFFFF_FFFFL & reply.getInt(
            offset + MessageHeaderDecoder.ENCODED_LENGTH + ReplyDecoder.attachmentEncodingOffset(), LITTLE_ENDIAN);
    }

    void onReply(final DirectBuffer buffer, final int offset, final int length, final long newNowNs)
    {
        nowNs = newNowNs;
        if (!isFor(attachment(buffer, offset)))
        {
            return;
        }
        reply.wrap(buffer, offset, length);
        final long number = reply.requestSequence();
        if (!window.isUnderWay(number))
        {
            counters.repliesRepeated++;
            return;
        }
        counters.repliesReceived++;
        counters.repliesRetried += reply.retried() ? 1 : 0;
        resendDelayNs = resendIntervalNs;
        holdNs = MIN_HOLD_NS;
        refusedSinceNs = NO_TIME;
        final long correlation = window.correlation(number);
        window.answered(number, reply.resultLength());
        handler.onReply(correlation, reply);
    }

    /** A request was refused before the append. */
    void onRequestRefused(
        final long number, final ResultCode code, final long detail, final long newNowNs)
    {
        nowNs = newNowNs;
        lastRefusal = code;
        if (!window.isUnderWay(number) || State.ATTACHED != state)
        {
            return;
        }
        switch (code)
        {
            case OUT_OF_ORDER:
                onOutOfOrder(number, detail);
                break;

            case BUSY:
            case WINDOW_FULL:
            case REJECT_DISK:
            case SHUTTING_DOWN:
                onRefusedForNow(number, code, detail);
                break;

            case UNKNOWN_ATTACHMENT:
                attachAnew(nowNs);
                break;

            case SESSION_EVICTED:
            case ROLLED_BACK:
                end(code, detail);
                break;

            case RETRY_TOO_OLD:
                final long correlation = window.correlation(number);
                window.answered(number, 0);
                handler.onRefused(correlation, number, code, detail);
                break;

            default:
                onRefusedForGood(number, code, detail);
                break;
        }
    }

    /** An AttachSession or CloseSession was refused. */
    void onControlRefused(final long correlationId, final ResultCode code, final long detail)
    {
        if (isClosing && correlationId == closeCorrelationId && ResultCode.UNKNOWN_ATTACHMENT == code)
        {
            // An earlier CloseSession did it, and its answer was lost.
            state = State.ENDED;
        }
        if (!isAttachedBy(correlationId))
        {
            return;
        }
        lastRefusal = code;
        if (ResultCode.SESSION_EVICTED == code || ResultCode.ROLLED_BACK == code)
        {
            end(code, detail);
        }
        else
        {
            attachAnew(nowNs + MAX_HOLD_NS);
        }
    }

    /** Gives every request that has no outcome this one. */
    void end(final ResultCode code, final long detail)
    {
        state = State.ENDED;
        lastRefusal = code;
        for (long number = window.answeredUpTo() + 1; number <= window.offeredUpTo(); number++)
        {
            if (window.isUnanswered(number))
            {
                final long correlation = window.correlation(number);
                window.answered(number, 0);
                handler.onRefused(correlation, number, code, detail);
            }
        }
    }

    private void attachAnew(final long atNs)
    {
        state = State.DETACHED;
        attachAtNs = atNs;
    }

    private int sendAttach()
    {
        final long correlationId = connection.nextCorrelationId();
        attachEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder)
            .connectionKey(connection.connectionKey())
            .correlationId(correlationId)
            .tokenHigh(tokenHigh)
            .tokenLow(tokenLow)
            .firstAttachedAt(firstAttachedAt)
            .lastSentRequest(Math.max(resumedLastSent, window.highestSent()));
        if (!connection.offer(outbound, 0, HEADER_LENGTH + attachEncoder.encodedLength()))
        {
            return 0;
        }
        attachCorrelationId = correlationId;
        attachAtNs = nowNs + resendIntervalNs;
        state = State.SETTLING == state ? state : State.ATTACHING;
        return 1;
    }

    private int sendClose()
    {
        if (nowNs - closeAtNs < 0)
        {
            return 0;
        }
        final long correlationId = connection.nextCorrelationId();
        closeEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder)
            .connectionKey(connection.connectionKey())
            .correlationId(correlationId)
            .attachment(attachment);
        if (!connection.offer(outbound, 0, HEADER_LENGTH + closeEncoder.encodedLength()))
        {
            return 0;
        }
        closeCorrelationId = correlationId;
        closeAtNs = nowNs + resendIntervalNs;
        return 1;
    }

    private int send()
    {
        if (nowNs - holdUntilNs < 0)
        {
            return 0;
        }
        if (window.hasUnderWay() && nowNs - window.oldestSentNs() > resendDelayNs)
        {
            resendDelayNs = Math.min(2 * resendDelayNs, MAX_RESEND_FACTOR * resendIntervalNs);
            window.rewind();
        }
        int work = 0;
        while (State.ATTACHED == state && prepareFrame() && sendFrame())
        {
            work++;
        }
        return work;
    }

    private boolean prepareFrame()
    {
        if (!window.prepareRun(connection.maxMessageLength() - SUBMIT_LENGTH, MAX_REQUESTS_IN_FRAME))
        {
            return false;
        }
        if (window.runFirst() <= aloneUpTo)
        {
            window.prepareRun(0, 1);
        }
        return connection.gathering().isOver() || !window.isRunNew() || window.runLength() >= WORTHWHILE_LENGTH;
    }

    private boolean sendFrame()
    {
        if (SUBMIT_LENGTH + window.runLength() > connection.maxMessageLength())
        {
            startSettling(window.runFirst(), ResultCode.REQUEST_TOO_LARGE, connection.maxMessageLength());
            return false;
        }
        submitEncoder.wrapAndApplyHeader(outbound, 0, headerEncoder)
            .connectionKey(connection.connectionKey())
            .attachment(attachment)
            .requestCount(window.runCount())
            .reserved(0);
        window.stampRun();
        if (!connection.offer(outbound, SUBMIT_LENGTH, window.ring(), window.runOffset(), window.runLength()))
        {
            return false;
        }
        connection.gathering().onSent(nowNs);
        counters.framesSent++;
        counters.requestsSent += window.runCount();
        counters.requestsResent += window.runSent(nowNs);
        return true;
    }

    private void onOutOfOrder(final long number, final long expected)
    {
        if (expected <= window.answeredUpTo())
        {
            // It has forgotten what it answered, or it is long past: the attach tells.
            attachAnew(nowNs);
            return;
        }
        hold(Math.min(number, expected));
    }

    private void onRefusedForNow(final long number, final ResultCode code, final long detail)
    {
        if (NO_TIME == refusedSinceNs)
        {
            refusedSinceNs = nowNs;
        }
        if (nowNs - refusedSinceNs > refusalTimeoutNs && number == window.answeredUpTo() + 1)
        {
            startSettling(number, code, detail);
            return;
        }
        hold(number);
    }

    /** Sends again from here on, after a pause that grows as long as nothing but refusals comes. */
    private void hold(final long number)
    {
        if (nowNs - holdUntilNs >= 0)
        {
            holdUntilNs = nowNs + holdNs;
            holdNs = Math.min(2 * holdNs, MAX_HOLD_NS);
        }
        window.rewind(number);
    }

    private void onRefusedForGood(final long number, final ResultCode code, final long detail)
    {
        if (window.wasShared(number))
        {
            // The first request of a frame is named for whatever is wrong with the frame.
            aloneUpTo = window.offeredUpTo();
            hold(number);
            return;
        }
        startSettling(number, code, detail);
    }

    private void startSettling(final long number, final ResultCode code, final long detail)
    {
        settleNumber = number;
        settleCode = code;
        settleDetail = detail;
        state = State.SETTLING;
        attachAtNs = nowNs;
    }

    /** Everything sent so far has been dealt with by the engine, and this is how far it has come. */
    private void settle(final long lastRequestSequence)
    {
        final long number = settleNumber;
        settleNumber = NO_REQUEST;
        if (lastRequestSequence < number && window.isUnanswered(number))
        {
            final long correlation = window.correlation(number);
            window.remove(number);
            aloneUpTo = Math.max(0, aloneUpTo - 1);
            refusedSinceNs = 0 == window.unanswered() ? NO_TIME : refusedSinceNs;
            handler.onRefused(correlation, number, settleCode, settleDetail);
        }
    }
}

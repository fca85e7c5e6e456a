package io.quipu.engine.sim;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.codecs.egress.SessionClosedDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.engine.Frames;
import io.quipu.engine.state.RequestBuilder;
import io.quipu.transport.ConnectionId;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client that does what the client library does, as plainly as possible: it sends what is not answered again, from a
 * new connection too, and keeps its own record of what it was told. For each number it accepts one answer for ever:
 * should another come, or should what it was told be lost although it may not, the engine has lied.
 * <pre>
 *   no connection --connect--> not attached --attach--> attached: send, send again, ask, close, begin anew
 *         ^                          ^                       |
 *         '------ connection lost ---+------ refused --------'
 * </pre>
 */
final class SimClient
{
    private static final long RETRY_NS = 20_000_000L;
    private static final long NONE = -1;
    private static final int MAX_REQUESTS_A_FRAME = 3;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    /** A request that is not answered yet. */
    private static final class Pending
    {
        final long requestSequence;
        final Ack ack;
        byte[] commands;
        int commandCount;
        ReplyForm form;
        Mode mode;
        long sentNs;

        Pending(final long requestSequence, final Ack ack)
        {
            this.requestSequence = requestSequence;
            this.ack = ack;
        }

        void fill(final RequestBuilder request)
        {
            commands = new byte[request.length()];
            request.buffer().getBytes(0, commands);
            commandCount = request.commandCount();
            form = request.replyForm();
            mode = request.mode();
        }
    }

    private final Simulation simulation;
    private final SimNetwork network;
    private final Oracle oracle;
    private final Random random;
    private final int window;

    private final RequestBuilder request;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64 * 1024]);
    private final UnsafeBuffer in = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TreeMap<Long, Pending> pending = new TreeMap<>();
    private final TreeMap<Long, byte[]> answered = new TreeMap<>();

    private int connectionId = ConnectionId.NULL_VALUE;
    private long attachment = NONE;
    private long attachSentNs;
    private long correlationId;
    private long attachCorrelation;
    private long queryCorrelation;
    private long querySentNs;
    private long closeCorrelation;
    private int closingSession;

    private long token;
    private int sessionId;
    private long firstAttachedAt;
    private long lastSent;
    private long nextRequest;

    SimClient(final Simulation simulation, final Random random)
    {
        this.simulation = simulation;
        network = simulation.network();
        oracle = simulation.oracle();
        this.random = random;
        request = simulation.request();
        window = 1 + random.nextInt(12);
        beginSession();
    }

    private void beginSession()
    {
        token = random.nextLong();
        sessionId = 0;
        firstAttachedAt = -1;
        lastSent = 0;
        nextRequest = 1;
        attachment = NONE;
        attachSentNs = simulation.nowNs() - RETRY_NS;
        pending.clear();
        answered.clear();
    }

    boolean isFinished()
    {
        return pending.isEmpty() && 0 == queryCorrelation;
    }

    void turn()
    {
        if (!network.isOpen(connectionId))
        {
            onConnection(network.connect());
        }

        byte[] message = network.receive(connectionId);
        while (null != message)
        {
            onMessage(message);
            message = network.receive(connectionId);
        }

        if (ConnectionId.NULL_VALUE == connectionId)
        {
            return;
        }

        if (NONE == attachment)
        {
            attach();
        }
        else
        {
            work();
        }
    }

    private void onConnection(final int newConnectionId)
    {
        connectionId = newConnectionId;
        attachment = NONE;
        queryCorrelation = 0;
        attachSentNs = simulation.nowNs() - RETRY_NS;
    }

    private void attach()
    {
        if (simulation.nowNs() - attachSentNs >= RETRY_NS)
        {
            attachSentNs = simulation.nowNs();
            attachCorrelation = ++correlationId;
            network.send(connectionId, Frames.attach(1, attachCorrelation, token, firstAttachedAt, lastSent));
        }
    }

    private void work()
    {
        sendAgain();
        if (0 != queryCorrelation && simulation.nowNs() - querySentNs >= RETRY_NS)
        {
            ask();
        }
        final int dice = random.nextInt(100);
        if (!simulation.takesNewWork())
        {
            return;
        }

        if (dice < 30 && pending.size() < window)
        {
            sendNew();
        }
        else if (dice == 98 && 0 == queryCorrelation)
        {
            ask();
        }
        else if (dice == 99 && pending.isEmpty() && random.nextInt(10) == 0)
        {
            closingSession = sessionId;
            closeCorrelation = ++correlationId;
            network.send(connectionId, Frames.closeSession(1, closeCorrelation, attachment));
            beginSession();
        }
    }

    private void ask()
    {
        querySentNs = simulation.nowNs();
        queryCorrelation = ++correlationId;
        final Ack ack = random.nextBoolean() ? Ack.JOURNALED : Ack.DURABLE;
        network.send(connectionId, Frames.getCounter(1, queryCorrelation, ack, "a"));
    }

    /** From the oldest on that has waited too long: an engine that misses one refuses those behind it. */
    private void sendAgain()
    {
        if (pending.isEmpty() || simulation.nowNs() - pending.firstEntry().getValue().sentNs < RETRY_NS)
        {
            return;
        }

        for (final Pending old : pending.values())
        {
            submit(old);
        }
    }

    private void sendNew()
    {
        final int count = 1 + random.nextInt(Math.min(MAX_REQUESTS_A_FRAME, window - pending.size()));
        for (int i = 0; i < count; i++)
        {
            final Ack ack = random.nextInt(3) == 0 ? Ack.DURABLE : Ack.JOURNALED;
            final Pending next = new Pending(nextRequest++, ack);
            do
            {
                next.fill(simulation.commands().fill(request));
            }
            while (FrameValidator.OK != FrameValidator.validateIngress(frame, 0, encode(next)));
            oracle.onSent(next.commands);
            pending.put(next.requestSequence, next);
            submit(next);
        }
    }

    private void submit(final Pending one)
    {
        one.sentNs = simulation.nowNs();
        lastSent = Math.max(lastSent, one.requestSequence);
        network.send(connectionId, Arrays.copyOf(frame.byteArray(), encode(one)));
    }

    private int encode(final Pending one)
    {
        final SubmitEncoder submit = new SubmitEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder());
        submit.connectionKey(1).attachment(attachment).requestCount(1).reserved(0);
        final int start = BitUtil.align(HEADER + SubmitEncoder.BLOCK_LENGTH, 8);
        frame.setMemory(HEADER + SubmitEncoder.BLOCK_LENGTH, start - HEADER - SubmitEncoder.BLOCK_LENGTH, (byte)0);
        final RequestEncoder encoder =
            new RequestEncoder().wrapAndApplyHeader(frame, start, new MessageHeaderEncoder());
        encoder.requestSequence(one.requestSequence)
            .repliesReceivedUpTo((pending.isEmpty() ? one.requestSequence : pending.firstKey()) - 1)
            .length(one.commands.length)
            .commandCount(one.commandCount)
            .ack(one.ack)
            .replyForm(one.form)
            .mode(one.mode);
        final int limit = encoder.limit() + one.commands.length;
        frame.putBytes(encoder.limit(), one.commands);
        final int end = BitUtil.align(limit, 8);
        frame.setMemory(limit, end - limit, (byte)0);
        return end;
    }

    private void onMessage(final byte[] message)
    {
        in.wrap(message);
        header.wrap(in, 0);
        switch (header.templateId())
        {
            case ReplyDecoder.TEMPLATE_ID:
                onReply(EgressReply.of(message));
                break;

            case SessionAttachedDecoder.TEMPLATE_ID:
                onAttached(new SessionAttachedDecoder().wrap(in, HEADER, header.blockLength(), header.version()));
                break;

            case RefusedDecoder.TEMPLATE_ID:
                onRefused(new RefusedDecoder().wrap(in, HEADER, header.blockLength(), header.version()));
                break;

            case SessionClosedDecoder.TEMPLATE_ID:
                onClosed(new SessionClosedDecoder().wrap(in, HEADER, header.blockLength(), header.version()));
                break;

            case QueryReplyDecoder.TEMPLATE_ID:
                queryCorrelation = 0;
                break;

            default:
                break;
        }
    }

    private void onAttached(final SessionAttachedDecoder attached)
    {
        if (attached.correlationId() != attachCorrelation)
        {
            return;
        }

        final long last = attached.lastRequestSequence();
        Check.that(last <= lastSent, "the engine has request %d of a session that sent %d", last, lastSent);
        attachment = attached.attachment();
        sessionId = (int)attached.sessionId();
        firstAttachedAt = firstAttachedAt < 0 ? attached.sequence() : Math.min(firstAttachedAt, attached.sequence());
        forgetBehind(last);
        pending.values().forEach((old) -> old.sentNs = simulation.nowNs() - RETRY_NS);
    }

    /** The engine knows no request behind this one: what was answered behind it went with the power. */
    private void forgetBehind(final long last)
    {
        if (!answered.isEmpty() && answered.lastKey() > last)
        {
            Check.that(
                simulation.mayHaveForgotten(),
                "request %d was answered, the engine knows only %d, and no power was lost", answered.lastKey(), last);
            answered.tailMap(last, false).clear();
            pending.clear();
            nextRequest = last + 1;
            lastSent = last;
        }
    }

    private void onClosed(final SessionClosedDecoder closed)
    {
        Check.that(
            closed.correlationId() != closeCorrelation || 0 == closingSession || !oracle.twin.isOpen(closingSession),
            "session %d was closed, the journal says it is open", closingSession);
    }

    private void onReply(final EgressReply reply)
    {
        if (reply.attachment() != attachment)
        {
            return;
        }

        Check.that(
            0 == sessionId || sessionId == reply.sessionId(),
            "session %d was answered as session %d", sessionId, reply.sessionId());
        sessionId = reply.sessionId();
        final Pending done = pending.remove(reply.requestSequence());
        final byte[] before = answered.putIfAbsent(reply.requestSequence(), reply.result());
        Check.that(
            null != done || null != before, "an answer to request %d, which was not asked", reply.requestSequence());
        Check.that(
            null == before || Arrays.equals(before, reply.result()),
            "request %d was answered twice, each time in another way", reply.requestSequence());
        Check.that(
            null == done || Ack.DURABLE != done.ack || AckReached.DURABLE == reply.ackReached(),
            "request %d asked for DURABLE", reply.requestSequence());
        oracle.onAcknowledged(reply.ackReached(), reply.lastSequence());
    }

    private void onRefused(final RefusedDecoder refused)
    {
        final ResultCode code = refused.code();
        if (0 == refused.requestSequence())
        {
            if (refused.correlationId() == attachCorrelation && ResultCode.SESSION_EVICTED == code)
            {
                onEvicted();
            }
            return;
        }

        if (refused.attachment() != attachment)
        {
            return;
        }

        final Pending old = pending.get(refused.requestSequence());
        switch (code)
        {
            case UNKNOWN_ATTACHMENT:
                attachment = NONE;
                break;

            case SESSION_EVICTED:
                onEvicted();
                break;

            case OUT_OF_ORDER:
                forgetBehind(refused.detail() - 1);
                break;

            case REQUEST_TOO_LARGE:
                if (null != old)
                {
                    old.fill(request.clear().limit(6, 4096));
                    oracle.onSent(old.commands);
                }
                break;

            case RETRY_TOO_OLD:
                Check.that(null == old, "request %d waits, its reply is not kept", refused.requestSequence());
                break;

            case WINDOW_FULL:
            case REJECT_DISK:
            case SHUTTING_DOWN:
                break;

            default:
                Check.that(false, "request %d was refused: %s", refused.requestSequence(), code);
                break;
        }
    }

    /** What it was told may have been true in a history that the disk has forgotten since. */
    private void onEvicted()
    {
        Check.that(
            0 == sessionId || !oracle.twin.isOpen(sessionId) || simulation.mayHaveForgotten(),
            "session %d was not evicted, but told so", sessionId);
        beginSession();
    }
}

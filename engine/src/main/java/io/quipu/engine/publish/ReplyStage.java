package io.quipu.engine.publish;

import com.lmax.disruptor.EventPoller;
import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.QueryReplyEncoder;
import io.quipu.codecs.egress.RefusedEncoder;
import io.quipu.codecs.egress.ReplyEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.SessionAttachedEncoder;
import io.quipu.codecs.egress.SessionClosedEncoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.Clock;
import io.quipu.journal.CrashPoint;
import io.quipu.transport.Egress;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends results back to their clients: what asks for JOURNALED as soon as it is published, what asks for DURABLE once
 * the syncer has passed it. A result that cannot be offered waits in a bounded backlog for a moment, and is then dropped
 * and counted: the client asks again, and the kept reply answers.
 * <pre>
 *   ring  ....[ J ][ D ][ J ][ J ][ D ][ J ]
 *                        ^durable        ^journaled      each poller takes its own and passes over the others
 * </pre>
 * One thread runs it; in compact the sequencer's, in split the transport's.
 */
public final class ReplyStage implements Agent
{
    /** Passed before a reply to a request is offered. */
    public static final String BEFORE_REPLY = "engine.reply.before";
    /** Passed after a reply to a request was offered. */
    public static final String AFTER_REPLY = "engine.reply.after";

    private static final int MAX_ENVELOPE_LENGTH = 128;
    private static final byte DURABLE = (byte)Ack.DURABLE.value();

    private final Clock clock;
    private final Egress egress;
    private final ReplyBacklog backlog;
    private final Syncer syncer;
    private final CrashPoint crashPoint;
    private final int epoch;
    private final UnsafeBuffer arena;
    private final EventPoller<Result> journaledPoller;
    private final EventPoller<Result> durablePoller;
    private final EventPoller.Handler<Result> journaledHandler = this::onJournaled;
    private final EventPoller.Handler<Result> durableHandler = this::onDurable;

    private final UnsafeBuffer envelope = new UnsafeBuffer(new byte[MAX_ENVELOPE_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReplyEncoder reply = new ReplyEncoder();
    private final QueryReplyEncoder queryReply = new QueryReplyEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final SessionAttachedEncoder sessionAttached = new SessionAttachedEncoder();
    private final SessionClosedEncoder sessionClosed = new SessionClosedEncoder();

    private int work;
    private long sentCount;
    private long droppedCount;

    /**
     * @param clock      to measure how long a message waits.
     * @param ring       to take results from.
     * @param syncer     that says what is durable.
     * @param egress     to offer them to.
     * @param epoch      named in each envelope.
     * @param crashPoint told of the places passed.
     */
    public ReplyStage(
        final Clock clock,
        final ResultRing ring,
        final Syncer syncer,
        final Egress egress,
        final int epoch,
        final CrashPoint crashPoint)
    {
        this.clock = clock;
        this.egress = egress;
        backlog = new ReplyBacklog(egress);
        this.syncer = syncer;
        this.epoch = epoch;
        this.crashPoint = crashPoint;
        arena = ring.arena();
        journaledPoller = ring.newPoller();
        durablePoller = ring.newPoller(syncer.gate());
    }

    @Override
    public int doWork() throws Exception
    {
        work = backlog.isEmpty() ? 0 : backlog.drain(clock.monotonicNs());
        journaledPoller.poll(journaledHandler);
        durablePoller.poll(durableHandler);
        return work;
    }

    @Override
    public String roleName()
    {
        return "replies";
    }

    /** Messages handed to the transport. */
    public long sentCount()
    {
        return sentCount + backlog.sentCount();
    }

    /** Messages that the transport had no room for in time, or whose connection was gone. */
    public long droppedCount()
    {
        return droppedCount + backlog.droppedCount();
    }

    private boolean onJournaled(final Result result, final long slot, final boolean endOfBatch)
    {
        if (result.ack() != DURABLE && result.kind() != ResultKind.FEED)
        {
            send(result);
        }

        return true;
    }

    private boolean onDurable(final Result result, final long slot, final boolean endOfBatch)
    {
        if (result.ack() == DURABLE)
        {
            send(result);
        }

        return true;
    }

    private void send(final Result result)
    {
        work++;
        if (result.kind() == ResultKind.REPLY)
        {
            crashPoint.reached(BEFORE_REPLY);
            offer(result, encodeReply(result));
            crashPoint.reached(AFTER_REPLY);
        }
        else
        {
            offer(result, encode(result));
        }
    }

    private void offer(final Result result, final int envelopeLength)
    {
        final int connectionId = result.connectionId();
        final int bodyLength = result.bodyLength();
        int outcome = Egress.BACK_PRESSURED;
        if (!backlog.isWaiting(connectionId))
        {
            outcome = 0 == bodyLength ?
                egress.offer(connectionId, envelope, 0, envelopeLength) :
                egress.offer(connectionId, envelope, 0, envelopeLength, arena, result.bodyOffset(), bodyLength);
        }

        if (Egress.SENT == outcome)
        {
            sentCount++;
        }
        else if (Egress.NOT_CONNECTED == outcome || !backlog.add(
            connectionId, envelope, envelopeLength, arena, result.bodyOffset(), bodyLength, clock.monotonicNs()))
        {
            droppedCount++;
        }
    }

    private int encode(final Result result)
    {
        switch (result.kind())
        {
            case ResultKind.QUERY_REPLY:
                return encodeQueryReply(result);

            case ResultKind.REFUSED:
                return encodeRefused(result);

            case ResultKind.SESSION_ATTACHED:
                sessionAttached.wrapAndApplyHeader(envelope, 0, header)
                    .correlationId(result.correlationId())
                    .lastRequestSequence(result.detail())
                    .sequence(result.sequence())
                    .attachment(result.attachment() & 0xFFFF_FFFFL)
                    .sessionId(result.sessionId() & 0xFFFF_FFFFL)
                    .epoch(epoch);
                return MessageHeaderEncoder.ENCODED_LENGTH + SessionAttachedEncoder.BLOCK_LENGTH;

            case ResultKind.SESSION_CLOSED:
                sessionClosed.wrapAndApplyHeader(envelope, 0, header)
                    .correlationId(result.correlationId())
                    .sequence(result.sequence());
                return MessageHeaderEncoder.ENCODED_LENGTH + SessionClosedEncoder.BLOCK_LENGTH;

            default:
                throw new IllegalStateException("result kind " + result.kind());
        }
    }

    private int encodeReply(final Result result)
    {
        reply.wrapAndApplyHeader(envelope, 0, header)
            .attachment(result.attachment() & 0xFFFF_FFFFL)
            .epoch(epoch)
            .ackReached(ackReached(result.sequence()))
            .retried(result.hasFlag(Result.FLAG_RETRIED) ? Flag.YES : Flag.NO);
        return MessageHeaderEncoder.ENCODED_LENGTH + ReplyEncoder.BLOCK_LENGTH;
    }

    private int encodeRefused(final Result result)
    {
        final boolean isOfRequest = result.attachment() != Result.NO_ATTACHMENT;
        refused.wrapAndApplyHeader(envelope, 0, header)
            .correlationId(isOfRequest ? 0 : result.correlationId())
            .requestSequence(isOfRequest ? result.correlationId() : 0)
            .detail(result.detail())
            .attachment(result.attachment() & 0xFFFF_FFFFL)
            .code(ResultCode.get(result.code()));
        return MessageHeaderEncoder.ENCODED_LENGTH + RefusedEncoder.BLOCK_LENGTH;
    }

    private int encodeQueryReply(final Result result)
    {
        queryReply.wrapAndApplyHeader(envelope, 0, header)
            .correlationId(result.correlationId())
            .sequence(result.sequence())
            .epoch(epoch)
            .chunk(result.chunk())
            .last(result.hasFlag(Result.FLAG_LAST) ? Flag.YES : Flag.NO)
            .code(ResultCode.get(result.code()))
            .ackReached(ackReached(result.sequence()));
        return MessageHeaderEncoder.ENCODED_LENGTH + QueryReplyEncoder.BLOCK_LENGTH;
    }

    private AckReached ackReached(final long sequence)
    {
        return sequence <= syncer.durableSequence() ? AckReached.DURABLE : AckReached.JOURNALED;
    }
}

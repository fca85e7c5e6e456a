package io.quipu.engine.sequencer;

import io.quipu.codecs.SubmitFrame;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AttachSessionDecoder;
import io.quipu.codecs.ingress.CloseSessionDecoder;
import io.quipu.codecs.ingress.GetStatusDecoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.QueryDecoder;
import io.quipu.engine.EngineFailedException;
import io.quipu.engine.publish.DiskRoom;
import io.quipu.engine.publish.Result;
import io.quipu.engine.publish.ResultKind;
import io.quipu.engine.publish.ResultRing;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.state.QueryHandler;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.SessionTable;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalRecordDescriptor;
import io.quipu.journal.Verdict;
import io.quipu.transport.Channels;
import io.quipu.transport.Ingress;
import io.quipu.transport.IngressHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts requests in order, journals them, applies them and publishes what came of it. The one thread that runs this
 * duty cycle alone reads or writes the state; nothing is allocated per command.
 * <pre>
 *   a turn   poll ingress   each request admitted, copied into the record being built; retries and refusals answered
 *            commit         append the record, apply its bytes, publish each reply
 *            queries        answered from the state as it stands now
 *            syncer         woken where a durable reply waits
 * </pre>
 * Back pressure ends before the append: a frame is taken in only when the ring has room for the worst that can come
 * of it, so that nothing can fail between append and publish. A request that opens a session, and the closing of one,
 * stand in records of their own: rare, and admission then always sees the sessions as they are.
 */
public final class Sequencer implements IngressHandler, Agent
{
    /** Passed when a record is appended and not applied yet. */
    public static final String BEFORE_APPLY = "engine.apply.before";
    /** Passed when a record is applied, its replies published and not sent yet. */
    public static final String AFTER_APPLY = "engine.apply.after";

    private static final int FRAGMENT_LIMIT = 256;
    /** Most chunks of an answer, and their bytes: 1,000 rows with names of 128 bytes, or a status. */
    private static final int QUERY_RESULTS = 6;
    private static final int QUERY_BYTES = 320 * 1024;
    /** Bytes of reply that a byte of Submit frame can cause: 50 for a ranked Delete of 3. */
    private static final int REPLY_BYTES_PER_BYTE = 17;
    private static final int REPLY_BYTES_PER_REQUEST = 64;
    /** A frame is of one session, whose window bounds the replies of a record; a frame can end one and begin another. */
    private static final int REPLY_BYTES_OF_FRAME = 2 * SessionTable.MAX_KEPT_BYTES;

    private static final byte JOURNALED = (byte)Ack.JOURNALED.value();
    private static final byte DURABLE = (byte)Ack.DURABLE.value();

    private final Ingress ingress;
    private final JournalAppender appender;
    private final StateMachine state;
    private final SessionTable sessions;
    private final ResultRing ring;
    private final Syncer syncer;
    private final EngineTime time;
    private final StatusQuery statusQuery;
    private final CrashPoint crashPoint;
    private final byte defaultAck;
    private final DiskRoom diskRoom;

    private final Admission admission;
    private final RecordBuilder record;
    private final Attachments attachments = new Attachments(Attachments.MAX_ATTACHMENTS);
    private final StagedReplies stagedReplies = new StagedReplies();
    private final DeferredQueries queries = new DeferredQueries();
    private final SequencerCounts counts = new SequencerCounts();
    private final TokenHash tokenHash = new TokenHash();
    private final ReplyHandler replyHandler = new Replies();
    private final QueryHandler chunkHandler = this::onChunk;

    private final SubmitFrame submit = new SubmitFrame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final QueryDecoder query = new QueryDecoder();
    private final AttachSessionDecoder attach = new AttachSessionDecoder();
    private final CloseSessionDecoder close = new CloseSessionDecoder();
    private final UnsafeBuffer keptReply = new UnsafeBuffer(0, 0);

    private int reservedResults;
    private long reservedBytes;
    private int chunk;
    private boolean isDurableWaiting;
    private boolean isShuttingDown;

    /**
     * @param context everything that it works with, recovered and open.
     */
    public Sequencer(final SequencerContext context)
    {
        ingress = context.ingress();
        appender = context.appender();
        state = context.state();
        sessions = state.sessions();
        ring = context.ring();
        syncer = context.syncer();
        time = context.time();
        statusQuery = context.statusQuery();
        crashPoint = context.crashPoint();
        defaultAck = (byte)context.defaultAck().value();
        diskRoom = context.diskRoom();
        admission = new Admission(state);
        record = new RecordBuilder(appender);
    }

    @Override
    public int doWork()
    {
        int work = ingress.poll(this, FRAGMENT_LIMIT);
        work += commit();
        work += answerQueries();
        reservedResults = 0;
        reservedBytes = 0;

        if (isDurableWaiting || ring.isHalfFull())
        {
            isDurableWaiting = false;
            syncer.wake();
        }

        return work;
    }

    @Override
    public String roleName()
    {
        return "sequencer";
    }

    /** From now on nothing new is taken in; retries and queries are still answered. */
    public void shutDown()
    {
        isShuttingDown = true;
    }

    public SequencerCounts counts()
    {
        return counts;
    }

    /** Sessions attached through connections now. */
    public int attachmentCount()
    {
        return attachments.size();
    }

    @Override
    public boolean onSubmit(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        submit.wrap(buffer, offset, length);
        final int requestCount = submit.requestCount();
        final int worstBytes = Math.min(
            REPLY_BYTES_OF_FRAME, REPLY_BYTES_PER_REQUEST * requestCount + REPLY_BYTES_PER_BYTE * length);
        if (!reserve(requestCount, worstBytes))
        {
            return false;
        }

        final int attachment = (int)submit.attachment();
        final AttachedSession session = attachments.find(connectionId, attachment);
        while (submit.next())
        {
            if (null == session)
            {
                refuseRequest(connectionId, attachment, ResultCode.UNKNOWN_ATTACHMENT.value(), 0);
            }
            else
            {
                onRequest(connectionId, attachment, session);
            }
        }

        return true;
    }

    @Override
    public boolean onQuery(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!queries.hasRoom(length) || !reserve(QUERY_RESULTS, QUERY_BYTES))
        {
            return false;
        }

        query.wrapAndApplyHeader(buffer, offset, header);
        final int bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength();
        final byte ack = (byte)query.ackRaw();
        queries.add(connectionId, query.correlationId(), ack, buffer, bodyOffset, offset + length - bodyOffset);
        return true;
    }

    @Override
    public boolean onAttachSession(
        final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!reserve(1, 0))
        {
            return false;
        }

        commit();
        attach.wrapAndApplyHeader(buffer, offset, header);
        tokenHash.update(attach.tokenHigh(), attach.tokenLow());
        final int sessionId = sessions.find(tokenHash.high(), tokenHash.low());
        if (SessionTable.NULL_SESSION == sessionId && isForgotten(attach))
        {
            refuse(connectionId, attach.correlationId(), ResultCode.SESSION_EVICTED, sessions.evictedUpTo());
            return true;
        }

        final int attachment = attachments.attach(connectionId, tokenHash.high(), tokenHash.low(), sessionId);
        if (Attachments.NONE == attachment)
        {
            refuse(connectionId, attach.correlationId(), ResultCode.TOO_MANY_ATTACHMENTS, Attachments.MAX_ATTACHMENTS);
            return true;
        }

        ring.publish(claim(ResultKind.SESSION_ATTACHED, connectionId)
            .correlationId(attach.correlationId())
            .sequence(state.sequence())
            .detail(SessionTable.NULL_SESSION == sessionId ? 0 : sessions.lastRequestSequence(sessionId))
            .attachment(attachment)
            .sessionId(sessionId));
        return true;
    }

    /**
     * Whether a session that the state does not know may have been one that was evicted: then what it sent may have
     * been applied. Else its writes were never journaled, and may be sent again under the same numbers.
     */
    private boolean isForgotten(final AttachSessionDecoder attach)
    {
        final long firstAttachedAt = attach.firstAttachedAt();
        return firstAttachedAt != -1 && attach.lastSentRequest() != 0 && sessions.evictedUpTo() >= firstAttachedAt;
    }

    @Override
    public boolean onCloseSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!reserve(1, 0))
        {
            return false;
        }

        commit();
        close.wrapAndApplyHeader(buffer, offset, header);
        final int attachment = (int)close.attachment();
        final AttachedSession session = attachments.find(connectionId, attachment);
        if (null == session)
        {
            refuse(connectionId, close.correlationId(), ResultCode.UNKNOWN_ATTACHMENT, 0);
            return true;
        }

        final ResultCode intake = intakeCode();
        final boolean isJournaled = SessionTable.NULL_SESSION != session.sessionId && isAlive(session);
        if (isShuttingDown || isJournaled && ResultCode.OK != intake)
        {
            refuse(connectionId, close.correlationId(), intake, 0);
            return true;
        }

        if (isJournaled)
        {
            record.addSessionClose(session.sessionId);
            commit();
        }

        attachments.detach(connectionId, attachment);
        ring.publish(claim(ResultKind.SESSION_CLOSED, connectionId)
            .correlationId(close.correlationId())
            .sequence(state.sequence()));
        return true;
    }

    @Override
    public void onConnectionClosed(final int connectionId)
    {
        attachments.detachAll(connectionId);
    }

    private void onRequest(final int connectionId, final int attachment, final AttachedSession session)
    {
        final boolean isFirst = SessionTable.NULL_SESSION == session.sessionId;
        if (isFirst || !record.hasRoom(submit.commandsLength()))
        {
            commit();
        }

        if (!isAlive(session))
        {
            refuseRequest(connectionId, attachment, ResultCode.SESSION_EVICTED.value(), sessions.evictedUpTo());
            return;
        }

        session.enter(record.number(), sessions);
        final int worstLength = submit.worstCaseResultLength();
        final int verdict = admission.judge(session, submit, worstLength, intakeCode());
        if (Admission.ACCEPTED == verdict)
        {
            stage(connectionId, attachment, session, worstLength);
            if (isFirst)
            {
                commit();
            }
        }
        else if (Admission.KEPT == verdict)
        {
            answerRetry(connectionId, attachment, session.sessionId);
        }
        else if (Admission.STAGED != verdict)
        {
            refuseRequest(connectionId, attachment, verdict, admission.detail());
        }
    }

    private void stage(
        final int connectionId, final int attachment, final AttachedSession session, final int worstLength)
    {
        if (SessionTable.NULL_SESSION == session.sessionId)
        {
            session.sessionId = sessions.nextSessionId();
            record.addSessionOpen(session.sessionId, session.tokenHashHigh, session.tokenHashLow);
        }

        record.addRequest(session.sessionId, submit);
        stagedReplies.add(connectionId, attachment, ackOf(submit.ack()));
        session.onStaged(submit.requestSequence(), submit.repliesReceivedUpTo(), worstLength);
    }

    private byte ackOf(final int wanted)
    {
        return Ack.ENGINE_DEFAULT.value() == wanted ? defaultAck : (byte)wanted;
    }

    private ResultCode intakeCode()
    {
        if (isShuttingDown)
        {
            return ResultCode.SHUTTING_DOWN;
        }

        return diskRoom.isShort() ? ResultCode.REJECT_DISK : ResultCode.OK;
    }

    /** Whether the session is in the state, or is still to come there. */
    private boolean isAlive(final AttachedSession session)
    {
        return SessionTable.NULL_SESSION == session.sessionId || sessions.isOpen(session.sessionId);
    }

    /**
     * Appends what is staged, applies it and publishes the replies. From the append on nothing may fail: whatever
     * does stops the engine, and the next start applies the record again.
     *
     * @return entries.
     */
    private int commit()
    {
        if (record.isEmpty())
        {
            return 0;
        }

        final int entryCount = record.entryCount();
        final long timeNs = time.nowNs();
        final long firstSequence = appender.nextSequence();
        final long lastSequence = appender.append(
            record.length(),
            entryCount,
            timeNs,
            syncer.durableSequence(),
            state.digest().high(),
            state.digest().low());
        final int recordLength = JournalRecordDescriptor.recordLength(record.length());
        diskRoom.onAppended(recordLength);
        syncer.onAppended(lastSequence);
        crashPoint.reached(BEFORE_APPLY);
        apply(firstSequence, lastSequence, timeNs);
        crashPoint.reached(AFTER_APPLY);

        counts.onRecord(record.commandCount(), record.requestCount(), recordLength);
        stagedReplies.clear();
        record.clear();
        return entryCount;
    }

    private void apply(final long firstSequence, final long lastSequence, final long timeNs)
    {
        try
        {
            final long applied = state.apply(
                record.buffer(), record.bodyOffset(), record.length(), firstSequence, timeNs, replyHandler);
            if (applied != lastSequence || !stagedReplies.isAtEnd())
            {
                throw new IllegalStateException("applied to " + applied + ", journaled to " + lastSequence);
            }
        }
        catch (final RuntimeException | Error ex)
        {
            throw new EngineFailedException(
                Verdict.APPLY_FAILED.name(),
                Verdict.APPLY_FAILED.exitCode(),
                "applying the entries that end with sequence " + state.sequence() + ", in the record " + firstSequence +
                ".." + lastSequence + ", failed: " + ex + "; nothing is lost: keep the directory and report this",
                ex);
        }
    }

    private void answerRetry(final int connectionId, final int attachment, final int sessionId)
    {
        final long requestSequence = submit.requestSequence();
        sessions.keptReply(sessionId, requestSequence, keptReply);
        final int length = keptReply.capacity();
        if (!ring.hasRoom(reservedResults + 1, reservedBytes + length, Channels.MAX_MESSAGE_LENGTH))
        {
            counts.onResultDropped();
            return;
        }

        final Result result = claim(ResultKind.REPLY, connectionId)
            .correlationId(requestSequence)
            .attachment(attachment)
            .flags(Result.FLAG_RETRIED);
        gate(result, sessions.keptLastSequence(sessionId, requestSequence), ackOf(submit.ack()));
        ring.copyBody(result, keptReply, 0, length);
        ring.publish(result);
        counts.onRetryAnswered();
    }

    private int answerQueries()
    {
        queries.announce(state.queries());
        int count = 0;
        while (queries.next())
        {
            chunk = 0;
            final ResultCode code = answerQuery();
            if (ResultCode.OK != code)
            {
                counts.onRejected(code.value());
                publishChunk(code, true);
            }

            counts.onQuery();
            count++;
        }

        return count;
    }

    private ResultCode answerQuery()
    {
        if (Ack.REPLICATED.value() == queries.ack())
        {
            return ResultCode.ACK_UNAVAILABLE;
        }

        header.wrap(queries.buffer(), queries.offset());
        if (GetStatusDecoder.TEMPLATE_ID == header.templateId())
        {
            statusQuery.answer(chunkHandler);
            return ResultCode.OK;
        }

        return state.queries().run(queries.buffer(), queries.offset(), queries.length(), chunkHandler);
    }

    private void onChunk(final DirectBuffer buffer, final int offset, final int length, final boolean last)
    {
        final Result result = claimChunk(ResultCode.OK, last);
        ring.copyBody(result, buffer, offset, length);
        ring.publish(result);
    }

    private void publishChunk(final ResultCode code, final boolean last)
    {
        ring.publish(claimChunk(code, last));
    }

    private Result claimChunk(final ResultCode code, final boolean last)
    {
        final Result result = claim(ResultKind.QUERY_REPLY, queries.connectionId())
            .correlationId(queries.correlationId())
            .code((byte)code.value())
            .chunk(chunk++)
            .flags(last ? Result.FLAG_LAST : 0);
        return gate(result, state.sequence(), ackOf(queries.ack()));
    }

    /** Holds a result back until its entry has the ack level wanted; not where it has it already. */
    private Result gate(final Result result, final long sequence, final byte ack)
    {
        final boolean waits = DURABLE == ack && sequence > syncer.durableSequence();
        isDurableWaiting |= waits;
        return result.sequence(sequence).ack(waits ? DURABLE : JOURNALED);
    }

    /**
     * As {@link #gate}, for what was appended just now. A sync may have covered it between append and here; it waits
     * for the gate all the same, so that it is not sent before the replies that were published earlier.
     */
    private void gateNew(final Result result, final long sequence, final byte ack)
    {
        final boolean waits = DURABLE == ack;
        isDurableWaiting |= waits;
        result.sequence(sequence).ack(waits ? DURABLE : JOURNALED);
    }

    private void refuseRequest(final int connectionId, final int attachment, final int code, final long detail)
    {
        counts.onRejected(code);
        ring.publish(claim(ResultKind.REFUSED, connectionId)
            .correlationId(submit.requestSequence())
            .attachment(attachment)
            .code((byte)code)
            .detail(detail));
    }

    private void refuse(final int connectionId, final long correlationId, final ResultCode code, final long detail)
    {
        counts.onRejected(code.value());
        ring.publish(claim(ResultKind.REFUSED, connectionId)
            .correlationId(correlationId)
            .attachment(Result.NO_ATTACHMENT)
            .code((byte)code.value())
            .detail(detail));
    }

    private Result claim(final byte kind, final int connectionId)
    {
        return ring.claim().kind(kind).ack(JOURNALED).connectionId(connectionId);
    }

    /** Keeps room in the ring until the end of the turn; what is published meanwhile counts twice, which is careful. */
    private boolean reserve(final int results, final long bytes)
    {
        if (!ring.hasRoom(reservedResults + results, reservedBytes + bytes, Channels.MAX_MESSAGE_LENGTH))
        {
            return false;
        }

        reservedResults += results;
        reservedBytes += bytes;
        return true;
    }

    /** Hears what apply produced, and publishes it with the place it goes to. */
    private final class Replies implements ReplyHandler
    {
        @Override
        public void onReply(
            final int sessionId,
            final long requestSequence,
            final long lastSequence,
            final DirectBuffer buffer,
            final int offset,
            final int length)
        {
            stagedReplies.next();
            final Result result = claim(ResultKind.REPLY, stagedReplies.connectionId())
                .correlationId(requestSequence)
                .attachment(stagedReplies.attachment());
            gateNew(result, lastSequence, stagedReplies.ack());
            ring.copyBody(result, buffer, offset, length);
            ring.publish(result);
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            stagedReplies.next();
            counts.onRejected(ResultCode.SESSION_EVICTED.value());
            ring.publish(claim(ResultKind.REFUSED, stagedReplies.connectionId())
                .correlationId(requestSequence)
                .attachment(stagedReplies.attachment())
                .code((byte)ResultCode.SESSION_EVICTED.value())
                .detail(sessions.evictedUpTo()));
        }
    }
}

package io.quipu.engine.sequencer;

import io.quipu.codecs.ResultLengths;
import io.quipu.codecs.SubmitFrame;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.state.Limits;
import io.quipu.engine.state.SessionTable;
import io.quipu.engine.state.StateMachine;
import io.quipu.transport.Channels;

/**
 * Decides on each request before the append, from the session's place in the state and what of it is staged already.
 * Changes nothing: a request that is refused here takes no number and may be sent again.
 * <pre>
 *   request sequence      last+1           new: intake, limits, reply length, ack level, window, in this order
 *                         above            OUT_OF_ORDER, detail = what is expected
 *                         up to last       retry: the kept reply, or RETRY_TOO_OLD; still staged: nothing to say yet
 * </pre>
 * For the sequencer thread.
 */
final class Admission
{
    /** The request is new and may be staged. */
    static final int ACCEPTED = -1;
    /** The request was applied and its reply is kept. */
    static final int KEPT = -2;
    /** The request is staged in the record being built; its reply is on the way. */
    static final int STAGED = -3;

    /** Longest result that fits in a message with its envelope. */
    static final int MAX_RESULT_LENGTH = Channels.MAX_MESSAGE_LENGTH - ResultLengths.REPLY_ENVELOPE_LENGTH;

    private final SessionTable sessions;
    private final Limits limits;
    private long detail;

    Admission(final StateMachine state)
    {
        sessions = state.sessions();
        limits = state.limits();
    }

    /**
     * Decides on the request that a frame stands at.
     *
     * @param session     that sent it, entered for the record being built.
     * @param frame       standing at the request.
     * @param worstLength the longest result that it can have.
     * @param intakeCode  OK, or why nothing new is taken in now.
     * @return {@link #ACCEPTED}, {@link #KEPT}, {@link #STAGED}, or the value of a ResultCode with its {@link
     * #detail()}.
     */
    int judge(
        final AttachedSession session,
        final SubmitFrame frame,
        final int worstLength,
        final ResultCode intakeCode)
    {
        final long requestSequence = frame.requestSequence();
        final long expected = session.lastRequestSequence() + 1;
        if (requestSequence < expected)
        {
            return judgeRetry(session.sessionId, requestSequence);
        }

        if (requestSequence > expected)
        {
            return refuse(ResultCode.OUT_OF_ORDER, expected);
        }

        if (ResultCode.OK != intakeCode)
        {
            return refuse(intakeCode, 0);
        }

        if (frame.commandCount() > limits.requestCommands())
        {
            return refuse(ResultCode.REQUEST_TOO_LARGE, limits.requestCommands());
        }

        if (worstLength > MAX_RESULT_LENGTH)
        {
            return refuse(ResultCode.REPLY_TOO_LARGE, MAX_RESULT_LENGTH);
        }

        if (Ack.REPLICATED.value() == frame.ack())
        {
            return refuse(ResultCode.ACK_UNAVAILABLE, Ack.DURABLE.value());
        }

        return judgeWindow(session, frame.repliesReceivedUpTo(), worstLength);
    }

    /** What was expected, or the limit, of the last refusal. */
    long detail()
    {
        return detail;
    }

    private int judgeRetry(final int sessionId, final long requestSequence)
    {
        if (SessionTable.NULL_SESSION == sessionId || requestSequence > sessions.lastRequestSequence(sessionId))
        {
            return STAGED;
        }

        return 0 != sessions.keptLastSequence(sessionId, requestSequence) ?
            KEPT :
            refuse(ResultCode.RETRY_TOO_OLD, sessions.lastRequestSequence(sessionId));
    }

    private int judgeWindow(final AttachedSession session, final long receivedUpTo, final int worstLength)
    {
        final int sessionId = session.sessionId;
        final long upTo = Math.max(receivedUpTo, session.repliesReceivedUpTo());
        int count = session.stagedCount() + 1;
        int bytes = session.stagedBytes() + worstLength;
        if (SessionTable.NULL_SESSION != sessionId)
        {
            count += sessions.keptCountAfter(sessionId, upTo);
            bytes += sessions.keptBytesAfter(sessionId, upTo);
        }

        if (count > SessionTable.MAX_KEPT_REPLIES)
        {
            return refuse(ResultCode.WINDOW_FULL, SessionTable.MAX_KEPT_REPLIES);
        }

        return bytes > SessionTable.MAX_KEPT_BYTES ?
            refuse(ResultCode.WINDOW_FULL, SessionTable.MAX_KEPT_BYTES) :
            ACCEPTED;
    }

    private int refuse(final ResultCode code, final long detail)
    {
        this.detail = detail;
        return code.value();
    }
}

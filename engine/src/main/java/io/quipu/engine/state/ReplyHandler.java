package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Hears what {@link StateMachine#apply} produced, on the thread that called it. A call must not reach back into the
 * state and must not keep the buffer: its bytes are valid during the call only.
 */
public interface ReplyHandler
{
    /** Of those who want the state only: takes everything and does nothing. */
    ReplyHandler NONE = new ReplyHandler()
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
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
        }
    };

    /**
     * A request was applied, refused commands included.
     *
     * @param sessionId       that sent it.
     * @param requestSequence within the session.
     * @param lastSequence    sequence of its last command: the reply may leave once this one has the ack level asked
     *                        for.
     * @param buffer          holds one egress result message with its header; the same bytes are kept for retries.
     * @param offset          of the message header.
     * @param length          of header and message.
     */
    void onReply(
        int sessionId, long requestSequence, long lastSequence, DirectBuffer buffer, int offset, int length);

    /**
     * A session-open frame was applied. Its id is the one that the frame names, so who wrote the frame need not listen.
     *
     * @param sessionId of the new session.
     */
    default void onSessionOpened(final int sessionId)
    {
    }

    /**
     * A request was journaled for a session that an entry before it, of the same poll, evicted, expired or closed. It
     * took its sequences, and nothing of it was applied. To be answered by Refused with SESSION_EVICTED.
     *
     * @param sessionId       that is no more.
     * @param requestSequence of the request.
     */
    void onSessionGone(int sessionId, long requestSequence);
}

package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Sessions and the replies kept for their retries. What is public here serves admission, before the append, on the
 * sequencer thread; only apply writes.
 *
 * <p>Ids are given in order from 1 and never twice, so an id held by an attachment names its own session or none.
 */
public final class SessionTable implements AutoCloseable
{
    /** No such session. */
    public static final int NULL_SESSION = 0;
    /** Requests whose replies a session may leave unacknowledged. */
    public static final int MAX_KEPT_REPLIES = 64;
    /** Bytes of such replies, result messages with their headers. */
    public static final int MAX_KEPT_BYTES = 64 * 1024;
    /** A session without a journaled request for so long is removed with a following entry. */
    public static final long EXPIRY_NS = 7L * 24 * 60 * 60 * 1_000_000_000L;

    SessionTable()
    {
    }

    /**
     * @return id of the session whose token has this hash, or {@link #NULL_SESSION}.
     */
    public int find(final long tokenHashHigh, final long tokenHashLow)
    {
        return NULL_SESSION;
    }

    /**
     * @return whether the session lives: it was opened and neither closed, evicted nor expired since.
     */
    public boolean isOpen(final int sessionId)
    {
        return false;
    }

    /**
     * @return id that the next session-open frame must name; those staged behind it take the following ones.
     */
    public int nextSessionId()
    {
        return 1;
    }

    /**
     * @return the last request of an open session that was applied; 0 before its first.
     */
    public long lastRequestSequence(final int sessionId)
    {
        return 0;
    }

    /**
     * Points a view at the reply kept for a request: one egress result message with its header, the bytes first
     * replied.
     *
     * @param view wrapped around the reply when there is one; valid until the next call of apply.
     * @return whether it is still kept.
     */
    public boolean keptReply(final int sessionId, final long requestSequence, final DirectBuffer view)
    {
        return false;
    }

    /**
     * @return sequence of the last command of a request whose reply is kept, 0 when it is not: its durability decides
     * when the reply may leave again.
     */
    public long keptLastSequence(final int sessionId, final long requestSequence)
    {
        return 0;
    }

    /**
     * @return replies that stay kept once those up to the given request are dropped.
     */
    public int keptCountAfter(final int sessionId, final long repliesReceivedUpTo)
    {
        return 0;
    }

    /**
     * @return bytes of the replies that stay kept once those up to the given request are dropped.
     */
    public int keptBytesAfter(final int sessionId, final long repliesReceivedUpTo)
    {
        return 0;
    }

    /**
     * @return sessions open.
     */
    public int size()
    {
        return 0;
    }

    /**
     * @return bytes of all kept replies.
     */
    public long keptBytes()
    {
        return 0;
    }

    /**
     * @return the highest sequence of a last journaled request over all sessions ever evicted or expired; 0 for none.
     * Whoever first attached at or before it, and is not known any more, may have been one of them.
     */
    public long evictedUpTo()
    {
        return 0;
    }

    public void close()
    {
    }
}

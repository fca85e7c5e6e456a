package io.quipu.engine.state;

import static io.quipu.engine.state.SessionRecords.HASH_HIGH_OFFSET;
import static io.quipu.engine.state.SessionRecords.HASH_LOW_OFFSET;
import static io.quipu.engine.state.SessionRecords.LAST_REQUEST_OFFSET;
import static io.quipu.engine.state.SessionRecords.LAST_SEQUENCE_OFFSET;
import static io.quipu.engine.state.SessionRecords.LAST_TIME_OFFSET;
import static io.quipu.engine.state.SessionRecords.NEWEST_REPLY_OFFSET;
import static io.quipu.engine.state.SessionRecords.NULL_SLOT;
import static io.quipu.engine.state.SessionRecords.OLDEST_REPLY_OFFSET;
import static io.quipu.engine.state.SessionRecords.REPLY_BYTES_OFFSET;
import static io.quipu.engine.state.SessionRecords.REPLY_COUNT_OFFSET;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sessions and the replies kept for their retries, off-heap. What is public here serves admission, before the append,
 * on the sequencer thread; only apply writes.
 * <p>
 * Ids are given in order from 1 and never twice, so an id held by an attachment names its own session or none.
 */
public final class SessionTable implements AutoCloseable
{
    /** No such session. */
    public static final int NULL_SESSION = 0;
    /** Requests whose replies a session may leave unacknowledged. */
    public static final int MAX_KEPT_REPLIES = 64;
    /** Bytes of such replies, result messages with their headers. */
    public static final int MAX_KEPT_BYTES = 64 * 1024;
    /** A session without a journaled request for longer is removed with a following entry. */
    public static final long EXPIRY_NS = 7L * 24 * 60 * 60 * 1_000_000_000L;

    /** At most so many sessions expire before a frame. */
    static final int EXPIRIES_A_FRAME = 4;

    private final SessionRecords records = new SessionRecords();
    private final KeptReplies replies = new KeptReplies();
    private final UnsafeBuffer kept = new UnsafeBuffer();
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    private int nextSessionId = 1;
    private long evictedUpTo;

    SessionTable()
    {
        digest.add(own());
    }

    /**
     * @param tokenHashHigh first half of the token's hash.
     * @param tokenHashLow  second half.
     * @return id of the session whose token has this hash, or {@link #NULL_SESSION}.
     */
    public int find(final long tokenHashHigh, final long tokenHashLow)
    {
        final int slot = records.slotOfToken(tokenHashHigh, tokenHashLow);
        return slot == NULL_SLOT ? NULL_SESSION : records.sessionId(slot);
    }

    /**
     * @param sessionId any.
     * @return whether the session lives: it was opened and neither closed, evicted nor expired since.
     */
    public boolean isOpen(final int sessionId)
    {
        return records.slotOf(sessionId) != NULL_SLOT;
    }

    /**
     * @return id that the next session-open frame must name; those staged behind it take the following ones.
     */
    public int nextSessionId()
    {
        return nextSessionId;
    }

    /**
     * @param sessionId of an open session.
     * @return its last request that was applied; 0 before its first.
     */
    public long lastRequestSequence(final int sessionId)
    {
        return records.getLong(records.slotOf(sessionId), LAST_REQUEST_OFFSET);
    }

    /**
     * Points a view at the reply kept for a request: one egress result message with its header, the bytes first
     * replied.
     *
     * @param sessionId       of an open session.
     * @param requestSequence within it.
     * @param view            wrapped around the reply when there is one; valid until the next call of apply.
     * @return whether it is still kept.
     */
    public boolean keptReply(final int sessionId, final long requestSequence, final DirectBuffer view)
    {
        final int reply = replyOf(sessionId, requestSequence);
        if (reply == KeptReplies.NULL_REPLY)
        {
            return false;
        }
        view.wrap(replies.address(reply), replies.length(reply));

        return true;
    }

    /**
     * @param sessionId       of an open session.
     * @param requestSequence within it.
     * @return sequence of the last command of a request whose reply is kept, 0 when it is not: its durability decides when the
     * reply may leave again.
     */
    public long keptLastSequence(final int sessionId, final long requestSequence)
    {
        return keptReply(sessionId, requestSequence, kept) ? ResultWriter.lastSequence(kept) : 0;
    }

    /**
     * @param sessionId           of an open session.
     * @param repliesReceivedUpTo as a request says.
     * @return replies that stay kept once those up to the given request are dropped.
     */
    public int keptCountAfter(final int sessionId, final long repliesReceivedUpTo)
    {
        final int slot = records.slotOf(sessionId);
        final long after = Math.max(0, records.getLong(slot, LAST_REQUEST_OFFSET) - repliesReceivedUpTo);

        return (int)Math.min(records.getInt(slot, REPLY_COUNT_OFFSET), after);
    }

    /**
     * @param sessionId           of an open session.
     * @param repliesReceivedUpTo as a request says.
     * @return bytes of the replies that stay kept once those up to the given request are dropped.
     */
    public int keptBytesAfter(final int sessionId, final long repliesReceivedUpTo)
    {
        final int slot = records.slotOf(sessionId);
        int bytes = records.getInt(slot, REPLY_BYTES_OFFSET);
        for (int reply = records.getInt(slot, OLDEST_REPLY_OFFSET);
            reply != KeptReplies.NULL_REPLY && replies.requestSequence(reply) <= repliesReceivedUpTo;
            reply = replies.next(reply))
        {
            bytes -= replies.length(reply);
        }

        return bytes;
    }

    /**
     * @return sessions open.
     */
    public int size()
    {
        return records.size();
    }

    /**
     * @return bytes of all kept replies.
     */
    public long keptBytes()
    {
        return replies.bytes();
    }

    /**
     * @return the highest sequence of a last journaled request over all sessions ever evicted or expired; 0 for none. Whoever
     * first attached at or before it, and is not known any more, may have been one of them.
     */
    public long evictedUpTo()
    {
        return evictedUpTo;
    }

    /**
     * Removes sessions whose last journaled request is too long ago, the oldest first, a few at a time.
     */
    void expire(final long timeNs)
    {
        for (int i = 0; i < EXPIRIES_A_FRAME && records.oldest() != NULL_SLOT; i++)
        {
            if (timeNs - records.getLong(records.oldest(), LAST_TIME_OFFSET) <= EXPIRY_NS)
            {
                return;
            }
            evict(records.oldest());
        }
    }

    /**
     * Opens a session; at the limit the one whose last journaled request is oldest goes, and so does, in any case, one
     * with the same token.
     */
    void open(
        final int sessionId,
        final long tokenHashHigh,
        final long tokenHashLow,
        final long sequence,
        final long timeNs,
        final long limit)
    {
        if (sessionId != nextSessionId)
        {
            throw new IllegalStateException("session opened with sessionId=" + sessionId + " expected=" + nextSessionId);
        }

        final int known = records.slotOfToken(tokenHashHigh, tokenHashLow);
        if (known != NULL_SLOT)
        {
            evict(known);
        }
        while (records.size() >= limit)
        {
            evict(records.oldest());
        }

        digest.subtract(own());
        nextSessionId++;
        digest.add(own());
        insert(sessionId, tokenHashHigh, tokenHashLow, sequence, timeNs);
    }

    /**
     * Ends a session for ever, if it is open.
     */
    void close(final int sessionId)
    {
        final int slot = records.slotOf(sessionId);
        if (slot != NULL_SLOT)
        {
            remove(slot);
        }
    }

    /**
     * Ends a session of which entries were excluded by an operator's repair, if it is open. Whoever sent them is told that the
     * session was evicted, so that nothing sends them again.
     */
    void exclude(final int sessionId, final long sequence)
    {
        close(sessionId);
        onEvicted(sequence);
    }

    /**
     * Checks, before anything of a request is applied, that it is the session's next one.
     *
     * @return whether the session is open.
     */
    boolean accepts(final int sessionId, final long requestSequence)
    {
        final int slot = records.slotOf(sessionId);
        if (slot == NULL_SLOT)
        {
            return false;
        }

        final long expected = records.getLong(slot, LAST_REQUEST_OFFSET) + 1;
        if (requestSequence != expected)
        {
            throw new IllegalStateException(
                "sessionId=" + sessionId + " requestSequence=" + requestSequence + " expected=" + expected);
        }

        return true;
    }

    /**
     * Notes a request that was applied: drops the replies that its sender has received, and keeps this one.
     */
    void keep(
        final int sessionId,
        final long requestSequence,
        final long repliesReceivedUpTo,
        final long lastSequence,
        final long timeNs,
        final long replyAddress,
        final int replyLength)
    {
        final int slot = records.slotOf(sessionId);
        digest.subtract(entryOf(slot));
        records.putLong(slot, LAST_REQUEST_OFFSET, requestSequence);
        records.putLong(slot, LAST_SEQUENCE_OFFSET, lastSequence);
        records.putLong(slot, LAST_TIME_OFFSET, timeNs);
        digest.add(entryOf(slot));
        records.toNewest(slot);

        dropUpTo(slot, repliesReceivedUpTo);
        append(slot, replies.add(requestSequence, replyAddress, replyLength));
    }

    // ---- images ----

    /**
     * Hears a session.
     */
    @FunctionalInterface
    interface SessionHandler
    {
        void onSession(
            int id, long hashHigh, long hashLow, long lastRequest, long lastSequence, long lastTimeNs);
    }

    /**
     * Hears a kept reply of the session heard before.
     */
    @FunctionalInterface
    interface ReplyBytesHandler
    {
        void onReply(long requestSequence, long address, int length);
    }

    /** Hands over all sessions, the one whose last request is oldest first, each followed by its replies in order. */
    void forEachOldestFirst(final SessionHandler sessionHandler, final ReplyBytesHandler replyHandler)
    {
        for (int slot = records.oldest(); slot != NULL_SLOT; slot = records.after(slot))
        {
            sessionHandler.onSession(
                records.sessionId(slot),
                records.getLong(slot, HASH_HIGH_OFFSET),
                records.getLong(slot, HASH_LOW_OFFSET),
                records.getLong(slot, LAST_REQUEST_OFFSET),
                records.getLong(slot, LAST_SEQUENCE_OFFSET),
                records.getLong(slot, LAST_TIME_OFFSET));
            for (int reply = records.getInt(slot, OLDEST_REPLY_OFFSET);
                reply != KeptReplies.NULL_REPLY;
                reply = replies.next(reply))
            {
                replyHandler.onReply(replies.requestSequence(reply), replies.address(reply), replies.length(reply));
            }
        }
    }

    /** Brings back what belongs to no single session. */
    void restore(final int nextSessionId, final long evictedUpTo)
    {
        digest.subtract(own());
        this.nextSessionId = nextSessionId;
        this.evictedUpTo = evictedUpTo;
        digest.add(own());
    }

    /** Brings back a session, the newest of those that came before it, without its replies. */
    void restore(
        final int sessionId,
        final long hashHigh,
        final long hashLow,
        final long lastRequest,
        final long lastSequence,
        final long lastTimeNs)
    {
        final int slot = records.add(sessionId, hashHigh, hashLow);
        records.putLong(slot, LAST_REQUEST_OFFSET, lastRequest);
        records.putLong(slot, LAST_SEQUENCE_OFFSET, lastSequence);
        records.putLong(slot, LAST_TIME_OFFSET, lastTimeNs);
        digest.add(entryOf(slot));
    }

    /** Brings back a session's next reply. */
    void restoreReply(final int sessionId, final long requestSequence, final long address, final int length)
    {
        append(records.slotOf(sessionId), replies.add(requestSequence, address, length));
    }

    DigestPart digest()
    {
        return digest;
    }

    /**
     * @return off-heap memory in use.
     */
    long bytes()
    {
        return records.bytes() + replies.memoryBytes();
    }

    @Override
    public void close()
    {
        records.close();
        replies.close();
    }

    private void insert(
        final int sessionId, final long hashHigh, final long hashLow, final long sequence, final long timeNs)
    {
        final int slot = records.add(sessionId, hashHigh, hashLow);
        records.putLong(slot, LAST_SEQUENCE_OFFSET, sequence);
        records.putLong(slot, LAST_TIME_OFFSET, timeNs);
        digest.add(entryOf(slot));
    }

    private void evict(final int slot)
    {
        final long lastSequence = records.getLong(slot, LAST_SEQUENCE_OFFSET);
        remove(slot);
        onEvicted(lastSequence);
    }

    private void onEvicted(final long lastSequence)
    {
        if (lastSequence > evictedUpTo)
        {
            digest.subtract(own());
            evictedUpTo = lastSequence;
            digest.add(own());
        }
    }

    private void remove(final int slot)
    {
        dropUpTo(slot, Long.MAX_VALUE);
        digest.subtract(entryOf(slot));
        records.remove(slot);
    }

    private void append(final int slot, final int reply)
    {
        final int newest = records.getInt(slot, NEWEST_REPLY_OFFSET);
        if (newest == KeptReplies.NULL_REPLY)
        {
            records.putInt(slot, OLDEST_REPLY_OFFSET, reply);
        }
        else
        {
            replies.next(newest, reply);
        }
        records.putInt(slot, NEWEST_REPLY_OFFSET, reply);
        digest.add(entryOf(slot, reply));

        final int count = records.getInt(slot, REPLY_COUNT_OFFSET) + 1;
        final int bytes = records.getInt(slot, REPLY_BYTES_OFFSET) + replies.length(reply);
        records.putInt(slot, REPLY_COUNT_OFFSET, count);
        records.putInt(slot, REPLY_BYTES_OFFSET, bytes);
        if (count > MAX_KEPT_REPLIES || bytes > MAX_KEPT_BYTES)
        {
            throw new IllegalStateException(
                "sessionId=" + records.sessionId(slot) + " keptReplies=" + count + " keptBytes=" + bytes);
        }
    }

    private void dropUpTo(final int slot, final long requestSequence)
    {
        int reply = records.getInt(slot, OLDEST_REPLY_OFFSET);
        while (reply != KeptReplies.NULL_REPLY && replies.requestSequence(reply) <= requestSequence)
        {
            final int next = replies.next(reply);
            digest.subtract(entryOf(slot, reply));
            records.putInt(slot, REPLY_COUNT_OFFSET, records.getInt(slot, REPLY_COUNT_OFFSET) - 1);
            records.putInt(slot, REPLY_BYTES_OFFSET, records.getInt(slot, REPLY_BYTES_OFFSET) - replies.length(reply));
            replies.free(reply);
            reply = next;
        }

        records.putInt(slot, OLDEST_REPLY_OFFSET, reply);
        if (reply == KeptReplies.NULL_REPLY)
        {
            records.putInt(slot, NEWEST_REPLY_OFFSET, KeptReplies.NULL_REPLY);
        }
    }

    private int replyOf(final int sessionId, final long requestSequence)
    {
        int reply = records.getInt(records.slotOf(sessionId), OLDEST_REPLY_OFFSET);
        while (reply != KeptReplies.NULL_REPLY && replies.requestSequence(reply) != requestSequence)
        {
            reply = replies.next(reply);
        }

        return reply;
    }

    private DigestEntry own()
    {
        return entry.begin(DigestEntry.SESSIONS).put(nextSessionId).put(evictedUpTo);
    }

    private DigestEntry entryOf(final int slot)
    {
        return entry.begin(DigestEntry.SESSION)
            .put(records.sessionId(slot))
            .put(records.getLong(slot, HASH_HIGH_OFFSET))
            .put(records.getLong(slot, HASH_LOW_OFFSET))
            .put(records.getLong(slot, LAST_REQUEST_OFFSET))
            .put(records.getLong(slot, LAST_SEQUENCE_OFFSET))
            .put(records.getLong(slot, LAST_TIME_OFFSET));
    }

    private DigestEntry entryOf(final int slot, final int reply)
    {
        return entry.begin(DigestEntry.KEPT_REPLY)
            .put(records.sessionId(slot))
            .put(replies.requestSequence(reply))
            .put(replies.length(reply))
            .put(replies.hash(reply));
    }
}

package io.quipu.engine.state;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sessions and the replies kept for their retries, off-heap. What is public here serves admission, before the append,
 * on the sequencer thread; only apply writes.
 * <pre>
 *   record, 72 B    session id i32 | next free slot i32 | token hash 2 x i64
 *                   last request i64 | its last sequence i64 | its time i64 | before i32, after i32
 *                   oldest reply i32, newest reply i32 | replies i32, their bytes i32
 * </pre>
 * Ids are given in order from 1 and never twice, so an id held by an attachment names its own session or none. Records
 * stand in slots, which are layout. A list goes through them from the session whose last journaled request is oldest to
 * the newest.
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

    private static final int RECORD_LENGTH = 72;
    private static final int ID_OFFSET = 0;
    private static final int NEXT_FREE_OFFSET = 4;
    private static final int HASH_HIGH_OFFSET = 8;
    private static final int HASH_LOW_OFFSET = 16;
    private static final int LAST_REQUEST_OFFSET = 24;
    private static final int LAST_SEQUENCE_OFFSET = 32;
    private static final int LAST_TIME_OFFSET = 40;
    private static final int BEFORE_OFFSET = 48;
    private static final int AFTER_OFFSET = 52;
    private static final int OLDEST_REPLY_OFFSET = 56;
    private static final int NEWEST_REPLY_OFFSET = 60;
    private static final int REPLY_COUNT_OFFSET = 64;
    private static final int REPLY_BYTES_OFFSET = 68;

    private static final int NULL_SLOT = 0;

    private final Slab records = new Slab(RECORD_LENGTH);
    private final KeptReplies replies = new KeptReplies();
    private final UnsafeBuffer kept = new UnsafeBuffer();
    private final IdIndex slotsById = new IdIndex();
    private final IdIndex slotsByToken = new IdIndex();
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    private int highestSlot;
    private int freeSlot;
    private int oldestSlot;
    private int newestSlot;
    private int size;
    private int nextSessionId = 1;
    private long evictedUpTo;

    SessionTable()
    {
        records.ensure(0);
        digest.add(own());
    }

    /**
     * @param tokenHashHigh first half of the token's hash.
     * @param tokenHashLow  second half.
     * @return id of the session whose token has this hash, or {@link #NULL_SESSION}.
     */
    public int find(final long tokenHashHigh, final long tokenHashLow)
    {
        final int slot = slotOfToken(tokenHashHigh, tokenHashLow);
        return slot == NULL_SLOT ? NULL_SESSION : sessionId(slot);
    }

    /**
     * @param sessionId any.
     * @return whether the session lives: it was opened and neither closed, evicted nor expired since.
     */
    public boolean isOpen(final int sessionId)
    {
        return slotOf(sessionId) != NULL_SLOT;
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
        return getLong(slotOf(sessionId), LAST_REQUEST_OFFSET);
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
        final int slot = slotOf(sessionId);
        final long after = Math.max(0, getLong(slot, LAST_REQUEST_OFFSET) - repliesReceivedUpTo);

        return (int)Math.min(getInt(slot, REPLY_COUNT_OFFSET), after);
    }

    /**
     * @param sessionId           of an open session.
     * @param repliesReceivedUpTo as a request says.
     * @return bytes of the replies that stay kept once those up to the given request are dropped.
     */
    public int keptBytesAfter(final int sessionId, final long repliesReceivedUpTo)
    {
        final int slot = slotOf(sessionId);
        int bytes = getInt(slot, REPLY_BYTES_OFFSET);
        for (int reply = getInt(slot, OLDEST_REPLY_OFFSET);
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
        return size;
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
        for (int i = 0; i < EXPIRIES_A_FRAME && oldestSlot != NULL_SLOT; i++)
        {
            if (timeNs - getLong(oldestSlot, LAST_TIME_OFFSET) <= EXPIRY_NS)
            {
                return;
            }
            evict(oldestSlot);
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

        final int known = slotOfToken(tokenHashHigh, tokenHashLow);
        if (known != NULL_SLOT)
        {
            evict(known);
        }
        while (size >= limit)
        {
            evict(oldestSlot);
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
        final int slot = slotOf(sessionId);
        if (slot != NULL_SLOT)
        {
            remove(slot);
        }
    }

    /**
     * Checks, before anything of a request is applied, that it is the session's next one.
     *
     * @return whether the session is open.
     */
    boolean accepts(final int sessionId, final long requestSequence)
    {
        final int slot = slotOf(sessionId);
        if (slot == NULL_SLOT)
        {
            return false;
        }

        final long expected = getLong(slot, LAST_REQUEST_OFFSET) + 1;
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
        final int slot = slotOf(sessionId);
        digest.subtract(entryOf(slot));
        putLong(slot, LAST_REQUEST_OFFSET, requestSequence);
        putLong(slot, LAST_SEQUENCE_OFFSET, lastSequence);
        putLong(slot, LAST_TIME_OFFSET, timeNs);
        digest.add(entryOf(slot));
        if (slot != newestSlot)
        {
            unlink(slot);
            linkNewest(slot);
        }

        dropUpTo(slot, repliesReceivedUpTo);
        append(slot, replies.add(requestSequence, replyAddress, replyLength));
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
        return records.bytes() + replies.memoryBytes() + slotsById.bytes() + slotsByToken.bytes();
    }

    @Override
    public void close()
    {
        records.close();
        replies.close();
        slotsById.close();
        slotsByToken.close();
    }

    private void insert(
        final int sessionId, final long hashHigh, final long hashLow, final long sequence, final long timeNs)
    {
        final int slot = allocate();
        putInt(slot, ID_OFFSET, sessionId);
        putLong(slot, HASH_HIGH_OFFSET, hashHigh);
        putLong(slot, HASH_LOW_OFFSET, hashLow);
        putLong(slot, LAST_REQUEST_OFFSET, 0);
        putLong(slot, LAST_SEQUENCE_OFFSET, sequence);
        putLong(slot, LAST_TIME_OFFSET, timeNs);
        putInt(slot, OLDEST_REPLY_OFFSET, KeptReplies.NULL_REPLY);
        putInt(slot, NEWEST_REPLY_OFFSET, KeptReplies.NULL_REPLY);
        putInt(slot, REPLY_COUNT_OFFSET, 0);
        putInt(slot, REPLY_BYTES_OFFSET, 0);
        linkNewest(slot);
        slotsById.add(keyOfId(sessionId), slot);
        slotsByToken.add(keyOfToken(hashLow), slot);
        size++;
        digest.add(entryOf(slot));
    }

    private void evict(final int slot)
    {
        final long lastSequence = getLong(slot, LAST_SEQUENCE_OFFSET);
        remove(slot);
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
        slotsById.remove(keyOfId(sessionId(slot)), slot);
        slotsByToken.remove(keyOfToken(getLong(slot, HASH_LOW_OFFSET)), slot);
        unlink(slot);
        size--;
        putInt(slot, NEXT_FREE_OFFSET, freeSlot);
        freeSlot = slot;
    }

    private int allocate()
    {
        final int slot = freeSlot;
        if (slot != NULL_SLOT)
        {
            freeSlot = getInt(slot, NEXT_FREE_OFFSET);
            return slot;
        }
        records.ensure(++highestSlot);

        return highestSlot;
    }

    private void append(final int slot, final int reply)
    {
        final int newest = getInt(slot, NEWEST_REPLY_OFFSET);
        if (newest == KeptReplies.NULL_REPLY)
        {
            putInt(slot, OLDEST_REPLY_OFFSET, reply);
        }
        else
        {
            replies.next(newest, reply);
        }
        putInt(slot, NEWEST_REPLY_OFFSET, reply);
        digest.add(entryOf(slot, reply));

        final int count = getInt(slot, REPLY_COUNT_OFFSET) + 1;
        final int bytes = getInt(slot, REPLY_BYTES_OFFSET) + replies.length(reply);
        putInt(slot, REPLY_COUNT_OFFSET, count);
        putInt(slot, REPLY_BYTES_OFFSET, bytes);
        if (count > MAX_KEPT_REPLIES || bytes > MAX_KEPT_BYTES)
        {
            throw new IllegalStateException(
                "sessionId=" + sessionId(slot) + " keptReplies=" + count + " keptBytes=" + bytes);
        }
    }

    private void dropUpTo(final int slot, final long requestSequence)
    {
        int reply = getInt(slot, OLDEST_REPLY_OFFSET);
        while (reply != KeptReplies.NULL_REPLY && replies.requestSequence(reply) <= requestSequence)
        {
            final int next = replies.next(reply);
            digest.subtract(entryOf(slot, reply));
            putInt(slot, REPLY_COUNT_OFFSET, getInt(slot, REPLY_COUNT_OFFSET) - 1);
            putInt(slot, REPLY_BYTES_OFFSET, getInt(slot, REPLY_BYTES_OFFSET) - replies.length(reply));
            replies.free(reply);
            reply = next;
        }

        putInt(slot, OLDEST_REPLY_OFFSET, reply);
        if (reply == KeptReplies.NULL_REPLY)
        {
            putInt(slot, NEWEST_REPLY_OFFSET, KeptReplies.NULL_REPLY);
        }
    }

    private int replyOf(final int sessionId, final long requestSequence)
    {
        int reply = getInt(slotOf(sessionId), OLDEST_REPLY_OFFSET);
        while (reply != KeptReplies.NULL_REPLY && replies.requestSequence(reply) != requestSequence)
        {
            reply = replies.next(reply);
        }

        return reply;
    }

    private int slotOf(final int sessionId)
    {
        final int key = keyOfId(sessionId);
        for (long place = slotsById.first(key); place != IdIndex.NULL_SLOT; place = slotsById.next(place, key))
        {
            if (sessionId(IdIndex.id(place)) == sessionId)
            {
                return IdIndex.id(place);
            }
        }

        return NULL_SLOT;
    }

    private int slotOfToken(final long hashHigh, final long hashLow)
    {
        final int key = keyOfToken(hashLow);
        for (long place = slotsByToken.first(key);
            place != IdIndex.NULL_SLOT;
            place = slotsByToken.next(place, key))
        {
            final int slot = IdIndex.id(place);
            if (getLong(slot, HASH_HIGH_OFFSET) == hashHigh && getLong(slot, HASH_LOW_OFFSET) == hashLow)
            {
                return slot;
            }
        }

        return NULL_SLOT;
    }

    private void linkNewest(final int slot)
    {
        putInt(slot, BEFORE_OFFSET, newestSlot);
        putInt(slot, AFTER_OFFSET, NULL_SLOT);
        if (newestSlot == NULL_SLOT)
        {
            oldestSlot = slot;
        }
        else
        {
            putInt(newestSlot, AFTER_OFFSET, slot);
        }
        newestSlot = slot;
    }

    private void unlink(final int slot)
    {
        final int before = getInt(slot, BEFORE_OFFSET);
        final int after = getInt(slot, AFTER_OFFSET);
        if (before == NULL_SLOT)
        {
            oldestSlot = after;
        }
        else
        {
            putInt(before, AFTER_OFFSET, after);
        }
        if (after == NULL_SLOT)
        {
            newestSlot = before;
        }
        else
        {
            putInt(after, BEFORE_OFFSET, before);
        }
    }

    private DigestEntry own()
    {
        return entry.begin(DigestEntry.SESSIONS).put(nextSessionId).put(evictedUpTo);
    }

    private DigestEntry entryOf(final int slot)
    {
        return entry.begin(DigestEntry.SESSION)
            .put(sessionId(slot))
            .put(getLong(slot, HASH_HIGH_OFFSET))
            .put(getLong(slot, HASH_LOW_OFFSET))
            .put(getLong(slot, LAST_REQUEST_OFFSET))
            .put(getLong(slot, LAST_SEQUENCE_OFFSET))
            .put(getLong(slot, LAST_TIME_OFFSET));
    }

    private DigestEntry entryOf(final int slot, final int reply)
    {
        return entry.begin(DigestEntry.KEPT_REPLY)
            .put(sessionId(slot))
            .put(replies.requestSequence(reply))
            .put(replies.length(reply))
            .put(replies.hash(reply));
    }

    private static int keyOfId(final int sessionId)
    {
        return (int)DigestEntry.mix64(sessionId);
    }

    /** The hash of a token is as good as chance already. */
    private static int keyOfToken(final long hashLow)
    {
        return (int)hashLow;
    }

    private int sessionId(final int slot)
    {
        return getInt(slot, ID_OFFSET);
    }

    private int getInt(final int slot, final int field)
    {
        return OffHeap.getInt(records.address(slot) + field);
    }

    private void putInt(final int slot, final int field, final int value)
    {
        OffHeap.putInt(records.address(slot) + field, value);
    }

    private long getLong(final int slot, final int field)
    {
        return OffHeap.getLong(records.address(slot) + field);
    }

    private void putLong(final int slot, final int field, final long value)
    {
        OffHeap.putLong(records.address(slot) + field, value);
    }
}

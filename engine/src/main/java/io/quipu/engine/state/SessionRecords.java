package io.quipu.engine.state;

/**
 * The records of sessions, found by session id and by token, and in a list from the session whose last journaled
 * request is oldest to the newest. Slots are layout: they are used again, and nothing outside of the table knows them.
 * <pre>
 *   record, 72 B    session id i32 | next free slot i32 | token hash 2 x i64
 *                   last request i64 | its last sequence i64 | its time i64 | before i32, after i32
 *                   oldest reply i32, newest reply i32 | replies i32, their bytes i32
 * </pre>
 */
final class SessionRecords implements AutoCloseable
{
    private static final int RECORD_LENGTH = 72;
    private static final int ID_OFFSET = 0;
    private static final int NEXT_FREE_OFFSET = 4;
    static final int HASH_HIGH_OFFSET = 8;
    static final int HASH_LOW_OFFSET = 16;
    static final int LAST_REQUEST_OFFSET = 24;
    static final int LAST_SEQUENCE_OFFSET = 32;
    static final int LAST_TIME_OFFSET = 40;
    private static final int BEFORE_OFFSET = 48;
    private static final int AFTER_OFFSET = 52;
    static final int OLDEST_REPLY_OFFSET = 56;
    static final int NEWEST_REPLY_OFFSET = 60;
    static final int REPLY_COUNT_OFFSET = 64;
    static final int REPLY_BYTES_OFFSET = 68;

    static final int NULL_SLOT = 0;

    private final Slab slab = new Slab(RECORD_LENGTH);
    private final IdIndex slotsById = new IdIndex();
    private final IdIndex slotsByToken = new IdIndex();

    private int highestSlot;
    private int freeSlot;
    private int oldestSlot;
    private int newestSlot;
    private int size;

    SessionRecords()
    {
        slab.ensure(NULL_SLOT);
    }

    /**
     * Adds a session as the newest. Its other fields are 0.
     *
     * @return its slot.
     */
    int add(final int sessionId, final long hashHigh, final long hashLow)
    {
        final int slot = allocate();
        OffHeap.zero(slab.address(slot), RECORD_LENGTH);
        putInt(slot, ID_OFFSET, sessionId);
        putLong(slot, HASH_HIGH_OFFSET, hashHigh);
        putLong(slot, HASH_LOW_OFFSET, hashLow);
        linkNewest(slot);
        slotsById.add(keyOfId(sessionId), slot);
        slotsByToken.add(keyOfToken(hashLow), slot);
        size++;

        return slot;
    }

    void remove(final int slot)
    {
        slotsById.remove(keyOfId(sessionId(slot)), slot);
        slotsByToken.remove(keyOfToken(getLong(slot, HASH_LOW_OFFSET)), slot);
        unlink(slot);
        size--;
        putInt(slot, NEXT_FREE_OFFSET, freeSlot);
        freeSlot = slot;
    }

    void toNewest(final int slot)
    {
        if (slot != newestSlot)
        {
            unlink(slot);
            linkNewest(slot);
        }
    }

    int oldest()
    {
        return oldestSlot;
    }

    /** The slot whose last request came next, {@link #NULL_SLOT} behind the newest. */
    int after(final int slot)
    {
        return getInt(slot, AFTER_OFFSET);
    }

    int size()
    {
        return size;
    }

    int slotOf(final int sessionId)
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

    int slotOfToken(final long hashHigh, final long hashLow)
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

    int sessionId(final int slot)
    {
        return getInt(slot, ID_OFFSET);
    }

    int getInt(final int slot, final int field)
    {
        return OffHeap.getInt(slab.address(slot) + field);
    }

    void putInt(final int slot, final int field, final int value)
    {
        OffHeap.putInt(slab.address(slot) + field, value);
    }

    long getLong(final int slot, final int field)
    {
        return OffHeap.getLong(slab.address(slot) + field);
    }

    void putLong(final int slot, final int field, final long value)
    {
        OffHeap.putLong(slab.address(slot) + field, value);
    }

    /**
     * @return off-heap memory in use.
     */
    long bytes()
    {
        return slab.bytes() + slotsById.bytes() + slotsByToken.bytes();
    }

    @Override
    public void close()
    {
        slab.close();
        slotsById.close();
        slotsByToken.close();
    }

    private int allocate()
    {
        final int slot = freeSlot;
        if (slot != NULL_SLOT)
        {
            freeSlot = getInt(slot, NEXT_FREE_OFFSET);
            return slot;
        }
        slab.ensure(++highestSlot);

        return highestSlot;
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

    private static int keyOfId(final int sessionId)
    {
        return (int)DigestEntry.mix64(sessionId);
    }

    /** The hash of a token is as good as chance already. */
    private static int keyOfToken(final long hashLow)
    {
        return (int)hashLow;
    }
}

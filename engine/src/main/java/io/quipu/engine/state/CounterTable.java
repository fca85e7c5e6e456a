package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Counters by dense id, off-heap. Ids, generations and the order of free ids are logical state, see {@link IdTable}.
 * <pre>
 *   record, 16 B    name id i32 | as IdTable i32 | value i64
 * </pre>
 * In the digest a value counts times a pseudo-random odd weight of its handle in each lane, so that an add costs one
 * multiplication a lane; that the counter stands at all counts as an entry of its own. The weight comes from the handle
 * and not from the name: it is as unique, and an add by handle then touches this record and nothing else.
 */
final class CounterTable implements NameTable.Bearers, AutoCloseable
{
    static final int NULL_COUNTER = IdTable.NULL_ID;

    /** Undo: word 0 is the value before. */
    static final int UNDO_VALUE = 1;
    /** Undo of a creation: word 0 is 1 when the id had never been given before. */
    static final int UNDO_CREATE = 2;
    /** Undo of a deletion: word 0 is the value, word 1 the name id. */
    static final int UNDO_DELETE = 3;

    private static final int NAME_OFFSET = IdTable.LIVE_OFFSET;
    private static final int VALUE_OFFSET = IdTable.HEADER_LENGTH;
    private static final int RECORD_LENGTH = VALUE_OFFSET + Long.BYTES;

    private final NameTable names;
    private final UndoLog undo;
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();
    private final IdTable ids = new IdTable(Handle.COUNTER, DigestEntry.FREE_COUNTER, RECORD_LENGTH, digest);

    private long departures;

    CounterTable(final NameTable names, final UndoLog undo)
    {
        this.names = names;
        this.undo = undo;
        names.counters(this);
    }

    /**
     * @return id of the counter that a handle names, or {@link #NULL_COUNTER} when it is stale or of another kind.
     */
    int byHandle(final long handle)
    {
        return ids.byHandle(handle);
    }

    /** How often a counter went: while that stays the same, a name has the counter that it had. */
    long departures()
    {
        return departures;
    }

    /**
     * @param hash of the name.
     * @return id of the counter of this name, or {@link #NULL_COUNTER}.
     */
    int find(final DirectBuffer buffer, final int nameOffset, final int nameLength, final long hash)
    {
        return names.counter(names.find(buffer, nameOffset, nameLength, hash));
    }

    /**
     * @return id of the counter of this name, or {@link #NULL_COUNTER}.
     */
    int find(final DirectBuffer buffer, final int nameOffset, final int nameLength)
    {
        return names.counter(names.find(buffer, nameOffset, nameLength));
    }

    /** The counter that bears a name, or {@link #NULL_COUNTER}. */
    int ofBearer(final int bearer)
    {
        return names.counter(bearer);
    }

    /** Ids, generations and free ids. */
    IdTable ids()
    {
        return ids;
    }

    long handle(final int id)
    {
        return ids.handle(id);
    }

    boolean isLive(final int id)
    {
        return ids.isLive(id);
    }

    int nameId(final int id)
    {
        return OffHeap.getInt(nameIdAddress(id));
    }

    @Override
    public long nameIdAddress(final int id)
    {
        return ids.address(id) + NAME_OFFSET;
    }

    @Override
    public void onShared(final int id)
    {
        // the shared name leads here
    }

    @Override
    public void onUnshared(final int id)
    {
        // the shared name led here
    }

    long value(final int id)
    {
        return OffHeap.getLong(ids.address(id) + VALUE_OFFSET);
    }

    void value(final int id, final long value)
    {
        final long address = ids.address(id) + VALUE_OFFSET;
        final long before = OffHeap.getLong(address);
        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_VALUE, id), before);
        }
        OffHeap.putLong(address, value);
        countValue(id, value - before);
    }

    /**
     * Gives a name its counter.
     *
     * @param nameId of a name that has no counter.
     * @param value  to start with.
     */
    void create(final int nameId, final long value)
    {
        final boolean isFresh = ids.isNextFresh();
        final int id = ids.take();
        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_CREATE, id), isFresh ? 1 : 0);
        }
        enter(id, nameId, value);
    }

    /** Brings a counter back from an image; its name is interned. */
    void restore(final int id, final int generation, final int nameId, final long value)
    {
        ids.restore(id, generation);
        enter(id, nameId, value);
    }

    /**
     * Removes a counter and gives its name's reference back.
     */
    void delete(final int id)
    {
        if (undo.isActive())
        {
            final long words = undo.push(UNDO_DELETE, id);
            OffHeap.putLong(words, value(id));
            OffHeap.putLong(words + Long.BYTES, nameId(id));
        }
        leave(id);
        ids.give(id);
    }

    void onUndo(final int kind, final int id, final long words)
    {
        switch (kind)
        {
            case UNDO_VALUE:
                value(id, OffHeap.getLong(words));
                break;

            case UNDO_CREATE:
                leave(id);
                ids.undoTake(id, OffHeap.getLong(words) != 0);
                break;

            case UNDO_DELETE:
                ids.undoGive(id);
                enter(id, (int)OffHeap.getLong(words + Long.BYTES), OffHeap.getLong(words));
                break;

            default:
                throw new IllegalStateException("undo kind=" + kind);
        }
    }

    /**
     * @return counters that stand.
     */
    long size()
    {
        return ids.size();
    }

    /**
     * @return the highest id ever given.
     */
    int highest()
    {
        return ids.highest();
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
        return ids.bytes();
    }

    @Override
    public void close()
    {
        ids.close();
    }

    private void enter(final int id, final int nameId, final long value)
    {
        final long record = ids.address(id);
        OffHeap.putInt(record + NAME_OFFSET, nameId);
        OffHeap.putLong(record + VALUE_OFFSET, value);
        names.retain(nameId, Bearer.ofCounter(id));
        digest.add(presence(id, nameId));
        countValue(id, value);
    }

    private void leave(final int id)
    {
        final int nameId = nameId(id);
        departures++;
        countValue(id, -value(id));
        digest.subtract(presence(id, nameId));
        names.release(nameId, Bearer.ofCounter(id));
    }

    private void countValue(final int id, final long difference)
    {
        final long handle = ids.handle(id);
        digest.add(DigestEntry.weightHigh(handle) * difference, DigestEntry.weightLow(handle) * difference);
    }

    private DigestEntry presence(final int id, final int nameId)
    {
        return entry.begin(DigestEntry.COUNTER).put(ids.handle(id)).put(names.hash(nameId));
    }
}

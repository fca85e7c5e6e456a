package io.quipu.engine.state;

/**
 * Counters by dense id, off-heap. An id that is freed goes on a stack and is given again first, with its generation
 * grown by one; ids, generations and the order of that stack are logical state.
 * <pre>
 *   record, 16 B    value i64 | name id i32, or the free id below | live 1 bit, generation 28 bits
 * </pre>
 * In the digest a value counts times a pseudo-random odd weight of its handle in each lane, so that an add costs one
 * multiplication a lane; that it stands at all counts as an entry of its own. The weight comes from the handle and not
 * from the name: as unique, and an add by handle then touches this record and nothing else.
 */
final class CounterTable implements AutoCloseable
{
    static final int NULL_COUNTER = 0;

    /** Undo: word 0 is the value before. */
    static final int UNDO_VALUE = 1;
    /** Undo of a creation: word 0 is 1 when the id had never been given before. */
    static final int UNDO_CREATE = 2;
    /** Undo of a deletion: word 0 is the value, word 1 the name id. */
    static final int UNDO_DELETE = 3;

    private static final int RECORD_LENGTH = 16;
    private static final int VALUE_OFFSET = 0;
    private static final int NAME_OFFSET = 8;
    private static final int META_OFFSET = 12;
    private static final int LIVE = 1 << 31;

    private final Slab records = new Slab(RECORD_LENGTH);
    private final NameTable names;
    private final UndoLog undo;
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    /** Ids 1..highest were given at least once. */
    private int highest;
    private int freeHead;
    private int freeCount;

    CounterTable(final NameTable names, final UndoLog undo)
    {
        this.names = names;
        this.undo = undo;
        records.ensure(0);
    }

    /**
     * @return id of the counter that a handle names, or {@link #NULL_COUNTER} when it is stale or of another kind.
     */
    int byHandle(final long handle)
    {
        final int id = Handle.id(handle);
        if (Handle.kind(handle) != Handle.COUNTER || id <= 0 || id > highest)
        {
            return NULL_COUNTER;
        }

        return meta(id) == (LIVE | Handle.generation(handle)) ? id : NULL_COUNTER;
    }

    long handle(final int id)
    {
        return Handle.of(Handle.COUNTER, generation(id), id);
    }

    boolean isLive(final int id)
    {
        return meta(id) < 0;
    }

    long value(final int id)
    {
        return OffHeap.getLong(records.address(id) + VALUE_OFFSET);
    }

    int nameId(final int id)
    {
        return OffHeap.getInt(records.address(id) + NAME_OFFSET);
    }

    /**
     * Gives a name its counter, at 0.
     *
     * @param nameId whose reference becomes the counter's.
     * @return id of the counter.
     */
    int create(final int nameId)
    {
        final boolean isFresh = freeHead == NULL_COUNTER;
        final int id = isFresh ? ++highest : popFree();
        records.ensure(id);
        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_CREATE, id), isFresh ? 1 : 0);
        }
        revive(id, nameId, 0);

        return id;
    }

    void value(final int id, final long value)
    {
        final long record = records.address(id);
        final long before = OffHeap.getLong(record + VALUE_OFFSET);
        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_VALUE, id), before);
        }
        OffHeap.putLong(record + VALUE_OFFSET, value);
        countValue(id, value - before);
    }

    /**
     * Removes a counter and gives its name's reference back.
     */
    void delete(final int id)
    {
        final int nameId = nameId(id);
        if (undo.isActive())
        {
            final long words = undo.push(UNDO_DELETE, id);
            OffHeap.putLong(words, value(id));
            OffHeap.putLong(words + Long.BYTES, nameId);
        }
        retire(id);
        pushFree(id, Handle.nextGeneration(generation(id)));
        names.counter(nameId, NULL_COUNTER);
        names.release(nameId);
    }

    void onUndo(final int kind, final int id, final long words)
    {
        switch (kind)
        {
            case UNDO_VALUE:
                value(id, OffHeap.getLong(words));
                break;

            case UNDO_CREATE:
                undoCreate(id, OffHeap.getLong(words) != 0);
                break;

            case UNDO_DELETE:
                undoDelete(id, OffHeap.getLong(words), (int)OffHeap.getLong(words + Long.BYTES));
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
        return highest - freeCount;
    }

    /**
     * @return the highest id ever given.
     */
    int highest()
    {
        return highest;
    }

    /**
     * @return the id that was freed last, 0 for none.
     */
    int freeHead()
    {
        return freeHead;
    }

    /**
     * @return the id freed before a free one, 0 for none.
     */
    int nextFree(final int id)
    {
        return nameId(id);
    }

    int generation(final int id)
    {
        return meta(id) & Handle.GENERATION_MASK;
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
        return records.bytes();
    }

    @Override
    public void close()
    {
        records.close();
    }

    /** What stood before: an id on the stack, with its generation, or one never given, whose generation is 0. */
    private void undoCreate(final int id, final boolean wasFresh)
    {
        final int nameId = nameId(id);
        final int generation = generation(id);
        retire(id);
        names.counter(nameId, NULL_COUNTER);
        names.release(nameId);
        if (wasFresh)
        {
            highest--;
            OffHeap.putInt(records.address(id) + META_OFFSET, 0);
        }
        else
        {
            pushFree(id, generation);
        }
    }

    private void undoDelete(final int id, final long value, final int nameId)
    {
        final int generation = (generation(id) - 1) & Handle.GENERATION_MASK;
        popFree();
        OffHeap.putInt(records.address(id) + META_OFFSET, generation);
        names.retain(nameId);
        revive(id, nameId, value);
    }

    private void revive(final int id, final int nameId, final long value)
    {
        final long record = records.address(id);
        OffHeap.putLong(record + VALUE_OFFSET, value);
        OffHeap.putInt(record + NAME_OFFSET, nameId);
        OffHeap.putInt(record + META_OFFSET, generation(id) | LIVE);
        names.counter(nameId, id);
        digest.add(presence(id, nameId));
        countValue(id, value);
    }

    private void retire(final int id)
    {
        countValue(id, -value(id));
        digest.subtract(presence(id, nameId(id)));
    }

    private void pushFree(final int id, final int generation)
    {
        final long record = records.address(id);
        OffHeap.putLong(record + VALUE_OFFSET, 0);
        OffHeap.putInt(record + NAME_OFFSET, freeHead);
        OffHeap.putInt(record + META_OFFSET, generation);
        freeHead = id;
        freeCount++;
        digest.add(freePlace(id, generation));
    }

    private int popFree()
    {
        final int id = freeHead;
        digest.subtract(freePlace(id, generation(id)));
        freeHead = nextFree(id);
        freeCount--;

        return id;
    }

    private void countValue(final int id, final long difference)
    {
        final long handle = handle(id);
        digest.add(DigestEntry.weightHigh(handle) * difference, DigestEntry.weightLow(handle) * difference);
    }

    private DigestEntry presence(final int id, final int nameId)
    {
        return entry.begin(DigestEntry.COUNTER).put(handle(id)).put(names.hash(nameId));
    }

    private DigestEntry freePlace(final int id, final int generation)
    {
        return entry.begin(DigestEntry.FREE_COUNTER).put(freeCount).put(id).put(generation);
    }

    private int meta(final int id)
    {
        return OffHeap.getInt(records.address(id) + META_OFFSET);
    }
}

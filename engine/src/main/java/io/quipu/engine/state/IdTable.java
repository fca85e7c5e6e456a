package io.quipu.engine.state;

/**
 * Ids of one kind that handles name: dense from 1, each with a generation that grows when the id is freed, the free ones on a
 * stack. All of that is logical state. The owner keeps more about an id in the same off-heap record, behind the first 8
 * bytes:
 * <pre>
 *   record     free id below, while free i32 | live 1 bit, generation 28 bits i32 | the owner's, any length
 * </pre>
 * While an id is live, the first 4 bytes are the owner's, too.
 * Each change can be taken back, last change first. One thread.
 */
final class IdTable implements AutoCloseable
{
    static final int NULL_ID = 0;

    /** Where the owner's part of a record begins. */
    static final int HEADER_LENGTH = 8;

    /** 4 bytes that the owner may use while the id is live. */
    static final int LIVE_OFFSET = 0;

    private static final int BELOW_OFFSET = LIVE_OFFSET;
    private static final int META_OFFSET = 4;
    private static final int LIVE = 1 << 31;

    private final int kind;
    private final int freeEntryKind;
    private final Slab records;
    private final DigestPart digest;
    private final DigestEntry entry = new DigestEntry();

    /** Ids 1..highest were given at least once. */
    private int highest;
    private int freeHead;
    private int freeCount;

    /** While an image is taken over: ids that are still to come, and the lowest of the stack so far. */
    private int liveToRestore;
    private int freeToRestore;
    private int freeBottom;

    /**
     * No id in use.
     *
     * @param kind          of handles.
     * @param freeEntryKind of the digest entries of free ids.
     * @param recordLength  of all of a record.
     * @param digest        that free ids are counted in.
     */
    IdTable(final int kind, final int freeEntryKind, final int recordLength, final DigestPart digest)
    {
        this.kind = kind;
        this.freeEntryKind = freeEntryKind;
        this.digest = digest;
        records = new Slab(recordLength);
        records.ensure(0);
    }

    /** Whether the next id to be taken was never given before. */
    boolean isNextFresh()
    {
        return freeHead == NULL_ID;
    }

    /** Takes the id freed last, or a fresh one. */
    int take()
    {
        int id = freeHead;
        if (id == NULL_ID)
        {
            id = ++highest;
            records.ensure(id);
        }
        else
        {
            pop();
        }
        meta(id, meta(id) | LIVE);

        return id;
    }

    void give(final int id)
    {
        push(id, Handle.nextGeneration(generation(id)));
    }

    /** Takes back a {@link #take()}. */
    void undoTake(final int id, final boolean wasFresh)
    {
        if (wasFresh)
        {
            highest--;
            meta(id, 0);
        }
        else
        {
            push(id, generation(id));
        }
    }

    /** Takes back a {@link #give(int)}. */
    void undoGive(final int id)
    {
        pop();
        meta(id, LIVE | generation(id) - 1 & Handle.GENERATION_MASK);
    }

    // ---- from an image: begin, then all ids in any order, free ones from the top of their stack, then end ----

    /**
     * Begins to take ids of an image over, which must be all those up to the highest; none was given yet.
     *
     * @param highest id ever given.
     * @param free    ids among them.
     */
    void restoreBegin(final int highest, final int free)
    {
        if (this.highest != 0)
        {
            throw new IllegalStateException("image: ids of kind=" + kind + " begin twice");
        }

        this.highest = highest;
        records.ensure(highest);
        liveToRestore = highest - free;
        freeToRestore = free;
    }

    void restore(final int id, final int generation)
    {
        takeOver(id, generation, --liveToRestore);
        meta(id, LIVE | generation);
    }

    void restoreFree(final int id, final int generation)
    {
        final int place = freeToRestore;
        takeOver(id, generation, --freeToRestore);
        meta(id, generation);
        if (freeHead == NULL_ID)
        {
            freeHead = id;
        }
        else
        {
            OffHeap.putInt(records.address(freeBottom) + BELOW_OFFSET, id);
        }
        freeBottom = id;
        freeCount++;
        digest.add(entry.begin(freeEntryKind).put(place).put(id).put(generation));
    }

    void restoreEnd()
    {
        if (liveToRestore != 0 || freeToRestore != 0)
        {
            throw new IllegalStateException(
                "image: ids of kind=" + kind + " missing: live=" + liveToRestore + " free=" + freeToRestore);
        }
    }

    private void takeOver(final int id, final int generation, final int left)
    {
        if (left < 0 || id < 1 || id > highest || meta(id) != 0 || (generation & ~Handle.GENERATION_MASK) != 0)
        {
            throw new IllegalStateException(
                "image: kind=" + kind + " id=" + id + " generation=" + generation + " cannot be");
        }
    }

    /** Address of the record of an id that was given at least once. */
    long address(final int id)
    {
        return records.address(id);
    }

    long handle(final int id)
    {
        return Handle.of(kind, generation(id), id);
    }

    /** The live id that a handle names, or {@link #NULL_ID} when it is stale or of another kind. */
    int byHandle(final long handle)
    {
        final int id = Handle.id(handle);
        if (Handle.kind(handle) != kind || id <= 0 || id > highest)
        {
            return NULL_ID;
        }

        return meta(id) == (LIVE | Handle.generation(handle)) ? id : NULL_ID;
    }

    /** Address of the record that a handle may name; of another one where it names none. */
    long addressNear(final long handle)
    {
        return recordNear(Handle.id(handle));
    }

    /** Address of the record of an id, of another one where it was never given. */
    long recordNear(final int id)
    {
        return records.address(id > 0 && id <= highest ? id : NULL_ID);
    }

    boolean isLive(final int id)
    {
        return meta(id) < 0;
    }

    int generation(final int id)
    {
        return meta(id) & Handle.GENERATION_MASK;
    }

    /** Live ids. */
    int size()
    {
        return highest - freeCount;
    }

    /** The highest id ever given. */
    int highest()
    {
        return highest;
    }

    /** Ids on the stack. */
    int freeCount()
    {
        return freeCount;
    }

    /** The id that was freed last, {@link #NULL_ID} for none. */
    int freeHead()
    {
        return freeHead;
    }

    /** The id freed before a free one, {@link #NULL_ID} for none. */
    int freeBelow(final int id)
    {
        return OffHeap.getInt(records.address(id) + BELOW_OFFSET);
    }

    long bytes()
    {
        return records.bytes();
    }

    @Override
    public void close()
    {
        records.close();
    }

    private void push(final int id, final int generation)
    {
        OffHeap.putInt(records.address(id) + BELOW_OFFSET, freeHead);
        meta(id, generation);
        freeHead = id;
        freeCount++;
        digest.add(freeEntry());
    }

    private void pop()
    {
        digest.subtract(freeEntry());
        freeHead = freeBelow(freeHead);
        freeCount--;
    }

    /** The top of the stack: its place from the bottom, id and generation. */
    private DigestEntry freeEntry()
    {
        return entry.begin(freeEntryKind).put(freeCount).put(freeHead).put(generation(freeHead));
    }

    private int meta(final int id)
    {
        return OffHeap.getInt(records.address(id) + META_OFFSET);
    }

    private void meta(final int id, final int meta)
    {
        OffHeap.putInt(records.address(id) + META_OFFSET, meta);
    }
}

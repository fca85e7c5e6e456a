package io.quipu.engine.state;

/**
 * What must be done to take back the commands of one ATOMIC request, last change first. Off-heap, bounded by the
 * commands of a request, at most 4 records each; it grows to what the largest request so far has needed.
 *
 * <pre>
 *   record, 64 B    kind i32 | id i32 | 7 x i64, as the table that pushed it says
 * </pre>
 *
 * A table asks {@link #isActive()} and, before it changes anything, pushes what it needs to restore exactly the
 * logical state from before: values, generations, free lists, digest. Names need no record of their own: a table that
 * undoes a creation releases the name again, one that undoes a removal calls {@link NameTable#retain}: a name
 * released under an active log keeps its bytes until the request has ended.
 */
final class UndoLog implements AutoCloseable
{
    static final int RECORD_LENGTH = 64;
    /** What 65,535 commands, the most that a frame can count, need at most. */
    static final int MAX_RECORDS = 1 << 18;

    /** Kinds below belong to counters and limits, kinds from here to boards. */
    static final int FIRST_BOARD_KIND = 16;

    private static final int INITIAL_RECORDS = 1024;

    /**
     * Takes one change back.
     */
    @FunctionalInterface
    interface UndoHandler
    {
        /**
         * @param kind    of the change.
         * @param id      as pushed.
         * @param address of the 7 words as pushed.
         */
        void onUndo(int kind, int id, long address);
    }

    private long address;
    private int capacity = INITIAL_RECORDS;
    private int count;
    private boolean isActive;

    UndoLog()
    {
        address = OffHeap.allocate((long)capacity * RECORD_LENGTH);
    }

    /**
     * @return whether changes are to be recorded. False while a rollback runs.
     */
    boolean isActive()
    {
        return isActive;
    }

    void begin()
    {
        count = 0;
        isActive = true;
    }

    /**
     * Records a change.
     *
     * @return address of 7 words, not cleared, valid until the next push.
     */
    long push(final int kind, final int id)
    {
        if (count == capacity)
        {
            grow();
        }

        final long record = address + (long)count++ * RECORD_LENGTH;
        OffHeap.putInt(record, kind);
        OffHeap.putInt(record + Integer.BYTES, id);

        return record + Long.BYTES;
    }

    void commit()
    {
        count = 0;
        isActive = false;
    }

    void rollback(final UndoHandler handler)
    {
        isActive = false;
        while (count > 0)
        {
            final long record = address + (long)--count * RECORD_LENGTH;
            handler.onUndo(OffHeap.getInt(record), OffHeap.getInt(record + Integer.BYTES), record + Long.BYTES);
        }
    }

    @Override
    public void close()
    {
        OffHeap.free(address);
        address = 0;
        capacity = 0;
    }

    private void grow()
    {
        if (capacity == MAX_RECORDS)
        {
            throw new IllegalStateException("undo records=" + capacity);
        }

        final long larger = OffHeap.allocate((long)capacity * 2 * RECORD_LENGTH);
        OffHeap.copy(address, larger, (long)capacity * RECORD_LENGTH);
        OffHeap.free(address);
        address = larger;
        capacity *= 2;
    }
}

package io.quipu.engine.state;

/**
 * Off-heap room for the replies that sessions keep. A reply stands in one piece in a slab of the smallest record length
 * that fits; room of dropped replies is used again.
 * <pre>
 *   record    next reply or next free i32 | length i32 | request sequence i64 | hash i64 | bytes
 *             64, 96, 128, 192, 256, 384 ... 65536, 98304 B
 *   reply     size class, 5 bits | index in its slab, 26 bits, from 1
 * </pre>
 * The replies of a session form a list from the oldest to the newest; the session's record holds its ends.
 */
final class KeptReplies implements AutoCloseable
{
    static final int NULL_REPLY = 0;

    private static final int NEXT_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int REQUEST_OFFSET = 8;
    private static final int HASH_OFFSET = 16;
    private static final int BYTES_OFFSET = 24;

    private static final int SMALLEST_RECORD_LENGTH = 64;
    private static final int CLASSES = 22;
    private static final int INDEX_BITS = 26;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    private final Slab[] slabs = new Slab[CLASSES];
    private final int[] highest = new int[CLASSES];
    private final int[] freeHeads = new int[CLASSES];
    private long bytes;

    KeptReplies()
    {
        for (int i = 0; i < CLASSES; i++)
        {
            slabs[i] = new Slab(recordLength(i));
        }
    }

    /**
     * Copies a reply.
     *
     * @return the reply, at the end of no list yet.
     */
    int add(final long requestSequence, final long address, final int length)
    {
        final int sizeClass = classOf(BYTES_OFFSET + length);
        final int reply = allocate(sizeClass);
        final long record = record(reply);
        OffHeap.putInt(record + NEXT_OFFSET, NULL_REPLY);
        OffHeap.putInt(record + LENGTH_OFFSET, length);
        OffHeap.putLong(record + REQUEST_OFFSET, requestSequence);
        OffHeap.putLong(record + HASH_OFFSET, Xxh64.hash(address, length));
        OffHeap.copy(address, record + BYTES_OFFSET, length);
        bytes += length;

        return reply;
    }

    void free(final int reply)
    {
        bytes -= length(reply);
        final int sizeClass = reply >>> INDEX_BITS;
        OffHeap.putInt(record(reply) + NEXT_OFFSET, freeHeads[sizeClass]);
        freeHeads[sizeClass] = reply;
    }

    int next(final int reply)
    {
        return OffHeap.getInt(record(reply) + NEXT_OFFSET);
    }

    void next(final int reply, final int next)
    {
        OffHeap.putInt(record(reply) + NEXT_OFFSET, next);
    }

    int length(final int reply)
    {
        return OffHeap.getInt(record(reply) + LENGTH_OFFSET);
    }

    long requestSequence(final int reply)
    {
        return OffHeap.getLong(record(reply) + REQUEST_OFFSET);
    }

    long hash(final int reply)
    {
        return OffHeap.getLong(record(reply) + HASH_OFFSET);
    }

    long address(final int reply)
    {
        return record(reply) + BYTES_OFFSET;
    }

    /**
     * @return bytes of all replies kept.
     */
    long bytes()
    {
        return bytes;
    }

    /**
     * @return off-heap memory in use.
     */
    long memoryBytes()
    {
        long sum = 0;
        for (final Slab slab : slabs)
        {
            sum += slab.bytes();
        }

        return sum;
    }

    @Override
    public void close()
    {
        for (final Slab slab : slabs)
        {
            slab.close();
        }
    }

    private int allocate(final int sizeClass)
    {
        final int free = freeHeads[sizeClass];
        if (free != NULL_REPLY)
        {
            freeHeads[sizeClass] = next(free);
            return free;
        }

        final int index = ++highest[sizeClass];
        slabs[sizeClass].ensure(index);

        return sizeClass << INDEX_BITS | index;
    }

    private long record(final int reply)
    {
        return slabs[reply >>> INDEX_BITS].address(reply & INDEX_MASK);
    }

    /** Even classes are powers of two, odd ones lie half way to the next. */
    private static int recordLength(final int sizeClass)
    {
        final int power = SMALLEST_RECORD_LENGTH << (sizeClass >>> 1);
        return (sizeClass & 1) == 0 ? power : power + (power >>> 1);
    }

    private static int classOf(final int length)
    {
        if (length <= SMALLEST_RECORD_LENGTH)
        {
            return 0;
        }

        final int doublings = 31 - Integer.numberOfLeadingZeros((length - 1) / SMALLEST_RECORD_LENGTH);
        final int sizeClass = doublings * 2 + 1;

        return length <= recordLength(sizeClass) ? sizeClass : sizeClass + 1;
    }
}

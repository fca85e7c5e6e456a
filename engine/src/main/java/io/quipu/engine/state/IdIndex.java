package io.quipu.engine.state;

/**
 * Finds ids by a 32-bit hash of what they stand for, off-heap; the caller compares what it finds with what it looks for:
 * <pre>
 *   for (long slot = index.first(hash); slot != IdIndex.NULL_SLOT; slot = index.next(slot, hash))
 *   {
 *       if (isTheOne(index.id(slot))) ...
 *   }
 * </pre>
 * Linear hashing (W. Litwin, VLDB 1980): the buckets grow by one at a time. With their number between two powers of two, those
 * below {@code bucketCount - half} have been split already and are told apart by one more bit of the hash:
 * <pre>
 *   0 ........ split ........ half ........ bucketCount ... 2 * half
 *   |  split   |  not yet     |  other halves of |
 *   |          |              |  0 .. split      |
 *
 *   bucket, 64 B    count i32 | overflow bucket i32 | 7 x (hash i32 &lt;&lt; 32 | id i32)
 * </pre>
 * Invariant of a chain of buckets: all but the last are full, and only the first may be empty. An insert splits at most one
 * chain, whose length does not depend on the size of the index; nothing else ever moves. It does not shrink: what a large board
 * leaves is used by the next. One thread.
 */
final class IdIndex implements AutoCloseable
{
    static final long NULL_SLOT = 0;

    private static final int BUCKET_LENGTH = OffHeap.CACHE_LINE_LENGTH;
    private static final int COUNT_OFFSET = 0;
    private static final int OVERFLOW_OFFSET = 4;
    private static final int SLOTS_OFFSET = 8;
    private static final int SLOT_LENGTH = 8;
    private static final int SLOTS = (BUCKET_LENGTH - SLOTS_OFFSET) / SLOT_LENGTH;

    /** Ids for each bucket, on average: unsplit buckets then hold up to twice as many as split ones. */
    private static final int LOAD = 5;
    private static final int INITIAL_BUCKETS = 8;

    private final Slab buckets = new Slab(BUCKET_LENGTH);
    private final Slab overflows = new Slab(BUCKET_LENGTH);

    private int bucketCount = INITIAL_BUCKETS;

    /** Largest power of two that is not above bucketCount. */
    private int half = INITIAL_BUCKETS;

    /** Overflow buckets are numbered from 1; the free ones are linked by their overflow field. */
    private int overflowCount;
    private int freeOverflow;

    private long size;

    IdIndex()
    {
        buckets.ensure(INITIAL_BUCKETS - 1);
        overflows.ensure(0);
    }

    /**
     * The first slot of a hash.
     *
     * @param hash of what is looked for.
     * @return its slot, or {@link #NULL_SLOT}. Good until the index changes.
     */
    long first(final int hash)
    {
        return scan(bucketOf(hash), 0, hash);
    }

    /**
     * The next slot of the same hash.
     *
     * @param slot of the one before.
     * @param hash of what is looked for.
     * @return its slot, or {@link #NULL_SLOT}.
     */
    long next(final long slot, final int hash)
    {
        final long bucket = slot & -BUCKET_LENGTH;
        return scan(bucket, (int)(slot - bucket - SLOTS_OFFSET) / SLOT_LENGTH + 1, hash);
    }

    static int id(final long slot)
    {
        return (int)OffHeap.getLong(slot);
    }

    /**
     * Adds an id, which must not be there.
     *
     * @param hash of what the id stands for.
     * @param id   any.
     */
    void add(final int hash, final int id)
    {
        append(bucketOf(hash), entry(hash, id));
        if (++size > (long)bucketCount * LOAD)
        {
            split();
        }
    }

    /**
     * Removes an id, which must be there.
     *
     * @param hash that it was added with.
     * @param id   to remove.
     */
    void remove(final int hash, final int id)
    {
        long slot = first(hash);
        while (id(slot) != id)
        {
            slot = next(slot, hash);
        }

        removeSlot(bucketOf(hash), slot);
        size--;
    }

    long size()
    {
        return size;
    }

    long bytes()
    {
        return buckets.bytes() + overflows.bytes();
    }

    @Override
    public void close()
    {
        buckets.close();
        overflows.close();
    }

    private static long entry(final int hash, final int id)
    {
        return (long)hash << 32 | id & 0xFFFF_FFFFL;
    }

    /** Address of the first bucket of the chain that a hash belongs to. */
    long bucketOf(final int hash)
    {
        final int number = hash & (half * 2 - 1);
        return buckets.address(number < bucketCount ? number : number - half);
    }

    private long scan(final long firstBucket, final int firstPosition, final int hash)
    {
        long bucket = firstBucket;
        int position = firstPosition;
        while (true)
        {
            final int count = OffHeap.getInt(bucket + COUNT_OFFSET);
            for (; position < count; position++)
            {
                final long slot = slot(bucket, position);
                if (OffHeap.getInt(slot + Integer.BYTES) == hash)
                {
                    return slot;
                }
            }

            final int overflow = OffHeap.getInt(bucket + OVERFLOW_OFFSET);
            if (overflow == 0)
            {
                return NULL_SLOT;
            }
            bucket = overflows.address(overflow);
            position = 0;
        }
    }

    private static long slot(final long bucket, final int position)
    {
        return bucket + SLOTS_OFFSET + (long)position * SLOT_LENGTH;
    }

    private void append(final long firstBucket, final long entry)
    {
        long bucket = lastOf(firstBucket);
        int count = OffHeap.getInt(bucket + COUNT_OFFSET);
        if (count == SLOTS)
        {
            final int overflow = takeOverflow();
            OffHeap.putInt(bucket + OVERFLOW_OFFSET, overflow);
            bucket = overflows.address(overflow);
            count = 0;
        }

        OffHeap.putLong(slot(bucket, count), entry);
        OffHeap.putInt(bucket + COUNT_OFFSET, count + 1);
    }

    /** Fills the slot with the last entry of its chain, and lets go of an overflow bucket that becomes empty. */
    private void removeSlot(final long firstBucket, final long slot)
    {
        long before = 0;
        long last = firstBucket;
        while (OffHeap.getInt(last + OVERFLOW_OFFSET) != 0)
        {
            before = last;
            last = overflows.address(OffHeap.getInt(last + OVERFLOW_OFFSET));
        }

        final int count = OffHeap.getInt(last + COUNT_OFFSET) - 1;
        OffHeap.putLong(slot, OffHeap.getLong(slot(last, count)));
        OffHeap.putInt(last + COUNT_OFFSET, count);
        if (count == 0 && before != 0)
        {
            giveOverflow(OffHeap.getInt(before + OVERFLOW_OFFSET));
            OffHeap.putInt(before + OVERFLOW_OFFSET, 0);
        }
    }

    private long lastOf(final long firstBucket)
    {
        long bucket = firstBucket;
        for (int overflow = OffHeap.getInt(bucket + OVERFLOW_OFFSET); overflow != 0;
            overflow = OffHeap.getInt(bucket + OVERFLOW_OFFSET))
        {
            bucket = overflows.address(overflow);
        }

        return bucket;
    }

    /** Adds a bucket, and moves there from its other half what one more bit of the hash sends there. */
    private void split()
    {
        final long from = buckets.address(bucketCount - half);
        buckets.ensure(bucketCount);
        final long to = buckets.address(bucketCount);
        bucketCount++;

        long bucket = from;
        int position = 0;
        while (position < OffHeap.getInt(bucket + COUNT_OFFSET))
        {
            final long slot = slot(bucket, position);
            final long entry = OffHeap.getLong(slot);
            if (((int)(entry >>> 32) & half) != 0)
            {
                append(to, entry);
                removeSlot(from, slot);
            }
            else
            {
                position++;
            }

            if (position == SLOTS && OffHeap.getInt(bucket + OVERFLOW_OFFSET) != 0)
            {
                bucket = overflows.address(OffHeap.getInt(bucket + OVERFLOW_OFFSET));
                position = 0;
            }
        }

        if (bucketCount == half * 2)
        {
            half = bucketCount;
        }
    }

    private int takeOverflow()
    {
        final int overflow = freeOverflow;
        if (overflow == 0)
        {
            overflows.ensure(++overflowCount);
            return overflowCount;
        }

        final long bucket = overflows.address(overflow);
        freeOverflow = OffHeap.getInt(bucket + OVERFLOW_OFFSET);
        OffHeap.putInt(bucket + OVERFLOW_OFFSET, 0);
        return overflow;
    }

    private void giveOverflow(final int overflow)
    {
        OffHeap.putInt(overflows.address(overflow) + OVERFLOW_OFFSET, freeOverflow);
        freeOverflow = overflow;
    }
}

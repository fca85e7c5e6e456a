package io.quipu.engine.state;

/**
 * Finds ids by a 32-bit hash of what they stand for, off-heap; the caller compares what it finds with what it looks for:
 * <pre>
 *   for (long slot = index.first(hash); slot != IdIndex.NULL_SLOT; slot = index.next(slot, hash))
 *   {
 *       if (isTheOne(index.id(slot))) ...
 *   }
 * </pre>
 * The buckets are {@link LinearBuckets}: one more at a time.
 * <pre>
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

    private final LinearBuckets buckets = new LinearBuckets(BUCKET_LENGTH, BUCKET_LENGTH, OVERFLOW_OFFSET);
    private long size;

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
        if (++size > (long)buckets.count() * LOAD)
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
        while (slot != NULL_SLOT && id(slot) != id)
        {
            slot = next(slot, hash);
        }
        if (slot == NULL_SLOT)
        {
            throw new IllegalStateException("not in the index: id=" + id + " hash=" + hash);
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
        return buckets.bytes();
    }

    @Override
    public void close()
    {
        buckets.close();
    }

    private static long entry(final int hash, final int id)
    {
        return (long)hash << 32 | id & 0xFFFF_FFFFL;
    }

    /** Address of the first bucket of the chain that a hash belongs to. */
    long bucketOf(final int hash)
    {
        return buckets.bucket(hash);
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

            final int overflow = buckets.link(bucket);
            if (overflow == 0)
            {
                return NULL_SLOT;
            }
            bucket = buckets.overflow(overflow);
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
            bucket = buckets.append(bucket);
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
        while (buckets.link(last) != 0)
        {
            before = last;
            last = buckets.overflow(buckets.link(last));
        }

        final int count = OffHeap.getInt(last + COUNT_OFFSET) - 1;
        OffHeap.putLong(slot, OffHeap.getLong(slot(last, count)));
        OffHeap.putInt(last + COUNT_OFFSET, count);
        if (count == 0 && before != 0)
        {
            buckets.removeLast(before);
        }
    }

    private long lastOf(final long firstBucket)
    {
        long bucket = firstBucket;
        for (int overflow = buckets.link(bucket); overflow != 0;
            overflow = buckets.link(bucket))
        {
            bucket = buckets.overflow(overflow);
        }

        return bucket;
    }

    /** Adds a bucket, and moves there from its other half what one more bit of the hash sends there. */
    private void split()
    {
        final long from = buckets.splitNext();
        final int newBit = buckets.splitBit();
        final long to = buckets.grow();

        long bucket = from;
        int position = 0;
        while (position < OffHeap.getInt(bucket + COUNT_OFFSET))
        {
            final long slot = slot(bucket, position);
            final long entry = OffHeap.getLong(slot);
            if (((int)(entry >>> 32) & newBit) != 0)
            {
                append(to, entry);
                removeSlot(from, slot);
            }
            else
            {
                position++;
            }

            if (position == SLOTS && buckets.link(bucket) != 0)
            {
                bucket = buckets.overflow(buckets.link(bucket));
                position = 0;
            }
        }
    }
}

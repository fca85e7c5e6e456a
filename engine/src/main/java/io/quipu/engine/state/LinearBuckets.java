package io.quipu.engine.state;

/**
 * Buckets of an index that grow by one at a time (linear hashing, W. Litwin, VLDB 1980), and the overflow blocks behind them,
 * off-heap. With their number between two powers of two, those below {@code count - half} have been split already and are told
 * apart by one more bit of the hash:
 * <pre>
 *   0 ........ split ........ half ........ count ... 2 * half
 *   |  split   |  not yet     |  other halves of |
 *   |          |              |  0 .. split      |
 *
 *   chain      bucket --&gt; overflow block --&gt; overflow block       linked by number, from 1; 0 is the end
 * </pre>
 * What stands in them is the index's. They do not shrink: what a large board leaves is used by the next. One thread.
 */
final class LinearBuckets implements AutoCloseable
{
    static final int NULL_LINK = 0;

    private static final int INITIAL_BUCKETS = 8;

    private final int linkOffset;
    private final Slab buckets;
    private final Slab overflows;

    private int count = INITIAL_BUCKETS;
    /** Largest power of two that is not above count. */
    private int half = INITIAL_BUCKETS;
    private int overflowCount;
    private int freeOverflow;

    /**
     * A few buckets of zeros, without overflow.
     *
     * @param bucketLength   in bytes.
     * @param overflowLength in bytes.
     * @param linkOffset     where bucket and overflow block hold the number of the overflow block behind them, an i32.
     */
    LinearBuckets(final int bucketLength, final int overflowLength, final int linkOffset)
    {
        this.linkOffset = linkOffset;
        buckets = new Slab(bucketLength);
        overflows = new Slab(overflowLength);
        buckets.ensure(INITIAL_BUCKETS - 1);
        overflows.ensure(0);
    }

    /** How many. */
    int count()
    {
        return count;
    }

    /** Has so many at least, from now on; nothing stands in any of them yet. */
    void reserve(final int wanted)
    {
        if (wanted > count)
        {
            buckets.ensure(wanted - 1);
            count = wanted;
            half = Integer.highestOneBit(wanted);
        }
    }

    /** Address of the bucket of a hash. */
    long bucket(final int hash)
    {
        final int number = hash & half * 2 - 1;
        return buckets.address(number < count ? number : number - half);
    }

    /** Address of the bucket that the next {@link #grow()} splits. */
    long splitNext()
    {
        return buckets.address(count - half);
    }

    /** The bit of the hash that sends what was in {@link #splitNext()} to the bucket that {@link #grow()} adds. */
    int splitBit()
    {
        return half;
    }

    /** Adds a bucket of zeros, and returns its address: its chain is to be dealt out right now. */
    long grow()
    {
        buckets.ensure(count);
        final long added = buckets.address(count);
        if (++count == half * 2)
        {
            half = count;
        }

        return added;
    }

    /** The number of the block behind a bucket or block, {@link #NULL_LINK} for none. */
    int link(final long block)
    {
        return OffHeap.getInt(block + linkOffset);
    }

    /** Address of an overflow block. */
    long overflow(final int link)
    {
        return overflows.address(link);
    }

    /** Puts a block of zeros behind the last one of a chain, and returns its address. */
    long append(final long last)
    {
        final int link = take();
        OffHeap.putInt(last + linkOffset, link);

        return overflows.address(link);
    }

    /** Takes the last block off a chain; {@code before} is the one before it. */
    void removeLast(final long before)
    {
        give(link(before));
        OffHeap.putInt(before + linkOffset, NULL_LINK);
    }

    /** Gives an overflow block back, which no chain leads to any more. */
    void give(final int link)
    {
        final long block = overflows.address(link);
        OffHeap.zero(block, overflows.recordLength());
        OffHeap.putInt(block + linkOffset, freeOverflow);
        freeOverflow = link;
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

    private int take()
    {
        if (freeOverflow == NULL_LINK)
        {
            overflows.ensure(++overflowCount);
            return overflowCount;
        }

        final int link = freeOverflow;
        final long block = overflows.address(link);
        freeOverflow = link(block);
        OffHeap.putInt(block + linkOffset, NULL_LINK);

        return link;
    }
}

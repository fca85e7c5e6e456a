package io.quipu.engine.state;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds who bears a name by the hash of the name, in 8 to 9 bytes each. The caller compares the name of each that it finds:
 * <pre>
 *   for (long slot = index.first(hash); slot != NameIndex.NULL_SLOT; slot = index.next(hash))
 *   {
 *       if (isNamed(NameIndex.bearer(slot))) ...
 *   }
 * </pre>
 * The buckets are {@link LinearBuckets}: one more at a time. A slot holds 16 bits of the hash instead of all, so that a
 * split asks for the hashes of what it deals out again; they are worked out from the names.
 * <pre>
 *   bucket, 64 B      overflow i32 | bearer i32 x 10 | tag u16 x 10       tag: the upper 16 bits of the hash
 *   overflow, 24 B    overflow i32 | bearer i32 x  3 | tag u16 x  3 | 2 B
 * </pre>
 * Invariant of a chain: its slots are filled from the front without a gap, bearer 0 is an empty slot, and an overflow block is
 * never empty. One thread.
 */
final class NameIndex implements AutoCloseable
{
    static final long NULL_SLOT = 0;

    /**
     * Knows the names of bearers.
     */
    interface Hashes
    {
        /**
         * Works out the hashes of the names of many bearers, so that the misses of all of them overlap.
         *
         * @param bearers to look at.
         * @param count   of them.
         * @param hashes  takes the hash of each.
         */
        void hash(int[] bearers, int count, long[] hashes);
    }

    private static final int NULL_BEARER = 0;
    private static final int LINK_OFFSET = 0;
    private static final int BEARERS_OFFSET = 4;

    private static final int BUCKET_LENGTH = OffHeap.CACHE_LINE_LENGTH;
    private static final int BUCKET_SLOTS = 10;
    private static final int OVERFLOW_LENGTH = 24;
    private static final int OVERFLOW_SLOTS = 3;
    private static final int TAG_SHIFT = 48;

    /** Lanes of 16 bits: tags are compared four at a time. */
    private static final long ONE_A_LANE = 0x0001_0001_0001_0001L;
    private static final long LOW_BITS = 0x7FFF_7FFF_7FFF_7FFFL;
    private static final int LANE_SHIFT = 4;
    private static final int LANES = 4;
    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** Bearers for each bucket, on average. */
    private static final int LOAD = 9;

    private final Hashes hashes;
    private final LinearBuckets buckets = new LinearBuckets(BUCKET_LENGTH, OVERFLOW_LENGTH, LINK_OFFSET);
    private long size;
    private long rehashed;

    /** Where {@link #first} and {@link #next} have come to, and the slots of this block that are still to be looked at. */
    private long block;
    private int slots;
    private int position;
    private long matches;

    /** A chain that is being split. */
    private int[] chain = new int[32];
    private long[] chainHashes = new long[32];

    /**
     * No bearer.
     *
     * @param hashes of those that will be added.
     */
    NameIndex(final Hashes hashes)
    {
        this.hashes = hashes;
    }

    /**
     * Makes room for so many bearers at once, so that none of them is dealt out again; does nothing once there is one.
     *
     * @param bearers that will be added, at least.
     */
    void reserve(final long bearers)
    {
        if (size == 0)
        {
            buckets.reserve((int)((bearers + LOAD - 1) / LOAD));
        }
    }

    /**
     * The first slot that may be of a name.
     *
     * @param hash of the name.
     * @return the slot, or {@link #NULL_SLOT}. Good until the index changes.
     */
    long first(final long hash)
    {
        block = bucket(hash);
        slots = BUCKET_SLOTS;
        matches = bucketMatches(block, tag(hash));

        return next(hash);
    }

    /**
     * The next slot that may be of the name last looked for.
     *
     * @param hash of the name.
     * @return the slot, or {@link #NULL_SLOT}.
     */
    long next(final long hash)
    {
        while (true)
        {
            while (matches != 0)
            {
                position = position(matches);
                matches &= matches - 1;
                final long slot = bearerAt(block, position);
                if (OffHeap.getInt(slot) != NULL_BEARER)
                {
                    return slot;
                }
            }

            final int overflow = buckets.link(block);
            if (overflow == 0)
            {
                return NULL_SLOT;
            }
            block = buckets.overflow(overflow);
            slots = OVERFLOW_SLOTS;
            matches = overflowMatches(block, tag(hash));
        }
    }

    static int bearer(final long slot)
    {
        return OffHeap.getInt(slot);
    }

    /** Gives a slot to another bearer of the same name. */
    static void bearer(final long slot, final int bearer)
    {
        OffHeap.putInt(slot, bearer);
    }

    /** Address of the bucket where a name of this hash would be. */
    long bucket(final long hash)
    {
        return buckets.bucket((int)hash);
    }

    /** Address of the block behind the bucket of a hash, of the bucket where there is none: {@link #removeLast} reads it, too. */
    long overflow(final long hash)
    {
        final long bucket = bucket(hash);
        final int link = buckets.link(bucket);
        return link == 0 ? bucket : buckets.overflow(link);
    }

    /**
     * Adds the bearer of a name that nobody bears.
     *
     * @param hash   of the name.
     * @param bearer whose name is known already.
     */
    void add(final long hash, final int bearer)
    {
        append(bucket(hash), hash, bearer);
        if (++size > (long)buckets.count() * LOAD)
        {
            split();
        }
    }

    /**
     * Removes the slot that was found last.
     *
     * @param hash of the name.
     */
    void removeLast(final long hash)
    {
        final long slot = bearerAt(block, position);
        final long slotTag = tagAt(block, slots, position);
        long before = 0;
        long last = bucket(hash);
        int lastSlots = BUCKET_SLOTS;
        for (int link = buckets.link(last); link != 0; link = buckets.link(last))
        {
            before = last;
            last = buckets.overflow(link);
            lastSlots = OVERFLOW_SLOTS;
        }

        final int filled = filled(last, lastSlots) - 1;
        OffHeap.putInt(slot, OffHeap.getInt(bearerAt(last, filled)));
        OffHeap.putShort(slotTag, OffHeap.getShort(tagAt(last, lastSlots, filled)));
        OffHeap.putInt(bearerAt(last, filled), NULL_BEARER);
        OffHeap.putShort(tagAt(last, lastSlots, filled), (short)0);
        if (filled == 0 && before != 0)
        {
            buckets.removeLast(before);
        }
        size--;
    }

    long size()
    {
        return size;
    }

    /** How many bearers were dealt out again by splits, ever. */
    long rehashed()
    {
        return rehashed;
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

    private static short tag(final long hash)
    {
        return (short)(hash >>> TAG_SHIFT);
    }

    /**
     * The slots of a bucket that have a tag; empty ones have 0, as names can. Without a branch,
     * since nobody can guess which it is:
     * <pre>
     *   tags       0 1 2 3 | 4 5 6 7 | 8 9        three words
     *   matches    bit 16 * lane + word, for tag 4 * word + lane
     * </pre>
     */
    private static long bucketMatches(final long bucket, final short tag)
    {
        final long tags = tagAt(bucket, BUCKET_SLOTS, 0);
        final long wanted = (tag & 0xFFFF) * ONE_A_LANE;

        return equalLanes(tagsAt(tags), wanted) >>> 15 |
            equalLanes(tagsAt(tags + 8), wanted) >>> 14 |
            equalLanes(tagsAt(tags + 12), wanted) >>> 45;
    }

    /** As {@link #bucketMatches}, for an overflow block: three tags, and 2 B behind them. */
    private static long overflowMatches(final long overflow, final short tag)
    {
        final long wanted = (tag & 0xFFFF) * ONE_A_LANE;
        return equalLanes(tagsAt(tagAt(overflow, OVERFLOW_SLOTS, 0)), wanted) << 16 >>> 31;
    }

    /** The position that the lowest bit of matches stands for. */
    private static int position(final long matches)
    {
        final int bit = Long.numberOfTrailingZeros(matches);
        return (bit & LANES - 1) * LANES + (bit >>> LANE_SHIFT);
    }

    /** The highest bit of each lane in which two words are equal. */
    private static long equalLanes(final long left, final long right)
    {
        final long difference = left ^ right;
        return ~((difference & LOW_BITS) + LOW_BITS | difference | LOW_BITS);
    }

    /** Four tags, the first in the lowest lane. */
    private static long tagsAt(final long address)
    {
        final long tags = OffHeap.getLong(address);
        return IS_LITTLE_ENDIAN ? tags : Long.reverseBytes(tags);
    }

    private static void tag(final long address, final short tag)
    {
        OffHeap.putShort(address, IS_LITTLE_ENDIAN ? tag : Short.reverseBytes(tag));
    }

    private static long bearerAt(final long block, final int position)
    {
        return block + BEARERS_OFFSET + (long)position * Integer.BYTES;
    }

    private static long tagAt(final long block, final int slots, final int position)
    {
        return block + BEARERS_OFFSET + (long)slots * Integer.BYTES + (long)position * Short.BYTES;
    }

    /** Slots in use of the last block of a chain. */
    private static int filled(final long block, final int slots)
    {
        int filled = slots;
        while (filled > 0 && OffHeap.getInt(bearerAt(block, filled - 1)) == NULL_BEARER)
        {
            filled--;
        }

        return filled;
    }

    private void append(final long bucket, final long hash, final int bearer)
    {
        long last = bucket;
        int lastSlots = BUCKET_SLOTS;
        for (int link = buckets.link(last); link != 0; link = buckets.link(last))
        {
            last = buckets.overflow(link);
            lastSlots = OVERFLOW_SLOTS;
        }

        int filled = filled(last, lastSlots);
        if (filled == lastSlots)
        {
            last = buckets.append(last);
            lastSlots = OVERFLOW_SLOTS;
            filled = 0;
        }
        OffHeap.putInt(bearerAt(last, filled), bearer);
        tag(tagAt(last, lastSlots, filled), tag(hash));
    }

    /** Adds a bucket, and deals a chain out to it and to its own bucket, by one more bit of the hash. */
    private void split()
    {
        final long from = buckets.splitNext();
        final int newBit = buckets.splitBit();
        final long to = buckets.grow();

        final int count = takeChain(from);
        hashes.hash(chain, count, chainHashes);
        for (int i = 0; i < count; i++)
        {
            append(((int)chainHashes[i] & newBit) == 0 ? from : to, chainHashes[i], chain[i]);
        }
        rehashed += count;
    }

    /** Copies all bearers of a chain, and empties it. */
    private int takeChain(final long bucket)
    {
        int count = takeBlock(bucket, BUCKET_SLOTS, 0);
        int link = buckets.link(bucket);
        OffHeap.zero(bucket, BUCKET_LENGTH);
        while (link != 0)
        {
            final long overflow = buckets.overflow(link);
            final int behind = buckets.link(overflow);
            count = takeBlock(overflow, OVERFLOW_SLOTS, count);
            buckets.give(link);
            link = behind;
        }

        return count;
    }

    private int takeBlock(final long from, final int slotCount, final int before)
    {
        final int filled = filled(from, slotCount);
        if (before + filled > chain.length)
        {
            chain = Arrays.copyOf(chain, chain.length * 2);
            chainHashes = new long[chain.length];
        }
        for (int i = 0; i < filled; i++)
        {
            chain[before + i] = OffHeap.getInt(bearerAt(from, i));
        }

        return before + filled;
    }
}

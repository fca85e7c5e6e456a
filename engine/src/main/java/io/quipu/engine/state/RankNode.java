package io.quipu.engine.state;

/**
 * One node of a {@link RankTree}, given by its address: what leaves and inner nodes have in common.
 * <pre>
 *   header, 64 B    parent i32 | count u8 | slot u8 | word shift u8 | 0 | next leaf i32 | ranking i32 | heads i64 |
 *                   base words, i64 x 5
 *   member          i32 x 64
 *   word 0          x 64         columns, the better the smaller: in a narrow leaf u32, an offset from the word's base,
 *   ..                           in a wide leaf and in an inner node i64
 *   word columns-1  x 64
 *   tie word        x 64         word number `columns`
 * </pre>
 * In a leaf, entry i is a member's key; in an inner node it is the first key below child i. Arrays lie word by word, so that
 * a search reads little else than word 0, and an insert moves a few plain runs of memory. Bit i of heads is set when entry i
 * begins a group of equal columns; 64 entries fill that one word. Slot is the node's position in its parent.
 */
final class RankNode
{
    static final int NULL_NODE = 0;

    /** Entries of a leaf, children of an inner node. */
    static final int CAPACITY = Long.SIZE;

    static final int HEADER_LENGTH = OffHeap.CACHE_LINE_LENGTH;

    /** A word takes 4 B or 8 B: the shift that makes of a position an offset. */
    static final int NARROW_SHIFT = 2;
    static final int WIDE_SHIFT = 3;

    /** What an offset of a narrow leaf can be at most. */
    static final long MAX_OFFSET = 0xFFFF_FFFFL;

    private static final int PARENT_OFFSET = 0;
    private static final int COUNT_OFFSET = 4;
    private static final int SLOT_OFFSET = 5;
    private static final int WORD_SHIFT_OFFSET = 6;
    private static final int NEXT_OFFSET = 8;
    private static final int RANKING_OFFSET = 12;
    private static final int HEADS_OFFSET = 16;
    private static final int BASE_OFFSET = 24;
    private static final int MEMBER_OFFSET = HEADER_LENGTH;
    private static final int WORD_OFFSET = MEMBER_OFFSET + CAPACITY * Integer.BYTES;

    private RankNode()
    {
    }

    /** Begins a node without entries, whose bases are 0. */
    static void begin(final long node, final int wordShift, final int ranking)
    {
        OffHeap.zero(node, HEADER_LENGTH);
        OffHeap.putByte(node + WORD_SHIFT_OFFSET, (byte)wordShift);
        OffHeap.putInt(node + RANKING_OFFSET, ranking);
    }

    /** Where the arrays of so many words end. */
    static int wordsEnd(final int words, final int wordShift)
    {
        return WORD_OFFSET + (words * CAPACITY << wordShift);
    }

    // ---- header ----

    static int parent(final long node)
    {
        return OffHeap.getInt(node + PARENT_OFFSET);
    }

    static void parent(final long node, final int parent)
    {
        OffHeap.putInt(node + PARENT_OFFSET, parent);
    }

    static int count(final long node)
    {
        return OffHeap.getByte(node + COUNT_OFFSET);
    }

    static void count(final long node, final int count)
    {
        OffHeap.putByte(node + COUNT_OFFSET, (byte)count);
    }

    /** Position of a node in its parent. */
    static int slot(final long node)
    {
        return OffHeap.getByte(node + SLOT_OFFSET);
    }

    static void slot(final long node, final int slot)
    {
        OffHeap.putByte(node + SLOT_OFFSET, (byte)slot);
    }

    static int next(final long leaf)
    {
        return OffHeap.getInt(leaf + NEXT_OFFSET);
    }

    static void next(final long leaf, final int next)
    {
        OffHeap.putInt(leaf + NEXT_OFFSET, next);
    }

    /** Number of the ranking that a leaf is of. */
    static int ranking(final long leaf)
    {
        return OffHeap.getInt(leaf + RANKING_OFFSET);
    }

    static long heads(final long leaf)
    {
        return OffHeap.getLong(leaf + HEADS_OFFSET);
    }

    static void heads(final long leaf, final long heads)
    {
        OffHeap.putLong(leaf + HEADS_OFFSET, heads);
    }

    /** Makes way for a flag at a position, not set. */
    static void insertHead(final long leaf, final int position)
    {
        final long bits = heads(leaf);
        final long low = lowBits(position);
        heads(leaf, bits & low | (bits & ~low) << 1);
    }

    static void removeHead(final long leaf, final int position)
    {
        final long bits = heads(leaf);
        final long low = lowBits(position);
        heads(leaf, bits & low | bits >>> 1 & ~low);
    }

    static void setHead(final long leaf, final int position, final boolean isHead)
    {
        final long bit = 1L << position;
        heads(leaf, isHead ? heads(leaf) | bit : heads(leaf) & ~bit);
    }

    /** The lowest bits, fewer than 64 of them. */
    private static long lowBits(final int count)
    {
        return (1L << count) - 1;
    }

    // ---- entries ----

    static int member(final long node, final int position)
    {
        return OffHeap.getInt(memberAddress(node, position));
    }

    static void member(final long node, final int position, final int member)
    {
        OffHeap.putInt(memberAddress(node, position), member);
    }

    /** Position of a member that is in the leaf. */
    static int positionOf(final long leaf, final int member)
    {
        final int count = count(leaf);
        for (int position = 0; position < count; position++)
        {
            if (member(leaf, position) == member)
            {
                return position;
            }
        }

        throw new IllegalStateException("no member " + member + " in the leaf that its record names");
    }

    static boolean isNarrow(final long node)
    {
        return wordShift(node) == NARROW_SHIFT;
    }

    /** What a word's offsets in a narrow leaf are added to. */
    static long base(final long leaf, final int word)
    {
        return OffHeap.getLong(leaf + BASE_OFFSET + (long)word * Long.BYTES);
    }

    static void base(final long leaf, final int word, final long base)
    {
        OffHeap.putLong(leaf + BASE_OFFSET + (long)word * Long.BYTES, base);
    }

    static long word(final long node, final int word, final int position)
    {
        final int shift = wordShift(node);
        final long address = wordAddress(node, word, position, shift);
        return shift == NARROW_SHIFT ?
            base(node, word) + (OffHeap.getInt(address) & MAX_OFFSET) :
            OffHeap.getLong(address);
    }

    /** Writes a word that fits. */
    static void word(final long node, final int word, final int position, final long value)
    {
        final int shift = wordShift(node);
        final long address = wordAddress(node, word, position, shift);
        if (shift == NARROW_SHIFT)
        {
            OffHeap.putInt(address, (int)(value - base(node, word)));
        }
        else
        {
            OffHeap.putLong(address, value);
        }
    }

    /** Reads a word of a node's first entries. */
    static void read(final long node, final int word, final int length, final long[] values, final int index)
    {
        final int shift = wordShift(node);
        final long array = wordAddress(node, word, 0, shift);
        if (shift == NARROW_SHIFT)
        {
            final long base = base(node, word);
            for (int i = 0; i < length; i++)
            {
                values[index + i] = base + (OffHeap.getInt(array + ((long)i << NARROW_SHIFT)) & MAX_OFFSET);
            }
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                values[index + i] = OffHeap.getLong(array + ((long)i << WIDE_SHIFT));
            }
        }
    }

    /** Writes a word of a node's first entries, whose values fit. */
    static void write(final long node, final int word, final long[] values, final int index, final int length)
    {
        final int shift = wordShift(node);
        final long array = wordAddress(node, word, 0, shift);
        if (shift == NARROW_SHIFT)
        {
            final long base = base(node, word);
            for (int i = 0; i < length; i++)
            {
                OffHeap.putInt(array + ((long)i << NARROW_SHIFT), (int)(values[index + i] - base));
            }
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                OffHeap.putLong(array + ((long)i << WIDE_SHIFT), values[index + i]);
            }
        }
    }

    /** Moves a run of a node's keys, and no more, to another position of it. */
    static void shiftKeys(final long node, final int words, final int from, final int to, final int length)
    {
        final int wordShift = wordShift(node);
        if (wordShift == NARROW_SHIFT)
        {
            shiftArrays(node + MEMBER_OFFSET, words + 1, from, to, length);
            return;
        }

        shift(node + MEMBER_OFFSET, from, to, length, NARROW_SHIFT);
        for (int i = 0; i < words; i++)
        {
            shift(wordAddress(node, i, 0, wordShift), from, to, length, wordShift);
        }
    }

    /**
     * The same for the arrays of a narrow leaf, which are all alike: one loop, whose end is mispredicted once, not once for
     * each of them.
     */
    private static void shiftArrays(final long first, final int arrays, final int from, final int to, final int length)
    {
        final long source = first + ((long)from << NARROW_SHIFT);
        final long target = first + ((long)to << NARROW_SHIFT);
        final int bytes = length << NARROW_SHIFT;
        final int odd = bytes & Integer.BYTES;
        final int end = arrays * CAPACITY << NARROW_SHIFT;
        final int step = CAPACITY << NARROW_SHIFT;
        if (target < source)
        {
            for (int i = 0; i < bytes - odd; i += Long.BYTES)
            {
                for (int array = i; array < end; array += step)
                {
                    OffHeap.putLong(target + array, OffHeap.getLong(source + array));
                }
            }
            for (int array = bytes - odd; odd != 0 && array < end; array += step)
            {
                OffHeap.putInt(target + array, OffHeap.getInt(source + array));
            }
        }
        else
        {
            for (int i = bytes - Long.BYTES; i >= 0; i -= Long.BYTES)
            {
                for (int array = i; array < end; array += step)
                {
                    OffHeap.putLong(target + array, OffHeap.getLong(source + array));
                }
            }
            for (int array = 0; odd != 0 && array < end; array += step)
            {
                OffHeap.putInt(target + array, OffHeap.getInt(source + array));
            }
        }
    }

    /**
     * Moves a run of an array of 4 or 8 B each to another position of it. By hand: such a run is a hundred bytes or two, and a
     * call of the general copy costs as much as to move them.
     */
    static void shift(final long array, final int from, final int to, final int length, final int shift)
    {
        final long source = array + ((long)from << shift);
        final long target = array + ((long)to << shift);
        final int bytes = length << shift;
        final int odd = bytes & Integer.BYTES;
        if (target < source)
        {
            for (int i = 0; i < bytes - odd; i += Long.BYTES)
            {
                OffHeap.putLong(target + i, OffHeap.getLong(source + i));
            }
            if (odd != 0)
            {
                OffHeap.putInt(target + bytes - odd, OffHeap.getInt(source + bytes - odd));
            }
        }
        else
        {
            for (int i = bytes - Long.BYTES; i >= 0; i -= Long.BYTES)
            {
                OffHeap.putLong(target + i, OffHeap.getLong(source + i));
            }
            if (odd != 0)
            {
                OffHeap.putInt(target, OffHeap.getInt(source));
            }
        }
    }

    // ---- search ----

    /** Reads all lines that a search for a first word can need, of a wide node; the sum has no meaning. */
    static long touchFirstWord(final long node)
    {
        long sum = OffHeap.getLong(node);
        for (int i = 0; i < CAPACITY; i += OffHeap.CACHE_LINE_LENGTH >>> WIDE_SHIFT)
        {
            sum += OffHeap.getLong(wordAddress(node, 0, i, WIDE_SHIFT));
        }

        return sum;
    }

    /**
     * Entries before a word's value.
     *
     * @param node  to be searched.
     * @param word  number of the word, which ascends over the positions.
     * @param low   first position.
     * @param high  behind the last position.
     * @param value in question.
     * @return the first of these positions whose word is not smaller, {@code high} where all are.
     */
    static int lowerBound(final long node, final int word, final int low, final int high, final long value)
    {
        if (!isNarrow(node))
        {
            return lowerBound(wordAddress(node, word, 0, WIDE_SHIFT), low, high, value);
        }

        final long base = base(node, word);
        final long offset = value - base;
        if (offset >>> Integer.SIZE != 0)
        {
            return value < base ? low : high;
        }

        return lowerBoundOfOffset(wordAddress(node, word, 0, NARROW_SHIFT), low, high, offset);
    }

    /** As {@link #lowerBound}, but the first position whose word is greater. */
    static int upperBound(final long node, final int word, final int low, final int high, final long value)
    {
        return value == Long.MAX_VALUE ? high : lowerBound(node, word, low, high, value + 1);
    }

    /**
     * Counts those that are less among the last of each eight, then among the eight that are left: sixteen comparisons that do
     * not wait for each other, where halving has six that do. No branch depends on what is found: half of them would be
     * mispredicted, and hinder the misses of the next search from overlapping with those of this one. What stands outside of
     * the range may be read, but counts for nothing.
     */
    private static int lowerBound(final long array, final int low, final int high, final long value)
    {
        int eights = low >>> 3;
        for (int i = 7; i < CAPACITY; i += 8)
        {
            eights -= isFrom(low, i) & isBefore(i, high) & isLess(OffHeap.getLong(array + (i << WIDE_SHIFT)), value);
        }

        final int first = eights << 3;
        int bound = Math.max(low, first);
        final long last = array + ((long)(first & CAPACITY - 1) << WIDE_SHIFT);
        for (int i = 0; i < 8; i++)
        {
            bound -= isFrom(low, first + i) & isBefore(first + i, high) &
                isLess(OffHeap.getLong(last + (i << WIDE_SHIFT)), value);
        }

        return bound;
    }

    /** As above, over offsets, which are compared as the positive numbers that they are. */
    private static int lowerBoundOfOffset(final long array, final int low, final int high, final long offset)
    {
        int eights = low >>> 3;
        for (int i = 7; i < CAPACITY; i += 8)
        {
            eights -= isFrom(low, i) & isBefore(i, high) & (int)(offset(array, i) - offset >> Long.SIZE - 1);
        }

        final int first = eights << 3;
        int bound = Math.max(low, first);
        for (int i = 0; i < 8; i++)
        {
            bound -= isFrom(low, first + i) & isBefore(first + i, high) &
                (int)(offset(array, first + i & CAPACITY - 1) - offset >> Long.SIZE - 1);
        }

        return bound;
    }

    private static long offset(final long array, final int position)
    {
        return OffHeap.getInt(array + ((long)position << NARROW_SHIFT)) & MAX_OFFSET;
    }

    /** -1 if a number is less than another, 0 if not; also where their difference overflows. */
    private static int isLess(final long left, final long right)
    {
        return (int)((left & ~right | ~(left ^ right) & left - right) >> Long.SIZE - 1);
    }

    /** -1 if a position is before another, 0 if not. */
    private static int isBefore(final int left, final int right)
    {
        return left - right >> Integer.SIZE - 1;
    }

    /** -1 if a position is not before the first of a range, 0 if it is. */
    private static int isFrom(final int low, final int position)
    {
        return ~(position - low >> Integer.SIZE - 1);
    }

    static int wordShift(final long node)
    {
        return OffHeap.getByte(node + WORD_SHIFT_OFFSET);
    }

    private static long memberAddress(final long node, final int position)
    {
        return node + MEMBER_OFFSET + (long)position * Integer.BYTES;
    }

    private static long wordAddress(final long node, final int word, final int position, final int shift)
    {
        return node + WORD_OFFSET + ((long)(word * CAPACITY + position) << shift);
    }

}

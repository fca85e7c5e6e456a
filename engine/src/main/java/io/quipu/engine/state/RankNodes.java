package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.CAPACITY;
import static io.quipu.engine.state.RankNode.NARROW_SHIFT;
import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.WIDE_SHIFT;
import static io.quipu.engine.state.RankNode.base;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.heads;
import static io.quipu.engine.state.RankNode.member;
import static io.quipu.engine.state.RankNode.parent;
import static io.quipu.engine.state.RankNode.word;
import static io.quipu.engine.state.RankNode.wordsEnd;

/**
 * The nodes of all {@link RankTree}s with one number of columns: which are in use, and what stands in them behind that which
 * all have in common, see {@link RankNode}. Methods that take a node take its address.
 * <pre>
 *   leaf, narrow    header | members | words, 4 B each          832 B with one column, 1,600 B with four
 *   leaf, wide      header | members | words, 8 B each        1,344 B with one column, 2,880 B with four
 *   inner node      as a wide leaf, with the first key below each child, then
 *     child         i32 x 64     node below
 *     block totals  i64 x 8      sums of eight totals each
 *     totals        i64 x 64     below that child: group heads, high half; members, low half
 * </pre>
 * A leaf is narrow where the words of its entries are near each other, as they are on a board of many members: 12 B an entry
 * with one column instead of 20. The number of a leaf says which kind it is, so that it is found by that alone:
 * <pre>
 *   leaf number     id in its slab, from 1, 28 bits | columns - 1, 2 bits | wide, 1 bit
 * </pre>
 * One thread.
 */
final class RankNodes implements AutoCloseable
{
    /** Totals of one member that begins no group, and of a group besides. */
    static final long ONE_MEMBER = 1;
    static final long ONE_GROUP = 1L << Integer.SIZE;

    private static final int COLUMNS_SHIFT = 1;
    private static final int ID_SHIFT = 3;
    private static final int WIDE_BIT = 1;

    private static final int BLOCK_SHIFT = 3;
    private static final int BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

    private final int columns;
    private final int leafBits;
    private final int childOffset;
    private final int blockOffset;
    private final int totalsOffset;
    private final LeafSlab narrow;
    private final LeafSlab wide;
    private final Slab inners;
    private final RankWindow window;

    /** Free inner nodes are linked by their parent field. */
    private int freeInner;
    private int lastInner;
    private int innerCount;

    /**
     * No node yet.
     *
     * @param columns of the keys, without the tie word.
     */
    RankNodes(final int columns)
    {
        final int words = columns + 1;
        this.columns = columns;
        leafBits = columns - 1 << COLUMNS_SHIFT;
        childOffset = wordsEnd(words, WIDE_SHIFT);
        blockOffset = childOffset + CAPACITY * Integer.BYTES;
        totalsOffset = blockOffset + (CAPACITY >>> BLOCK_SHIFT) * Long.BYTES;
        narrow = new LeafSlab(wordsEnd(words, NARROW_SHIFT));
        wide = new LeafSlab(wordsEnd(words, WIDE_SHIFT));
        inners = new Slab(totalsOffset + CAPACITY * Long.BYTES);
        window = new RankWindow(this);
    }

    int columns()
    {
        return columns;
    }

    /** Leaves in use. */
    int leafCount()
    {
        return narrow.count + wide.count;
    }

    /** Leaves in use that are wide. */
    int wideLeafCount()
    {
        return wide.count;
    }

    /** Inner nodes in use. */
    int innerCount()
    {
        return innerCount;
    }

    long bytes()
    {
        return narrow.slab.bytes() + wide.slab.bytes() + inners.bytes();
    }

    /** Where {@link RankShape} gathers entries; empty between two calls of it. */
    RankWindow window()
    {
        return window;
    }

    @Override
    public void close()
    {
        narrow.slab.close();
        wide.slab.close();
        inners.close();
    }

    // ---- nodes ----

    /** Number of columns of the tree that a leaf is of. */
    static int columnsOf(final int leaf)
    {
        return (leaf >>> COLUMNS_SHIFT & 3) + 1;
    }

    static boolean isWide(final int leaf)
    {
        return (leaf & WIDE_BIT) != 0;
    }

    long leaf(final int leaf)
    {
        return (isWide(leaf) ? wide : narrow).slab.address(leaf >>> ID_SHIFT);
    }

    long inner(final int id)
    {
        return inners.address(id);
    }

    /** A leaf on level 0, an inner node above. */
    long node(final int level, final int id)
    {
        return level == 0 ? leaf(id) : inner(id);
    }

    /**
     * Takes a leaf without entries, whose bases are 0.
     *
     * @param isWide  which kind.
     * @param ranking that it will be of.
     * @return its number.
     */
    int allocateLeaf(final boolean isWide, final int ranking)
    {
        final int id = (isWide ? wide : narrow).allocate();
        final int leaf = id << ID_SHIFT | leafBits | (isWide ? WIDE_BIT : 0);
        RankNode.begin(leaf(leaf), isWide ? WIDE_SHIFT : NARROW_SHIFT, ranking);

        return leaf;
    }

    int allocateInner()
    {
        int id = freeInner;
        if (id == NULL_NODE)
        {
            id = ++lastInner;
            inners.ensure(id);
        }
        else
        {
            freeInner = parent(inner(id));
        }

        innerCount++;
        RankNode.begin(inner(id), WIDE_SHIFT, 0);
        return id;
    }

    void free(final int level, final int id)
    {
        if (level == 0)
        {
            (isWide(id) ? wide : narrow).free(id >>> ID_SHIFT);
        }
        else
        {
            parent(inner(id), freeInner);
            freeInner = id;
            innerCount--;
        }
    }

    /**
     * Reads all lines of a leaf, and does nothing else: misses of leaves that are touched one behind the other overlap, and a
     * change or a rank that comes soon finds them in the cache.
     *
     * @param leaf to be touched.
     * @return a number without a meaning; to be used, so that the reads are not left out.
     */
    long touch(final int leaf)
    {
        final long node = leaf(leaf);
        final int length = (isWide(leaf) ? wide : narrow).slab.recordLength();
        long sum = 0;
        for (int offset = 0; offset < length; offset += OffHeap.CACHE_LINE_LENGTH)
        {
            sum += OffHeap.getLong(node + offset);
        }

        return sum;
    }

    // ---- keys ----

    /** Whether a key can stand in a leaf: in a wide one always, in a narrow one when no word is too far from its base. */
    boolean fits(final long leaf, final long[] key)
    {
        if (!RankNode.isNarrow(leaf))
        {
            return true;
        }

        for (int i = 0; i <= columns; i++)
        {
            if (key[i] - base(leaf, i) >>> Integer.SIZE != 0)
            {
                return false;
            }
        }

        return true;
    }

    boolean hasEqualColumns(final long left, final int leftPosition, final long right, final int rightPosition)
    {
        for (int i = 0; i < columns; i++)
        {
            if (word(left, i, leftPosition) != word(right, i, rightPosition))
            {
                return false;
            }
        }

        return true;
    }

    /** Writes an entry whose key fits. */
    void write(final long node, final int position, final long[] key, final int member)
    {
        member(node, position, member);
        for (int i = 0; i <= columns; i++)
        {
            word(node, i, position, key[i]);
        }
    }

    /** Copies an entry's key into an inner node. */
    void copyKey(final long from, final int fromPosition, final long inner, final int slot)
    {
        member(inner, slot, member(from, fromPosition));
        for (int i = 0; i <= columns; i++)
        {
            word(inner, i, slot, word(from, i, fromPosition));
        }
    }

    /** Moves a run of a node's keys, and no more, to another position of it. */
    void shiftKeys(final long node, final int from, final int to, final int length)
    {
        if (length > 0 && from != to)
        {
            RankNode.shiftKeys(node, columns + 1, from, to, length);
        }
    }

    // ---- children of inner nodes ----

    int child(final long inner, final int slot)
    {
        return OffHeap.getInt(childAddress(inner, slot));
    }

    /** Address of what {@link #child(long, int)} reads. */
    long childAddress(final long inner, final int slot)
    {
        return inner + childOffset + (long)slot * Integer.BYTES;
    }

    void child(final long inner, final int slot, final int child)
    {
        OffHeap.putInt(childAddress(inner, slot), child);
    }

    /** Members below the child in a slot. */
    int size(final long inner, final int slot)
    {
        return sizeOf(totals(inner, slot));
    }

    /** Members and groups below the child in a slot. */
    long totals(final long inner, final int slot)
    {
        return OffHeap.getLong(inner + totalsOffset + (long)slot * Long.BYTES);
    }

    /** Sets the totals of a child; {@link #sumBlocks} must follow. */
    void totals(final long inner, final int slot, final long totals)
    {
        OffHeap.putLong(inner + totalsOffset + (long)slot * Long.BYTES, totals);
    }

    void addTotals(final long inner, final int slot, final long delta)
    {
        totals(inner, slot, totals(inner, slot) + delta);
        final long block = inner + blockOffset + (long)(slot >>> BLOCK_SHIFT) * Long.BYTES;
        OffHeap.putLong(block, OffHeap.getLong(block) + delta);
    }

    /** Reads what {@link #addTotals} changes; the sum has no meaning. */
    long touchTotals(final long inner, final int slot)
    {
        return totals(inner, slot) + blockTotals(inner, slot >>> BLOCK_SHIFT);
    }

    /** Members and groups below the children before a slot: those of whole blocks, and of the slots before it in its block. */
    long totalsBefore(final long inner, final int slot)
    {
        final int blocks = slot >>> BLOCK_SHIFT;
        final int first = slot & CAPACITY - 1 & ~BLOCK_MASK;
        long sum = 0;
        for (int i = 0; i < CAPACITY >>> BLOCK_SHIFT; i++)
        {
            sum += blockTotals(inner, i) & isBefore(i, blocks);
        }
        for (int i = 0; i < BLOCK_MASK; i++)
        {
            sum += totals(inner, first + i) & isBefore(i, slot & BLOCK_MASK);
        }

        return sum;
    }

    /** All bits if a number is less than another, else none: how many are added up would be mispredicted. */
    private static long isBefore(final int left, final int right)
    {
        return left - right >> Integer.SIZE - 1;
    }

    /** Members and groups below a node. */
    long totalsOf(final int level, final long node)
    {
        return level == 0 ? totalsOf(count(node), Long.bitCount(heads(node))) : totalsBefore(node, CAPACITY);
    }

    /** The slot below which stands the nth member, from 0. */
    int slotOfMember(final long inner, final int n)
    {
        return slotOf(inner, n, 0);
    }

    /** The slot below which stands the nth head, from 0. */
    int slotOfGroup(final long inner, final int n)
    {
        return slotOf(inner, n, Integer.SIZE);
    }

    private int slotOf(final long inner, final int n, final int shift)
    {
        int remaining = n;
        int block = 0;
        for (int below = (int)(blockTotals(inner, 0) >>> shift);
            remaining >= below;
            below = (int)(blockTotals(inner, block) >>> shift))
        {
            remaining -= below;
            block++;
        }

        int slot = block << BLOCK_SHIFT;
        for (int below = (int)(totals(inner, slot) >>> shift);
            remaining >= below;
            below = (int)(totals(inner, slot) >>> shift))
        {
            remaining -= below;
            slot++;
        }

        return slot;
    }

    /** Adds up the totals anew, after children were set or moved. */
    void sumBlocks(final long inner)
    {
        final int count = count(inner);
        for (int block = 0; block <= (CAPACITY - 1) >>> BLOCK_SHIFT; block++)
        {
            long sum = 0;
            for (int i = block << BLOCK_SHIFT; i < Math.min(count, (block + 1) << BLOCK_SHIFT); i++)
            {
                sum += totals(inner, i);
            }
            OffHeap.putLong(inner + blockOffset + (long)block * Long.BYTES, sum);
        }
    }

    /** Sums of eight totals, as they are kept. */
    long blockTotals(final long inner, final int block)
    {
        return OffHeap.getLong(inner + blockOffset + (long)block * Long.BYTES);
    }

    static long totalsOf(final int size, final int groups)
    {
        return size + groups * ONE_GROUP;
    }

    static int sizeOf(final long totals)
    {
        return (int)totals;
    }

    static int groupsOf(final long totals)
    {
        return (int)(totals >>> Integer.SIZE);
    }

    /** Moves a run of a node's children, and what is known of them, to other slots. They learn of their new slots. */
    void shiftChildren(final int childLevel, final long inner, final int from, final int to, final int length)
    {
        if (length > 0 && from != to)
        {
            shiftKeys(inner, from, to, length);
            RankNode.shift(inner + childOffset, from, to, length, NARROW_SHIFT);
            RankNode.shift(inner + totalsOffset, from, to, length, WIDE_SHIFT);
            for (int slot = to; slot < to + length; slot++)
            {
                RankNode.slot(node(childLevel, child(inner, slot)), slot);
            }
        }
    }

    /** Leaves of one kind; the free ones are linked by their parent field. */
    private static final class LeafSlab
    {
        final Slab slab;
        private int free;
        private int last;
        private int count;

        LeafSlab(final int length)
        {
            slab = new Slab(length);
        }

        int allocate()
        {
            int id = free;
            if (id == NULL_NODE)
            {
                id = ++last;
                slab.ensure(id);
            }
            else
            {
                free = parent(slab.address(id));
            }
            count++;

            return id;
        }

        /** A free leaf has no entries, so that whoever remembers it sees that it is gone. */
        void free(final int id)
        {
            count(slab.address(id), 0);
            parent(slab.address(id), free);
            free = id;
            count--;
        }
    }
}

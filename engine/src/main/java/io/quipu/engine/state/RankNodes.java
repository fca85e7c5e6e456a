package io.quipu.engine.state;

/**
 * The nodes of all {@link RankTree}s with one number of columns: their layout, and which are free. Leaves and inner nodes begin
 * alike, so one search serves both:
 * <pre>
 *   header, 64 B    parent i32 | count i32 | previous leaf i32 | next leaf i32 | heads i64 | unused
 *   member          i32 x 64
 *   word 0          i64 x 64     columns, the better the smaller
 *   ..
 *   word columns-1  i64 x 64
 *   tie word        i64 x 64     word number `columns`
 *   ------------------------- a leaf ends here: 1,344 B with one column, 2,880 B with four
 *   child           i32 x 64     node below
 *   size            i32 x 64     members below that child
 *   groups          i32 x 64     group heads below that child
 * </pre>
 * In a leaf, entry i is a member's key. In an inner node it is the first key below child i. Arrays lie column by column, so
 * that a binary search reads little else than word 0, and an insert moves a few plain runs of memory. Bit i of heads is set
 * when entry i begins a group of equal columns; 64 entries fill that one word.
 * <p>
 * Leaves and inner nodes are numbered apart, from 1; methods that take a node take its address. One thread.
 */
final class RankNodes implements AutoCloseable
{
    static final int NULL_NODE = 0;

    /** Entries of a leaf, children of an inner node. */
    static final int CAPACITY = Long.SIZE;

    private static final int PARENT_OFFSET = 0;
    private static final int COUNT_OFFSET = 4;
    private static final int PREVIOUS_OFFSET = 8;
    private static final int NEXT_OFFSET = 12;
    private static final int HEADS_OFFSET = 16;
    private static final int MEMBER_OFFSET = OffHeap.CACHE_LINE_LENGTH;
    private static final int WORD_OFFSET = MEMBER_OFFSET + CAPACITY * Integer.BYTES;
    private static final int WORD_LENGTH = CAPACITY * Long.BYTES;

    private final int columns;
    private final int childOffset;
    private final int sizeOffset;
    private final int groupsOffset;
    private final Slab leaves;
    private final Slab inners;

    /** Free nodes are linked by their parent field. */
    private int freeLeaf;
    private int freeInner;
    private int lastLeaf;
    private int lastInner;
    private int leafCount;
    private int innerCount;

    /**
     * No node yet.
     *
     * @param columns of the keys, without the tie word.
     */
    RankNodes(final int columns)
    {
        this.columns = columns;
        childOffset = WORD_OFFSET + (columns + 1) * WORD_LENGTH;
        sizeOffset = childOffset + CAPACITY * Integer.BYTES;
        groupsOffset = sizeOffset + CAPACITY * Integer.BYTES;
        leaves = new Slab(childOffset);
        inners = new Slab(groupsOffset + CAPACITY * Integer.BYTES);
    }

    int columns()
    {
        return columns;
    }

    /** Leaves in use. */
    int leafCount()
    {
        return leafCount;
    }

    /** Inner nodes in use. */
    int innerCount()
    {
        return innerCount;
    }

    long bytes()
    {
        return leaves.bytes() + inners.bytes();
    }

    @Override
    public void close()
    {
        leaves.close();
        inners.close();
    }

    // ---- nodes ----

    long leaf(final int id)
    {
        return leaves.address(id);
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

    int allocate(final int level)
    {
        return level == 0 ? allocateLeaf() : allocateInner();
    }

    int allocateLeaf()
    {
        int id = freeLeaf;
        if (id == NULL_NODE)
        {
            id = ++lastLeaf;
            leaves.ensure(id);
        }
        else
        {
            freeLeaf = parent(leaf(id));
        }

        leafCount++;
        clearHeader(leaf(id));
        return id;
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
        clearHeader(inner(id));
        return id;
    }

    void free(final int level, final int id)
    {
        if (level == 0)
        {
            parent(leaf(id), freeLeaf);
            freeLeaf = id;
            leafCount--;
        }
        else
        {
            parent(inner(id), freeInner);
            freeInner = id;
            innerCount--;
        }
    }

    private static void clearHeader(final long node)
    {
        OffHeap.zero(node, MEMBER_OFFSET);
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
        return OffHeap.getInt(node + COUNT_OFFSET);
    }

    static void count(final long node, final int count)
    {
        OffHeap.putInt(node + COUNT_OFFSET, count);
    }

    static int previous(final long leaf)
    {
        return OffHeap.getInt(leaf + PREVIOUS_OFFSET);
    }

    static void previous(final long leaf, final int previous)
    {
        OffHeap.putInt(leaf + PREVIOUS_OFFSET, previous);
    }

    static int next(final long leaf)
    {
        return OffHeap.getInt(leaf + NEXT_OFFSET);
    }

    static void next(final long leaf, final int next)
    {
        OffHeap.putInt(leaf + NEXT_OFFSET, next);
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

    /** Moves flags over the border of two leaves, as {@link RankShape} moves the entries; fewer than 64. */
    static void transferHeads(final long left, final int leftCount, final long right, final int toRight)
    {
        final long leftHeads = heads(left);
        final long rightHeads = heads(right);
        if (toRight > 0)
        {
            final int kept = leftCount - toRight;
            heads(left, leftHeads & lowBits(kept));
            heads(right, rightHeads << toRight | leftHeads >>> kept);
        }
        else
        {
            heads(left, leftHeads | (rightHeads & lowBits(-toRight)) << leftCount);
            heads(right, rightHeads >>> -toRight);
        }
    }

    /** The lowest bits, fewer than 64 of them. */
    private static long lowBits(final int count)
    {
        return (1L << count) - 1;
    }

    // ---- entries ----

    static int member(final long node, final int position)
    {
        return OffHeap.getInt(node + MEMBER_OFFSET + (long)position * Integer.BYTES);
    }

    static long word(final long node, final int word, final int position)
    {
        return OffHeap.getLong(node + WORD_OFFSET + (long)word * WORD_LENGTH + (long)position * Long.BYTES);
    }

    /** Position of a member that is in the leaf. */
    static int positionOf(final long leaf, final int member)
    {
        int position = 0;
        while (member(leaf, position) != member)
        {
            position++;
        }

        return position;
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

    void write(final long node, final int position, final long[] key, final int member)
    {
        OffHeap.putInt(node + MEMBER_OFFSET + (long)position * Integer.BYTES, member);
        for (int i = 0; i <= columns; i++)
        {
            OffHeap.putLong(node + WORD_OFFSET + (long)i * WORD_LENGTH + (long)position * Long.BYTES, key[i]);
        }
    }

    /** Copies keys, and no more, from one node to another or within one: the ranges may overlap. */
    void copyKeys(final long from, final int fromPosition, final long to, final int toPosition, final int length)
    {
        if (length == 0)
        {
            return;
        }

        copyInts(from, fromPosition, to, toPosition, length, MEMBER_OFFSET);
        for (int i = 0; i <= columns; i++)
        {
            final long word = WORD_OFFSET + (long)i * WORD_LENGTH;
            OffHeap.copy(
                from + word + (long)fromPosition * Long.BYTES,
                to + word + (long)toPosition * Long.BYTES,
                (long)length * Long.BYTES);
        }
    }

    /** Copies entries of inner nodes whole. */
    void copyChildren(final long from, final int fromPosition, final long to, final int toPosition, final int length)
    {
        copyKeys(from, fromPosition, to, toPosition, length);
        copyInts(from, fromPosition, to, toPosition, length, childOffset);
        copyInts(from, fromPosition, to, toPosition, length, sizeOffset);
        copyInts(from, fromPosition, to, toPosition, length, groupsOffset);
    }

    private static void copyInts(
        final long from, final int fromPosition, final long to, final int toPosition, final int length, final int offset)
    {
        OffHeap.copy(
            from + offset + (long)fromPosition * Integer.BYTES,
            to + offset + (long)toPosition * Integer.BYTES,
            (long)length * Integer.BYTES);
    }

    // ---- children of inner nodes ----

    int child(final long inner, final int slot)
    {
        return OffHeap.getInt(inner + childOffset + (long)slot * Integer.BYTES);
    }

    void child(final long inner, final int slot, final int child)
    {
        OffHeap.putInt(inner + childOffset + (long)slot * Integer.BYTES, child);
    }

    /** Slot of a child that is in the node. */
    int slotOf(final long inner, final int child)
    {
        int slot = 0;
        while (child(inner, slot) != child)
        {
            slot++;
        }

        return slot;
    }

    int size(final long inner, final int slot)
    {
        return OffHeap.getInt(inner + sizeOffset + (long)slot * Integer.BYTES);
    }

    int groups(final long inner, final int slot)
    {
        return OffHeap.getInt(inner + groupsOffset + (long)slot * Integer.BYTES);
    }

    void setTotals(final long inner, final int slot, final int size, final int groups)
    {
        OffHeap.putInt(inner + sizeOffset + (long)slot * Integer.BYTES, size);
        OffHeap.putInt(inner + groupsOffset + (long)slot * Integer.BYTES, groups);
    }

    void addTotals(final long inner, final int slot, final int size, final int groups)
    {
        setTotals(inner, slot, size(inner, slot) + size, groups(inner, slot) + groups);
    }

    /** Members below the children before a slot. */
    int sizeBefore(final long inner, final int slot)
    {
        int sum = 0;
        for (int i = 0; i < slot; i++)
        {
            sum += size(inner, i);
        }

        return sum;
    }

    /** Group heads below the children before a slot. */
    int groupsBefore(final long inner, final int slot)
    {
        int sum = 0;
        for (int i = 0; i < slot; i++)
        {
            sum += groups(inner, i);
        }

        return sum;
    }
}

package io.quipu.engine.state;

import static io.quipu.engine.state.RankNodes.CAPACITY;
import static io.quipu.engine.state.RankNodes.NULL_NODE;
import static io.quipu.engine.state.RankNodes.count;
import static io.quipu.engine.state.RankNodes.heads;
import static io.quipu.engine.state.RankNodes.parent;

/**
 * The members of one board in their order, best first: a counted B+tree over off-heap nodes ({@link RankNodes}). Whatever is
 * asked, a rank of any kind, the member at a rank, the bounds of a range, costs O(log n).
 * <pre>
 *   points:desc                      +--------------------------+
 *   kept as ~points                  | first key  90      60    |     an inner node knows of each child
 *                                    | size        4       3    |     its first key, its members,
 *                                    | groups      3       2    |     and its groups of equal columns
 *                                    +------------|-------|-----+
 *                      .--------------------------'       '---------.
 *                      v                                            v
 *           +------------------------+                   +------------------------+
 *    leaf   | member  ann bob cyd dan|  &lt;--- links ---&gt;  | member  eve fay gus    |
 *           | points   90  80  80  70|                   | points   60  60  50    |
 *           | heads     *   *       *|                   | heads     *       *    |   * begins a group
 *           +------------------------+                   +------------------------+
 *    ordinal            1   2   3   4                               5   6   7
 *    dense              1   2   2   3                               4   4   5
 *    competition        1   2   2   4                               5   5   7
 * </pre>
 * The ordinal rank of an entry is its position in the leaf and the sizes of all that stands before it, gathered on the way up
 * to the root. The dense rank is the same sum over the heads. The competition rank is the ordinal of the group's head, found
 * from above as the n-th head, n being the dense rank; a group's size is the distance to the next head. No key is compared
 * for a rank.
 * <p>
 * <b>A key</b> stands once, in the leaf: 1..4 words, one a column, normalised so that the better value is the smaller signed
 * word, then the tie word. Equal columns are ordered by the tie word or, on a board whose ties fall to the member, by its name.
 * So the order is total, and no two keys are equal. A member's record names its leaf ({@link Members}), so that a small change
 * of its score is made where it stands, without a descent.
 * <p>
 * <b>Invariants</b>, which hold between any two calls; the tests walk through all of them after each step:
 * <ol>
 * <li>Keys ascend strictly over the leaves, from link to link; all leaves are on level 0.</li>
 * <li>Each slot of an inner node holds the exact first key, size and number of heads of the nodes below it.</li>
 * <li>An entry is a head if and only if no entry is before it or its columns differ from those of the entry before it, also
 *     where that one is the last of another leaf.</li>
 * <li>Each node but the root holds {@link RankShape#MIN_COUNT}..{@link RankNodes#CAPACITY} entries, an inner root at least 2;
 *     each knows its parent. An empty tree has no node.</li>
 * <li>Each member's record names the leaf that holds it.</li>
 * </ol>
 * {@link RankShape} keeps 4, and the sums of 2 when it moves entries; the order and the heads are kept here.
 * <p>
 * One thread. Nothing is allocated on the heap. A place, leaf and position in one long, is good until the next change.
 */
final class RankTree
{
    static final long NULL_PLACE = 0;

    /**
     * What the tree asks and tells of members.
     */
    interface Members
    {
        /**
         * A member now stands in a leaf.
         *
         * @param member that moved.
         * @param leaf   that it is found in from now on.
         */
        void onLeaf(int member, int leaf);

        /**
         * The order of two members with equal columns, where ties fall to the member.
         *
         * @param left  member.
         * @param right member.
         * @return negative when left stands first, positive when right does, 0 for a member and itself.
         */
        int compareNames(int left, int right);
    }

    private final RankShape shape = new RankShape();
    private RankNodes nodes;
    private Members members;
    private boolean isTiedByName;
    private int columns;
    private int size;
    private int groups;

    /** Where {@link #takeFirst()} goes on; set by its first call. */
    private long takenUpTo;

    /**
     * Begins an empty tree.
     *
     * @param nodes        that it takes its nodes from.
     * @param members      to be asked and told.
     * @param isTiedByName whether members of equal columns are ordered by name, not by the tie word.
     */
    void begin(final RankNodes nodes, final Members members, final boolean isTiedByName)
    {
        this.nodes = nodes;
        this.members = members;
        this.isTiedByName = isTiedByName;
        columns = nodes.columns();
        shape.begin(nodes, members);
        size = 0;
        groups = 0;
        takenUpTo = NULL_PLACE;
    }

    /** Members in the tree. */
    int size()
    {
        return size;
    }

    /** Groups of members with equal columns. */
    int groups()
    {
        return groups;
    }

    RankShape shape()
    {
        return shape;
    }

    // ---- changes ----

    /**
     * Adds a member that is not in the tree.
     *
     * @param key    its words, then its tie word.
     * @param member to be added.
     */
    void insert(final long[] key, final int member)
    {
        if (size == 0)
        {
            shape.plant();
        }

        int leaf = leafOf(key, member);
        if (count(nodes.leaf(leaf)) == CAPACITY)
        {
            shape.makeRoom(0, leaf);
            leaf = leafOf(key, member);
        }

        final long node = nodes.leaf(leaf);
        final int position = countBefore(node, key, columns, member, false);
        final int count = count(node);
        final int groupsBefore = Long.bitCount(heads(node));

        nodes.copyKeys(node, position, node, position + 1, count - position);
        nodes.write(node, position, key, member);
        count(node, count + 1);
        RankNodes.insertHead(node, position);
        members.onLeaf(member, leaf);

        onEntriesChanged(leaf, node, position, position, 1, groupsBefore);
    }

    /**
     * Removes a member.
     *
     * @param place of it, see {@link #placeOf}.
     */
    void remove(final long place)
    {
        final int leaf = leafOf(place);
        final int position = positionOf(place);
        final long node = nodes.leaf(leaf);
        final int count = count(node) - 1;
        final int groupsBefore = Long.bitCount(heads(node));

        nodes.copyKeys(node, position + 1, node, position, count - position);
        count(node, count);
        RankNodes.removeHead(node, position);

        onEntriesChanged(leaf, node, position, position, -1, groupsBefore);
        if (count < RankShape.MIN_COUNT)
        {
            shape.refill(0, leaf);
        }
    }

    /**
     * Gives a member another key. Between the first and the last of its leaf it only changes its position there.
     *
     * @param place  of it, see {@link #placeOf}.
     * @param key    its new words, then its new tie word.
     * @param member at the place.
     */
    void move(final long place, final long[] key, final int member)
    {
        final int leaf = leafOf(place);
        final int from = positionOf(place);
        final long node = nodes.leaf(leaf);
        final int last = count(node) - 1;
        final int before = countBefore(node, key, columns, member, false);
        final int to = before > from ? before - 1 : before;

        if (shape.isSingleLeaf() || from > 0 && from < last && to > 0 && to < last)
        {
            moveWithin(leaf, node, from, to, key, member);
        }
        else
        {
            remove(place);
            insert(key, member);
        }
    }

    /**
     * Takes the first member away from a tree that is being given up, with the nodes that become empty: from the first such
     * call on, only this one, {@link #first()}, {@link #next(long)}, the reads of a place and {@link #size()} have a meaning.
     *
     * @return the member; the tree must not be empty.
     */
    int takeFirst()
    {
        final long place = first();
        final int member = memberAt(place);
        final int leaf = leafOf(place);
        final long next = next(place);
        if (leafOf(next) != leaf)
        {
            shape.freeUpwards(leaf);
        }

        takenUpTo = next;
        size--;
        return member;
    }

    // ---- ranks and places ----

    /**
     * The place of the first entry.
     *
     * @return place, or {@link #NULL_PLACE} in an empty tree.
     */
    long first()
    {
        return size == 0 ? NULL_PLACE : takenUpTo != NULL_PLACE ? takenUpTo : select(1);
    }

    /**
     * The place of a member.
     *
     * @param leaf   that holds it.
     * @param member in question.
     * @return its place.
     */
    long placeOf(final int leaf, final int member)
    {
        return place(leaf, RankNodes.positionOf(nodes.leaf(leaf), member));
    }

    /**
     * The place behind another.
     *
     * @param place of an entry.
     * @return place of the next one, or {@link #NULL_PLACE} behind the last.
     */
    long next(final long place)
    {
        final long node = nodes.leaf(leafOf(place));
        return positionOf(place) + 1 < count(node) ? place + 1 : place(RankNodes.next(node), 0);
    }

    int memberAt(final long place)
    {
        return RankNodes.member(nodes.leaf(leafOf(place)), positionOf(place));
    }

    /** A word of the key at a place; the tie word is number {@code columns}. */
    long wordAt(final long place, final int word)
    {
        return RankNodes.word(nodes.leaf(leafOf(place)), word, positionOf(place));
    }

    boolean isHead(final long place)
    {
        return (heads(nodes.leaf(leafOf(place))) >>> positionOf(place) & 1) != 0;
    }

    /**
     * The place of a rank.
     *
     * @param ordinal 1..{@link #size()}.
     * @return place of the entry with this ordinal rank.
     */
    long select(final int ordinal)
    {
        int remaining = ordinal - 1;
        int id = shape.root();
        for (int level = shape.height(); level > 0; level--)
        {
            final long node = nodes.inner(id);
            int slot = 0;
            for (int below = nodes.size(node, 0); remaining >= below; below = nodes.size(node, slot))
            {
                remaining -= below;
                slot++;
            }
            id = nodes.child(node, slot);
        }

        return place(id, remaining);
    }

    /**
     * The ordinal rank of an entry.
     *
     * @param place of the entry.
     * @return from 1.
     */
    int ordinal(final long place)
    {
        int id = leafOf(place);
        int ordinal = positionOf(place) + 1;
        for (int parent = parent(nodes.leaf(id)); parent != NULL_NODE; parent = parent(nodes.inner(id)))
        {
            final long node = nodes.inner(parent);
            ordinal += nodes.sizeBefore(node, nodes.slotOf(node, id));
            id = parent;
        }

        return ordinal;
    }

    /**
     * The dense rank of an entry: groups up to its own.
     *
     * @param place of the entry.
     * @return from 1.
     */
    int dense(final long place)
    {
        int id = leafOf(place);
        int dense = Long.bitCount(heads(nodes.leaf(id)) << (CAPACITY - 1 - positionOf(place)));
        for (int parent = parent(nodes.leaf(id)); parent != NULL_NODE; parent = parent(nodes.inner(id)))
        {
            final long node = nodes.inner(parent);
            dense += nodes.groupsBefore(node, nodes.slotOf(node, id));
            id = parent;
        }

        return dense;
    }

    /**
     * The ordinal rank of a group's first member, which is the competition rank of them all.
     *
     * @param dense number of the group, from 1; with {@link #groups()} + 1 the answer is {@link #size()} + 1.
     * @return ordinal rank, from 1.
     */
    int ordinalOfGroup(final int dense)
    {
        if (dense > groups)
        {
            return size + 1;
        }

        int remaining = dense - 1;
        int ordinal = 1;
        int id = shape.root();
        for (int level = shape.height(); level > 0; level--)
        {
            final long node = nodes.inner(id);
            int slot = 0;
            for (int below = nodes.groups(node, 0); remaining >= below; below = nodes.groups(node, slot))
            {
                remaining -= below;
                ordinal += nodes.size(node, slot);
                slot++;
            }
            id = nodes.child(node, slot);
        }

        long heads = heads(nodes.leaf(id));
        for (; remaining > 0; remaining--)
        {
            heads &= heads - 1;
        }

        return ordinal + Long.numberOfTrailingZeros(heads);
    }

    /**
     * Members before a bound.
     *
     * @param key       words of the bound.
     * @param words     how many of them count, from 1; the other columns and the ties are open.
     * @param inclusive whether members that begin with exactly these words are counted too.
     * @return number of members whose words are smaller.
     */
    int countBefore(final long[] key, final int words, final boolean inclusive)
    {
        if (size == 0)
        {
            return 0;
        }

        int before = 0;
        int id = shape.root();
        for (int level = shape.height(); level > 0; level--)
        {
            final long node = nodes.inner(id);
            final int slot = Math.max(0, countBefore(node, key, words, 0, inclusive) - 1);
            before += nodes.sizeBefore(node, slot);
            id = nodes.child(node, slot);
        }

        return before + countBefore(nodes.leaf(id), key, words, 0, inclusive);
    }

    // ---- search ----

    /** The leaf that a key belongs to: the last whose first key is not behind it. */
    private int leafOf(final long[] key, final int member)
    {
        int id = shape.root();
        for (int level = shape.height(); level > 0; level--)
        {
            final long node = nodes.inner(id);
            id = nodes.child(node, Math.max(0, countBefore(node, key, columns, member, false) - 1));
        }

        return id;
    }

    /** Entries of a node before a key, of all of it with a member, of its first words only with member 0. */
    private int countBefore(
        final long node, final long[] key, final int words, final int member, final boolean inclusive)
    {
        int low = 0;
        int high = count(node);
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            final int comparison = compare(node, middle, key, words, member);
            if (comparison < 0 || inclusive && comparison == 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private int compare(final long node, final int position, final long[] key, final int words, final int member)
    {
        for (int i = 0; i < words; i++)
        {
            final long word = RankNodes.word(node, i, position);
            if (word != key[i])
            {
                return word < key[i] ? -1 : 1;
            }
        }

        if (member == 0)
        {
            return 0;
        }

        return isTiedByName ?
            members.compareNames(RankNodes.member(node, position), member) :
            Long.compare(RankNodes.word(node, columns, position), key[columns]);
    }

    // ---- the leaf and what stands above it ----

    private void moveWithin(
        final int leaf, final long node, final int from, final int to, final long[] key, final int member)
    {
        final int groupsBefore = Long.bitCount(heads(node));
        if (to > from)
        {
            nodes.copyKeys(node, from + 1, node, from, to - from);
        }
        else
        {
            nodes.copyKeys(node, to, node, to + 1, from - to);
        }
        nodes.write(node, to, key, member);
        RankNodes.removeHead(node, from);
        RankNodes.insertHead(node, to);

        onEntriesChanged(leaf, node, from, to, 0, groupsBefore);
    }

    /**
     * Restores the invariants above a leaf in which an entry went from one position, came to another, or both. Heads can only
     * have changed at the two positions and behind them.
     */
    private void onEntriesChanged(
        final int leaf, final long node, final int from, final int to, final int sizeDelta, final int groupsBefore)
    {
        final int count = count(node);
        settleHeads(node, Math.min(from, count), Math.min(from + 2, count));
        settleHeads(node, Math.min(to, count), Math.min(to + 2, count));
        addTotals(leaf, sizeDelta, Long.bitCount(heads(node)) - groupsBefore);

        if (count > 0 && Math.min(from, to) == 0)
        {
            shape.refreshFirstKey(leaf);
        }
        if (Math.max(from, to) + 1 >= count && RankNodes.next(node) != NULL_NODE)
        {
            settleFirstHead(RankNodes.next(node));
        }
    }

    /** Sets the heads of a range of positions by comparing each entry with the one before it. */
    private void settleHeads(final long node, final int from, final int to)
    {
        for (int position = from; position < to; position++)
        {
            RankNodes.setHead(node, position, isFirstOfGroup(node, position));
        }
    }

    private void addTotals(final int leaf, final int sizeDelta, final int groupsDelta)
    {
        if (sizeDelta != 0 || groupsDelta != 0)
        {
            size += sizeDelta;
            groups += groupsDelta;
            shape.addTotals(leaf, sizeDelta, groupsDelta);
        }
    }

    private void settleFirstHead(final int leaf)
    {
        final long node = nodes.leaf(leaf);
        final int groupsBefore = Long.bitCount(heads(node));
        settleHeads(node, 0, 1);
        addTotals(leaf, 0, Long.bitCount(heads(node)) - groupsBefore);
    }

    private boolean isFirstOfGroup(final long node, final int position)
    {
        if (position > 0)
        {
            return !nodes.hasEqualColumns(node, position - 1, node, position);
        }

        final int previous = RankNodes.previous(node);
        if (previous == NULL_NODE)
        {
            return true;
        }

        final long before = nodes.leaf(previous);
        return !nodes.hasEqualColumns(before, count(before) - 1, node, 0);
    }

    private static long place(final int leaf, final int position)
    {
        return (long)leaf << Integer.SIZE | position;
    }

    private static int leafOf(final long place)
    {
        return (int)(place >>> Integer.SIZE);
    }

    private static int positionOf(final long place)
    {
        return (int)place;
    }
}

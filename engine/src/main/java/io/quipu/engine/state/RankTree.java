package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.CAPACITY;
import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.heads;

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
 * of its score is made where it stands, without a descent. Where the words of a leaf are near each other they are kept as
 * 32-bit offsets ({@link RankNodes}); nothing here sees that but {@code fitting}.
 * <p>
 * <b>Invariants</b>, which hold between any two calls; the tests walk through all of them after each step:
 * <ol>
 * <li>Keys ascend strictly over the leaves, from link to link; all leaves are on level 0.</li>
 * <li>Each slot of an inner node holds the exact first key, size and number of heads of the nodes below it; each eight
 *     slots have their sum.</li>
 * <li>An entry is a head if and only if no entry is before it or its columns differ from those of the entry before it, also
 *     where that one is the last of another leaf.</li>
 * <li>Each node but the root holds {@link RankShape#MIN_COUNT}..{@link RankNode#CAPACITY} entries, an inner root at least 2;
 *     each knows its parent and its slot there. An empty tree has no node.</li>
 * <li>Each member's record names the leaf that holds it; each leaf names the ranking.</li>
 * <li>Each word of a narrow leaf lies at most {@link RankNode#MAX_OFFSET} above its base.</li>
 * </ol>
 * {@link RankShape} keeps 4, and the sums of 2 when it moves entries; {@link RankOrder} knows where a key belongs; the order and
 * the heads are kept here.
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
    private final RankOrder order = new RankOrder();
    private final RankAhead ahead = new RankAhead();
    private RankNodes nodes;
    private Members members;
    private int size;
    private int groups;

    /** The last leaf, while members are appended. */
    private int appendedTo;

    /** Where {@link #takeFirst()} goes on; set by its first call. */
    private long takenUpTo;

    /**
     * Begins an empty tree.
     *
     * @param nodes        that it takes its nodes from.
     * @param members      to be asked and told.
     * @param isTiedByName whether members of equal columns are ordered by name, not by the tie word.
     * @param ranking      number that its leaves name.
     */
    void begin(final RankNodes nodes, final Members members, final boolean isTiedByName, final int ranking)
    {
        this.nodes = nodes;
        this.members = members;
        shape.begin(nodes, members, ranking);
        order.begin(nodes, shape, members, isTiedByName);
        ahead.begin(nodes);
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

    /** What can be known and read ahead of a change. */
    RankAhead ahead()
    {
        return ahead;
    }

    // ---- changes ----

    /**
     * Adds a member that is not in the tree.
     *
     * @param key    its words, then its tie word.
     * @param member to be added.
     * @return its place.
     */
    long insert(final long[] key, final int member)
    {
        if (size == 0)
        {
            shape.plant();
        }

        int leaf = order.leafOf(key, member);
        if (count(nodes.leaf(leaf)) == CAPACITY)
        {
            shape.makeRoom(0, leaf);
            leaf = order.leafOf(key, member);
        }
        leaf = fitting(leaf, key);

        final long node = nodes.leaf(leaf);
        final int position = order.countBefore(node, key, member);
        addTotals(node, put(leaf, position, key, member));

        return place(leaf, position);
    }

    /**
     * Adds a member whose key is behind all others, without a search. Nodes at the right edge may be almost empty until {@link
     * #endAppend()}, which is to follow before anything else changes the tree.
     *
     * @param key    its words, then its tie word.
     * @param member to be added.
     * @return false when the key is not behind all others; nothing has changed then.
     */
    boolean append(final long[] key, final int member)
    {
        if (size == 0)
        {
            shape.plant();
            appendedTo = shape.root();
        }
        else if (!order.isBehind(nodes.leaf(appendedTo), key, member))
        {
            return false;
        }

        if (count(nodes.leaf(appendedTo)) >= RankShape.HIGH_COUNT)
        {
            appendedTo = shape.extend(appendedTo);
        }
        appendedTo = fitting(appendedTo, key);

        final long node = nodes.leaf(appendedTo);
        addTotals(node, put(appendedTo, count(node), key, member));
        return true;
    }

    /** Has all nodes hold again what nodes must, behind the last {@link #append}. */
    void endAppend()
    {
        shape.settleRightEdge();
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

        addTotals(node, take(node, position));
        if (count(node) < RankShape.LOW_COUNT)
        {
            shape.refill(0, leaf);
        }
    }

    /**
     * Gives a member another key. As long as it stays between the last entry of the leaf before and the first of the leaf
     * behind, only its position in its own leaf changes.
     *
     * @param place   of it, see {@link #placeOf}.
     * @param key     its new words, then its new tie word.
     * @param member  at the place.
     * @param ordinal rank that it has; 0 where nobody asks.
     * @param target  leaf that the key seems to belong to: any number of a leaf of trees like this, also of one that was freed,
     *                or {@link RankNode#NULL_NODE}.
     * @return the ordinal rank that it has now; 0 where nobody asks.
     */
    int move(final long place, final long[] key, final int member, final int ordinal, final int target)
    {
        final int leaf = leafOf(place);
        if (target != leaf && order.isInside(target, key, member))
        {
            return moveAcross(place, target, key, member, ordinal);
        }

        final int from = positionOf(place);
        final long node = nodes.leaf(leaf);
        final int before = order.isBetweenNeighbours(node, from, key, member) ?
            from :
            order.countBefore(node, key, member);
        if (before == 0 && order.isBeforeLeaf(node, key, member) ||
            before == count(node) && order.isBehindLeaf(node, key, member))
        {
            return moveAcross(place, order.leafOf(key, member), key, member, ordinal);
        }

        final int to = before > from ? before - 1 : before;
        moveWithin(fitting(leaf, key), from, to, key, member);
        return ordinal == 0 ? 0 : ordinal + to - from;
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
        return place(leaf, RankNode.positionOf(nodes.leaf(leaf), member));
    }

    /** Whether a member of a leaf stands at a place, which may be any. */
    boolean isAt(final long place, final int leaf, final int member)
    {
        final long node = nodes.leaf(leaf);
        final int position = positionOf(place);
        return leafOf(place) == leaf && position < count(node) && RankNode.member(node, position) == member;
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
        return positionOf(place) + 1 < count(node) ? place + 1 : place(RankNode.next(node), 0);
    }

    int memberAt(final long place)
    {
        return RankNode.member(nodes.leaf(leafOf(place)), positionOf(place));
    }

    /** A word of the key at a place; the tie word is number {@code columns}. */
    long wordAt(final long place, final int word)
    {
        return RankNode.word(nodes.leaf(leafOf(place)), word, positionOf(place));
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
            final int slot = nodes.slotOfMember(node, remaining);
            remaining -= RankNodes.sizeOf(nodes.totalsBefore(node, slot));
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
        return RankNodes.sizeOf(rank(place));
    }

    /**
     * The ordinal and the dense rank of an entry, for the price of one of them.
     *
     * @param place of the entry.
     * @return totals of all entries up to it: see {@link RankNodes#sizeOf}, {@link RankNodes#groupsOf}.
     */
    long rank(final long place)
    {
        final long node = nodes.leaf(leafOf(place));
        final int position = positionOf(place);
        return shape.totalsBefore(node) + RankNodes.totalsOf(position + 1, Long.bitCount(headsUpTo(node, position)));
    }

    /**
     * The ordinal rank of the first member of an entry's group, which is the competition rank of them all. It mostly stands in
     * the same leaf, or in the one before.
     *
     * @param place of the entry.
     * @param rank  of it, see {@link #rank}.
     * @return ordinal rank, from 1.
     */
    int ordinalOfOwnGroup(final long place, final long rank)
    {
        final long node = nodes.leaf(leafOf(place));
        final int position = positionOf(place);
        final long upTo = headsUpTo(node, position);
        if (upTo != 0)
        {
            return RankNodes.sizeOf(rank) - Long.numberOfLeadingZeros(upTo);
        }

        final long before = nodes.leaf(shape.previous(node));
        return heads(before) != 0 ?
            RankNodes.sizeOf(rank) - position - count(before) + Long.SIZE - 1 - Long.numberOfLeadingZeros(heads(before)) :
            ordinalOfGroup(RankNodes.groupsOf(rank));
    }

    /**
     * The ordinal rank of the first member of the group behind an entry's own. It mostly stands in the same leaf, or in the next.
     *
     * @param place of the entry.
     * @param rank  of it, see {@link #rank}.
     * @return ordinal rank; {@link #size()} + 1 behind the last group.
     */
    int ordinalOfNextGroup(final long place, final long rank)
    {
        final long node = nodes.leaf(leafOf(place));
        final int position = positionOf(place);
        final long behind = headsBehind(node, position);
        if (behind != 0)
        {
            return RankNodes.sizeOf(rank) + 1 + Long.numberOfTrailingZeros(behind);
        }
        if (RankNode.next(node) == NULL_NODE)
        {
            return size + 1;
        }

        final long next = nodes.leaf(RankNode.next(node));
        return heads(next) != 0 ?
            RankNodes.sizeOf(rank) + count(node) - position + Long.numberOfTrailingZeros(heads(next)) :
            ordinalOfGroup(RankNodes.groupsOf(rank) + 1);
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
            final int slot = nodes.slotOfGroup(node, remaining);
            final long totals = nodes.totalsBefore(node, slot);
            remaining -= RankNodes.groupsOf(totals);
            ordinal += RankNodes.sizeOf(totals);
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
            final int slot = Math.max(0, order.countBefore(node, key, words, 0, inclusive) - 1);
            before += RankNodes.sizeOf(nodes.totalsBefore(node, slot));
            id = nodes.child(node, slot);
        }

        return before + order.countBefore(nodes.leaf(id), key, words, 0, inclusive);
    }

    // ---- the leaf and what stands above it ----

    /** A leaf, by whatever number it has then, that a key can be written to. */
    private int fitting(final int leaf, final long[] key)
    {
        return nodes.fits(nodes.leaf(leaf), key) ? leaf : shape.makeFit(leaf, key);
    }

    /**
     * Moves an entry to another leaf, which its new key belongs to. Above both leaves only the number of groups can change, and
     * it seldom does.
     */
    private int moveAcross(
        final long place, final int target, final long[] key, final int member, final int ordinal)
    {
        final long from = nodes.leaf(leafOf(place));
        final long to = nodes.leaf(target);
        if (count(from) <= RankShape.LOW_COUNT || count(to) == CAPACITY || !nodes.fits(to, key))
        {
            remove(place);
            final long newPlace = insert(key, member);
            return ordinal == 0 ? 0 : ordinal(newPlace);
        }

        final int position = order.countBefore(to, key, member);
        final int between = ordinal == 0 ? 0 : shape.membersFrom(from, to);
        final long taken = take(from, positionOf(place));
        final long put = put(target, position, key, member);
        groups += RankNodes.groupsOf(taken + put);
        shape.addTotals(from, taken, to, put);

        return ordinal == 0 ? 0 : ordinal + between + position - positionOf(place) - (between > 0 ? 1 : 0);
    }

    /** Takes an entry out of a leaf; returns how the leaf's totals change, which those above must follow. */
    private long take(final long node, final int position)
    {
        final int count = count(node) - 1;
        final int groupsBefore = Long.bitCount(heads(node));
        nodes.shiftKeys(node, position + 1, position, count - position);
        count(node, count);
        RankNode.removeHead(node, position);
        settle(node, position, position, position == count);

        return RankNodes.totalsOf(-1, Long.bitCount(heads(node)) - groupsBefore);
    }

    /** Puts an entry into a leaf that has room; returns how the leaf's totals change, which those above must follow. */
    private long put(final int leaf, final int position, final long[] key, final int member)
    {
        final long node = nodes.leaf(leaf);
        final int count = count(node);
        final int groupsBefore = Long.bitCount(heads(node));
        nodes.shiftKeys(node, position, position + 1, count - position);
        nodes.write(node, position, key, member);
        count(node, count + 1);
        RankNode.insertHead(node, position);
        members.onLeaf(member, leaf);
        settle(node, position, position, position == count);

        return RankNodes.totalsOf(1, Long.bitCount(heads(node)) - groupsBefore);
    }

    private void moveWithin(final int leaf, final int from, final int to, final long[] key, final int member)
    {
        final long node = nodes.leaf(leaf);
        final int groupsBefore = Long.bitCount(heads(node));
        if (to > from)
        {
            nodes.shiftKeys(node, from + 1, from, to - from);
        }
        else
        {
            nodes.shiftKeys(node, to, to + 1, from - to);
        }
        nodes.write(node, to, key, member);
        RankNode.removeHead(node, from);
        RankNode.insertHead(node, to);

        settle(node, from, to, Math.max(from, to) == count(node) - 1);
        addTotals(node, RankNodes.totalsOf(0, Long.bitCount(heads(node)) - groupsBefore));
    }

    /**
     * Restores heads and first keys, not totals, after an entry went from one position of a leaf, came to another, or both. Heads
     * can only have changed at the two positions and behind them.
     */
    private void settle(final long node, final int from, final int to, final boolean isLastAnother)
    {
        final int count = count(node);
        settleHeads(node, from, Math.min(from + 2, count));
        if (to != from)
        {
            settleHeads(node, to, Math.min(to + 2, count));
        }
        if (count > 0 && Math.min(from, to) == 0)
        {
            shape.refreshFirstKey(node);
        }
        if (isLastAnother && RankNode.next(node) != NULL_NODE)
        {
            settleFirstHead(RankNode.next(node));
        }
    }

    private void settleHeads(final long node, final int from, final int to)
    {
        for (int position = from; position < to; position++)
        {
            RankNode.setHead(node, position, isFirstOfGroup(node, position));
        }
    }

    private void addTotals(final long node, final long delta)
    {
        if (delta != 0)
        {
            size += RankNodes.sizeOf(delta);
            groups += RankNodes.groupsOf(delta - RankNodes.sizeOf(delta));
            shape.addTotals(node, delta);
        }
    }

    private void settleFirstHead(final int leaf)
    {
        final long node = nodes.leaf(leaf);
        final int groupsBefore = Long.bitCount(heads(node));
        RankNode.setHead(node, 0, isFirstOfGroup(node, 0));
        addTotals(node, RankNodes.totalsOf(0, Long.bitCount(heads(node)) - groupsBefore));
    }

    private boolean isFirstOfGroup(final long node, final int position)
    {
        if (position > 0)
        {
            return !nodes.hasEqualColumns(node, position - 1, node, position);
        }

        final int previous = shape.previous(node);
        if (previous == NULL_NODE)
        {
            return true;
        }

        final long before = nodes.leaf(previous);
        return !nodes.hasEqualColumns(before, count(before) - 1, node, 0);
    }

    /** Flags of the entries up to a position, its own the highest bit. */
    static long headsUpTo(final long node, final int position)
    {
        return heads(node) << Long.SIZE - 1 - position;
    }

    /** Flags of the entries behind a position, the next one the lowest bit. */
    static long headsBehind(final long node, final int position)
    {
        return heads(node) >>> position >>> 1;
    }

    private static long place(final int leaf, final int position)
    {
        return (long)leaf << Integer.SIZE | position;
    }

    static int leafOf(final long place)
    {
        return (int)(place >>> Integer.SIZE);
    }

    static int positionOf(final long place)
    {
        return (int)place;
    }
}

package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.CAPACITY;
import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.parent;
import static io.quipu.engine.state.RankNode.slot;

/**
 * The shape of one {@link RankTree}: its root, its height, what inner nodes know of those below, and how nodes are kept between
 * full and almost empty. It moves entries and adds up totals; what the keys mean, and which entry is a head, the tree decides.
 * <pre>
 *   full, neighbours have room       [64] [40]                  -&gt;  [52] [52]                       up to five share
 *   full, and they have none         [64] [62] [61] [64] [63]   -&gt;  [52] [52] [53] [52] [52] [53]   five become six
 *   full, without a neighbour        [64]                       -&gt;  [32] [32]
 *   low, neighbours can take it      [47] [43] [49] [50] [50]   -&gt;  [59] [60] [60] [60]             five become four
 *   almost empty, and they cannot    [23] [58]                  -&gt;  [40] [41]
 * </pre>
 * All of these are one thing, {@link #spread}: neighbours under one parent are dealt out evenly, to as many nodes or to one
 * more or less. Nothing changes above the parent but, where it has a child more or less, its own count. Splitting late and
 * merging early keeps nodes full, also after any number of random moves: it is the B*-tree (D. Comer, The Ubiquitous B-Tree,
 * 1979) with five for two.
 * <p>
 * Its invariants are those of the tree, but in one respect between two calls of a single change: a full node may stay full.
 */
final class RankShape
{
    /** A node has at least so many entries, but for the root. */
    static final int MIN_COUNT = CAPACITY * 3 / 8;

    /** Below this a node looks for neighbours to merge with. */
    static final int LOW_COUNT = CAPACITY * 11 / 16;

    /** Neighbours that have no more each, on average, have room. */
    static final int HIGH_COUNT = CAPACITY * 15 / 16;

    private RankNodes nodes;
    private RankWindow window;
    private RankTree.Members members;

    private int ranking;

    private int root;

    /** Level of the root; leaves are on level 0. */
    private int height;

    void begin(final RankNodes nodes, final RankTree.Members members, final int ranking)
    {
        this.nodes = nodes;
        this.window = nodes.window();
        this.members = members;
        this.ranking = ranking;
        root = NULL_NODE;
        height = 0;
    }

    /** Number of the ranking that leaves name. */
    int ranking()
    {
        return ranking;
    }

    int root()
    {
        return root;
    }

    int height()
    {
        return height;
    }

    /** Gives an empty tree its first leaf. */
    void plant()
    {
        root = nodes.allocateLeaf(false, ranking);
    }

    /** The leaf before another, {@link RankNode#NULL_NODE} before the first. */
    int previous(final long leaf)
    {
        long node = leaf;
        int level = 0;
        while (slot(node) == 0 && parent(node) != NULL_NODE)
        {
            node = nodes.inner(parent(node));
            level++;
        }
        if (parent(node) == NULL_NODE)
        {
            return NULL_NODE;
        }

        int id = nodes.child(nodes.inner(parent(node)), slot(node) - 1);
        for (; level > 0; level--)
        {
            id = nodes.child(nodes.inner(id), count(nodes.inner(id)) - 1);
        }

        return id;
    }

    /** Members and groups in all leaves before one. */
    long totalsBefore(final long leaf)
    {
        long sum = 0;
        long node = leaf;
        for (int parent = parent(node); parent != NULL_NODE; parent = parent(node))
        {
            final long above = nodes.inner(parent);
            sum += nodes.totalsBefore(above, slot(node));
            node = above;
        }

        return sum;
    }

    /** Adds to the totals of a node in all slots above it. */
    void addTotals(final long below, final long delta)
    {
        long node = below;
        for (int parent = parent(node); parent != NULL_NODE; parent = parent(node))
        {
            final long above = nodes.inner(parent);
            nodes.addTotals(above, slot(node), delta);
            node = above;
        }
    }

    /** Members in all leaves before one, less those before another: how far it is from that one's first to the other's. */
    int membersFrom(final long leaf, final long otherLeaf)
    {
        long node = leaf;
        long other = otherLeaf;
        long distance = 0;
        while (node != other)
        {
            final long above = nodes.inner(parent(node));
            final long aboveOther = nodes.inner(parent(other));
            distance += nodes.totalsBefore(aboveOther, slot(other)) - nodes.totalsBefore(above, slot(node));
            node = above;
            other = aboveOther;
        }

        return RankNodes.sizeOf(distance);
    }

    /** Adds to the totals of two leaves; above their common ancestor what remains of both, if anything does. */
    void addTotals(final long leaf, final long delta, final long otherLeaf, final long otherDelta)
    {
        long node = leaf;
        long other = otherLeaf;
        while (parent(node) != parent(other))
        {
            final long above = nodes.inner(parent(node));
            final long aboveOther = nodes.inner(parent(other));
            nodes.addTotals(above, slot(node), delta);
            nodes.addTotals(aboveOther, slot(other), otherDelta);
            node = above;
            other = aboveOther;
        }

        final long ancestor = nodes.inner(parent(node));
        nodes.addTotals(ancestor, slot(node), delta);
        nodes.addTotals(ancestor, slot(other), otherDelta);
        if (delta + otherDelta != 0)
        {
            addTotals(ancestor, delta + otherDelta);
        }
    }

    /** Copies a leaf's first key into the slots above it that it is the first key of. */
    void refreshFirstKey(final long leaf)
    {
        long node = leaf;
        int slot = 0;
        for (int parent = parent(node); parent != NULL_NODE && slot == 0; parent = parent(node))
        {
            final long above = nodes.inner(parent);
            slot = slot(node);
            nodes.copyKey(leaf, 0, above, slot);
            node = above;
        }
    }

    /**
     * Sees to it that a key can be written to a leaf, by other bases or by making it wide.
     *
     * @param leaf that a key does not fit.
     * @param key  in question.
     * @return the leaf's number from now on.
     */
    int makeFit(final int leaf, final long[] key)
    {
        final long old = nodes.leaf(leaf);
        final int previous = previous(old);
        final int next = RankNode.next(old);
        final int parent = parent(old);
        final int slot = slot(old);
        window.clear();
        window.gather(0, leaf);
        final int id = window.dealWithRoomFor(key, members);
        setParent(0, id, parent, slot);
        link(previous, id);
        link(id, next);

        return id;
    }

    /** Gives a full node room for one more entry at least. */
    void makeRoom(final int level, final int id)
    {
        if (level == height)
        {
            raiseRoot();
        }
        if (isSharedByNeighbours(level, id))
        {
            return;
        }

        if (count(nodes.inner(parent(nodes.node(level, id)))) == CAPACITY)
        {
            makeRoom(level + 1, parent(nodes.node(level, id)));
        }
        final long node = nodes.node(level, id);
        final int parent = parent(node);
        final int width = Math.min(RankWindow.MAX_NODES, count(nodes.inner(parent)));
        spread(level, parent, firstOfWindow(parent, slot(node), width), width, width + 1);
    }

    /** Shares with as few neighbours as have room, if there are such. */
    private boolean isSharedByNeighbours(final int level, final int id)
    {
        final int parent = parent(nodes.node(level, id));
        final int slot = slot(nodes.node(level, id));
        final int maxWidth = Math.min(RankWindow.MAX_NODES, count(nodes.inner(parent)));
        for (int width = 2; width <= maxWidth; width++)
        {
            final int first = firstOfWindow(parent, slot, width);
            if (entries(level, parent, first, width) <= width * HIGH_COUNT)
            {
                spread(level, parent, first, width, width);
                return true;
            }
        }

        return false;
    }

    /**
     * Puts a leaf without entries behind the last one, which has enough of them; the tree is filled from the left to the right.
     * Invariant 4 does not hold at the right edge until {@link #settleRightEdge()}.
     *
     * @param last leaf.
     * @return the new one.
     */
    int extend(final int last)
    {
        final int leaf = nodes.allocateLeaf(false, ranking);
        link(last, leaf);
        extend(0, last, leaf);

        return leaf;
    }

    /** Puts a node without entries behind the last one of its level. */
    private void extend(final int level, final int last, final int id)
    {
        if (level == height)
        {
            raiseRoot();
        }
        int parent = parent(nodes.node(level, last));
        if (count(nodes.inner(parent)) >= HIGH_COUNT)
        {
            final int next = nodes.allocateInner();
            extend(level + 1, parent, next);
            parent = next;
        }

        final long above = nodes.inner(parent);
        final int slot = count(above);
        count(above, slot + 1);
        nodes.totals(above, slot, 0);
        nodes.sumBlocks(above);
        setParent(level, id, parent, slot);
    }

    /** From the top, so that a node finds neighbours below its own parent. */
    void settleRightEdge()
    {
        for (int level = height - 1; level >= 0; level--)
        {
            int id = root;
            for (int above = height; above > level; above--)
            {
                id = nodes.child(nodes.inner(id), count(nodes.inner(id)) - 1);
            }
            if (count(nodes.node(level, id)) < MIN_COUNT)
            {
                refill(level, id);
            }
        }
    }

    /** Looks after a node that has lost an entry and is low now. A root may be as empty as it likes. */
    void refill(final int level, final int id)
    {
        if (level == height)
        {
            lowerRoot();
            return;
        }

        final int parent = parent(nodes.node(level, id));
        final int slot = slot(nodes.node(level, id));
        final int maxWidth = Math.min(RankWindow.MAX_NODES, count(nodes.inner(parent)));
        for (int width = 2; width <= maxWidth; width++)
        {
            final int first = firstOfWindow(parent, slot, width);
            if (entries(level, parent, first, width) <= (width - 1) * HIGH_COUNT)
            {
                spread(level, parent, first, width, width - 1);
                if (count(nodes.inner(parent)) < LOW_COUNT)
                {
                    refill(level + 1, parent);
                }
                return;
            }
        }

        if (count(nodes.node(level, id)) < MIN_COUNT)
        {
            spread(level, parent, firstOfWindow(parent, slot, maxWidth), maxWidth, maxWidth);
        }
    }

    /** Neighbours around a slot. */
    private int firstOfWindow(final int parent, final int slot, final int width)
    {
        return Math.max(0, Math.min(slot - width / 2, count(nodes.inner(parent)) - width));
    }

    private int entries(final int level, final int parent, final int first, final int width)
    {
        final long node = nodes.inner(parent);
        int sum = 0;
        for (int slot = first; slot < first + width; slot++)
        {
            sum += level == 0 ? nodes.size(node, slot) : count(nodes.inner(nodes.child(node, slot)));
        }

        return sum;
    }

    /** Deals the entries of neighbours out evenly, to as many nodes or to one more or less. The parent has room. */
    private void spread(final int level, final int parent, final int first, final int width, final int newWidth)
    {
        final long above = nodes.inner(parent);
        final int previous = level == 0 ? previous(nodes.leaf(nodes.child(above, first))) : NULL_NODE;
        final int last = nodes.child(above, first + width - 1);
        final int next = level == 0 ? RankNode.next(nodes.leaf(last)) : NULL_NODE;

        window.clear();
        for (int slot = first; slot < first + width; slot++)
        {
            window.gather(level, nodes.child(above, slot));
        }
        window.resize(level, newWidth);
        nodes.shiftChildren(level, above, first + width, first + newWidth, count(above) - first - width);
        count(above, count(above) + newWidth - width);

        int left = previous;
        for (int i = 0; i < newWidth; i++)
        {
            final int id = window.deal(level, i, members);
            final long node = nodes.node(level, id);
            setParent(level, id, parent, first + i);
            nodes.copyKey(node, 0, above, first + i);
            nodes.totals(above, first + i, nodes.totalsOf(level, node));
            if (level == 0)
            {
                link(left, id);
                left = id;
            }
        }
        if (level == 0)
        {
            link(left, next);
        }
        nodes.sumBlocks(above);
    }

    private void setParent(final int level, final int id, final int parent, final int slot)
    {
        final long node = nodes.node(level, id);
        parent(node, parent);
        slot(node, slot);
        if (parent == NULL_NODE)
        {
            root = id;
        }
        else
        {
            nodes.child(nodes.inner(parent), slot, id);
        }
    }

    private void link(final int left, final int right)
    {
        if (left != NULL_NODE)
        {
            RankNode.next(nodes.leaf(left), right);
        }
    }

    /** Puts a new root above the old one. */
    private void raiseRoot()
    {
        final int above = nodes.allocateInner();
        final long node = nodes.inner(above);
        final long below = nodes.node(height, root);
        nodes.copyKey(below, 0, node, 0);
        nodes.totals(node, 0, nodes.totalsOf(height, below));
        count(node, 1);
        nodes.sumBlocks(node);
        setParent(height, root, above, 0);
        root = above;
        height++;
    }

    /** An inner root with one child gives way to it; an empty leaf to nothing. */
    private void lowerRoot()
    {
        final long node = nodes.node(height, root);
        if (height == 0 && count(node) == 0)
        {
            nodes.free(0, root);
            root = NULL_NODE;
        }
        else if (height > 0 && count(node) == 1)
        {
            final int below = nodes.child(node, 0);
            nodes.free(height, root);
            height--;
            setParent(height, below, NULL_NODE, 0);
        }
    }

    /** Frees a leaf and, when it was the last child, what stands above it. The children before it have been freed. */
    void freeUpwards(final int leaf)
    {
        int id = leaf;
        int level = 0;
        boolean isLast = true;
        while (isLast && id != NULL_NODE)
        {
            final long node = nodes.node(level, id);
            final int parent = parent(node);
            isLast = parent != NULL_NODE && slot(node) == count(nodes.inner(parent)) - 1;
            nodes.free(level, id);
            id = parent;
            level++;
        }
    }
}

package io.quipu.engine.state;

import static io.quipu.engine.state.RankNodes.CAPACITY;
import static io.quipu.engine.state.RankNodes.NULL_NODE;
import static io.quipu.engine.state.RankNodes.count;
import static io.quipu.engine.state.RankNodes.heads;
import static io.quipu.engine.state.RankNodes.parent;

/**
 * The shape of one {@link RankTree}: its root, its height, what inner nodes know of those below, and how nodes are kept between
 * full and almost empty. It moves entries and adds up totals; what the keys mean, and which entry is a head, the tree decides.
 * <pre>
 *   full, the neighbour has room     share      [64] [40]       ->  [52] [52]
 *   full, the neighbour is too       split      [64] [60]       ->  [42] [41] [41]
 *   full, without a neighbour                   [64]            ->  [32] [32]
 *   almost empty                     merge      [23] [30]       ->  [53]
 *   almost empty, the neighbour not  share      [23] [50]       ->  [37] [36]
 * </pre>
 * All are made of {@link #transfer}, which moves entries over the border of two neighbours under one parent, so that nothing
 * changes above the parent. Full nodes share before they split, and two become three (the B*-tree in D. Comer, The Ubiquitous
 * B-Tree, 1979): nodes stay fuller than by halves.
 * <p>
 * Its invariants are those of the tree, but in one respect between two calls of a single change: a full node may stay full.
 */
final class RankShape
{
    /** A node that falls below this is merged with a neighbour, or filled from it. */
    static final int MIN_COUNT = CAPACITY * 3 / 8;

    /** A neighbour shares with a full node when it has so much room; two merge when they leave so much. */
    static final int SLACK = CAPACITY / 8;

    private RankNodes nodes;
    private RankTree.Members members;

    private int root;

    /** Level of the root; leaves are on level 0. */
    private int height;

    void begin(final RankNodes nodes, final RankTree.Members members)
    {
        this.nodes = nodes;
        this.members = members;
        root = NULL_NODE;
        height = 0;
    }

    int root()
    {
        return root;
    }

    int height()
    {
        return height;
    }

    boolean isSingleLeaf()
    {
        return height == 0;
    }

    /** Gives an empty tree its first leaf. */
    void plant()
    {
        root = nodes.allocate(0);
    }

    /** Adds to the totals of a leaf in all slots above it. */
    void addTotals(final int leaf, final int sizeDelta, final int groupsDelta)
    {
        int id = leaf;
        for (int parent = parent(nodes.leaf(id)); parent != NULL_NODE; parent = parent(nodes.inner(id)))
        {
            final long node = nodes.inner(parent);
            nodes.addTotals(node, nodes.slotOf(node, id), sizeDelta, groupsDelta);
            id = parent;
        }
    }

    /** Copies a leaf's first key into the slots above it that it is the first key of. */
    void refreshFirstKey(final int leaf)
    {
        final long first = nodes.leaf(leaf);
        int id = leaf;
        int slot = 0;
        for (int parent = parent(first); parent != NULL_NODE && slot == 0; parent = parent(nodes.inner(id)))
        {
            final long node = nodes.inner(parent);
            slot = nodes.slotOf(node, id);
            nodes.copyKeys(first, 0, node, slot, 1);
            id = parent;
        }
    }

    /** Gives a full node room for one more entry at least. */
    void makeRoom(final int level, final int id)
    {
        final int left = neighbour(level, id, -1);
        final int right = neighbour(level, id, 1);
        if (hasSlack(level, right))
        {
            share(level, id, right);
        }
        else if (hasSlack(level, left))
        {
            share(level, left, id);
        }
        else
        {
            makeRoomAbove(level, id);
            split(level, id);
        }
    }

    private void makeRoomAbove(final int level, final int id)
    {
        final int parent = parent(nodes.node(level, id));
        if (parent == NULL_NODE)
        {
            raiseRoot();
        }
        else if (count(nodes.inner(parent)) == CAPACITY)
        {
            makeRoom(level + 1, parent);
        }
    }

    /** Two full neighbours become three nodes, or a node without a neighbour becomes two. The parent has room. */
    private void split(final int level, final int id)
    {
        final int fresh = nodes.allocate(level);
        final int right = neighbour(level, id, 1);
        final int left = right != NULL_NODE ? id : neighbour(level, id, -1);
        if (left == NULL_NODE)
        {
            addChildBehind(level, id, fresh);
            share(level, id, fresh);
            return;
        }

        final int last = right != NULL_NODE ? right : id;
        final int leftCount = count(nodes.node(level, left));
        final int lastCount = count(nodes.node(level, last));
        final int third = (leftCount + lastCount) / 3;
        addChildBehind(level, left, fresh);
        transfer(level, left, fresh, leftCount - third);
        transfer(level, fresh, last, third - lastCount);
    }

    /** Merges a node below its minimum with a neighbour, or fills it from there. A root may be as empty as it likes. */
    void refill(final int level, final int id)
    {
        if (id == root && level == height)
        {
            lowerRoot();
            return;
        }

        final int before = neighbour(level, id, -1);
        final int left = before != NULL_NODE ? before : id;
        final int right = before != NULL_NODE ? id : neighbour(level, id, 1);
        final int rightCount = count(nodes.node(level, right));
        if (count(nodes.node(level, left)) + rightCount > CAPACITY - SLACK)
        {
            share(level, left, right);
            return;
        }

        transfer(level, left, right, -rightCount);
        final int parent = parent(nodes.node(level, right));
        removeChild(level, right);
        if (count(nodes.inner(parent)) < MIN_COUNT)
        {
            refill(level + 1, parent);
        }
    }

    private void share(final int level, final int left, final int right)
    {
        final int leftCount = count(nodes.node(level, left));
        final int rightCount = count(nodes.node(level, right));
        transfer(level, left, right, leftCount - (leftCount + rightCount + 1) / 2);
    }

    /**
     * Moves entries over the border between two neighbours under one parent: from the end of the left one to the front of the
     * right one, or the other way where the number is negative. Nothing changes above the parent: the pair's totals stay
     * together, and the first key of the right one is not the parent's first.
     */
    private void transfer(final int level, final int left, final int right, final int toRight)
    {
        if (toRight == 0)
        {
            return;
        }

        final long leftNode = nodes.node(level, left);
        final long rightNode = nodes.node(level, right);
        final int leftCount = count(leftNode);
        final int rightCount = count(rightNode);
        if (toRight > 0)
        {
            copyEntries(level, rightNode, 0, rightNode, toRight, rightCount);
            copyEntries(level, leftNode, leftCount - toRight, rightNode, 0, toRight);
            adopt(level, right, rightNode, 0, toRight);
        }
        else
        {
            copyEntries(level, rightNode, 0, leftNode, leftCount, -toRight);
            copyEntries(level, rightNode, -toRight, rightNode, 0, rightCount + toRight);
            adopt(level, left, leftNode, leftCount, -toRight);
        }
        if (level == 0)
        {
            RankNodes.transferHeads(leftNode, leftCount, rightNode, toRight);
        }
        count(leftNode, leftCount - toRight);
        count(rightNode, rightCount + toRight);

        final long parent = nodes.inner(parent(leftNode));
        final int slot = nodes.slotOf(parent, left);
        nodes.setTotals(parent, slot, sizeOf(level, leftNode), groupsOf(level, leftNode));
        nodes.setTotals(parent, slot + 1, sizeOf(level, rightNode), groupsOf(level, rightNode));
        nodes.copyKeys(rightNode, 0, parent, slot + 1, 1);
    }

    private void copyEntries(
        final int level, final long from, final int fromPosition, final long to, final int toPosition, final int length)
    {
        if (level == 0)
        {
            nodes.copyKeys(from, fromPosition, to, toPosition, length);
        }
        else
        {
            nodes.copyChildren(from, fromPosition, to, toPosition, length);
        }
    }

    /** Tells entries that have come to a node where they are now. */
    private void adopt(final int level, final int id, final long node, final int position, final int length)
    {
        for (int i = position; i < position + length; i++)
        {
            if (level == 0)
            {
                members.onLeaf(RankNodes.member(node, i), id);
            }
            else
            {
                parent(nodes.node(level - 1, nodes.child(node, i)), id);
            }
        }
    }

    private int sizeOf(final int level, final long node)
    {
        return level == 0 ? count(node) : nodes.sizeBefore(node, count(node));
    }

    private int groupsOf(final int level, final long node)
    {
        return level == 0 ? Long.bitCount(heads(node)) : nodes.groupsBefore(node, count(node));
    }

    private boolean hasSlack(final int level, final int id)
    {
        return id != NULL_NODE && count(nodes.node(level, id)) <= CAPACITY - SLACK;
    }

    /** The node beside another under the same parent. */
    private int neighbour(final int level, final int id, final int direction)
    {
        final int parent = parent(nodes.node(level, id));
        if (parent == NULL_NODE)
        {
            return NULL_NODE;
        }

        final long node = nodes.inner(parent);
        final int slot = nodes.slotOf(node, id) + direction;
        return slot >= 0 && slot < count(node) ? nodes.child(node, slot) : NULL_NODE;
    }

    /** Puts an empty node behind another; its slot gets its key and totals with the transfer that must follow. */
    private void addChildBehind(final int level, final int id, final int fresh)
    {
        final long node = nodes.node(level, id);
        final long freshNode = nodes.node(level, fresh);
        final long parent = nodes.inner(parent(node));
        final int slot = nodes.slotOf(parent, id) + 1;
        nodes.copyChildren(parent, slot, parent, slot + 1, count(parent) - slot);
        nodes.child(parent, slot, fresh);
        count(parent, count(parent) + 1);
        parent(freshNode, parent(node));
        if (level == 0)
        {
            final int next = RankNodes.next(node);
            link(id, fresh);
            link(fresh, next);
        }
    }

    /** Takes an empty node out of its parent, and frees it. It is not the first there. */
    private void removeChild(final int level, final int id)
    {
        final long node = nodes.node(level, id);
        final long parent = nodes.inner(parent(node));
        final int slot = nodes.slotOf(parent, id);
        nodes.copyChildren(parent, slot + 1, parent, slot, count(parent) - slot - 1);
        count(parent, count(parent) - 1);
        if (level == 0)
        {
            link(RankNodes.previous(node), RankNodes.next(node));
        }
        nodes.free(level, id);
    }

    private void link(final int left, final int right)
    {
        if (left != NULL_NODE)
        {
            RankNodes.next(nodes.leaf(left), right);
        }
        if (right != NULL_NODE)
        {
            RankNodes.previous(nodes.leaf(right), left);
        }
    }

    /** Puts a new root above the old one. */
    private void raiseRoot()
    {
        final int above = nodes.allocate(height + 1);
        final long node = nodes.inner(above);
        final long below = nodes.node(height, root);
        nodes.copyKeys(below, 0, node, 0, 1);
        nodes.child(node, 0, root);
        nodes.setTotals(node, 0, sizeOf(height, below), groupsOf(height, below));
        count(node, 1);
        parent(below, above);
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
            root = below;
            height--;
            parent(nodes.node(height, root), NULL_NODE);
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
            final int parent = parent(nodes.node(level, id));
            isLast = parent != NULL_NODE &&
                nodes.child(nodes.inner(parent), count(nodes.inner(parent)) - 1) == id;
            nodes.free(level, id);
            id = parent;
            level++;
        }
    }
}

package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.List;

import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.heads;
import static io.quipu.engine.state.RankNode.member;
import static io.quipu.engine.state.RankNode.parent;
import static io.quipu.engine.state.RankNode.word;

/**
 * Walks through a whole {@link RankTree} and checks the invariants that its Javadoc numbers; gives the members in order.
 */
final class RankTreeWalker
{
    /** Compares two entries, each given by its node and position, as the tree must order them. */
    interface EntryOrder
    {
        int compare(long leftNode, int leftPosition, long rightNode, int rightPosition);
    }

    private final RankNodes nodes;
    private final int ranking;
    private final EntryOrder order;
    private final List<Integer> members = new ArrayList<>();
    private final List<Integer> leafOfMember = new ArrayList<>();
    private long lastNode;
    private int lastPosition;
    private int previousLeaf;
    private int leaves;
    private int inners;
    private int heads;
    private RankShape shape;

    RankTreeWalker(final RankNodes nodes, final int ranking, final EntryOrder order)
    {
        this.nodes = nodes;
        this.ranking = ranking;
        this.order = order;
    }

    /** Walks a tree; the members in their order then stand in {@link #members()}. */
    RankTreeWalker walk(final RankTree tree)
    {
        members.clear();
        leafOfMember.clear();
        lastNode = 0;
        previousLeaf = NULL_NODE;
        leaves = 0;
        inners = 0;
        heads = 0;

        shape = tree.shape();
        final int root = shape.root();
        check(root == NULL_NODE == (tree.size() == 0), "an empty tree has no node", root);
        if (root != NULL_NODE)
        {
            check(parent(nodes.node(shape.height(), root)) == NULL_NODE, "the root has no parent", root);
            walk(shape.height(), root, true);
            check(RankNode.next(nodes.leaf(previousLeaf)) == NULL_NODE, "the last leaf has no next", previousLeaf);
        }
        check(tree.size() == members.size(), "size", tree.size());
        check(tree.groups() == heads, "groups", tree.groups());
        return this;
    }

    List<Integer> members()
    {
        return members;
    }

    /** Leaf that each of {@link #members()} stands in. */
    List<Integer> leafOfMember()
    {
        return leafOfMember;
    }

    int leaves()
    {
        return leaves;
    }

    int inners()
    {
        return inners;
    }

    private void walk(final int level, final int id, final boolean isRoot)
    {
        final long node = nodes.node(level, id);
        final int minimum = isRoot ? (level == 0 ? 1 : 2) : RankShape.MIN_COUNT;
        check(count(node) >= minimum && count(node) <= RankNode.CAPACITY, "count", count(node));
        if (level == 0)
        {
            walkLeaf(id, node);
            return;
        }

        inners++;
        check(!RankNode.isNarrow(node), "inner nodes are wide", id);
        for (int block = 0; block < 8; block++)
        {
            long sum = 0;
            for (int slot = block * 8; slot < Math.min(count(node), block * 8 + 8); slot++)
            {
                sum += nodes.totals(node, slot);
            }
            check(nodes.blockTotals(node, block) == sum, "block totals", block);
        }
        for (int slot = 0; slot < count(node); slot++)
        {
            final int child = nodes.child(node, slot);
            final long childNode = nodes.node(level - 1, child);
            final int membersBefore = members.size();
            final int headsBefore = heads;
            check(parent(childNode) == id, "parent", child);
            check(RankNode.slot(childNode) == slot, "slot", child);
            check(member(node, slot) == member(childNode, 0), "first member", slot);
            for (int i = 0; i <= nodes.columns(); i++)
            {
                check(word(node, i, slot) == word(childNode, i, 0), "first key", slot);
            }
            walk(level - 1, child, false);
            check(
                nodes.totals(node, slot) == RankNodes.totalsOf(members.size() - membersBefore, heads - headsBefore),
                "totals of slot",
                slot);
        }
    }

    private void walkLeaf(final int id, final long leaf)
    {
        leaves++;
        check(nodes.leaf(id) == leaf, "leaf", id);
        check(RankNode.isNarrow(leaf) != RankNodes.isWide(id), "narrow or wide", id);
        check(RankNodes.columnsOf(id) == nodes.columns(), "columns", id);
        check(RankNode.ranking(leaf) == ranking, "ranking", id);
        check(shape.previous(leaf) == previousLeaf, "previous leaf", id);
        check(previousLeaf == NULL_NODE || RankNode.next(nodes.leaf(previousLeaf)) == id, "next leaf", id);
        check(heads(leaf) >>> (count(leaf) - 1) >>> 1 == 0, "no head behind the last entry", id);
        for (int position = 0; position < count(leaf); position++)
        {
            final boolean isHead = lastNode == 0 || !nodes.hasEqualColumns(lastNode, lastPosition, leaf, position);
            check((heads(leaf) >>> position & 1) == (isHead ? 1 : 0), "head", position);
            heads += isHead ? 1 : 0;
            check(lastNode == 0 || order.compare(lastNode, lastPosition, leaf, position) < 0, "order", position);
            members.add(member(leaf, position));
            leafOfMember.add(id);
            lastNode = leaf;
            lastPosition = position;
        }
        previousLeaf = id;
    }

    private static void check(final boolean holds, final String what, final int where)
    {
        if (!holds)
        {
            throw new AssertionError("invariant broken: " + what + " at " + where);
        }
    }
}

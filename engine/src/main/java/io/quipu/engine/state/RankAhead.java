package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.heads;
import static io.quipu.engine.state.RankNode.parent;
import static io.quipu.engine.state.RankNode.slot;

/**
 * What {@link RankLookahead} asks of a {@link RankTree}: guesses by the first word of a key, and reads whose sums have no
 * meaning. Whatever it says, the tree does not rely on it. One thread.
 */
final class RankAhead
{
    private RankNodes nodes;

    /** Reads another tree from now on. */
    void begin(final RankNodes nodes)
    {
        this.nodes = nodes;
    }

    /** Whether an entry with another first word would stand between the first and the last of its leaf. */
    boolean isInLeaf(final long place, final long word)
    {
        final long node = nodes.leaf(RankTree.leafOf(place));
        return RankNode.word(node, 0, 0) < word && word < RankNode.word(node, 0, count(node) - 1);
    }

    /**
     * Whether an entry with another first word would most likely stand in a leaf of the same parent: as far away, at the most, as
     * the leaf is wide 32 times over.
     */
    boolean isNearLeaf(final long place, final long word)
    {
        final long node = nodes.leaf(RankTree.leafOf(place));
        final long first = RankNode.word(node, 0, 0);
        final long last = RankNode.word(node, 0, count(node) - 1);
        final long distance = word < first ? first - word : word - last;
        return Long.compareUnsigned(distance >>> 5, last - first) <= 0;
    }

    int parentOf(final long place)
    {
        return parent(nodes.leaf(RankTree.leafOf(place)));
    }

    /** Reads what {@link #childAhead} will need of an inner node. */
    long touchInner(final int inner)
    {
        return RankNode.touchFirstWord(nodes.inner(inner));
    }

    /** Where an inner node names the child below which an entry with such a first word would stand, as far as that word tells. */
    long childAhead(final int inner, final long word)
    {
        final long node = nodes.inner(inner);
        return nodes.childAddress(node, Math.max(0, RankNode.lowerBound(node, 0, 0, count(node), word) - 1));
    }

    /** Reads the totals in a leaf's parent that change with it. */
    long touchTotals(final int leaf)
    {
        final long node = nodes.leaf(leaf);
        return parent(node) == NULL_NODE ? 0 : nodes.touchTotals(nodes.inner(parent(node)), slot(node));
    }

    /** Reads what all ranks of an entry need of the leaves beside its own. */
    long touchNeighbours(final long place)
    {
        final long node = nodes.leaf(RankTree.leafOf(place));
        final int position = RankTree.positionOf(place);
        final int next = RankTree.headsBehind(node, position) != 0 ? NULL_NODE : RankNode.next(node);
        final boolean isOwn = slot(node) == 0 || RankTree.headsUpTo(node, position) != 0;
        final int before = isOwn ? NULL_NODE : nodes.child(nodes.inner(parent(node)), slot(node) - 1);

        return (next == NULL_NODE ? 0 : heads(nodes.leaf(next))) + (before == NULL_NODE ? 0 : heads(nodes.leaf(before)));
    }
}

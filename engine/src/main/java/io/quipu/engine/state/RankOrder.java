package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.NULL_NODE;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.parent;
import static io.quipu.engine.state.RankNode.slot;

/**
 * The order of one {@link RankTree}: how keys compare, and where a key belongs. It only reads. One thread.
 */
final class RankOrder
{
    private RankNodes nodes;
    private RankShape shape;
    private RankTree.Members members;
    private boolean isTiedByName;
    private int columns;

    /**
     * Orders another tree from now on.
     *
     * @param nodes        of the tree.
     * @param shape        of the tree.
     * @param members      to be asked for the order of names.
     * @param isTiedByName whether members of equal columns are ordered by name, not by the tie word.
     */
    void begin(
        final RankNodes nodes, final RankShape shape, final RankTree.Members members, final boolean isTiedByName)
    {
        this.nodes = nodes;
        this.shape = shape;
        this.members = members;
        this.isTiedByName = isTiedByName;
        columns = nodes.columns();
    }

    /** The leaf that a key belongs to: the last whose first key is not behind it. */
    int leafOf(final long[] key, final int member)
    {
        int id = shape.root();
        for (int level = shape.height(); level > 0; level--)
        {
            final long node = nodes.inner(id);
            id = nodes.child(node, Math.max(0, countBefore(node, key, member) - 1));
        }

        return id;
    }

    /** Entries of a node before a member's key. */
    int countBefore(final long node, final long[] key, final int member)
    {
        return countBefore(node, key, columns, member, false);
    }

    /**
     * Entries of a node before a key, of all of it with a member, of its first words only with member 0. A key of a member is
     * mostly behind all that do not begin with a greater word: where nobody ties, and where the latest is behind those that it
     * ties with. Else, word for word, the search goes on among those that are equal so far.
     */
    int countBefore(
        final long node, final long[] key, final int words, final int member, final boolean inclusive)
    {
        int low = 0;
        int high = count(node);
        if (member != 0)
        {
            final int bound = RankNode.upperBound(node, 0, 0, high, key[0]);
            if (bound == 0 || compare(node, bound - 1, key, member) < 0)
            {
                return bound;
            }
            high = bound;
        }
        for (int i = 0; i < words; i++)
        {
            low = RankNode.lowerBound(node, i, low, high, key[i]);
            if (low == high || RankNode.word(node, i, low) != key[i])
            {
                return low;
            }
            high = RankNode.upperBound(node, i, low, high, key[i]);
        }
        if (member == 0)
        {
            return inclusive ? high : low;
        }

        return isTiedByName ?
            lowerBoundOfName(node, low, high, member) :
            RankNode.lowerBound(node, columns, low, high, key[columns]);
    }

    private int lowerBoundOfName(final long node, final int from, final int to, final int member)
    {
        int low = from;
        int high = to;
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            if (members.compareNames(RankNode.member(node, middle), member) < 0)
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

    /** Whether a leaf is one of this tree, and a key would stand between its first and last entry. */
    boolean isInside(final int leaf, final long[] key, final int member)
    {
        if (leaf == NULL_NODE)
        {
            return false;
        }

        final long node = nodes.leaf(leaf);
        final int last = count(node) - 1;
        return last > 0 &&
            RankNode.ranking(node) == shape.ranking() &&
            compare(node, 0, key, member) < 0 &&
            compare(node, last, key, member) > 0;
    }

    /** Whether a key would stand where an entry stands now, not the first or last of its leaf. */
    boolean isBetweenNeighbours(final long node, final int position, final long[] key, final int member)
    {
        return position > 0 &&
            position + 1 < count(node) &&
            compare(node, position - 1, key, member) < 0 &&
            compare(node, position + 1, key, member) > 0;
    }

    /** Whether a key is behind all entries of a leaf, of which there is one at least. */
    boolean isBehind(final long leaf, final long[] key, final int member)
    {
        return compare(leaf, count(leaf) - 1, key, member) < 0;
    }

    /** Whether a key that is before all of a leaf is also before the last entry of the leaf before. */
    boolean isBeforeLeaf(final long node, final long[] key, final int member)
    {
        if (slot(node) > 0 && compare(nodes.inner(parent(node)), slot(node) - 1, key, member) > 0)
        {
            return true;
        }

        final int previous = shape.previous(node);
        return previous != NULL_NODE &&
            compare(nodes.leaf(previous), count(nodes.leaf(previous)) - 1, key, member) > 0;
    }

    /** Whether a key that is behind all of a leaf is also behind the first entry of the leaf behind. */
    boolean isBehindLeaf(final long node, final long[] key, final int member)
    {
        final int next = RankNode.next(node);
        if (next == NULL_NODE)
        {
            return false;
        }

        final long parent = nodes.inner(parent(node));
        return slot(node) + 1 < count(parent) ?
            compare(parent, slot(node) + 1, key, member) < 0 :
            compare(nodes.leaf(next), 0, key, member) < 0;
    }

    private int compare(final long node, final int position, final long[] key, final int member)
    {
        for (int i = 0; i < columns; i++)
        {
            final long word = RankNode.word(node, i, position);
            if (word != key[i])
            {
                return word < key[i] ? -1 : 1;
            }
        }

        return isTiedByName ?
            members.compareNames(RankNode.member(node, position), member) :
            Long.compare(RankNode.word(node, columns, position), key[columns]);
    }
}

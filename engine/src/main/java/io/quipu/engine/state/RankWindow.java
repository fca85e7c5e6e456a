package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.CAPACITY;
import static io.quipu.engine.state.RankNode.MAX_OFFSET;
import static io.quipu.engine.state.RankNode.count;
import static io.quipu.engine.state.RankNode.heads;

/**
 * The entries of some neighbours on one level, gathered in their order, to be dealt out again to as many nodes or to one more
 * or less, evenly:
 * <pre>
 *   gather   [64] [63] [64]             -&gt;   191 entries
 *   resize                              -&gt;   one node more, in the middle: so the fewest entries change their node
 *   deal                                -&gt;   [48] [48] [48] [47]
 * </pre>
 * When a leaf is dealt, it is decided anew whether it is narrow or wide, and what its bases are. Everybody who has come to
 * another node is told: a member its leaf, a child its parent.
 * <p>
 * Scratch memory of one {@link RankNodes}, on the heap: empty between two changes.
 */
final class RankWindow
{
    /** Nodes that are gathered at most. */
    static final int MAX_NODES = 5;

    private static final int MAX_ENTRIES = MAX_NODES * CAPACITY;

    /** A wide leaf becomes narrow only when its words leave half of the room, so that it does not soon become wide again. */
    private static final long MAX_RANGE_OF_WIDE = MAX_OFFSET >>> 1;

    private final RankNodes nodes;
    private final int[] ids = new int[MAX_NODES + 1];
    private final int[] origins = new int[MAX_ENTRIES];
    private final int[] members = new int[MAX_ENTRIES];
    private final boolean[] heads = new boolean[MAX_ENTRIES];
    private final int[] children = new int[MAX_ENTRIES];
    private final long[] totals = new long[MAX_ENTRIES];
    private final long[][] words;

    /** Smallest and greatest of each word, of the leaf that is dealt. */
    private final long[] least;
    private final long[] greatest;

    private int nodeCount;
    private int count;
    private int ranking;

    RankWindow(final RankNodes nodes)
    {
        final int wordCount = nodes.columns() + 1;
        this.nodes = nodes;
        words = new long[wordCount][MAX_ENTRIES];
        least = new long[wordCount];
        greatest = new long[wordCount];
    }

    void clear()
    {
        nodeCount = 0;
        count = 0;
    }

    /** Takes the entries of a node, to the right of those gathered before. */
    void gather(final int level, final int id)
    {
        final long node = nodes.node(level, id);
        final int length = count(node);
        ids[nodeCount++] = id;
        for (int i = 0; i < length; i++)
        {
            origins[count + i] = id;
            members[count + i] = RankNode.member(node, i);
        }
        for (int word = 0; word < words.length; word++)
        {
            RankNode.read(node, word, length, words[word], count);
        }
        if (level == 0)
        {
            ranking = RankNode.ranking(node);
            for (int i = 0; i < length; i++)
            {
                heads[count + i] = (heads(node) >>> i & 1) != 0;
            }
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                children[count + i] = nodes.child(node, i);
                totals[count + i] = nodes.totals(node, i);
            }
        }
        count += length;
    }

    /** Allocates or frees a node, so that there are as many as are to be dealt. */
    void resize(final int level, final int newNodeCount)
    {
        final int middle = (Math.min(nodeCount, newNodeCount) + 1) / 2;
        if (newNodeCount > nodeCount)
        {
            System.arraycopy(ids, middle, ids, middle + 1, nodeCount - middle);
            ids[middle] = level == 0 ? nodes.allocateLeaf(false, ranking) : nodes.allocateInner();
        }
        else if (newNodeCount < nodeCount)
        {
            nodes.free(level, ids[middle]);
            System.arraycopy(ids, middle + 1, ids, middle, nodeCount - middle - 1);
        }
        nodeCount = newNodeCount;
    }

    /**
     * Gives a node its share. The first entry of all stays the first.
     *
     * @param level   of the node.
     * @param index   of the node in the window.
     * @param members to be told.
     * @return its number: a leaf that is narrow now, or is no longer, has another one.
     */
    int deal(final int level, final int index, final RankTree.Members members)
    {
        final int from = count * index / nodeCount;
        final int to = count * (index + 1) / nodeCount;
        return level == 0 ? dealLeaf(index, from, to, null, members) : dealInner(level, index, from, to);
    }

    /**
     * Gives a leaf that was gathered alone its entries back, in such a way that a key can be written to it, too.
     *
     * @param key     that does not fit now.
     * @param members to be told.
     * @return its number.
     */
    int dealWithRoomFor(final long[] key, final RankTree.Members members)
    {
        return dealLeaf(0, 0, count, key, members);
    }

    private int dealLeaf(
        final int index, final int from, final int to, final long[] key, final RankTree.Members told)
    {
        int id = ids[index];
        final boolean isWide = isTooFar(from, to, key, RankNodes.isWide(id) ? MAX_RANGE_OF_WIDE : MAX_OFFSET);
        if (isWide != RankNodes.isWide(id))
        {
            nodes.free(0, id);
            id = nodes.allocateLeaf(isWide, ranking);
        }

        final long leaf = nodes.leaf(id);
        long bits = 0;
        for (int i = from; i < to; i++)
        {
            RankNode.member(leaf, i - from, members[i]);
            bits |= (heads[i] ? 1L : 0) << i - from;
        }
        for (int word = 0; word < words.length; word++)
        {
            if (!isWide)
            {
                RankNode.base(leaf, word, base(least[word], greatest[word]));
            }
            RankNode.write(leaf, word, words[word], from, to - from);
        }
        count(leaf, to - from);
        heads(leaf, bits);
        for (int i = from; i < to; i++)
        {
            if (origins[i] != id)
            {
                told.onLeaf(members[i], id);
            }
        }

        return id;
    }

    private int dealInner(final int level, final int index, final int from, final int to)
    {
        final int id = ids[index];
        final long node = nodes.inner(id);
        for (int i = from; i < to; i++)
        {
            final int slot = i - from;
            RankNode.member(node, slot, members[i]);
            nodes.child(node, slot, children[i]);
            nodes.totals(node, slot, totals[i]);
            final long child = nodes.node(level - 1, children[i]);
            RankNode.parent(child, id);
            RankNode.slot(child, slot);
        }
        for (int word = 0; word < words.length; word++)
        {
            RankNode.write(node, word, words[word], from, to - from);
        }
        count(node, to - from);
        nodes.sumBlocks(node);

        return id;
    }

    /** Whether words lie farther apart than an offset can say; finds out between what they lie. */
    private boolean isTooFar(final int from, final int to, final long[] key, final long maxRange)
    {
        boolean isTooFar = false;
        for (int word = 0; word < words.length; word++)
        {
            final long[] values = words[word];
            long min = key != null ? key[word] : values[from];
            long max = min;
            for (int i = from; i < to; i++)
            {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
            }
            least[word] = min;
            greatest[word] = max;
            isTooFar |= Long.compareUnsigned(max - min, maxRange) > 0;
        }

        return isTooFar;
    }

    /** A base with as much room below the smallest as above the greatest, as far as there are numbers. */
    private static long base(final long least, final long greatest)
    {
        final long room = MAX_OFFSET - (greatest - least) >>> 1;
        return Math.min(Math.max(least, Long.MIN_VALUE + room) - room, Long.MAX_VALUE - MAX_OFFSET);
    }
}

package io.quipu.engine.state;

/**
 * The leaves and inner nodes of all trees, by number of columns. A leaf's number alone says where it stands, and the leaf says
 * which ranking it is of: so a member's record need not name its ranking. One thread.
 */
final class RankForest implements AutoCloseable
{
    private final RankNodes[] nodes = new RankNodes[BoardDefinition.MAX_COLUMNS + 1];

    RankForest()
    {
        for (int columns = 1; columns < nodes.length; columns++)
        {
            nodes[columns] = new RankNodes(columns);
        }
    }

    /** Nodes of the trees with so many columns. */
    RankNodes nodes(final int columns)
    {
        return nodes[columns];
    }

    /**
     * The ranking that a leaf is of.
     *
     * @param leaf number of it, as {@link RankTree.Members#onLeaf} told; also of one that was freed since, until the next change.
     * @return number of the ranking.
     */
    int rankingOf(final int leaf)
    {
        return RankNode.ranking(nodes[RankNodes.columnsOf(leaf)].leaf(leaf));
    }

    /** Reads all lines of a leaf ahead of their use, see {@link RankNodes#touch}. */
    long touch(final int leaf)
    {
        return nodes[RankNodes.columnsOf(leaf)].touch(leaf);
    }

    long bytes()
    {
        long sum = 0;
        for (int columns = 1; columns < nodes.length; columns++)
        {
            sum += nodes[columns].bytes();
        }

        return sum;
    }

    @Override
    public void close()
    {
        for (int columns = 1; columns < nodes.length; columns++)
        {
            nodes[columns].close();
        }
    }
}

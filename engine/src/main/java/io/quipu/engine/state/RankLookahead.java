package io.quipu.engine.state;

/**
 * Reads ahead the leaves that scores will move members to: a jump waits for its old leaf, and then for each node on the way
 * down to the new one. Here one step down is taken for all scores of a window, so that they wait together:
 * <pre>
 *   score         1      2      3      4   ..
 *   add         leaf   stays  leaf   leaf       the member's leaf, already in the cache, and where its score will belong
 *   touch       node     .    node   node       level by level: what a search in it can need,
 *               child    .    child  child      and then the search
 *               leaf     .    leaf   leaf       all of its lines
 * </pre>
 * A guess: nothing is changed, and what is applied does not depend on it. Only the first word of a key is looked at, and what
 * other scores of the window will have moved is not known yet. One thread.
 */
final class RankLookahead
{
    private final RankTree[] trees;
    private final long[] words;
    private final int[] ids;
    private int count;
    private int maxHeight;

    /**
     * Without scores.
     *
     * @param window most scores at once.
     */
    RankLookahead(final int window)
    {
        trees = new RankTree[window];
        words = new long[window];
        ids = new int[window];
    }

    void clear()
    {
        count = 0;
        maxHeight = 0;
    }

    /**
     * Takes a score into account.
     *
     * @param ranking that the member is in, or will be.
     * @param member  that is scored for, {@link MemberTable#NULL_MEMBER} for a new one.
     * @param value   of its first column.
     */
    void add(final Ranking ranking, final int member, final long value)
    {
        final RankTree tree = ranking.tree;
        if (tree.shape().height() == 0 || ranking.endedAt() != 0)
        {
            return;
        }

        final long place = member == MemberTable.NULL_MEMBER ? RankTree.NULL_PLACE : ranking.place(member);
        final long word = ranking.board().wordAhead(place, value);
        if (place == RankTree.NULL_PLACE || !tree.isInLeaf(place, word))
        {
            trees[count] = tree;
            words[count] = word;
            ids[count] = tree.shape().root();
            maxHeight = Math.max(maxHeight, tree.shape().height());
            count++;
        }
    }

    /**
     * Reads the nodes on the way to where the members will stand.
     *
     * @return a number without a meaning; to be used, so that the reads are not left out.
     */
    long touch()
    {
        long sum = 0;
        for (int level = maxHeight; level > 0; level--)
        {
            for (int i = 0; i < count; i++)
            {
                sum += isOn(level, i) ? trees[i].touchInner(ids[i]) : 0;
            }
            for (int i = 0; i < count; i++)
            {
                ids[i] = isOn(level, i) ? trees[i].childAhead(ids[i], words[i]) : ids[i];
            }
        }
        for (int i = 0; i < count; i++)
        {
            sum += trees[i].touch(ids[i]);
        }

        return sum;
    }

    /** Whether a score is on a level already: trees differ in height. */
    private boolean isOn(final int level, final int score)
    {
        return trees[score].shape().height() >= level;
    }
}

package io.quipu.engine.state;

import static io.quipu.engine.state.RankNode.NULL_NODE;

import java.util.Arrays;

/**
 * Reads ahead the leaves that scores will take members from and move them to. A jump waits for its old leaf, and then for each
 * node on the way down to the new one; here each step is taken for all scores of a window, so that they wait together:
 * <pre>
 *   score          1      2      3      4   ..
 *   touch        leaf   leaf   leaf   leaf      all lines of the leaves where the members stand
 *   add          place  place  place  place     the position there, and the first word of the key that will be
 *   touch        node     .    node   node      of those that will leave their leaf, level by level: what a search can need,
 *   search       child    .    child  child     then the search; from the root, or for a small move from the leaf's parent
 *   touch        leaf     .    leaf   leaf      all lines of the leaves where they will stand
 *   touch        totals   .   totals  totals    above both leaves
 * </pre>
 * In no pass does an address, or the number of turns of a loop, depend on what that pass reads: one such wait, mispredicted,
 * and the misses behind it do not begin before it ends.
 * <p>
 * A guess: nothing is changed, and what is applied does not depend on it. Only the first word of a key is looked at, and what
 * other scores of the window will have moved is not known yet. One thread.
 */
final class RankLookahead
{
    private final MemberTable members;
    private final Rankings rankings;

    /** Of each score: the leaf that holds the member, its place, and the leaf where it will stand. */
    private final int[] leaves;
    private final long[] places;
    private final int[] targets;

    /** Of each that will leave its leaf: which it is, its tree, its first word, where its way begins, the node there. */
    private final int[] leaving;
    private final RankAhead[] trees;
    private final long[] words;
    private final int[] levels;
    private final int[] ids;
    private final long[] addresses;
    private int leavingCount;
    private int maxLevel;
    private long touched;

    /**
     * Without scores.
     *
     * @param members  that are scored for.
     * @param rankings that they are in.
     * @param window   most scores at once.
     */
    RankLookahead(final MemberTable members, final Rankings rankings, final int window)
    {
        this.members = members;
        this.rankings = rankings;
        leaves = new int[window];
        places = new long[window];
        targets = new int[window];
        leaving = new int[window];
        trees = new RankAhead[window];
        words = new long[window];
        levels = new int[window];
        ids = new int[window];
        addresses = new long[window];
    }

    /** Where the member of a score stood, or {@link RankTree#NULL_PLACE}. */
    long place(final int score)
    {
        return places[score];
    }

    /** The leaf that the member of a score will most likely move to, {@link RankNode#NULL_NODE} for none other than its own. */
    int target(final int score)
    {
        return targets[score];
    }

    /** Has seen nothing of so many members. */
    void clear(final int count)
    {
        Arrays.fill(places, 0, count, RankTree.NULL_PLACE);
        Arrays.fill(targets, 0, count, NULL_NODE);
    }

    /**
     * Begins a window: reads the leaves of members, whose records are in the cache.
     *
     * @param found those who may be the members, {@link MemberTable#NULL_MEMBER} where there is none.
     * @param count of them.
     */
    void touchLeaves(final int[] found, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            leaves[i] = found[i] == MemberTable.NULL_MEMBER ? NULL_NODE : members.leaf(found[i]);
        }

        long sum = touched;
        for (int i = 0; i < count; i++)
        {
            sum += leaves[i] == NULL_NODE ? 0 : rankings.touch(leaves[i]);
        }
        touched = sum;
        leavingCount = 0;
        maxLevel = 0;
    }

    /** Finds the places of members whose ranks will be read, and reads what is above their leaves. */
    void findPlaces(final int[] found, final int count)
    {
        long sum = touched;
        for (int i = 0; i < count; i++)
        {
            targets[i] = NULL_NODE;
            places[i] = RankTree.NULL_PLACE;
            if (found[i] != MemberTable.NULL_MEMBER)
            {
                final Ranking ranking = rankings.byId(members.ranking(found[i]));
                if (ranking.endedAt() == 0)
                {
                    places[i] = ranking.place(found[i]);
                    sum += ranking.tree.ahead().touchTotals(members.leaf(found[i]));
                }
            }
        }
        for (int i = 0; i < count; i++)
        {
            sum += places[i] == RankTree.NULL_PLACE ?
                0 :
                rankings.byId(members.ranking(found[i])).tree.ahead().touchNeighbours(places[i]);
        }
        touched = sum;
    }

    /**
     * Takes a score into account.
     *
     * @param score   which it is.
     * @param member  that is scored for, {@link MemberTable#NULL_MEMBER} for a new one.
     * @param into    ranking that a new one will be in; null for none.
     * @param value   of its first column.
     */
    void add(final int score, final int member, final Ranking into, final long value)
    {
        leaves[score] = member == MemberTable.NULL_MEMBER ? NULL_NODE : members.leaf(member);
        places[score] = RankTree.NULL_PLACE;
        targets[score] = NULL_NODE;
        final Ranking ranking = member == MemberTable.NULL_MEMBER ? into : rankings.byId(members.ranking(member));
        if (ranking == null || ranking.endedAt() != 0 || ranking.tree.shape().height() == 0)
        {
            return;
        }

        final RankTree tree = ranking.tree;
        final long place = member == MemberTable.NULL_MEMBER ? RankTree.NULL_PLACE : ranking.place(member);
        final long word = ranking.board().wordAhead(place, value);
        places[score] = place;
        if (place == RankTree.NULL_PLACE || !tree.ahead().isInLeaf(place, word))
        {
            leaving[leavingCount] = score;
            trees[leavingCount] = tree.ahead();
            words[leavingCount] = ranking.board().isBehindTies() && word < Long.MAX_VALUE ? word + 1 : word;
            final boolean isNear = place != RankTree.NULL_PLACE && tree.ahead().isNearLeaf(place, word);
            ids[leavingCount] = isNear ? tree.ahead().parentOf(place) : tree.shape().root();
            levels[leavingCount] = isNear ? 1 : tree.shape().height();
            maxLevel = Math.max(maxLevel, levels[leavingCount]);
            leavingCount++;
        }
    }

    /** Reads the nodes on the way to where the members will stand, and what is above their leaves. */
    void touchTargets()
    {
        for (int level = maxLevel; level > 0; level--)
        {
            touchNodes(level);
            search(level);
        }
        touchTargetLeaves();
        touchTotals();
    }

    private void touchNodes(final int level)
    {
        long sum = touched;
        for (int i = 0; i < leavingCount; i++)
        {
            sum += level <= levels[i] ? trees[i].touchInner(ids[i]) : 0;
        }
        touched = sum;
    }

    /** The numbers of the children are read in a loop of their own: the processor looks ahead over two or three searches only. */
    private void search(final int level)
    {
        for (int i = 0; i < leavingCount; i++)
        {
            addresses[i] = level <= levels[i] ? trees[i].childAhead(ids[i], words[i]) : 0;
        }
        for (int i = 0; i < leavingCount; i++)
        {
            ids[i] = addresses[i] == 0 ? ids[i] : OffHeap.getInt(addresses[i]);
        }
    }

    private void touchTargetLeaves()
    {
        long sum = touched;
        for (int i = 0; i < leavingCount; i++)
        {
            targets[leaving[i]] = ids[i];
            sum += rankings.touch(ids[i]);
        }
        touched = sum;
    }

    /** Of both leaves: what will change in their parents. */
    private void touchTotals()
    {
        long sum = touched;
        for (int i = 0; i < leavingCount; i++)
        {
            sum += trees[i].touchTotals(ids[i]);
        }
        for (int i = 0; i < leavingCount; i++)
        {
            final int leaf = leaves[leaving[i]];
            sum += leaf == NULL_NODE ? 0 : trees[i].touchTotals(leaf);
        }
        touched = sum;
    }
}

package io.quipu.engine.state;

import java.util.Arrays;

/**
 * All rankings: those that boards point to, and the queue of those given up by a drop or reset, whose members are released a
 * few with each entry.
 * <pre>
 *   board A ---&gt; ranking 3           first                          last
 *   board B ---&gt; ranking 1           ranking 2  ---&gt;  ranking 5  ---&gt;  ranking 4
 *                                    goes first, its members in board order
 * </pre>
 * The order of the queue, and the members still in it, are logical state: how far the release has come decides which ids are
 * free. The numbers of rankings are not. A ranking of 10 million members is given up as fast as one of none. One thread;
 * nothing is allocated but when there are more rankings at once than ever before.
 */
final class Rankings implements AutoCloseable
{
    private final NameTable names;
    private final MemberTable members;
    private final DigestPart live;
    private final DigestPart released = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    private final RankForest forest;

    /** By number, from 1; the numbers of unused ones are on a stack. */
    private Ranking[] rankings = new Ranking[16];
    private int[] unused = new int[16];
    private int unusedCount;
    private int highest;

    /** Members that are released next. */
    private final int[] going = new int[Boards.RELEASE_STEPS];
    private Ranking first;
    private Ranking last;
    private long unreleasedCount;

    /**
     * No ranking.
     *
     * @param names   of members.
     * @param members of all rankings.
     * @param forest  that trees stand in.
     * @param live    part of the digest of the rankings that boards point to.
     */
    Rankings(final NameTable names, final MemberTable members, final RankForest forest, final DigestPart live)
    {
        this.names = names;
        this.members = members;
        this.forest = forest;
        this.live = live;
    }

    /**
     * Begins a ranking without members.
     *
     * @param board    that it belongs to.
     * @param sequence of the command that begins it.
     * @return the ranking.
     */
    Ranking begin(final Board board, final long sequence)
    {
        final Ranking ranking = unusedCount > 0 ? rankings[unused[--unusedCount]] : allocate();
        ranking.begin(board, forest.nodes(board.columnCount()), sequence, live);

        return ranking;
    }

    /** Ends the use of a ranking without members. */
    void end(final Ranking ranking)
    {
        unused[unusedCount++] = ranking.id;
    }

    Ranking byId(final int id)
    {
        return rankings[id];
    }

    /** Nodes of the trees with so many columns. */
    RankNodes nodes(final int columns)
    {
        return forest.nodes(columns);
    }

    /** Reads all lines of a leaf, see {@link RankNodes#touch}. */
    long touch(final int leaf)
    {
        return forest.touch(leaf);
    }

    // ---- the queue ----

    /**
     * Puts a ranking behind those that wait for their release.
     *
     * @param ranking  that its board points to no more.
     * @param sequence of the command that gave it up.
     */
    void giveUp(final Ranking ranking, final long sequence)
    {
        ranking.endedAt(sequence);
        ranking.countIn(released);
        released.add(entryOf(ranking));
        unreleasedCount += ranking.size();

        ranking.previous = last;
        ranking.next = null;
        if (last == null)
        {
            first = ranking;
        }
        else
        {
            last.next = ranking;
        }
        last = ranking;
    }

    /**
     * Takes back the last {@link #giveUp}; nothing was released since.
     *
     * @return the ranking, for its board to point to.
     */
    Ranking undoGiveUp()
    {
        final Ranking ranking = last;
        last = ranking.previous;
        if (last == null)
        {
            first = null;
        }
        else
        {
            last.next = null;
        }

        unreleasedCount -= ranking.size();
        released.subtract(entryOf(ranking));
        ranking.countIn(live);
        ranking.endedAt(0);

        return ranking;
    }

    /**
     * Releases members, those of the first ranking first, each in board order. A step is a member, or a ranking without any.
     *
     * @param steps at most so many.
     */
    void release(final long steps)
    {
        for (long i = 0; i < steps && first != null; i++)
        {
            final Ranking ranking = first;
            if (i % going.length == 0)
            {
                lookAhead(ranking, Math.min(steps - i, going.length));
            }
            if (ranking.size() > 0)
            {
                members.free(ranking.takeFirst());
                unreleasedCount--;
            }
            if (ranking.size() == 0)
            {
                released.subtract(entryOf(ranking));
                first = ranking.next;
                if (first == null)
                {
                    last = null;
                }
                else
                {
                    first.previous = null;
                }
                end(ranking);
            }
        }
    }

    /** Has what the next steps will need read at once, since they would wait for it one behind the other. */
    private void lookAhead(final Ranking ranking, final long steps)
    {
        final RankTree tree = ranking.tree;
        int count = 0;
        for (long place = tree.first(); place != RankTree.NULL_PLACE && count < steps; place = tree.next(place))
        {
            going[count++] = tree.memberAt(place);
        }
        members.touch(going, count, ranking.id);
    }

    /** The ranking whose members are released now, null for none. */
    Ranking firstGivenUp()
    {
        return first;
    }

    /** Members that wait for their release. */
    long unreleasedCount()
    {
        return unreleasedCount;
    }

    /** The part of the digest of the queue and its members. */
    DigestPart released()
    {
        return released;
    }

    long bytes()
    {
        return forest.bytes();
    }

    @Override
    public void close()
    {
        forest.close();
    }

    /** With all that decides in which order its members go: their board may be there no more. */
    private DigestEntry entryOf(final Ranking ranking)
    {
        final BoardDefinition definition = ranking.board().definition();
        return entry
            .begin(DigestEntry.RELEASE)
            .put(ranking.endedAt())
            .put(ranking.startedAt())
            .put(definition.columnCount())
            .put(definition.ascending())
            .put(definition.ties());
    }

    private Ranking allocate()
    {
        final int id = ++highest;
        if (id == rankings.length)
        {
            rankings = Arrays.copyOf(rankings, id * 2);
            unused = Arrays.copyOf(unused, id * 2);
        }
        rankings[id] = new Ranking(id, names, members);

        return rankings[id];
    }
}

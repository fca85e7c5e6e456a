package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Reads a board: one row at a time, its ranks, columns and name. Made by {@link Boards#newStandings()}, reused for any number
 * of reads; nothing is changed and nothing allocated. A reader is good until the next command.
 * <pre>
 *   standings.page(board, 0, 10);
 *   while (standings.next())
 *   {
 *       ... standings.ordinal(), standings.column(0), standings.wrapName(name) ...
 *   }
 * </pre>
 * Ordinal ranks are 1, 2, 3, 4; equal columns have equal dense (1, 2, 2, 3) and equal competition ranks (1, 2, 2, 4). The first
 * row costs O(log n), each further one a step to the next place.
 */
public final class Standings
{
    private static final int PERCENTILE_SCALE = 1_000_000;

    private final NameTable names;
    private final MemberTable members;
    private final long[] bound = new long[BoardDefinition.MAX_COLUMNS];

    private Ranking ranking;
    private RankTree tree;
    private int columnCount;
    private long total;

    /** The row it stands on, from {@link #next()} on. */
    private long place;
    private int ordinal;
    private int dense;
    private int competition;

    /** Rows that {@link #next()} has still to give, and where it goes on. */
    private int remaining;
    private boolean isBeforeFirst;

    /** Ordinal rank of the first member of the group behind the row's, 0 while nobody has asked. */
    private int nextGroup;

    Standings(final NameTable names, final MemberTable members)
    {
        this.names = names;
        this.members = members;
    }

    /**
     * Stands on one member's row at once; no {@link #next()} is needed.
     *
     * @param board  to read.
     * @param member the whole buffer is the name.
     * @return false when there is no such member.
     */
    public boolean member(final Board board, final DirectBuffer member)
    {
        begin(board, board.memberCount(), 0, 0);
        final int id = find(board, member);
        if (id == MemberTable.NULL_MEMBER)
        {
            return false;
        }

        place = ranking.place(id);
        onFirstRow();

        return true;
    }

    /** As {@link #member(Board, DirectBuffer)}, of a member that was seen ahead. */
    boolean member(final Board board, final Sighting sighting)
    {
        begin(board, board.memberCount(), 0, 0);
        place = ranking.place(sighting.member, sighting.place);
        onFirstRow();

        return true;
    }

    /**
     * Rows from a rank on. Beyond the last rank there is none.
     *
     * @param board   to read.
     * @param skip    rows before the first; 0 for the top.
     * @param maxRows at most so many.
     * @return number of rows that {@link #next()} will give.
     */
    public int page(final Board board, final long skip, final int maxRows)
    {
        return begin(board, board.memberCount(), skip, maxRows);
    }

    /**
     * Rows around a member: {@code maxRows / 2} of them before it, shifted at the ends so that the page is full.
     *
     * @param board   to read.
     * @param member  the whole buffer is the name.
     * @param maxRows rows in all; fewer only when the board has fewer.
     * @return number of rows that {@link #next()} will give, -1 when there is no such member.
     */
    public int around(final Board board, final DirectBuffer member, final int maxRows)
    {
        final int id = find(board, member);
        if (id == MemberTable.NULL_MEMBER)
        {
            begin(board, 0, 0, 0);
            return -1;
        }

        final int own = board.ranking().ordinal(id);
        final long lastSkip = Math.max(0, board.memberCount() - maxRows);
        final long skip = Math.max(0, Math.min(own - 1L - maxRows / 2, lastSkip));

        return begin(board, board.memberCount(), skip, maxRows);
    }

    /**
     * Rows between two tuples in board order. A bound of fewer columns than the board has speaks of all tuples that begin so;
     * one of 0 columns leaves its end open. Nothing lies between bounds the wrong way round.
     *
     * @param board         to read.
     * @param from          the better bound.
     * @param fromColumns   columns given, at most those of the board.
     * @param fromInclusive whether tuples that begin so belong to it.
     * @param to            the worse bound.
     * @param toColumns     columns given, at most those of the board.
     * @param toInclusive   whether tuples that begin so belong to it.
     * @param skip          rows of the range to skip.
     * @param maxRows       at most so many; 0 only counts.
     * @return number of rows that {@link #next()} will give; the range has {@link #total()}.
     */
    public int range(
        final Board board,
        final long[] from,
        final int fromColumns,
        final boolean fromInclusive,
        final long[] to,
        final int toColumns,
        final boolean toInclusive,
        final long skip,
        final int maxRows)
    {
        final long first = fromColumns == 0 ? 0 : countBefore(board, from, fromColumns, !fromInclusive);
        final long end = toColumns == 0 ? board.memberCount() : countBefore(board, to, toColumns, toInclusive);
        final long inRange = Math.max(0, end - first);
        final int rows = (int)Math.min(maxRows, Math.max(0, inRange - skip));
        begin(board, inRange, rows == 0 ? 0 : first + skip, rows);

        return rows;
    }

    /**
     * Goes to the next row.
     *
     * @return false when there is none.
     */
    public boolean next()
    {
        if (remaining == 0)
        {
            return false;
        }

        remaining--;
        if (isBeforeFirst)
        {
            isBeforeFirst = false;
            onFirstRow();
            return true;
        }

        place = tree.next(place);
        nextGroup = 0;
        ordinal++;
        if (tree.isHead(place))
        {
            dense++;
            competition = ordinal;
        }

        return true;
    }

    /**
     * Rows that the page, the neighbourhood (each the whole board) or the range has before skip and maxRows.
     *
     * @return their number.
     */
    public long total()
    {
        return total;
    }

    public long ordinal()
    {
        return ordinal;
    }

    public long competition()
    {
        return competition;
    }

    public long dense()
    {
        return dense;
    }

    /**
     * Members with the same columns, this one counted.
     *
     * @return at least 1.
     */
    public long ties()
    {
        return ordinalOfNextGroup() - competition;
    }

    /**
     * Members with strictly worse columns x 1,000,000 / all members, rounded down.
     *
     * @return 0..999,999.
     */
    public long percentile()
    {
        final long worse = tree.size() + 1L - ordinalOfNextGroup();
        return worse * PERCENTILE_SCALE / tree.size();
    }

    /**
     * A value as it was scored.
     *
     * @param index 0..3; 0 is returned for columns that the board has not.
     * @return the value.
     */
    public long column(final int index)
    {
        return index < columnCount ? ranking.value(place, index) : 0;
    }

    /**
     * When the columns last changed.
     *
     * @return sequence of that command.
     */
    public long changedAt()
    {
        return ranking.changedAt(place);
    }

    public long memberHandle()
    {
        return members.ids().handle(tree.memberAt(place));
    }

    /**
     * The member's name as interned.
     *
     * @return id in the name table.
     */
    int nameId()
    {
        return members.nameId(tree.memberAt(place));
    }

    /**
     * Wraps the member's name.
     *
     * @param name to be wrapped around the bytes; good until the next command.
     */
    public void wrapName(final DirectBuffer name)
    {
        final int nameId = nameId();
        name.wrap(names.address(nameId), names.length(nameId));
    }

    private int begin(final Board board, final long total, final long skip, final int maxRows)
    {
        ranking = board.ranking();
        tree = ranking.tree;
        columnCount = board.columnCount();
        this.total = total;
        remaining = (int)Math.min(maxRows, Math.max(0, tree.size() - skip));
        isBeforeFirst = remaining > 0;
        if (isBeforeFirst)
        {
            place = tree.select((int)skip + 1);
        }

        return remaining;
    }

    private void onFirstRow()
    {
        nextGroup = 0;
        final long rank = tree.rank(place);
        ordinal = RankNodes.sizeOf(rank);
        dense = RankNodes.groupsOf(rank);
        competition = tree.ordinalOfOwnGroup(place, rank);
    }

    private int ordinalOfNextGroup()
    {
        if (nextGroup == 0)
        {
            nextGroup = tree.ordinalOfNextGroup(place, RankNodes.totalsOf(ordinal, dense));
        }

        return nextGroup;
    }

    private int find(final Board board, final DirectBuffer member)
    {
        return members.find(board.ranking().id, names.find(member, 0, member.capacity()));
    }

    private long countBefore(final Board board, final long[] values, final int columns, final boolean inclusive)
    {
        for (int i = 0; i < columns; i++)
        {
            bound[i] = board.toWord(values[i], i);
        }

        return board.ranking().tree.countBefore(bound, columns, inclusive);
    }
}

package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Reads a board: one row at a time, its ranks, columns and name. Made by {@link Boards#newStandings()}, reused for any number of
 * reads; nothing is changed and nothing allocated. A reader is good until the next command.
 * <pre>
 *   standings.page(board, 0, 10);
 *   while (standings.next())
 *   {
 *       ... standings.ordinal(), standings.column(0), standings.nameAddress() ...
 *   }
 * </pre>
 * Ordinal ranks are 1, 2, 3, 4; equal columns have equal dense (1, 2, 2, 3) and equal competition ranks (1, 2, 2, 4).
 */
public final class Standings
{
    /**
     * Stands on one member's row at once; no {@link #next()} is needed.
     *
     * @param board  to read.
     * @param member the whole buffer is the name.
     * @return false when there is no such member.
     */
    public boolean member(final Board board, final DirectBuffer member)
    {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * Rows around a member, as near to the middle as the ends allow while the page is full.
     *
     * @param board   to read.
     * @param member  the whole buffer is the name.
     * @param maxRows rows in all; fewer only when the board has fewer.
     * @return number of rows that {@link #next()} will give, -1 when there is no such member.
     */
    public int around(final Board board, final DirectBuffer member, final int maxRows)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Rows between two tuples in board order. A bound of fewer columns than the board has speaks of all tuples that begin so; one
     * of 0 columns leaves its end open. Nothing lies between bounds the wrong way round.
     *
     * @param board         to read.
     * @param from          the better bound.
     * @param fromColumns   columns given.
     * @param fromInclusive whether tuples that begin so belong to it.
     * @param to            the worse bound.
     * @param toColumns     columns given.
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
        throw new UnsupportedOperationException();
    }

    /**
     * Goes to the next row.
     *
     * @return false when there is none.
     */
    public boolean next()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Rows that the page, the neighbourhood (each the whole board) or the range has before skip and maxRows.
     *
     * @return their number.
     */
    public long total()
    {
        throw new UnsupportedOperationException();
    }

    public long ordinal()
    {
        throw new UnsupportedOperationException();
    }

    public long competition()
    {
        throw new UnsupportedOperationException();
    }

    public long dense()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Members with the same columns, this one counted.
     *
     * @return at least 1.
     */
    public long ties()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Members with strictly worse columns x 1,000,000 / all members, rounded down.
     *
     * @return 0..999,999.
     */
    public long percentile()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * A value as it was scored.
     *
     * @param index 0..3; 0 is returned for columns that the board has not.
     * @return the value.
     */
    public long column(final int index)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * When the columns last changed.
     *
     * @return sequence of that command.
     */
    public long changedAt()
    {
        throw new UnsupportedOperationException();
    }

    public long memberHandle()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * The member's name as interned.
     *
     * @return id in the name table.
     */
    int nameId()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Wraps the member's name.
     *
     * @param name to be wrapped around the bytes; good until the next command.
     */
    public void wrapName(final DirectBuffer name)
    {
        throw new UnsupportedOperationException();
    }
}

package io.quipu.engine.state;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.Ties;

/**
 * What a board is, fixed at its creation. Also the reusable carrier in which a create command brings it: filled anew for each.
 * The numbers of operator and ties are those of the ingress schema. One thread.
 */
public final class BoardDefinition
{
    public static final int MAX_COLUMNS = 4;
    public static final int MAX_FEED_ROWS = 1000;
    public static final int MAX_NAME_LENGTH = 128;

    private static final byte SEPARATOR = ',';

    private int scoreOperator;
    private int ties;
    private int columnCount;
    private int ascending;
    private int feedRows;
    private long capacity;
    private final UnsafeBuffer columnNames = new UnsafeBuffer(new byte[MAX_NAME_LENGTH]);
    private int columnNamesLength;

    /**
     * Fills in everything but the names of the columns. What cannot be is taken too, and found by {@link #isValid()}.
     *
     * @param scoreOperator ingress Operator.
     * @param ties          ingress Ties.
     * @param columnCount   1..4.
     * @param ascending     bit i set: column i ranks the smaller value first.
     * @param feedRows      rows of the published view; 0 for none.
     * @param capacity      members kept; 0 for no bound.
     * @return this.
     */
    public BoardDefinition set(
        final int scoreOperator,
        final int ties,
        final int columnCount,
        final int ascending,
        final int feedRows,
        final long capacity)
    {
        this.scoreOperator = scoreOperator;
        this.ties = ties;
        this.columnCount = columnCount;
        this.ascending = ascending;
        this.feedRows = feedRows;
        this.capacity = capacity;
        return this;
    }

    /**
     * Copies the names of the columns.
     *
     * @param names the whole buffer: comma separated, as many as columns.
     * @return this.
     */
    public BoardDefinition columnNames(final DirectBuffer names)
    {
        columnNamesLength = names.capacity();
        columnNames.putBytes(0, names, 0, Math.min(columnNamesLength, MAX_NAME_LENGTH));
        return this;
    }

    public int scoreOperator()
    {
        return scoreOperator;
    }

    public int ties()
    {
        return ties;
    }

    public int columnCount()
    {
        return columnCount;
    }

    public int ascending()
    {
        return ascending;
    }

    public int feedRows()
    {
        return feedRows;
    }

    public long capacity()
    {
        return capacity;
    }

    /**
     * The names of the columns, comma separated.
     *
     * @return a buffer whose first {@link #columnNamesLength()} bytes are the names; not to be written.
     */
    public DirectBuffer columnNames()
    {
        return columnNames;
    }

    public int columnNamesLength()
    {
        return columnNamesLength;
    }

    /**
     * Whether a board can be so. A capacity and {@code sum} exclude each other: an evicted member could never climb back.
     *
     * @return false for what is answered BAD_DEFINITION.
     */
    boolean isValid()
    {
        return hasValidOrder() &&
            scoreOperator >= Operator.SUM.value() && scoreOperator <= Operator.LAST.value() &&
            feedRows >= 0 && feedRows <= MAX_FEED_ROWS &&
            capacity >= 0 && (capacity == 0 || scoreOperator != Operator.SUM.value()) &&
            hasValidColumnNames();
    }

    /** Whether members can be ordered by it. */
    boolean hasValidOrder()
    {
        return columnCount >= 1 && columnCount <= MAX_COLUMNS &&
            ascending >>> columnCount == 0 &&
            ties >= Ties.FIRST.value() && ties <= Ties.MEMBER.value();
    }

    /**
     * Whether another definition has the same fields and column names.
     *
     * @param other definition.
     * @return true if creating a board with the other would be creating it again.
     */
    boolean isSame(final BoardDefinition other)
    {
        return scoreOperator == other.scoreOperator &&
            ties == other.ties &&
            columnCount == other.columnCount &&
            ascending == other.ascending &&
            feedRows == other.feedRows &&
            capacity == other.capacity &&
            columnNamesLength == other.columnNamesLength &&
            isEqual(0, columnNamesLength, other.columnNames, 0, columnNamesLength);
    }

    void copyFrom(final BoardDefinition other)
    {
        set(other.scoreOperator, other.ties, other.columnCount, other.ascending, other.feedRows, other.capacity);
        columnNamesLength = other.columnNamesLength;
        columnNames.putBytes(0, other.columnNames, 0, columnNamesLength);
    }

    /** As many names as columns, none of them empty, no two the same. */
    private boolean hasValidColumnNames()
    {
        if (columnNamesLength > MAX_NAME_LENGTH)
        {
            return false;
        }

        int count = 0;
        int start = 0;
        while (start <= columnNamesLength)
        {
            final int end = endOfName(start);
            if (end == start || isNamedBefore(start, end))
            {
                return false;
            }
            count++;
            start = end + 1;
        }

        return count == columnCount;
    }

    private boolean isNamedBefore(final int start, final int end)
    {
        int other = 0;
        while (other < start)
        {
            final int otherEnd = endOfName(other);
            if (isEqual(other, otherEnd, columnNames, start, end))
            {
                return true;
            }
            other = otherEnd + 1;
        }

        return false;
    }

    private int endOfName(final int start)
    {
        int end = start;
        while (end < columnNamesLength && columnNames.getByte(end) != SEPARATOR)
        {
            end++;
        }

        return end;
    }

    private boolean isEqual(final int start, final int end, final DirectBuffer other, final int otherStart, final int otherEnd)
    {
        if (end - start != otherEnd - otherStart)
        {
            return false;
        }

        for (int i = 0; i < end - start; i++)
        {
            if (columnNames.getByte(start + i) != other.getByte(otherStart + i))
            {
                return false;
            }
        }

        return true;
    }
}

package io.quipu.engine.state;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a board is, fixed at its creation. Also the reusable carrier in which a create command brings it: filled anew for each.
 * The numbers of operator and ties are those of the ingress schema. One thread.
 */
public final class BoardDefinition
{
    public static final int MAX_COLUMNS = 4;
    public static final int MAX_FEED_ROWS = 1000;
    public static final int MAX_NAME_LENGTH = 128;

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
     * Whether a board can be so.
     *
     * @return false for what is answered BAD_DEFINITION.
     */
    boolean isValid()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether another definition has the same fields and column names.
     *
     * @param other definition.
     * @return true if creating a board with the other would be creating it again.
     */
    boolean isSame(final BoardDefinition other)
    {
        throw new UnsupportedOperationException();
    }

    void copyFrom(final BoardDefinition other)
    {
        set(other.scoreOperator, other.ties, other.columnCount, other.ascending, other.feedRows, other.capacity);
        columnNamesLength = other.columnNamesLength;
        columnNames.putBytes(0, other.columnNames, 0, columnNamesLength);
    }
}

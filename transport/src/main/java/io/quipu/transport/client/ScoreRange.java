package io.quipu.transport.client;

import java.util.Objects;

/**
 * A range of a board between two tuples in board order. Trailing columns that are not given are open; without any column that
 * end is open. Both ends are included unless said otherwise. Immutable.
 */
public final class ScoreRange
{
    private static final int MAX_COLUMNS = 4;
    private static final long[] OPEN = {};

    private final long[] from;
    private final long[] to;
    private final boolean fromInclusive;
    private final boolean toInclusive;

    private ScoreRange(final long[] from, final long[] to, final boolean fromInclusive, final boolean toInclusive)
    {
        this.from = from;
        this.to = to;
        this.fromInclusive = fromInclusive;
        this.toInclusive = toInclusive;
    }

    /** The whole board. */
    public static ScoreRange all()
    {
        return new ScoreRange(OPEN, OPEN, true, true);
    }

    /** From this tuple on, the end nearer to rank 1. */
    public ScoreRange from(final long... columns)
    {
        return new ScoreRange(checked(columns), to, fromInclusive, toInclusive);
    }

    /** Up to this tuple, the end nearer to the last rank. */
    public ScoreRange to(final long... columns)
    {
        return new ScoreRange(from, checked(columns), fromInclusive, toInclusive);
    }

    /** Leaves out what equals {@code from}. */
    public ScoreRange fromExclusive()
    {
        return new ScoreRange(from, to, false, toInclusive);
    }

    /** Leaves out what equals {@code to}. */
    public ScoreRange toExclusive()
    {
        return new ScoreRange(from, to, fromInclusive, false);
    }

    int fromColumns()
    {
        return from.length;
    }

    int toColumns()
    {
        return to.length;
    }

    long fromColumn(final int column)
    {
        return column < from.length ? from[column] : 0;
    }

    long toColumn(final int column)
    {
        return column < to.length ? to[column] : 0;
    }

    boolean isFromInclusive()
    {
        return fromInclusive;
    }

    boolean isToInclusive()
    {
        return toInclusive;
    }

    private static long[] checked(final long[] columns)
    {
        Objects.requireNonNull(columns, "columns");
        if (columns.length > MAX_COLUMNS)
        {
            throw new IllegalArgumentException("columns=" + columns.length + ": a board has at most " + MAX_COLUMNS);
        }
        return columns.clone();
    }
}

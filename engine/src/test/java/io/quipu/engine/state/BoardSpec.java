package io.quipu.engine.state;

/**
 * A board definition as a test writes it.
 */
record BoardSpec(
    int scoreOperator, int ties, int columnCount, int ascending, int feedRows, long capacity, String columnNames)
{
    static final int SUM = 1;
    static final int BEST = 2;
    static final int LAST = 3;

    static final int FIRST = 1;
    static final int LATEST = 2;
    static final int MEMBER = 3;

    static BoardSpec points()
    {
        return new BoardSpec(SUM, FIRST, 1, 0, 0, 0, "points");
    }

    static BoardSpec of(final int scoreOperator, final int ties, final String columnNames)
    {
        return new BoardSpec(scoreOperator, ties, columnNames.split(",").length, 0, 0, 0, columnNames);
    }

    BoardSpec capacity(final long capacity)
    {
        return new BoardSpec(scoreOperator, ties, columnCount, ascending, feedRows, capacity, columnNames);
    }

    BoardSpec ascending(final int ascending)
    {
        return new BoardSpec(scoreOperator, ties, columnCount, ascending, feedRows, capacity, columnNames);
    }

    BoardSpec feedRows(final int feedRows)
    {
        return new BoardSpec(scoreOperator, ties, columnCount, ascending, feedRows, capacity, columnNames);
    }

    BoardSpec columnCount(final int columnCount)
    {
        return new BoardSpec(scoreOperator, ties, columnCount, ascending, feedRows, capacity, columnNames);
    }
}

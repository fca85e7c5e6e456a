package io.quipu.engine.state;

/**
 * What a command on boards answers besides its code. One object, filled anew by each command.
 */
final class BoardAnswer
{
    final long[] columns = new long[BoardDefinition.MAX_COLUMNS];
    int columnCount;
    long oldRank;
    long newRank;

    void clear()
    {
        for (int i = 0; i < columns.length; i++)
        {
            columns[i] = 0;
        }
        columnCount = 0;
        oldRank = 0;
        newRank = 0;
    }

    void value(final long value)
    {
        columns[0] = value;
        columnCount = 1;
    }

    /** The columns at a place. */
    void columns(final Ranking ranking, final long place)
    {
        columnCount = ranking.board().columnCount();
        for (int i = 0; i < columnCount; i++)
        {
            columns[i] = ranking.value(place, i);
        }
    }
}

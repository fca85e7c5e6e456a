package io.quipu.engine.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.transport.client.BoardDefinition.Column;
import io.quipu.transport.client.Standing;

import java.io.IOException;
import java.util.List;

/**
 * Scores of 1 to 4 columns as people write them, {@code 3,2,4}, and rows of a board as they are shown.
 */
final class Scores
{
    private static final int MAX_COLUMNS = 4;

    private Scores()
    {
    }

    /**
     * Reads a score.
     *
     * @param text {@code V[,V...]}.
     * @return its columns.
     * @throws VerbException of a wrong command line that names the value.
     */
    static long[] parse(final String text)
    {
        final String[] columns = text.split(",", -1);
        if (columns.length > MAX_COLUMNS)
        {
            throw VerbException.usage("'" + text + "' has " + columns.length + " columns: a board has 1 to " + MAX_COLUMNS);
        }
        final long[] score = new long[columns.length];
        for (int i = 0; i < columns.length; i++)
        {
            try
            {
                score[i] = Long.parseLong(columns[i]);
            }
            catch (final NumberFormatException ex)
            {
                throw VerbException.usage(
                    "'" + columns[i] + "' in '" + text + "' is not a whole number from " + Long.MIN_VALUE + " to " +
                        Long.MAX_VALUE);
            }
        }
        return score;
    }

    static String text(final long[] score)
    {
        final StringBuilder text = new StringBuilder();
        for (final long column : score)
        {
            text.append(text.length() == 0 ? "" : ",").append(column);
        }
        return text.toString();
    }

    static void scoreField(final JsonGenerator fields, final long[] score) throws IOException
    {
        fields.writeFieldName("score");
        fields.writeArray(score, 0, score.length);
    }

    static void standingFields(final JsonGenerator fields, final Standing row) throws IOException
    {
        fields.writeNumberField("rank", row.ordinal());
        fields.writeNumberField("competition", row.competition());
        fields.writeNumberField("dense", row.dense());
        fields.writeStringField("member", row.member());
        scoreField(fields, row.score());
    }

    /** Rows for people, the columns under their names. */
    static TextTable table(final List<Column> columns, final List<Standing> rows)
    {
        final TextTable table = new TextTable().numbers("rank").numbers("shared").numbers("dense").words("member");
        columns.forEach(column -> table.numbers(column.name()));
        for (final Standing row : rows)
        {
            final Object[] cells = new Object[4 + columns.size()];
            cells[0] = row.ordinal();
            cells[1] = row.competition();
            cells[2] = row.dense();
            cells[3] = row.member();
            for (int i = 0; i < columns.size(); i++)
            {
                cells[4 + i] = i < row.score().length ? row.score()[i] : "";
            }
            table.row(cells);
        }
        return table;
    }
}

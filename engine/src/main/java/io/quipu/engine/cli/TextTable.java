package io.quipu.engine.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns for people: words to the left, numbers to the right, widths counted as a terminal shows them.
 */
public final class TextTable
{
    private static final String GAP = "  ";

    private final List<String> titles = new ArrayList<>();
    private final List<Boolean> numbers = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /** Adds a column of words. */
    public TextTable words(final String title)
    {
        return column(title, false);
    }

    /** Adds a column of numbers. */
    public TextTable numbers(final String title)
    {
        return column(title, true);
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column; each is printed by {@link String#valueOf(Object)}.
     */
    public TextTable row(final Object... cells)
    {
        if (cells.length != titles.size())
        {
            throw new IllegalArgumentException("cells=" + cells.length + ": the table has " + titles.size() + " columns");
        }
        final String[] row = new String[cells.length];
        for (int i = 0; i < row.length; i++)
        {
            row[i] = Printable.of(String.valueOf(cells[i]));
        }
        rows.add(row);
        return this;
    }

    /** Titles and rows, one line each. */
    public List<String> lines()
    {
        final int[] widths = new int[titles.size()];
        for (int i = 0; i < widths.length; i++)
        {
            widths[i] = Printable.width(titles.get(i));
        }
        for (final String[] row : rows)
        {
            for (int i = 0; i < widths.length; i++)
            {
                widths[i] = Math.max(widths[i], Printable.width(row[i]));
            }
        }

        final List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(titles.toArray(new String[0]), widths));
        for (final String[] row : rows)
        {
            lines.add(line(row, widths));
        }
        return lines;
    }

    /** Prints all lines. */
    public void print(final Output out)
    {
        out.line(String.join("\n", lines()));
    }

    private TextTable column(final String title, final boolean number)
    {
        titles.add(title);
        numbers.add(number);
        return this;
    }

    private String line(final String[] cells, final int[] widths)
    {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++)
        {
            final String blanks = " ".repeat(widths[i] - Printable.width(cells[i]));
            line.append(i == 0 ? "" : GAP);
            line.append(numbers.get(i) ? blanks + cells[i] : cells[i] + blanks);
        }
        return line.toString().stripTrailing();
    }
}

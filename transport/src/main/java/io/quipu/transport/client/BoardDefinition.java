package io.quipu.transport.client;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.Ties;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a board is; fixed when it is created. Immutable: each call gives another definition.
 * <pre>
 * BoardDefinition.named("epl").columns("points:desc,diff:desc,for:desc").operator(Operator.SUM)
 * </pre>
 * Whether a board can be as defined is for the engine to say, with {@code BAD_DEFINITION}.
 *
 * @param name          of the board.
 * @param columns       1..4, the first compared first.
 * @param scoreOperator how a score changes a member's columns.
 * @param ties          who stands first among equal columns.
 * @param capacity      members kept; 0 for no bound.
 * @param feedRows      rows of the published view; 0 for none.
 */
public record BoardDefinition(
    String name, List<Column> columns, Operator scoreOperator, Ties ties, long capacity, int feedRows)
{
    /** Rows of the published view unless said otherwise. */
    public static final int DEFAULT_FEED_ROWS = 100;

    /**
     * One column.
     *
     * @param name      of the column.
     * @param ascending whether the smaller value stands first.
     */
    public record Column(String name, boolean ascending)
    {
        @Override
        public String toString()
        {
            return name + (ascending ? ":asc" : ":desc");
        }
    }

    public BoardDefinition
    {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(scoreOperator, "scoreOperator");
        Objects.requireNonNull(ties, "ties");
        columns = List.copyOf(columns);
    }

    /** One column {@code score:desc}, sums, first come first among equals, unbounded, 100 rows published. */
    public static BoardDefinition named(final String name)
    {
        return new BoardDefinition(
            name, List.of(new Column("score", false)), Operator.SUM, Ties.FIRST, 0, DEFAULT_FEED_ROWS);
    }

    /**
     * Columns as people write them.
     *
     * @param list {@code name[:desc|:asc]}, comma separated; {@code desc} when not said.
     * @throws IllegalArgumentException when a direction is neither.
     */
    public BoardDefinition columns(final String list)
    {
        final List<Column> parsed = new ArrayList<>();
        for (final String item : list.split(",", -1))
        {
            parsed.add(column(item.strip()));
        }
        return columns(parsed);
    }

    public BoardDefinition columns(final List<Column> newColumns)
    {
        return new BoardDefinition(name, newColumns, scoreOperator, ties, capacity, feedRows);
    }

    public BoardDefinition operator(final Operator newOperator)
    {
        return new BoardDefinition(name, columns, newOperator, ties, capacity, feedRows);
    }

    public BoardDefinition ties(final Ties newTies)
    {
        return new BoardDefinition(name, columns, scoreOperator, newTies, capacity, feedRows);
    }

    public BoardDefinition capacity(final long newCapacity)
    {
        return new BoardDefinition(name, columns, scoreOperator, ties, newCapacity, feedRows);
    }

    public BoardDefinition feedRows(final int newFeedRows)
    {
        return new BoardDefinition(name, columns, scoreOperator, ties, capacity, newFeedRows);
    }

    /** Columns as {@link #columns(String)} reads them. */
    public String columnList()
    {
        final StringBuilder list = new StringBuilder();
        for (final Column column : columns)
        {
            list.append(list.length() == 0 ? "" : ",").append(column);
        }
        return list.toString();
    }

    private static Column column(final String item)
    {
        final int colon = item.lastIndexOf(':');
        if (colon < 0)
        {
            return new Column(item, false);
        }
        final String direction = item.substring(colon + 1);
        return switch (direction)
        {
            case "desc" -> new Column(item.substring(0, colon), false);
            case "asc" -> new Column(item.substring(0, colon), true);
            default -> throw new IllegalArgumentException("column=" + item + ": the direction is desc or asc");
        };
    }
}

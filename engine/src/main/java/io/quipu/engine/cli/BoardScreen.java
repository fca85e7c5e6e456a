package io.quipu.engine.cli;

import io.quipu.transport.client.Standing;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A board as {@code watch} draws it: a title, rows with what moved since the view before, a line about the feed. Never
 * wider or higher than the terminal. Pure: it only makes lines. Used by one thread.
 */
final class BoardScreen
{
    private static final int RANK_WIDTH = 6;
    private static final int MOVE_WIDTH = 5;
    private static final int GAP = 2;
    private static final int SMALLEST_MEMBER = 8;
    private static final int LINES_AROUND = 4;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle TITLE = AttributedStyle.BOLD;
    private static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle UP = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle DOWN = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    private static final AttributedStyle FIRST = AttributedStyle.BOLD.foreground(AttributedStyle.YELLOW);

    private final String board;
    private final List<String> columns;
    private final Map<String, Long> ranksBefore = new HashMap<>();
    private final Map<String, Long> moves = new HashMap<>();
    private List<Standing> rows = List.of();
    private long members;
    private boolean seen;

    /**
     * @param board   its name.
     * @param columns names of its columns.
     */
    BoardScreen(final String board, final List<String> columns)
    {
        this.board = board;
        this.columns = columns;
    }

    /** Takes a view; what moved is relative to the last one in which members stood elsewhere. */
    void update(final List<Standing> newRows, final long newMembers)
    {
        final Map<String, Long> ranks = new HashMap<>();
        newRows.forEach(row -> ranks.put(row.member(), row.ordinal()));
        if (seen && !ranks.equals(ranksBefore))
        {
            moves.clear();
            ranks.forEach(
                (member, rank) ->
                {
                    final Long before = ranksBefore.get(member);
                    moves.put(member, before == null ? Long.MAX_VALUE : before - rank);
                });
        }
        ranksBefore.clear();
        ranksBefore.putAll(ranks);
        rows = newRows;
        members = newMembers;
        seen = true;
    }

    /**
     * The screen.
     *
     * @param width  of the terminal.
     * @param height of the terminal.
     * @param status about the feed, for the last line.
     * @return its lines.
     */
    List<AttributedString> lines(final int width, final int height, final String status)
    {
        final int shown = Math.max(1, Math.min(rows.size(), height - LINES_AROUND));
        final List<Standing> visible = rows.subList(0, Math.min(shown, rows.size()));
        final int[] widths = widths(visible);
        final int numbers = RANK_WIDTH + MOVE_WIDTH + sum(widths) + GAP * widths.length;
        final int memberWidth = Math.max(SMALLEST_MEMBER, Math.min(longestMember(visible), width - numbers - GAP));

        final List<AttributedString> lines = new ArrayList<>(visible.size() + LINES_AROUND);
        lines.add(title(width));
        lines.add(cut(heads(widths, memberWidth), width));
        for (final Standing row : visible)
        {
            lines.add(cut(line(row, widths, memberWidth), width));
        }
        if (visible.isEmpty())
        {
            lines.add(new AttributedString("  no members yet", FAINT));
        }
        lines.add(new AttributedString(""));
        lines.add(new AttributedString(Printable.fit(status, width), FAINT));
        return lines;
    }

    private AttributedString title(final int width)
    {
        final String right = String.format("%,d members", members);
        final String left = Printable.fit(Printable.of(board), Math.max(1, width - Printable.width(right) - GAP));
        final int gap = Math.max(1, width - Printable.width(left) - Printable.width(right));
        return cut(new AttributedStringBuilder()
            .styled(TITLE, left).append(" ".repeat(gap)).styled(FAINT, right).toAttributedString(), width);
    }

    private AttributedString heads(final int[] widths, final int memberWidth)
    {
        final StringBuilder line = new StringBuilder();
        line.append(right("rank", RANK_WIDTH)).append(" ".repeat(MOVE_WIDTH)).append(left("member", memberWidth));
        for (int i = 0; i < widths.length; i++)
        {
            line.append(" ".repeat(GAP)).append(right(Printable.fit(columns.get(i), widths[i]), widths[i]));
        }
        return new AttributedString(line, FAINT);
    }

    private AttributedString line(final Standing row, final int[] widths, final int memberWidth)
    {
        final long move = moves.getOrDefault(row.member(), 0L);
        final String moved = move == 0 ? "" : move == Long.MAX_VALUE ? "new" : (move > 0 ? "▲" : "▼") + Math.abs(move);
        final AttributedStringBuilder line = new AttributedStringBuilder()
            .append(right(Long.toString(row.ordinal()), RANK_WIDTH))
            .styled(move > 0 ? UP : DOWN, " " + left(Printable.fit(moved, MOVE_WIDTH - 2), MOVE_WIDTH - 1))
            .styled(
                row.ordinal() == 1 ? FIRST : PLAIN,
                left(Printable.fit(Printable.of(row.member()), memberWidth), memberWidth));
        for (int i = 0; i < widths.length; i++)
        {
            final String value = i < row.score().length ? Long.toString(row.score()[i]) : "";
            line.append(" ".repeat(GAP)).append(right(value, widths[i]));
        }
        return line.toAttributedString();
    }

    private int[] widths(final List<Standing> visible)
    {
        final int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++)
        {
            widths[i] = Math.min(12, Math.max(6, Printable.width(columns.get(i))));
            for (final Standing row : visible)
            {
                widths[i] = i < row.score().length ?
                    Math.max(widths[i], Long.toString(row.score()[i]).length()) : widths[i];
            }
        }
        return widths;
    }

    private static int longestMember(final List<Standing> visible)
    {
        return visible.stream().mapToInt(row -> Printable.width(Printable.of(row.member()))).max().orElse(SMALLEST_MEMBER);
    }

    private static int sum(final int[] widths)
    {
        int sum = 0;
        for (final int width : widths)
        {
            sum += width;
        }
        return sum;
    }

    private static AttributedString cut(final AttributedString line, final int width)
    {
        return line.columnLength() <= width ? line : line.columnSubSequence(0, width);
    }

    private static String left(final String text, final int width)
    {
        return text + " ".repeat(Math.max(0, width - Printable.width(text)));
    }

    private static String right(final String text, final int width)
    {
        return " ".repeat(Math.max(0, width - Printable.width(text))) + text;
    }
}

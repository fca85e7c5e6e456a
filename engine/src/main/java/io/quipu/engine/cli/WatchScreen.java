package io.quipu.engine.cli;

import io.quipu.transport.client.Standing;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

import java.util.Arrays;
import java.util.List;

/**
 * Where {@code watch} puts views: a live table on a terminal, else text for each change, or one JSON object for each
 * view. Used by one thread.
 */
abstract class WatchScreen implements AutoCloseable
{
    /** The screen that fits. */
    static WatchScreen of(final Output out, final Terminal terminal, final String board, final List<String> columns)
    {
        if (out.json())
        {
            return new Objects(out, board);
        }
        return terminal == null ? new Text(out, board, columns) : new Live(terminal, board, columns);
    }

    /**
     * A view.
     *
     * @return whether it was shown.
     */
    abstract boolean view(int epoch, long sequence, List<Standing> rows, long members, boolean isFeed);

    /** The board is no more. */
    abstract void dropped(int epoch, long sequence);

    /** How the feed does; called a few times a second. */
    void status(final String status)
    {
    }

    @Override
    public void close()
    {
    }

    /** One object for each view. */
    private static final class Objects extends WatchScreen
    {
        private final Output out;
        private final String board;

        private Objects(final Output out, final String board)
        {
            this.out = out;
            this.board = board;
        }

        @Override
        boolean view(
            final int epoch, final long sequence, final List<Standing> rows, final long members, final boolean isFeed)
        {
            out.object(
                (fields) ->
                {
                    fields.writeStringField("board", board);
                    fields.writeNumberField("epoch", epoch);
                    fields.writeNumberField("sequence", sequence);
                    fields.writeStringField("source", isFeed ? "feed" : "query");
                    fields.writeNumberField("members", members);
                    fields.writeArrayFieldStart("rows");
                    for (final Standing row : rows)
                    {
                        fields.writeStartObject();
                        Scores.standingFields(fields, row);
                        fields.writeEndObject();
                    }
                    fields.writeEndArray();
                });
            return true;
        }

        @Override
        void dropped(final int epoch, final long sequence)
        {
            out.object(
                (fields) ->
                {
                    fields.writeStringField("board", board);
                    fields.writeNumberField("epoch", epoch);
                    fields.writeNumberField("sequence", sequence);
                    fields.writeBooleanField("dropped", true);
                });
        }
    }

    /** Text for each view that differs from the one before. */
    private static final class Text extends WatchScreen
    {
        private static final int WIDTH = 80;

        private final Output out;
        private final BoardScreen screen;
        private List<Standing> last = List.of();
        private long lastMembers = -1;
        private boolean dropped;

        private Text(final Output out, final String board, final List<String> columns)
        {
            this.out = out;
            this.screen = new BoardScreen(board, columns);
        }

        @Override
        boolean view(
            final int epoch, final long sequence, final List<Standing> rows, final long members, final boolean isFeed)
        {
            dropped = false;
            if (members == lastMembers && isSame(rows))
            {
                return false;
            }
            last = rows;
            lastMembers = members;
            screen.update(rows, members);
            final String status = "epoch " + epoch + ", sequence " + sequence + (isFeed ? ", from the feed" : ", from a query");
            for (final AttributedString line : screen.lines(WIDTH, Integer.MAX_VALUE, status))
            {
                out.line(line.toString().stripTrailing());
            }
            return true;
        }

        @Override
        void dropped(final int epoch, final long sequence)
        {
            if (!dropped)
            {
                dropped = true;
                lastMembers = -1;
                out.line("dropped at sequence " + sequence);
            }
        }

        private boolean isSame(final List<Standing> rows)
        {
            boolean same = rows.size() == last.size();
            for (int i = 0; same && i < rows.size(); i++)
            {
                same = rows.get(i).member().equals(last.get(i).member()) &&
                    Arrays.equals(rows.get(i).score(), last.get(i).score());
            }
            return same;
        }
    }

    /** A table that is drawn over itself. */
    private static final class Live extends WatchScreen
    {
        private final Terminal terminal;
        private final Display display;
        private final BoardScreen screen;
        private final Thread hook = new Thread(this::restore, "quipu-restore-terminal");
        private Size size = new Size();
        private String place = "";

        private Live(final Terminal terminal, final String board, final List<String> columns)
        {
            this.terminal = terminal;
            this.display = new Display(terminal, true);
            this.screen = new BoardScreen(board, columns);
            Runtime.getRuntime().addShutdownHook(hook);
            terminal.puts(Capability.enter_ca_mode);
            terminal.puts(Capability.cursor_invisible);
            terminal.flush();
        }

        @Override
        boolean view(
            final int epoch, final long sequence, final List<Standing> rows, final long members, final boolean isFeed)
        {
            screen.update(rows, members);
            place = String.format("epoch %d, sequence %,d", epoch, sequence);
            return true;
        }

        @Override
        void dropped(final int epoch, final long sequence)
        {
            screen.update(List.of(), 0);
            place = String.format("dropped at sequence %,d", sequence);
        }

        @Override
        void status(final String status)
        {
            final Size now = terminal.getSize();
            if (!now.equals(size))
            {
                size = new Size(now.getColumns(), now.getRows());
                display.clear();
                display.resize(size.getRows(), size.getColumns());
            }
            final int width = size.getColumns() > 0 ? size.getColumns() : 80;
            final int height = size.getRows() > 0 ? size.getRows() : 24;
            display.update(screen.lines(width, height, " " + place + "  " + status), -1);
            terminal.flush();
        }

        @Override
        public void close()
        {
            if (Runtime.getRuntime().removeShutdownHook(hook))
            {
                restore();
            }
        }

        /** Also when the process is told to end: a terminal without a cursor is nobody's wish. */
        private void restore()
        {
            terminal.puts(Capability.cursor_visible);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
        }
    }
}

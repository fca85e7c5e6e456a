package io.quipu.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.codecs.FrameValidator;
import io.quipu.engine.cli.ExitCodes;
import io.quipu.engine.cli.TextTable;
import io.quipu.engine.cli.VerbException;
import io.quipu.engine.cli.WorkProgress;
import io.quipu.engine.recovery.Beginning;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.state.StateMachine;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows the state as it was at any sequence, made anew by replay.
 */
@Command(
    name = "state",
    description = {
        "Show the state as it was at any sequence: digest, counters, the top of a board, ranks of members.",
        "  ./quipu replay state --dir d --to 1000 --counter page:/home --board epl --top 5 --member Arsenal"})
final class StateVerb extends JournalVerb
{
    private static final int DEFAULT_TOP = 10;
    private static final double PARTS_PER_PERCENT = 10_000.0;

    @Option(names = "--counter", paramLabel = "NAME", description = "Show this counter; may be repeated.")
    private List<String> counters = List.of();

    @Option(names = "--board", paramLabel = "BOARD", description = "Show this board.")
    private String board;

    @Option(
        names = "--top", paramLabel = "N", description = "So many first members of the board, 1..1000. Default: 10.")
    private Integer top;

    @Option(
        names = "--member", paramLabel = "MEMBER",
        description = "Where this member of the board stood; may be repeated.")
    private List<String> members = List.of();

    @Option(names = "--parts", description = "Show the digest's parts too, to find where two states differ.")
    private boolean parts;

    @Override
    int read()
    {
        check();
        try (Replay replay = replayed())
        {
            requireJournal(replay.found());
            requireReached(replay.found());
            final StateMachine state = replay.state();
            final StateQueries queries = new StateQueries(state.queries());
            showCounters(queries);
            final boolean isComplete = showBoard(queries);
            if (parts)
            {
                showParts(state);
            }
            show(replay);
            return isComplete ? ExitCodes.GOOD : ExitCodes.REFUSED;
        }
    }

    private Replay replayed()
    {
        requireBehind(Beginning.place(dir(), out()::note));
        try (WorkProgress progress = new WorkProgress("replaying", out().notes()))
        {
            return Replay.of(
                dir(), toSequence(), (sequence, bytes, totalBytes) -> progress.bytes(bytes, totalBytes), out()::note);
        }
    }

    private void check()
    {
        if (null == board && (null != top || !members.isEmpty()))
        {
            throw VerbException.usage("--top and --member are of a board: name it with --board");
        }
        if (null != top && (top < 1 || top > FrameValidator.MAX_ROWS))
        {
            throw VerbException.usage("--top " + top + " is not from 1 to " + FrameValidator.MAX_ROWS);
        }
        if (counters.size() > FrameValidator.MAX_ROWS || members.size() > FrameValidator.MAX_ROWS)
        {
            throw VerbException.usage("more than " + FrameValidator.MAX_ROWS + " names at once");
        }
    }

    private void showCounters(final StateQueries queries)
    {
        if (counters.isEmpty())
        {
            return;
        }
        final TextTable table = new TextTable().words("counter").numbers("value");
        final List<Long> values = queries.counters(counters);
        for (int i = 0; i < values.size(); i++)
        {
            final String name = counters.get(i);
            final long value = values.get(i);
            table.row(name, value);
            if (json())
            {
                out().object(
                    (json) ->
                    {
                        json.writeStringField("counter", name);
                        json.writeNumberField("value", value);
                    });
            }
        }
        print(table);
    }

    /** Answers whether all members asked for are there. */
    private boolean showBoard(final StateQueries queries)
    {
        if (null == board)
        {
            return true;
        }
        final List<String> columns = queries.columns(board);
        if (null != top || members.isEmpty())
        {
            showTop(queries.top(board, null == top ? DEFAULT_TOP : top), columns);
        }
        return members.isEmpty() || showRanks(queries.ranks(board, members), columns);
    }

    private void showTop(final StateQueries.Rows standings, final List<String> columns)
    {
        final TextTable table = new TextTable().numbers("rank").numbers("shared").numbers("dense").words("member");
        columns.forEach(table::numbers);
        for (final StateQueries.Row row : standings.rows())
        {
            table.row(cells(row.score(), row.rank(), row.competition(), row.dense(), row.member()));
            if (json())
            {
                out().object((json) -> standing(json, row));
            }
        }
        print(table);
    }

    private boolean showRanks(final StateQueries.Rows ranks, final List<String> columns)
    {
        final TextTable table = new TextTable().words("member").numbers("rank").numbers("shared").numbers("dense")
            .numbers("ties").numbers("better than");
        columns.forEach(table::numbers);
        boolean isComplete = true;
        for (final StateQueries.Row row : ranks.rows())
        {
            if (!row.present())
            {
                isComplete = false;
                missing(row.member());
            }
            else if (json())
            {
                out().object(
                    (json) ->
                    {
                        json.writeStringField("board", board);
                        json.writeNumberField("members", ranks.members());
                        standing(json, row);
                        json.writeNumberField("ties", row.ties());
                        json.writeNumberField("percentile", row.percentile());
                    });
            }
            else
            {
                table.row(cells(
                    row.score(), row.member(), row.rank(), row.competition(), row.dense(), row.ties(),
                    String.format(Locale.ROOT, "%.2f %%", row.percentile() / PARTS_PER_PERCENT)));
            }
        }
        print(table);
        return isComplete;
    }

    private void missing(final String member)
    {
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeStringField("error", "NOT_FOUND");
                    json.writeStringField("board", board);
                    json.writeStringField("member", member);
                });
        }
        out().note("quipu replay state: there was no member " + Names.word(member) + " on board " + Names.word(board));
    }

    private void showParts(final StateMachine state)
    {
        final TextTable table = new TextTable().words("part").words("digest");
        state.digest().forEachPart(
            (label, high, low) ->
            {
                final String name = new String(label.toString().getBytes(ISO_8859_1), UTF_8);
                table.row(name, DigestText.of(high, low));
                if (json())
                {
                    out().object(
                        (json) ->
                        {
                            json.writeStringField("part", name);
                            json.writeStringField("digest", DigestText.of(high, low));
                        });
                }
            });
        print(table);
    }

    private void show(final Replay replay)
    {
        final long sequence = replay.state().sequence();
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeNumberField("sequence", sequence);
                    json.writeStringField("digest", replay.digest());
                });
        }
        else
        {
            out().line("sequence " + sequence + " of " + Times.of(replay.timeNs()) + ", digest " + replay.digest());
        }
    }

    private void print(final TextTable table)
    {
        if (!json() && table.lines().size() > 1)
        {
            table.print(out());
            out().line("");
        }
    }

    private static Object[] cells(final long[] score, final Object... first)
    {
        final Object[] cells = new Object[first.length + score.length];
        System.arraycopy(first, 0, cells, 0, first.length);
        for (int i = 0; i < score.length; i++)
        {
            cells[first.length + i] = score[i];
        }
        return cells;
    }

    private static void standing(final JsonGenerator json, final StateQueries.Row row) throws IOException
    {
        json.writeNumberField("rank", row.rank());
        json.writeNumberField("competition", row.competition());
        json.writeNumberField("dense", row.dense());
        json.writeStringField("member", row.member());
        json.writeFieldName("score");
        json.writeArray(row.score(), 0, row.score().length);
    }
}

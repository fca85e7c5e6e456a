package io.quipu.engine.cli;

import io.quipu.transport.client.BoardInfo;
import io.quipu.transport.client.MemberRank;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Rows;
import io.quipu.transport.client.ScoreRange;
import io.quipu.transport.client.Standings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Locale;

/**
 * Verbs that ask boards who stands where. Ranks start at 1: {@code rank} is the total order, {@code competition} (for
 * people: shared) is 1,2,2,4 and {@code dense} is 1,2,2,3 where columns are equal.
 */
final class RankVerbs
{
    /** Rows of one answer, at most. */
    static final int MAX_ROWS = 1_000;

    private static final double PARTS_PER_PERCENT = 10_000.0;
    private static final String OPEN = "..";

    private RankVerbs()
    {
    }

    @Command(name = "rank", description = "Show where members stand, all as of one moment.")
    static final class Rank extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "MEMBER")
        private String[] members;

        @Override
        int run(final QuipuClient client)
        {
            final Rows<MemberRank> ranks = client.rank(board, members);
            final TextTable table = new TextTable().words("member").numbers("rank").numbers("shared").numbers("dense")
                .numbers("ties").numbers("better than").words("score");
            int missing = 0;
            for (final MemberRank rank : ranks)
            {
                if (!rank.present())
                {
                    missing++;
                    sayMissing(rank.member());
                }
                else if (json())
                {
                    show(rank);
                }
                else
                {
                    table.row(rank.member(), rank.ordinal(), rank.competition(), rank.dense(), rank.ties(),
                        String.format(Locale.ROOT, "%.2f %%", rank.percentile() / PARTS_PER_PERCENT), Scores.text(rank.score()));
                }
            }
            if (!json() && missing < ranks.size())
            {
                table.print(out());
            }
            return missing == 0 ? ExitCodes.GOOD : ExitCodes.REFUSED;
        }

        private void show(final MemberRank rank)
        {
            out().object(
                (fields) ->
                {
                    fields.writeStringField("board", board);
                    fields.writeNumberField("members", rank.boardMembers());
                    fields.writeNumberField("rank", rank.ordinal());
                    fields.writeNumberField("competition", rank.competition());
                    fields.writeNumberField("dense", rank.dense());
                    fields.writeNumberField("ties", rank.ties());
                    fields.writeNumberField("percentile", rank.percentile());
                    fields.writeStringField("member", rank.member());
                    Scores.scoreField(fields, rank.score());
                });
        }

        private void sayMissing(final String member)
        {
            if (json())
            {
                out().object(
                    (fields) ->
                    {
                        fields.writeStringField("error", "NOT_FOUND");
                        fields.writeStringField("board", board);
                        fields.writeStringField("member", member);
                    });
            }
            out().note("quipu rank: there is no member '" + Printable.of(member) + "' on board '" + Printable.of(board) +
                "'; ./quipu top lists who is");
        }
    }

    /** A verb that answers with rows of one board. */
    abstract static class RowsVerb extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        abstract void check();

        abstract Standings ask(QuipuClient client);

        final String board()
        {
            return board;
        }

        @Override
        protected int run() throws Exception
        {
            check();
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            if (json())
            {
                ask(client).rows().forEach(row -> out().object(fields -> Scores.standingFields(fields, row)));
                return ExitCodes.GOOD;
            }
            final BoardInfo info = client.describe(board);
            final Standings standings = ask(client);
            Scores.table(info.definition().columns(), standings.rows()).print(out());
            out().line(standings.rows().size() + " of " + standings.boardMembers() + " members, sequence " +
                standings.sequence());
            return ExitCodes.GOOD;
        }

        static void checkRows(final String what, final int rows)
        {
            if (rows < 1 || rows > MAX_ROWS)
            {
                throw VerbException.usage(what + "=" + rows + ": one answer has 1 to " + MAX_ROWS + " rows");
            }
        }
    }

    @Command(name = "top", description = "Show the first members of a board.")
    static final class Top extends RowsVerb
    {
        @Parameters(index = "1", arity = "0..1", paramLabel = "N", defaultValue = "10", description = "1 to 1,000; default: 10.")
        private int rows;

        @Override
        void check()
        {
            checkRows("N", rows);
        }

        @Override
        Standings ask(final QuipuClient client)
        {
            return client.top(board(), rows);
        }
    }

    @Command(name = "page", description = "Show the members behind the first OFFSET ones.")
    static final class Page extends RowsVerb
    {
        @Parameters(index = "1", paramLabel = "OFFSET", description = "Members to skip, from 0.")
        private long offset;

        @Parameters(index = "2", arity = "0..1", paramLabel = "N", defaultValue = "10", description = "1 to 1,000; default: 10.")
        private int rows;

        @Override
        void check()
        {
            if (offset < 0)
            {
                throw VerbException.usage("OFFSET=" + offset + ": members to skip, from 0");
            }
            checkRows("N", rows);
        }

        @Override
        Standings ask(final QuipuClient client)
        {
            return client.page(board(), offset, rows);
        }
    }

    @Command(
        name = "around",
        description = {"Show N members around one.", "At the ends the rows are shifted, so that there are N."})
    static final class Around extends RowsVerb
    {
        @Parameters(index = "1", paramLabel = "MEMBER")
        private String member;

        @Parameters(index = "2", arity = "0..1", paramLabel = "N", defaultValue = "5", description = "1 to 1,000; default: 5.")
        private int rows;

        @Override
        void check()
        {
            checkRows("N", rows);
        }

        @Override
        Standings ask(final QuipuClient client)
        {
            return client.around(board(), member, rows);
        }
    }

    @Command(
        name = "range",
        description = {
            "Show the members between two scores.",
            "FROM is the end nearer to rank 1. A score is V[,V...]; columns left out at its end are open; ( before it " +
                "leaves out its equals; .. is an open end."})
    static final class Range extends RowsVerb
    {
        @Parameters(index = "1", arity = "0..1", paramLabel = "FROM", defaultValue = OPEN, description = "Default: ..")
        private String from;

        @Parameters(index = "2", arity = "0..1", paramLabel = "TO", defaultValue = OPEN, description = "Default: ..")
        private String to;

        @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Members of the range to skip.")
        private long offset;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "1 to 1,000; default: 100.")
        private int limit;

        @Override
        void check()
        {
            range(from, to);
            if (offset < 0)
            {
                throw VerbException.usage("--offset=" + offset + ": members to skip, from 0");
            }
            checkRows("--limit", limit);
        }

        @Override
        Standings ask(final QuipuClient client)
        {
            return client.range(board(), range(from, to), offset, limit);
        }
    }

    @Command(name = "count", description = "Count the members between two scores, written as for range.")
    static final class Count extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Parameters(index = "1", arity = "0..1", paramLabel = "FROM", defaultValue = OPEN, description = "Default: ..")
        private String from;

        @Parameters(index = "2", arity = "0..1", paramLabel = "TO", defaultValue = OPEN, description = "Default: ..")
        private String to;

        @Override
        protected int run() throws Exception
        {
            range(from, to);
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            final Standings standings = client.count(board, range(from, to));
            if (json())
            {
                out().object(
                    (fields) ->
                    {
                        fields.writeStringField("board", board);
                        fields.writeNumberField("count", standings.total());
                        fields.writeNumberField("members", standings.boardMembers());
                    });
            }
            else
            {
                out().line(Long.toString(standings.total()));
            }
            return ExitCodes.GOOD;
        }
    }

    /** Both ends as people write them. */
    static ScoreRange range(final String from, final String to)
    {
        ScoreRange range = ScoreRange.all();
        if (!OPEN.equals(from))
        {
            final boolean exclusive = from.startsWith("(");
            range = range.from(Scores.parse(exclusive ? from.substring(1) : from));
            range = exclusive ? range.fromExclusive() : range;
        }
        if (!OPEN.equals(to))
        {
            final boolean exclusive = to.startsWith("(");
            range = range.to(Scores.parse(exclusive ? to.substring(1) : to));
            range = exclusive ? range.toExclusive() : range;
        }
        return range;
    }
}

package io.quipu.engine.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.BoardInfo;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.ScoreResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Locale;

/**
 * Verbs that change boards, and the list of them.
 */
final class BoardVerbs
{
    private BoardVerbs()
    {
    }

    @Command(
        name = "board",
        description = {
            "Create a board and show it.",
            "Creating it again with the same options is fine, with others it is refused.",
            "Options, all fixed for the board's life:",
            "  columns=points:desc,diff:desc  1 to 4 columns, the first compared first (score:desc)",
            "  op=sum|best|last               how a score changes a member's columns (sum)",
            "  ties=first|latest|member       who stands first among equals (first)",
            "  capacity=N                     members kept, not with op=sum (0: no bound)",
            "  feed=N                         rows of the published view (100)"})
    static final class Board extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "NAME", description = "Name of 1 to 128 bytes.")
        private String board;

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "OPTION=VALUE")
        private String[] options = {};

        @Override
        protected int run() throws Exception
        {
            definition();
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            client.createBoard(definition());
            show(out(), client.describe(board));
            return ExitCodes.GOOD;
        }

        private BoardDefinition definition()
        {
            try
            {
                BoardDefinition definition = BoardDefinition.named(board);
                for (final String option : options)
                {
                    definition = BoardOptions.with(definition, option);
                }
                return definition;
            }
            catch (final IllegalArgumentException ex)
            {
                throw VerbException.usage(ex.getMessage());
            }
        }
    }

    @Command(name = "boards", description = "List boards.")
    static final class Boards extends ClientVerb
    {
        @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", defaultValue = "", description = "Default: all.")
        private String prefix;

        @Override
        int run(final QuipuClient client)
        {
            client.boards(prefix).forEach(info -> show(out(), info));
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "drop", description = "Drop a board with all its members, at once at any size.")
    static final class Drop extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Override
        int run(final QuipuClient client)
        {
            client.drop(board);
            say(out(), board, "dropped");
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "reset", description = "Remove all members of a board, at once at any size.")
    static final class Reset extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Override
        int run(final QuipuClient client)
        {
            client.reset(board);
            say(out(), board, "reset");
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "score", description = {
        "Score a member; show its columns and its rank.", "The board's operator says how the score counts."})
    static final class Score extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Parameters(index = "1", paramLabel = "MEMBER", description = "Name of 1 to 128 bytes.")
        private String member;

        @Parameters(index = "2", paramLabel = "V[,V...]", description = "As many columns as the board has.")
        private String score;

        @Override
        protected int run() throws Exception
        {
            Scores.parse(score);
            return super.run();
        }

        @Override
        int run(final QuipuClient client)
        {
            final ScoreResult result = client.score(board, member, Scores.parse(score));
            if (json())
            {
                out().object(
                    (fields) ->
                    {
                        memberFields(fields, board, member, result.score());
                        fields.writeNumberField("oldRank", result.oldRank());
                        fields.writeNumberField("newRank", result.newRank());
                    });
            }
            else
            {
                out().line(Scores.text(result.score()) + "  rank " + result.newRank() +
                    (result.oldRank() == 0 ? ", new" : result.oldRank() == result.newRank() ? "" : ", was " + result.oldRank()));
            }
            return ExitCodes.GOOD;
        }
    }

    @Command(name = "remove", description = "Remove a member from a board and show its last columns.")
    static final class Remove extends ClientVerb
    {
        @Parameters(index = "0", paramLabel = "BOARD")
        private String board;

        @Parameters(index = "1", paramLabel = "MEMBER")
        private String member;

        @Override
        int run(final QuipuClient client)
        {
            final long[] score = client.remove(board, member);
            if (json())
            {
                out().object(fields -> memberFields(fields, board, member, score));
            }
            else
            {
                out().line(Scores.text(score));
            }
            return ExitCodes.GOOD;
        }
    }

    private static void memberFields(
        final JsonGenerator fields, final String board, final String member, final long[] score) throws IOException
    {
        fields.writeStringField("board", board);
        fields.writeStringField("member", member);
        Scores.scoreField(fields, score);
    }

    private static void say(final Output out, final String board, final String what)
    {
        if (out.json())
        {
            out.object(
                (fields) ->
                {
                    fields.writeStringField("board", board);
                    fields.writeBooleanField(what, true);
                });
        }
        else
        {
            out.line(Printable.of(board) + " " + what);
        }
    }

    private static void show(final Output out, final BoardInfo info)
    {
        final BoardDefinition definition = info.definition();
        if (out.json())
        {
            out.object(
                (fields) ->
                {
                    fields.writeStringField("board", definition.name());
                    fields.writeStringField("columns", definition.columnList());
                    fields.writeStringField("op", definition.scoreOperator().name().toLowerCase(Locale.ROOT));
                    fields.writeStringField("ties", definition.ties().name().toLowerCase(Locale.ROOT));
                    fields.writeNumberField("capacity", definition.capacity());
                    fields.writeNumberField("feed", definition.feedRows());
                    fields.writeNumberField("members", info.members());
                });
        }
        else
        {
            out.line(Printable.of(definition.name()) + "  " + BoardOptions.of(definition) + "  members=" + info.members());
        }
    }
}

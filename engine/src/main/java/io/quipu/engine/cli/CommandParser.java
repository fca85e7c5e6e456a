package io.quipu.engine.cli;

import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.RefusedException;
import io.quipu.transport.client.Request;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Reads one line of a command file and adds its command to a request, checking everything first: a bad line adds
 * nothing.
 * <pre>
 * add COUNTER [DELTA] [min=V] [max=V] [saturate]     set COUNTER VALUE       delete COUNTER
 * board NAME [OPTION=VALUE]...                       drop BOARD              reset BOARD
 * score BOARD MEMBER V[,V...]                        remove BOARD MEMBER
 * begin                                              end
 * </pre>
 * Words are split by {@link LineTokens}. Used by one thread. The lines that come in millions (add, set, score) make no
 * garbage.
 */
final class CommandParser
{
    /** What a line is. */
    enum Outcome
    {
        /** Nothing, or a comment. */
        EMPTY,
        /** A command; it is in the request. */
        COMMAND,
        /** Starts an ATOMIC request. */
        BEGIN,
        /** Ends it. */
        END,
        /** Not a command; see {@link CommandParser#error()}. */
        BAD
    }

    private static final int MAX_NAME = 128;
    private static final int MAX_COLUMNS = 4;

    private static final byte[] ADD = ascii("add");
    private static final byte[] SET = ascii("set");
    private static final byte[] DELETE = ascii("delete");
    private static final byte[] SCORE = ascii("score");
    private static final byte[] REMOVE = ascii("remove");
    private static final byte[] BOARD = ascii("board");
    private static final byte[] DROP = ascii("drop");
    private static final byte[] RESET = ascii("reset");
    private static final byte[] BEGIN = ascii("begin");
    private static final byte[] END = ascii("end");

    private final LineTokens words = new LineTokens();
    private final UnsafeBuffer names = new UnsafeBuffer(new byte[0]);
    private final long[] columns = new long[MAX_COLUMNS];
    private int columnCount;
    private long number;
    private String error;

    /** Why the line was {@link Outcome#BAD}: names the value and says what to write. */
    String error()
    {
        return error;
    }

    /**
     * Reads a line.
     *
     * @param line    holds it.
     * @param start   of it.
     * @param end     of it, without its line end.
     * @param request takes its command.
     * @return what it was.
     */
    Outcome parse(final byte[] line, final int start, final int end, final Request request)
    {
        if (!words.split(line, start, end))
        {
            return bad("a \" is not closed");
        }
        if (words.count() == 0)
        {
            return Outcome.EMPTY;
        }
        names.wrap(words.bytes());
        if (words.is(0, ADD))
        {
            return add(request);
        }
        if (words.is(0, SCORE))
        {
            return score(request);
        }
        if (words.is(0, SET))
        {
            return set(request);
        }
        return lessFrequent(request);
    }

    private Outcome lessFrequent(final Request request)
    {
        if (words.is(0, DELETE))
        {
            return delete(request);
        }
        if (words.is(0, REMOVE))
        {
            return remove(request);
        }
        if (words.is(0, BOARD))
        {
            return board(request);
        }
        if (words.is(0, DROP) || words.is(0, RESET))
        {
            return dropOrReset(request);
        }
        if (words.is(0, BEGIN) || words.is(0, END))
        {
            final boolean begin = words.is(0, BEGIN);
            return words.count() > 1 ? shape(begin ? "begin" : "end") : begin ? Outcome.BEGIN : Outcome.END;
        }
        return bad("unknown command '" + words.text(0) +
            "': write add, set, delete, board, score, remove, reset, drop, begin or end");
    }

    private Outcome add(final Request request)
    {
        if (words.count() < 2)
        {
            return shape("add COUNTER [DELTA] [min=V] [max=V] [saturate]");
        }
        if (words.count() > 3)
        {
            return addBounded(request);
        }
        number = 1;
        if (!isName(1) || (words.count() == 3 && !isNumber(2)))
        {
            return Outcome.BAD;
        }
        request.add(names, words.offset(1), words.length(1), number);
        return Outcome.COMMAND;
    }

    private Outcome addBounded(final Request request)
    {
        if (!isName(1) || !isNumber(2))
        {
            return Outcome.BAD;
        }
        final long delta = number;
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;
        boolean saturate = false;
        for (int i = 3; i < words.count(); i++)
        {
            final String option = words.text(i);
            final int offset = words.offset(i);
            final int value = option.startsWith("min=") || option.startsWith("max=") ? 4 : 0;
            if (value != 0 && !parseNumber(offset + value, offset + words.length(i)))
            {
                return bad("'" + option + "': expected a whole number from -2^63 to 2^63-1");
            }
            if (option.startsWith("min="))
            {
                min = number;
            }
            else if (option.startsWith("max="))
            {
                max = number;
            }
            else if ("saturate".equals(option))
            {
                saturate = true;
            }
            else
            {
                return bad("'" + option + "' is no option of add: write min=V, max=V or saturate");
            }
        }
        request.addBounded(names, words.offset(1), words.length(1), delta, min, max, saturate);
        return Outcome.COMMAND;
    }

    private Outcome set(final Request request)
    {
        if (words.count() != 3)
        {
            return shape("set COUNTER VALUE");
        }
        if (!isName(1) || !isNumber(2))
        {
            return Outcome.BAD;
        }
        request.set(names, words.offset(1), words.length(1), number);
        return Outcome.COMMAND;
    }

    private Outcome delete(final Request request)
    {
        if (words.count() != 2)
        {
            return shape("delete COUNTER");
        }
        if (!isName(1))
        {
            return Outcome.BAD;
        }
        request.delete(names, words.offset(1), words.length(1));
        return Outcome.COMMAND;
    }

    private Outcome score(final Request request)
    {
        if (words.count() != 4)
        {
            return shape("score BOARD MEMBER V[,V...]");
        }
        if (!isName(1) || !isName(2) || !isScore(3))
        {
            return Outcome.BAD;
        }
        select(request);
        if (columnCount == 1)
        {
            request.score(names, words.offset(2), words.length(2), columns[0]);
        }
        else
        {
            request.score(
                names, words.offset(2), words.length(2), columnCount, columns[0], columns[1], columns[2], columns[3]);
        }
        return Outcome.COMMAND;
    }

    private Outcome remove(final Request request)
    {
        if (words.count() != 3)
        {
            return shape("remove BOARD MEMBER");
        }
        if (!isName(1) || !isName(2))
        {
            return Outcome.BAD;
        }
        select(request);
        request.remove(names, words.offset(2), words.length(2));
        return Outcome.COMMAND;
    }

    private Outcome board(final Request request)
    {
        if (words.count() < 2)
        {
            return shape("board NAME [columns=...] [op=...] [ties=...] [capacity=N] [feed=N]");
        }
        if (!isName(1))
        {
            return Outcome.BAD;
        }
        try
        {
            BoardDefinition definition = BoardDefinition.named(words.text(1));
            for (int i = 2; i < words.count(); i++)
            {
                definition = BoardOptions.with(definition, words.text(i));
            }
            request.createBoard(definition);
            return Outcome.COMMAND;
        }
        catch (final IllegalArgumentException | RefusedException ex)
        {
            return bad(ex.getMessage());
        }
    }

    private Outcome dropOrReset(final Request request)
    {
        if (words.count() != 2)
        {
            return shape(words.text(0) + " BOARD");
        }
        if (!isName(1))
        {
            return Outcome.BAD;
        }
        select(request);
        if (words.is(0, DROP))
        {
            request.dropBoard();
        }
        else
        {
            request.resetBoard();
        }
        return Outcome.COMMAND;
    }

    /** Selects the board of word 1; the request leaves it out where it is selected already. */
    private void select(final Request request)
    {
        request.board(names, words.offset(1), words.length(1));
    }

    private boolean isName(final int word)
    {
        final int length = words.length(word);
        if (length >= 1 && length <= MAX_NAME)
        {
            return true;
        }
        error = "name '" + Printable.fit(words.text(word), 40) + "' has " + length + " bytes: a name has 1 to " + MAX_NAME;
        return false;
    }

    private boolean isNumber(final int word)
    {
        final int offset = words.offset(word);
        if (parseNumber(offset, offset + words.length(word)))
        {
            return true;
        }
        error = "'" + Printable.fit(words.text(word), 40) + "' is not a whole number from -2^63 to 2^63-1";
        return false;
    }

    private boolean isScore(final int word)
    {
        final byte[] bytes = words.bytes();
        final int end = words.offset(word) + words.length(word);
        columnCount = 0;
        int start = words.offset(word);
        while (true)
        {
            int comma = start;
            while (comma < end && bytes[comma] != ',')
            {
                comma++;
            }
            if (columnCount == MAX_COLUMNS || !parseNumber(start, comma))
            {
                error = "'" + Printable.fit(words.text(word), 40) + "' is not a score: write 1 to 4 whole numbers as 3,-2,4";
                return false;
            }
            columns[columnCount++] = number;
            if (comma == end)
            {
                return true;
            }
            start = comma + 1;
        }
    }

    /** Into {@link #number}; decimal, with an optional sign. */
    private boolean parseNumber(final int start, final int end)
    {
        final byte[] bytes = words.bytes();
        final boolean negative = start < end && bytes[start] == '-';
        final int first = start < end && (negative || bytes[start] == '+') ? start + 1 : start;
        if (first == end)
        {
            return false;
        }
        // Counted downwards: there is one negative number more.
        final long lowest = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
        long value = 0;
        for (int i = first; i < end; i++)
        {
            final int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || value < lowest / 10 || value * 10 < lowest + digit)
            {
                return false;
            }
            value = value * 10 - digit;
        }
        number = negative ? value : -value;
        return true;
    }

    private Outcome shape(final String expected)
    {
        return bad("expected: " + expected);
    }

    private Outcome bad(final String message)
    {
        error = message;
        return Outcome.BAD;
    }

    private static byte[] ascii(final String word)
    {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}

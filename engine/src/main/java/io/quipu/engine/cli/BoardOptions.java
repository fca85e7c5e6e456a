package io.quipu.engine.cli;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.Ties;
import io.quipu.transport.client.BoardDefinition;

import java.util.Locale;

/**
 * The definition of a board as people write it, on the command line and in command files:
 * {@code NAME [columns=points:desc,diff:desc] [op=sum|best|last] [ties=first|latest|member] [capacity=N] [feed=N]}.
 */
final class BoardOptions
{
    private static final int MAX_FEED_ROWS = 1_000;

    private BoardOptions()
    {
    }

    /**
     * Reads one option into a definition.
     *
     * @param definition so far.
     * @param option     as {@code op=best}.
     * @return the definition with it.
     * @throws IllegalArgumentException with a line that names the option and what it may be.
     */
    static BoardDefinition with(final BoardDefinition definition, final String option)
    {
        final int equals = option.indexOf('=');
        if (equals < 0)
        {
            throw new IllegalArgumentException(
                "'" + option + "' is no board option: write columns=, op=, ties=, capacity= or feed=");
        }
        final String value = option.substring(equals + 1);
        return switch (option.substring(0, equals))
        {
            case "columns" -> columns(definition, option, value);
            case "op" -> definition.operator(operator(option, value));
            case "ties" -> definition.ties(ties(option, value));
            case "capacity" -> definition.capacity(number(option, value, Long.MAX_VALUE));
            case "feed" -> definition.feedRows((int)number(option, value, MAX_FEED_ROWS));
            default -> throw new IllegalArgumentException(
                "'" + option + "' is no board option: write columns=, op=, ties=, capacity= or feed=");
        };
    }

    /** The options that give this definition, in the order of {@link #with}. */
    static String of(final BoardDefinition definition)
    {
        return "columns=" + definition.columnList() +
            " op=" + definition.scoreOperator().name().toLowerCase(Locale.ROOT) +
            " ties=" + definition.ties().name().toLowerCase(Locale.ROOT) +
            " capacity=" + definition.capacity() +
            " feed=" + definition.feedRows();
    }

    private static BoardDefinition columns(final BoardDefinition definition, final String option, final String value)
    {
        final BoardDefinition with;
        try
        {
            with = definition.columns(value);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException(option + ": write 1 to 4 columns as points:desc,diff:asc", ex);
        }
        return with;
    }

    private static Operator operator(final String option, final String value)
    {
        return switch (value)
        {
            case "sum" -> Operator.SUM;
            case "best" -> Operator.BEST;
            case "last" -> Operator.LAST;
            default -> throw new IllegalArgumentException(option + ": the operator is sum, best or last");
        };
    }

    private static Ties ties(final String option, final String value)
    {
        return switch (value)
        {
            case "first" -> Ties.FIRST;
            case "latest" -> Ties.LATEST;
            case "member" -> Ties.MEMBER;
            default -> throw new IllegalArgumentException(option + ": ties go to first, latest or member");
        };
    }

    private static long number(final String option, final String value, final long max)
    {
        try
        {
            final long number = Long.parseLong(value);
            if (number >= 0 && number <= max)
            {
                return number;
            }
        }
        catch (final NumberFormatException ignore)
        {
            // Said below.
        }
        throw new IllegalArgumentException(option + ": expected a whole number from 0 to " + max);
    }
}

package io.quipu.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How arguments are read: negative numbers are arguments, not options; what looks like an option and is none is
 * refused, unless {@code --} stands before it; numbers are whole and decimal.
 */
final class Arguments
{
    private static final Pattern NUMBERS = Pattern.compile("-\\d+(,[+-]?\\d+)*");

    private Arguments()
    {
    }

    static void configure(final CommandLine commandLine)
    {
        commandLine
            .setUnmatchedOptionsArePositionalParams(true)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setAbbreviatedOptionsAllowed(false)
            .registerConverter(Long.class, number(Long.MIN_VALUE, Long.MAX_VALUE))
            .registerConverter(long.class, number(Long.MIN_VALUE, Long.MAX_VALUE))
            .registerConverter(Integer.class, text -> Math.toIntExact(integer().convert(text)))
            .registerConverter(int.class, text -> Math.toIntExact(integer().convert(text)));
    }

    /** Checks what picocli let through, then runs the last verb named. */
    static int execute(final ParseResult parseResult)
    {
        ParseResult verb = parseResult;
        while (verb.hasSubcommand())
        {
            verb = verb.subcommand();
        }
        for (final PositionalParamSpec positional : verb.matchedPositionals())
        {
            for (final String argument : positional.originalStringValues())
            {
                if (isUnknownOption(argument, parseResult.originalArgs()))
                {
                    throw new ParameterException(
                        verb.commandSpec().commandLine(),
                        "unknown option '" + argument + "'; a name that begins with - goes behind --");
                }
            }
        }
        return new RunLast().execute(parseResult);
    }

    private static boolean isUnknownOption(final String argument, final List<String> args)
    {
        if (argument.length() < 2 || argument.charAt(0) != '-' || NUMBERS.matcher(argument).matches())
        {
            return false;
        }
        final int end = args.indexOf("--");
        return end < 0 || args.indexOf(argument) < end;
    }

    private static ITypeConverter<Long> integer()
    {
        return number(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static ITypeConverter<Long> number(final long min, final long max)
    {
        return (text) ->
        {
            try
            {
                final long value = Long.parseLong(text);
                if (value >= min && value <= max)
                {
                    return value;
                }
            }
            catch (final NumberFormatException ignore)
            {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is not a whole number from " + min + " to " + max);
        };
    }
}

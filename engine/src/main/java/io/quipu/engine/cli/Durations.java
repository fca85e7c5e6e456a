package io.quipu.engine.cli;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as people write them: {@code 250us}, {@code 100ms}, {@code 60s}, {@code 5m}.
 */
final class Durations
{
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(ns|us|ms|s|m|h)");

    private Durations()
    {
    }

    /**
     * Reads one.
     *
     * @param option that holds it, for the error.
     * @param text   as {@code 100ms}.
     * @return nanoseconds.
     * @throws VerbException of a wrong command line that names the value.
     */
    static long parseNs(final String option, final String text)
    {
        final Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches())
        {
            throw VerbException.usage(option + "=" + text + ": write a time as 100ms, 60s or 5m");
        }
        final long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2))
        {
            case "ns" -> count;
            case "us" -> TimeUnit.MICROSECONDS.toNanos(count);
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(count);
            case "s" -> TimeUnit.SECONDS.toNanos(count);
            case "m" -> TimeUnit.MINUTES.toNanos(count);
            default -> TimeUnit.HOURS.toNanos(count);
        };
    }
}

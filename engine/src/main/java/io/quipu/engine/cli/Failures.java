package io.quipu.engine.cli;

import io.quipu.engine.StartRefusedException;
import io.quipu.transport.client.QuipuException;
import io.quipu.transport.client.RefusedException;
import io.quipu.transport.client.SessionEvictedException;
import io.quipu.transport.client.TimeoutException;
import io.quipu.transport.client.UnreachableException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * What went wrong, as one line on standard error and, with {@code --json}, one object on standard output
 * {@code {"error":CODE,"message":...}}; and the exit code. Never a stack trace, but for a bug with {@code QUIPU_DEBUG} set.
 */
final class Failures
{
    private static final String DEBUG = "QUIPU_DEBUG";
    /** How picocli names the parameter whose value is wrong. */
    private static final String PARAMETER =
        "^Invalid value for (?:option '([^']*)'(?: \\([^)]*\\))?|positional parameter at index [^(]*\\(([^)]*)\\)): ";

    private final QuipuTool tool;

    Failures(final QuipuTool tool)
    {
        this.tool = tool;
    }

    /** The command line cannot be read. */
    int onUsage(final ParameterException ex, final String[] args)
    {
        final CommandLine verb = ex.getCommandLine();
        final String name = verb.getCommandSpec().qualifiedName();
        final String message;
        if (ex instanceof UnmatchedArgumentException unmatched && verb.getParent() == null)
        {
            final String called = unmatched.getUnmatched().get(0);
            message = "unknown verb '" + called + "'" + verb.getSubcommands().keySet().stream()
                .filter(known -> isSlipOf(known, called)).findFirst().map(known -> ": did you mean " + known + "?").orElse("");
        }
        else
        {
            message = ex.getMessage().replaceAll(PARAMETER, "$1$2: ");
        }
        report(name, "USAGE", oneLine(message) + "; ./" + name + " --help shows how", List.of(args).contains("--json"));
        return ExitCodes.USAGE;
    }

    /** The verb failed. */
    int onFailure(final Exception ex, final CommandLine verb, final ParseResult parseResult)
    {
        final VerbException failure = failure(ex);
        if (Output.CLOSED.equals(failure.error()))
        {
            return failure.exitCode();
        }
        final boolean json = verb.getCommand() instanceof Verb running && running.json();
        report(verb.getCommandSpec().qualifiedName(), failure.error(), oneLine(failure.getMessage()), json);
        return failure.exitCode();
    }

    private VerbException failure(final Exception ex)
    {
        if (ex instanceof VerbException verbException)
        {
            return verbException;
        }
        if (ex instanceof StartRefusedException start)
        {
            return new VerbException(start.exitCode(), start.verdict(), start.getMessage());
        }
        if (ex instanceof QuipuException client)
        {
            return VerbException.refused(code(client), client.getMessage());
        }
        if (ex instanceof UncheckedIOException unchecked)
        {
            return io(unchecked.getCause());
        }
        if (ex instanceof IOException io)
        {
            return io(io);
        }
        return bug(ex);
    }

    private static String code(final QuipuException ex)
    {
        if (ex instanceof RefusedException refused)
        {
            return refused.code().name();
        }
        if (ex instanceof UnreachableException)
        {
            return "UNREACHABLE";
        }
        if (ex instanceof SessionEvictedException)
        {
            return "SESSION_EVICTED";
        }
        return ex instanceof TimeoutException ? "TIMEOUT" : "CLIENT";
    }

    private static VerbException io(final IOException ex)
    {
        if (ex instanceof NoSuchFileException missing)
        {
            return VerbException.refused("NO_SUCH_FILE", "there is no file " + missing.getFile());
        }
        if (ex instanceof AccessDeniedException denied)
        {
            return VerbException.refused("ACCESS_DENIED", denied.getFile() + " may not be opened: check its owner and rights");
        }
        final String file = ex instanceof FileSystemException named && named.getFile() != null ? named.getFile() + ": " : "";
        return VerbException.refused("IO", file + (ex instanceof FileSystemException named && named.getReason() != null ?
            named.getReason() : ex.getMessage()));
    }

    private VerbException bug(final Exception ex)
    {
        if (tool.environment(DEBUG, "").isEmpty())
        {
            return VerbException.refused("INTERNAL", "a bug in Quipu: " + ex + "; " + DEBUG + "=1 shows where");
        }
        ex.printStackTrace(tool.output(false).notes());
        return VerbException.refused("INTERNAL", "a bug in Quipu: " + ex);
    }

    private void report(final String name, final String error, final String message, final boolean json)
    {
        final Output out = tool.output(json);
        if (json)
        {
            out.object(
                (fields) ->
                {
                    fields.writeStringField("error", error);
                    fields.writeStringField("message", message);
                });
        }
        out.note(name + ": " + message);
    }

    /** Whether one letter is wrong, missing or too many, or two neighbours changed places. */
    private static boolean isSlipOf(final String word, final String typed)
    {
        int same = 0;
        while (same < Math.min(word.length(), typed.length()) && word.charAt(same) == typed.charAt(same))
        {
            same++;
        }
        final String left = word.substring(same);
        final String right = typed.substring(same);
        final boolean isSwapped = left.length() > 1 && right.length() > 1 && left.charAt(0) == right.charAt(1) &&
            left.charAt(1) == right.charAt(0) && left.substring(2).equals(right.substring(2));
        final String leftRest = left.isEmpty() ? left : left.substring(1);
        final String rightRest = right.isEmpty() ? right : right.substring(1);
        return isSwapped || leftRest.equals(rightRest) || left.equals(rightRest) || leftRest.equals(right);
    }

    private static String oneLine(final String message)
    {
        return Printable.of(String.valueOf(message).replaceAll("\\s*\\R\\s*", " "));
    }
}

package io.quipu.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The command line of Quipu, {@code ./quipu VERB ...}: finds the verb, runs it, turns whatever goes wrong into one line and an
 * exit code. The verbs of this module are listed here; those of other modules come from {@link VerbProvider}.
 */
@Command(name = "quipu", description = "Counters, leaderboards and real-time analytics: sequenced, journaled, replayable.")
public final class QuipuTool
{
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    /**
     * @param in          standard input.
     * @param out         standard output.
     * @param err         standard error.
     * @param environment environment variables.
     */
    public QuipuTool(
        final InputStream in, final PrintStream out, final PrintStream err, final Map<String, String> environment)
    {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /**
     * What a shell starts.
     *
     * @param args the verb and its arguments.
     */
    public static void main(final String[] args)
    {
        final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        final PrintStream err = new PrintStream(System.err, false, StandardCharsets.UTF_8);
        System.exit(new QuipuTool(System.in, out, err, System.getenv()).execute(args));
    }

    /**
     * Runs one verb to its end.
     *
     * @param args the verb and its arguments.
     * @return the exit code.
     */
    public int execute(final String... args)
    {
        final CommandLine commandLine = new CommandLine(this);
        for (final VerbProvider provider : ServiceLoader.load(VerbProvider.class))
        {
            provider.verbs().forEach(commandLine::addSubcommand);
        }
        return commandLine.execute(args);
    }

    Output output(final boolean json)
    {
        return new Output(out, err, json, System.console() != null);
    }

    InputStream in()
    {
        return in;
    }

    Map<String, String> environment()
    {
        return environment;
    }
}

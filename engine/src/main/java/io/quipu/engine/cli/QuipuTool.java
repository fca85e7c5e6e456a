package io.quipu.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The command line of Quipu, {@code ./quipu VERB ...}: finds the verb, runs it, turns whatever goes wrong into one line
 * and an exit code ({@link Failures}). The verbs of this module are listed in {@link Verbs}; those of other modules
 * come from {@link VerbProvider}.
 */
@Command(
    name = "quipu",
    description = "Counters, leaderboards and real-time analytics: every command sequenced, journaled, applied once.",
    versionProvider = Version.class,
    sortOptions = false, usageHelpWidth = 100)
public final class QuipuTool implements Runnable
{
    /** System property in which the launcher names those of {@code out} and {@code err} that are terminals. */
    static final String TERMINALS_PROPERTY = "quipu.terminals";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    @Spec
    private CommandSpec spec;

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
        Verbs.addTo(commandLine, args);
        Arguments.configure(commandLine);
        HelpPage.configure(commandLine);
        final Failures failures = new Failures(this);
        return commandLine
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setExecutionStrategy(Arguments::execute)
            .setParameterExceptionHandler(failures::onUsage)
            .setExecutionExceptionHandler(failures::onFailure)
            .execute(args);
    }

    /** Without a verb: the help. */
    @Override
    public void run()
    {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    Output output(final boolean json)
    {
        return new Output(out, err, json, isTerminal("out") && wantsColour());
    }

    InputStream in()
    {
        return in;
    }

    String environment(final String name, final String otherwise)
    {
        final String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Whether {@code out} or {@code err} is a terminal. */
    static boolean isTerminal(final String stream)
    {
        return System.getProperty(TERMINALS_PROPERTY, "").contains(stream);
    }

    private boolean wantsColour()
    {
        return environment("NO_COLOR", "").isEmpty() && !"dumb".equals(environment("TERM", "dumb"));
    }
}

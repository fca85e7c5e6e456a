package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/**
 * A verb of {@code ./quipu}: {@code --json} and {@code --help}, a place to write, an exit code. Runs on the main
 * thread. Errors leave it as {@link VerbException}, or as one of the client library's exceptions, which {@link
 * QuipuTool} puts into words.
 */
@Command(sortOptions = false, usageHelpWidth = 100)
public abstract class Verb implements Callable<Integer>
{
    @Option(names = "--json", description = "One JSON object a line instead of text.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private Output output;

    /**
     * Does it.
     *
     * @return the exit code, see {@link ExitCodes}.
     * @throws Exception whatever goes wrong.
     */
    protected abstract int run() throws Exception;

    @Override
    public final Integer call() throws Exception
    {
        return run();
    }

    /** Whether {@code --json} was given. */
    protected final boolean json()
    {
        return json;
    }

    /** Where results go. */
    protected final Output out()
    {
        if (output == null)
        {
            output = tool().output(json);
        }
        return output;
    }

    /** The program as a whole: its streams and its environment. */
    protected final QuipuTool tool()
    {
        return (QuipuTool)spec.root().userObject();
    }
}

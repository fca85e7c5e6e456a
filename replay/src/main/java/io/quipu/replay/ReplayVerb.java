package io.quipu.replay;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./quipu replay ...}: what a journal says, without an engine.
 */
@Command(
    name = "replay",
    description = "Read a journal, also beside a running engine: describe, verify or dump it, show any past state.",
    subcommands = {DescribeVerb.class, VerifyVerb.class, DumpVerb.class, StateVerb.class},
    sortOptions = false)
final class ReplayVerb implements Runnable
{
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Without a verb of its own: the help. */
    @Override
    public void run()
    {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

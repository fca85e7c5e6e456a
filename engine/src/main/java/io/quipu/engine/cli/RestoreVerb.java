package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * Makes a directory for an engine from a backup.
 */
@Command(
    name = "restore",
    description = {
        "Make a directory to start an engine on from a backup.",
        "What clients were told behind the end of the backup is gone: a client that was acknowledged more than the engine then " +
            "knows is told ROLLED_BACK."})
final class RestoreVerb extends CopyVerb
{
    @Option(names = "--from", paramLabel = "BACKUP", required = true, description = "What backup made.")
    private Path source;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "Directory to make.")
    private Path dir;

    @Override
    protected int run()
    {
        return copy(source, dir, "--dir", true);
    }
}

package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * Copies the directory of an engine, also of a running one.
 */
@Command(
    name = "backup",
    description = {
        "Copy an engine's directory, also while the engine runs on it.",
        "Holds all that was journaled when it began: the newest checkpoint and the journal. What is copied was read, replayed " +
            "and compared; the directory has its name only when all of it is on the disk.",
        "It needs as much memory as an engine with this state."})
final class BackupVerb extends CopyVerb
{
    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The engine's directory.")
    private Path dir;

    @Option(names = "--to", paramLabel = "BACKUP", required = true, description = "Directory to make.")
    private Path target;

    @Override
    protected int run()
    {
        return copy(dir, target, "--to", false);
    }
}

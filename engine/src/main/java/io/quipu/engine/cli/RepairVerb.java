package io.quipu.engine.cli;

import io.quipu.engine.HugePages;
import io.quipu.engine.recovery.DirectoryRepair;
import io.quipu.journal.JournalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a directory that an engine refuses one that it starts on, by explicit order.
 */
@Command(
    name = "repair",
    description = {
        "Repair the directory of an engine that refuses to start on it. The engine must not run.",
        "--from puts files of a backup in place of damaged or missing ones; nothing that was journaled is given up. What is " +
            "replaced is moved to DIR/quarantine. Where the files of both do not make a whole, nothing is changed, and the " +
            "verdict is the exit code."})
final class RepairVerb extends Verb
{
    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The engine's directory.")
    private Path dir;

    @Option(names = "--from", paramLabel = "BACKUP", required = true, description = "What backup made of it, whenever.")
    private Path backup;

    @Override
    protected int run() throws IOException
    {
        requireDirectory(dir);
        requireDirectory(backup);
        HugePages.install();
        try (WorkProgress progress = new WorkProgress("repairing", out().notes()))
        {
            show(DirectoryRepair.fromBackup(
                dir, backup, (sequence, bytes, totalBytes) -> progress.bytes(bytes, totalBytes)));
            return ExitCodes.GOOD;
        }
        catch (final JournalException ex)
        {
            throw new VerbException(ex.verdict().exitCode(), ex.verdict().name(), ex.getMessage());
        }
    }

    private static void requireDirectory(final Path directory)
    {
        if (!Files.isDirectory(directory))
        {
            throw VerbException.refused("NO_SUCH_DIRECTORY", "there is no directory " + directory);
        }
    }

    private void show(final DirectoryRepair.Repaired repaired)
    {
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeNumberField("files", repaired.files());
                    json.writeStringField("verdict", repaired.verdict().name());
                    json.writeNumberField("sequence", repaired.sequence());
                    json.writeStringField("digest", repaired.digest());
                });
        }
        else
        {
            out().line(repaired.files() + " files taken from the backup: " + repaired.verdict() + ", sequence " +
                repaired.sequence() + ", digest " + repaired.digest() +
                (repaired.quarantine() == null ? "" : "; what stood there is in " + repaired.quarantine()));
        }
    }
}

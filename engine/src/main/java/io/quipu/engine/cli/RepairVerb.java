package io.quipu.engine.cli;

import io.quipu.engine.HugePages;
import io.quipu.engine.recovery.DirectoryExclusion;
import io.quipu.engine.recovery.DirectoryLoss;
import io.quipu.engine.recovery.DirectoryRepair;
import io.quipu.journal.JournalException;
import io.quipu.journal.ScanResult;
import picocli.CommandLine.ArgGroup;
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
            "verdict is the exit code.",
        "--accept-loss keeps the journal up to an entry and gives up all behind it. The next start journals that, and a " +
            "client that was acknowledged more is told ROLLED_BACK. What stood there is moved to DIR/quarantine.",
        "--exclude takes the request out whose apply fails, and nothing else: every replay passes over it from then on. Its " +
            "session ends; who sent it is told that it was evicted."})
final class RepairVerb extends Verb
{
    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The engine's directory.")
    private Path dir;

    @ArgGroup(multiplicity = "1")
    private Way way;

    /** Exactly one of them. */
    private static final class Way
    {
        @Option(names = "--from", paramLabel = "BACKUP", description = "What backup made of it, whenever.")
        private Path backup;

        @Option(names = "--accept-loss", paramLabel = "SEQUENCE", description = "The last entry to keep.")
        private Long sequence;

        @Option(names = "--exclude", paramLabel = "SEQUENCE", description = "The entry that APPLY_FAILED names.")
        private Long excluded;
    }

    @Override
    protected int run() throws IOException
    {
        requireDirectory(dir);
        try
        {
            if (way.backup != null)
            {
                requireDirectory(way.backup);
                takeFromBackup();
            }
            else if (way.sequence != null)
            {
                acceptLoss();
            }
            else
            {
                exclude();
            }
            return ExitCodes.GOOD;
        }
        catch (final JournalException ex)
        {
            throw new VerbException(ex.verdict().exitCode(), ex.verdict().name(), ex.getMessage());
        }
    }

    private void takeFromBackup() throws IOException
    {
        HugePages.install();
        try (WorkProgress progress = new WorkProgress("repairing", out().notes()))
        {
            show(DirectoryRepair.fromBackup(
                dir, way.backup, (sequence, bytes, totalBytes) -> progress.bytes(bytes, totalBytes)));
        }
    }

    private void exclude()
    {
        HugePages.install();
        final DirectoryExclusion.Excluded done;
        try (WorkProgress progress = new WorkProgress("replaying", out().notes()))
        {
            done = DirectoryExclusion.exclude(
                dir,
                way.excluded,
                (sequence, bytes, totalBytes) -> progress.bytes(bytes, totalBytes),
                (line) -> out().note(line));
        }
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeNumberField("firstExcluded", done.firstSequence());
                    json.writeNumberField("lastExcluded", done.lastSequence());
                    json.writeNumberField("sequence", done.sequence());
                    json.writeStringField("digest", done.digest());
                });
        }
        else
        {
            out().line("excluded " + done.firstSequence() + " to " + done.lastSequence() + ": sequence " +
                done.sequence() + ", digest " + done.digest() + "; the journal as it was is in " + done.quarantine());
        }
    }

    private void acceptLoss() throws IOException
    {
        if (way.sequence < 0)
        {
            throw VerbException.usage("--accept-loss " + way.sequence + " is before the first entry, 1; 0 keeps none");
        }

        final ScanResult left = DirectoryLoss.accept(dir, way.sequence, (line) -> out().note(line));
        if (json())
        {
            out().object(
                (json) ->
                {
                    json.writeStringField("verdict", left.verdict().name());
                    json.writeNumberField("sequence", left.lastSequence());
                });
        }
        else
        {
            out().line("given up behind sequence " + left.lastSequence() + ": " + left.verdict());
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

package io.quipu.engine.recovery;

import io.quipu.engine.EngineVersion;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.ScanResult;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Gives up, by explicit order, what stands in a directory behind a sequence: checkpoints that know more go to quarantine,
 * then the journal is cut. The next epoch record says which entries were given up; a client that was acknowledged more
 * than the engine then knows is told {@code ROLLED_BACK}. Under the lock of the directory; one thread.
 */
public final class DirectoryLoss
{
    private static final String QUARANTINE = "quarantine";

    private DirectoryLoss()
    {
    }

    /**
     * Gives up what stands behind a sequence.
     *
     * @param dir      of an engine that does not run.
     * @param sequence last entry to keep.
     * @param log      hears about checkpoints.
     * @return what is left of the journal.
     * @throws JournalException with the verdict when the journal is not valid up to there; nothing was changed then.
     * @throws IOException      when the directory cannot be written.
     */
    public static ScanResult accept(final Path dir, final long sequence, final Consumer<String> log) throws IOException
    {
        final JournalContext context =
            new JournalContext().directory(dir).engineVersion(EngineVersion.version());
        try (Journal journal = Journal.open(context))
        {
            final long known = Arrays.stream(checkpoints(dir).sequences()).max().orElse(0);
            final ScanResult left = journal.acceptLoss(sequence, start(dir, sequence, log), known);
            quarantineCheckpoints(dir, sequence, log);
            return left;
        }
    }

    /** Where the first files were removed, the newest good checkpoint at or before the cut is what a start begins with. */
    private static JournalPlace start(final Path dir, final long sequence, final Consumer<String> log)
    {
        final Checkpoints.Restored restored = Beginning.state(dir, sequence, RecoveryProgress.NONE, log);
        restored.state().close();
        return restored.place();
    }

    private static FileCheckpointStore checkpoints(final Path dir)
    {
        return new FileCheckpointStore(dir, CrashPoint.NONE);
    }

    private static void quarantineCheckpoints(final Path dir, final long sequence, final Consumer<String> log)
        throws IOException
    {
        final FileCheckpointStore store = checkpoints(dir);
        for (final long checkpoint : store.sequences())
        {
            if (checkpoint > sequence)
            {
                final Path from = Path.of(store.name(checkpoint));
                final Path quarantine = Files.createDirectories(dir.resolve(QUARANTINE));
                Files.move(from, quarantine.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                syncDirectory(from.getParent());
                syncDirectory(quarantine);
                log.accept("the checkpoint at " + checkpoint + " is in " + quarantine);
            }
        }
    }

    private static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }
}

package io.quipu.engine.recovery;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.FileDirectoryLock;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.JournalStore;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts files of a backup in place of damaged or missing ones of the same journal. Nothing that was journaled is given up:
 * where the files of both do not join to a whole, nothing is changed.
 * <pre>
 *   DIR/repair/journal    links to the files of DIR, copies of those of the backup where DIR's are damaged
 *                         scanned, replayed; one file more is taken from the backup until all of it is good
 *   DIR/journal           then gets these copies; what stood there is moved to DIR/quarantine/n
 * </pre>
 * A process that dies in between leaves what the same command finishes. Under the lock of the directory; one thread.
 */
public final class DirectoryRepair
{
    private static final String SUPERBLOCK = "superblock";
    private static final String STAGING = "repair";
    private static final String JOURNAL = "journal";
    private static final String QUARANTINE = "quarantine";

    private final Path dir;
    private final Path staging;
    private final RecoveryProgress progress;
    private final Map<String, Path> ours;
    private final Map<String, Path> theirs;
    private final TreeSet<String> replaced = new TreeSet<>();

    /**
     * What a repair did.
     *
     * @param files      taken from the backup.
     * @param verdict    of the journal now.
     * @param sequence   of its last entry.
     * @param digest     of the state there.
     * @param quarantine holds what was replaced; null when nothing was.
     */
    public record Repaired(int files, Verdict verdict, long sequence, String digest, Path quarantine)
    {
    }

    private DirectoryRepair(final Path dir, final Path backup, final RecoveryProgress progress)
    {
        this.dir = dir;
        this.progress = progress;
        staging = dir.resolve(STAGING);
        ours = files(dir);
        theirs = files(backup);
    }

    /**
     * Repairs the journal of a directory.
     *
     * @param dir      of an engine that does not run.
     * @param backup   a copy of it, older or newer.
     * @param progress told how far the replay got.
     * @return what was done.
     * @throws JournalException with the verdict when the backup does not help; nothing was changed then.
     * @throws IOException      when the directory cannot be written.
     */
    public static Repaired fromBackup(final Path dir, final Path backup, final RecoveryProgress progress)
        throws IOException
    {
        try (FileDirectoryLock lock = new FileDirectoryLock(dir))
        {
            lock.acquire();
            return new DirectoryRepair(dir, backup, progress).run();
        }
    }

    /** An empty state where the first file is wanted, also when it is to come from the backup; else a checkpoint. */
    private Checkpoints.Restored begin()
    {
        return Journal.firstCycle(dir) == JournalStore.FIRST_CYCLE ?
            new Checkpoints.Restored(new StateMachine(), JournalPlace.START) :
            Beginning.state(dir, Replayer.TO_END, progress, (line) -> { });
    }

    private static Map<String, Path> files(final Path dir)
    {
        final Map<String, Path> files = new TreeMap<>();
        try (JournalStore store = new JournalContext().directory(dir).conclude().store())
        {
            for (final int cycle : store.cycles())
            {
                final Path path = Path.of(store.name(cycle));
                files.put(path.getFileName().toString(), path);
            }
        }
        return files;
    }

    private Repaired run() throws IOException
    {
        IoUtil.delete(staging.toFile(), true);
        final Checkpoints.Restored restored = begin();
        try (StateMachine state = restored.state())
        {
            final JournalPlace start = restored.place();
            stage();
            ScanResult found = scan(Verdict.CLEAN, start);
            while (found.verdict().isRefusal())
            {
                replaceOneMore(found);
                found = scan(found.verdict(), start);
            }

            requireAll(found);

            final Replayer replayer =
                new Replayer(state, start.timestampNs(), Replayer.TO_END, progress, ReplyHandler.NONE);
            Journal.scan(new JournalContext().directory(staging), replayer, JournalScanner.TO_END, start);
            replayer.finish();
            final Path quarantine = replaced.isEmpty() ? null : swap();
            return new Repaired(
                replaced.size(),
                found.verdict(),
                state.sequence(),
                DigestText.of(state.digest().high(), state.digest().low()),
                quarantine);
        }
        finally
        {
            IoUtil.delete(staging.toFile(), true);
        }
    }

    private void stage() throws IOException
    {
        Files.createDirectories(staging.resolve(JOURNAL));
        if (Files.exists(dir.resolve(SUPERBLOCK)))
        {
            Files.copy(dir.resolve(SUPERBLOCK), staging.resolve(SUPERBLOCK));
        }
        for (final Map.Entry<String, Path> file : ours.entrySet())
        {
            Files.createLink(staged(file.getKey()), file.getValue());
        }
    }

    private Path staged(final String name)
    {
        return staging.resolve(JOURNAL).resolve(name);
    }

    private ScanResult scan(final Verdict before, final JournalPlace start)
    {
        final ScanResult found = Journal.scan(
            new JournalContext().directory(staging), RecordHandler.NONE, JournalScanner.TO_END, start);
        if (found.isEmpty() && before == Verdict.CLEAN && theirs.isEmpty())
        {
            throw new JournalException(Verdict.GAP, "neither directory holds a journal");
        }
        return found;
    }

    /** A file of an older backup may end before the damaged one whose place it takes. */
    private void requireAll(final ScanResult found)
    {
        final long known = Journal.highestSequence(
            new JournalContext().directory(dir),
            (file) -> replaced.contains(Path.of(file).getFileName().toString()),
            found);
        if (found.lastSequence() < known)
        {
            throw new JournalException(
                Verdict.CORRUPT,
                "with the files of the backup the journal ends at sequence " + found.lastSequence() +
                ", and what they replace holds entries up to " + known +
                "; nothing was changed: try a newer backup, or give up what is behind with quipu repair --accept-loss");
        }
    }

    /** The file that the damage is in, or that is missing. */
    private void replaceOneMore(final ScanResult found) throws IOException
    {
        final String name = Path.of(found.damage().file()).getFileName().toString();
        final Path theirFile = theirs.get(name);
        if (theirFile == null || !replaced.add(name))
        {
            throw new JournalException(
                found.verdict(),
                "with the files of the backup it is still " +
                found.describe().replace(staging + "/", "") + "; nothing was changed: try another backup");
        }

        Files.deleteIfExists(staged(name));
        Files.copy(theirFile, staged(name));
    }

    private Path swap() throws IOException
    {
        int number = 1;
        while (Files.exists(dir.resolve(QUARANTINE).resolve(Integer.toString(number))))
        {
            number++;
        }
        final Path quarantine = Files.createDirectories(dir.resolve(QUARANTINE).resolve(Integer.toString(number)));
        final Path live = Files.createDirectories(dir.resolve(JOURNAL));
        for (final String name : replaced)
        {
            try (FileChannel channel = FileChannel.open(staged(name), StandardOpenOption.WRITE))
            {
                channel.force(true);
            }
            if (ours.containsKey(name))
            {
                Files.move(ours.get(name), quarantine.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(staged(name), live.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        syncDirectory(live);
        syncDirectory(quarantine);
        syncDirectory(quarantine.getParent());
        syncDirectory(dir);
        return quarantine;
    }

    private static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }
}

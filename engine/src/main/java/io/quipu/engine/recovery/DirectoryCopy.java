package io.quipu.engine.recovery;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.JournalStore;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A copy of an engine's directory that can be started from: a backup, or a backup brought back. The source may be in
 * use: what is copied ends behind the last record that was complete when it was read.
 * <pre>
 *   superblock read    before the journal, so that what it calls durable is in the copy
 *   checkpoint, tail   loaded and replayed: every digest of the source is compared
 *   files              written to TARGET.partial: the checkpoint, all cycles up to the last record, the superblock
 *   scan               of the copy: it must end with the same record
 *   rename             to TARGET, when all of it is on the disk
 * </pre>
 * It needs the memory of an engine with this state. One thread.
 */
public final class DirectoryCopy
{
    private static final String SUPERBLOCK = "superblock";
    private static final String PARTIAL = ".partial";
    private static final int PIECE_LENGTH = 1 << 20;
    private static final int HOLE_LENGTH = 4096;

    private final Path source;
    private final Path target;
    private final Path partial;
    private final boolean isProven;
    private final RecoveryProgress progress;
    private final Consumer<String> log;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_LENGTH);
    private long bytes;

    /**
     * What stands in a copy.
     *
     * @param sequence   of its last entry.
     * @param digest     of the state there.
     * @param checkpoint sequence of the checkpoint in it, 0 for none.
     * @param bytes      written.
     */
    public record Copied(long sequence, String digest, long checkpoint, long bytes)
    {
    }

    private DirectoryCopy(
        final Path source,
        final Path target,
        final boolean isProven,
        final RecoveryProgress progress,
        final Consumer<String> log)
    {
        this.source = source;
        this.target = target.toAbsolutePath();
        this.isProven = isProven;
        this.progress = progress;
        this.log = log;
        partial = this.target.resolveSibling(this.target.getFileName() + PARTIAL);
    }

    /**
     * Copies a directory.
     *
     * @param source   an engine's directory, or a copy of one.
     * @param target   must not exist, or be an empty directory.
     * @param isProven whether the source is such a copy: then a torn tail is damage.
     * @param progress told how far the replay of the source got.
     * @param log      hears about checkpoints that are no good.
     * @return what was copied.
     * @throws JournalException with the verdict about the source, or {@link Verdict#IO_FAULT}; there is no target then.
     * @throws IOException      when the target cannot be written.
     */
    public static Copied copy(
        final Path source,
        final Path target,
        final boolean isProven,
        final RecoveryProgress progress,
        final Consumer<String> log)
        throws IOException
    {
        return new DirectoryCopy(source, target, isProven, progress, log).run();
    }

    private Copied run() throws IOException
    {
        Files.createDirectories(target.getParent());
        Files.createDirectory(partial);
        boolean isDone = false;
        try
        {
            final Copied copied = fill();
            syncDirectory(partial);
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(target.getParent());
            isDone = true;
            return copied;
        }
        finally
        {
            if (!isDone)
            {
                remove(partial);
            }
        }
    }

    private Copied fill() throws IOException
    {
        final Path superblock = source.resolve(SUPERBLOCK);
        final byte[] superblockBytes = Files.exists(superblock) ? Files.readAllBytes(superblock) : null;
        final Checkpoints checkpoints = new Checkpoints(new FileCheckpointStore(source, CrashPoint.NONE), log);
        final Checkpoints.Restored restored = checkpoints.restore(progress);
        try (StateMachine state = restored.state())
        {
            final JournalPlace start = restored.place();
            final Replayer replayer =
                new Replayer(state, start.timestampNs(), Replayer.TO_END, progress, ReplyHandler.NONE);
            final ScanResult found =
                Journal.scan(new JournalContext().directory(source), replayer, JournalScanner.TO_END, start);
            replayer.finish();
            if (found.verdict().isRefusal())
            {
                throw new JournalException(found.verdict(), found.describe());
            }
            if (isProven && found.verdict() != Verdict.CLEAN)
            {
                throw new JournalException(Verdict.CORRUPT, "the copy was damaged since it was made: " + found.describe());
            }
            if (found.isEmpty())
            {
                throw new JournalException(Verdict.GAP, source + " holds no journal");
            }

            if (!start.isStart())
            {
                copyCheckpoint(start.sequence());
            }
            copyCycles(found, start);
            if (superblockBytes != null)
            {
                write(partial.resolve(SUPERBLOCK), ByteBuffer.wrap(superblockBytes));
            }
            prove(found, start);
            return new Copied(
                state.sequence(),
                DigestText.of(state.digest().high(), state.digest().low()),
                start.sequence(),
                bytes);
        }
    }

    private void copyCheckpoint(final long sequence) throws IOException
    {
        final Path directory = Files.createDirectory(partial.resolve(FileCheckpointStore.DIRECTORY));
        final FileCheckpointStore store = new FileCheckpointStore(source, CrashPoint.NONE);
        final Path from = Path.of(store.name(sequence));
        final Path to = directory.resolve(from.getFileName());
        Files.copy(from, to);
        sync(to);
        syncDirectory(directory);
        if (Files.mismatch(from, to) >= 0)
        {
            throw new JournalException(Verdict.IO_FAULT, to + " is not what was written to it");
        }
        bytes += Files.size(to);
    }

    /**
     * The last first: a running engine may remove the oldest meanwhile, which the checkpoint covers, and then the copy
     * begins behind them.
     */
    private void copyCycles(final ScanResult found, final JournalPlace start) throws IOException
    {
        final JournalContext context = new JournalContext().directory(source).conclude();
        try (JournalStore store = context.store())
        {
            final Path journal = Path.of(store.name(found.endCycle())).getParent().getFileName();
            final Path directory = Files.createDirectory(partial.resolve(journal));
            final int[] cycles = store.cycles();
            boolean isThere = true;
            for (int i = cycles.length - 1; i >= 0 && isThere; i--)
            {
                final Path from = Path.of(store.name(cycles[i]));
                isThere = cycles[i] >= start.cycle() || Files.exists(from);
                if (isThere && cycles[i] <= found.endCycle())
                {
                    final long length = cycles[i] == found.endCycle() ? found.endPosition() : store.length(cycles[i]);
                    copyCycle(store, cycles[i], directory.resolve(from.getFileName()), length);
                }
            }
            syncDirectory(directory);
        }
    }

    /** Through the journal's seam; pages of zeros become holes, as they are in the source. */
    private void copyCycle(final JournalStore store, final int cycle, final Path to, final long length)
        throws IOException
    {
        try (FileChannel channel =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            long position = 0;
            while (position < length)
            {
                piece.clear().limit((int)Math.min(PIECE_LENGTH, length - position));
                final int read = store.read(cycle, position, piece);
                if (read <= 0)
                {
                    throw new JournalException(Verdict.GAP, store.name(cycle) + " ends at " + position + " meanwhile");
                }
                piece.flip();
                writePages(channel, position);
                position += read;
            }
            if (channel.size() < length)
            {
                channel.write(ByteBuffer.wrap(new byte[1]), length - 1);
            }
            channel.force(true);
        }
        bytes += length;
    }

    private void writePages(final FileChannel channel, final long position) throws IOException
    {
        final int end = piece.limit();
        for (int from = 0; from < end; from += HOLE_LENGTH)
        {
            piece.limit(Math.min(end, from + HOLE_LENGTH)).position(from);
            if (!isZero(piece))
            {
                long to = position + from;
                while (piece.hasRemaining())
                {
                    to += channel.write(piece, to);
                }
            }
        }
    }

    private static boolean isZero(final ByteBuffer page)
    {
        for (int i = page.position(); i < page.limit(); i++)
        {
            if (page.get(i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    /** What was read of the source and what stands in the copy end with the same record. */
    private void prove(final ScanResult found, final JournalPlace start)
    {
        final ScanResult copied = Journal.scan(
            new JournalContext().directory(partial), RecordHandler.NONE, JournalScanner.TO_END, start);
        if (copied.verdict() != Verdict.CLEAN ||
            copied.lastSequence() != found.lastSequence() ||
            copied.chain() != found.chain())
        {
            throw new JournalException(
                Verdict.IO_FAULT, "what was copied to " + partial + " is not what was read: " + copied.describe());
        }
    }

    private void write(final Path path, final ByteBuffer content) throws IOException
    {
        try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            bytes += content.remaining();
            while (content.hasRemaining())
            {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    private static void sync(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.force(true);
        }
    }

    private static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    /** Of what this copy itself made: two levels. */
    private static void remove(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.list(directory))
        {
            for (final Path path : paths.toList())
            {
                if (Files.isDirectory(path))
                {
                    remove(path);
                }
                else
                {
                    Files.delete(path);
                }
            }
        }
        Files.delete(directory);
    }
}

package io.quipu.journal;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;

/**
 * Cuts a journal behind its last valid record. A Chronicle queue cannot be shortened, and its own books may be wrong
 * about where it ends, so the valid part is built anew aside and takes the place of the whole directory:
 * <pre>
 *   1  DIR/journal.building   complete cycles as hard links, the last one copied document by document through a
 *                             new queue, all synced
 *   2  DIR/journal.building -> DIR/journal.next          from here on the cut is decided
 *   3  DIR/journal          -> DIR/quarantine/N
 *   4  DIR/journal.next     -> DIR/journal
 * </pre>
 * DIR is synced after each rename. A process that dies before 2 has changed nothing; {@link #recover} deletes what it
 * built. One that dies behind 2 is finished by {@link #recover}. For one thread, under the directory lock, while the
 * queue is closed.
 */
final class JournalCut
{
    static final String LIVE = "journal";
    static final String BUILDING = "journal.building";
    static final String NEXT = "journal.next";
    static final String QUARANTINE = "quarantine";

    /** Passed when the valid part stands aside. */
    static final String BUILT = "journal.cut.built";
    /** Passed when the cut is decided. */
    static final String DECIDED = "journal.cut.decided";
    /** Passed when the old directory is in quarantine and there is no journal. */
    static final String QUARANTINED = "journal.cut.quarantined";
    /** Passed when the new directory is in place. */
    static final String DONE = "journal.cut.done";

    private static final Logger LOGGER = LoggerFactory.getLogger(JournalCut.class);

    private final Path directory;
    private final int blockLength;
    private final CrashPoint crashPoint;
    private final Path live;
    private final Path building;
    private final Path next;

    JournalCut(final Path directory, final int blockLength, final CrashPoint crashPoint)
    {
        this.directory = directory;
        this.blockLength = blockLength;
        this.crashPoint = crashPoint;
        live = directory.resolve(LIVE);
        building = directory.resolve(BUILDING);
        next = directory.resolve(NEXT);
    }

    /**
     * @param directory DIR.
     * @return where the journal is read: between two renames of a cut that a dying process left, the new one.
     */
    static Path readable(final Path directory)
    {
        final Path live = directory.resolve(LIVE);
        final Path next = directory.resolve(NEXT);
        return !Files.exists(live) && Files.exists(next) ? next : live;
    }

    /**
     * Finishes or undoes what a dying process left.
     */
    void recover() throws IOException
    {
        if (Files.exists(building))
        {
            LOGGER.info("removing an unfinished {}", building);
            IoUtil.delete(building.toFile(), false);
        }
        if (Files.exists(next))
        {
            LOGGER.info("finishing the cut of {}", live);
            replace();
        }
    }

    /**
     * @param cycle of the last valid document, or {@link JournalStore#NULL_CYCLE}.
     * @param end   of the valid documents in that cycle.
     * @param last  off-heap, content of one document more behind them; null for none.
     * @return where the old directory is now.
     */
    Path cut(final int cycle, final long end, final DirectBuffer last) throws IOException
    {
        Files.createDirectory(building);
        try (CycleFiles files = new CycleFiles(live))
        {
            for (final int existing : files.cycles())
            {
                if (existing <= cycle)
                {
                    final boolean isEarlier = existing < cycle;
                    keep(files, existing, isEarlier ? files.length(existing) : end, isEarlier, isEarlier ? null : last);
                }
            }
        }
        FileSync.syncDirectory(building);
        crashPoint.reached(BUILT);

        move(building, next);
        crashPoint.reached(DECIDED);

        return replace();
    }

    /**
     * Copies bytes to quarantine, then makes them zero, both synced.
     *
     * @param file that they stand in.
     * @param from where they start.
     * @param to   where they end.
     * @return the copy.
     */
    Path wipe(final Path file, final long from, final long to) throws IOException
    {
        final Path quarantined = Files.createDirectory(newQuarantine());
        final Path copy = quarantined.resolve(file.getFileName() + "." + from);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileChannel target = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            final ByteBuffer bytes = ByteBuffer.allocate((int)(to - from));
            transfer(bytes, file, (piece, at) -> channel.read(piece, from + at));
            transfer(bytes.flip(), copy, target::write);
            target.force(true);
            FileSync.syncDirectory(quarantined);
            FileSync.syncDirectory(quarantined.getParent());
            FileSync.syncDirectory(directory);

            transfer(ByteBuffer.allocate(bytes.limit()), file, (piece, at) -> channel.write(piece, from + at));
            channel.force(false);
        }

        return copy;
    }

    private void link(final Path file) throws IOException
    {
        FileSync.syncFile(file);
        final Path link = building.resolve(file.getFileName());
        try
        {
            Files.createLink(link, file);
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            LOGGER.info("copying {}, which cannot be linked: {}", file, ex.toString());
            Files.copy(file, link, StandardCopyOption.REPLACE_EXISTING);
            FileSync.syncFile(link);
        }
    }

    /** A complete cycle that Chronicle may open is linked; of another the documents are copied, if there are any. */
    private void keep(
        final CycleFiles files, final int cycle, final long end, final boolean isEarlier, final DirectBuffer last)
        throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(Documents.HEADER_LENGTH + MAX_RECORD_LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN);
        try
        {
            final boolean isComplete = isEarlier || header(files, cycle, end, bytes) == Documents.END_OF_CYCLE;
            if (last == null && isComplete && new ChroniclePages(files).areSound(cycle, end))
            {
                link(files.path(cycle));
                return;
            }

            final Path rebuilt = copy(files, cycle, end, bytes, last);
            if (rebuilt != null)
            {
                FileSync.syncFile(rebuilt);
            }
        }
        finally
        {
            BufferUtil.free(bytes);
        }
    }

    private Path copy(
        final CycleFiles files, final int cycle, final long end, final ByteBuffer bytes, final DirectBuffer last)
        throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        QueueWriter writer = null;
        try
        {
            long position = 0;
            int word = header(files, cycle, position, bytes);
            while (position < end && word != Documents.NOTHING && !Documents.isIncomplete(word))
            {
                final int length = Documents.length(word);
                if (!Documents.isMetadata(word))
                {
                    if (writer == null)
                    {
                        writer = new QueueWriter(building, blockLength, cycle);
                    }
                    final long content = position + Documents.HEADER_LENGTH;
                    transfer(
                        bytes.clear().limit(length),
                        files.path(cycle),
                        (piece, at) -> files.read(cycle, content + at, piece));
                    writer.append(buffer, 0, length);
                }
                position = Documents.next(position, length);
                word = header(files, cycle, position, bytes);
            }

            if (last != null)
            {
                writer = writer == null ? new QueueWriter(building, blockLength, cycle) : writer;
                writer.append(last, 0, last.capacity());
            }

            return writer == null ? null : writer.file();
        }
        finally
        {
            if (writer != null)
            {
                writer.close();
            }
        }
    }

    private static int header(final CycleFiles files, final int cycle, final long position, final ByteBuffer bytes)
        throws IOException
    {
        bytes.clear().limit(Documents.HEADER_LENGTH);
        if (position + Documents.HEADER_LENGTH > files.length(cycle))
        {
            return Documents.NOTHING;
        }
        transfer(bytes, files.path(cycle), (piece, at) -> files.read(cycle, position + at, piece));

        return bytes.getInt(0);
    }

    /** A read or write of a part of what is wanted. */
    @FunctionalInterface
    interface Transfer
    {
        /**
         * @param bytes whose remaining ones are wanted.
         * @param at    how many are behind already.
         * @return how many came.
         */
        int some(ByteBuffer bytes, long at) throws IOException;
    }

    /** Until nothing remains: a single call may take less, also on a disk. */
    static void transfer(final ByteBuffer bytes, final Path file, final Transfer transfer) throws IOException
    {
        while (bytes.hasRemaining())
        {
            if (transfer.some(bytes, bytes.position()) <= 0)
            {
                throw new IOException(file + " gives or takes no more at " + bytes);
            }
        }
    }

    private Path replace() throws IOException
    {
        Path quarantined = null;
        if (Files.exists(live))
        {
            quarantined = newQuarantine();
            move(live, quarantined);
            FileSync.syncDirectory(quarantined.getParent());
        }
        crashPoint.reached(QUARANTINED);

        move(next, live);
        crashPoint.reached(DONE);

        return quarantined;
    }

    /** A free name; renaming onto an empty directory is what rename allows. */
    private Path newQuarantine() throws IOException
    {
        final Path parent = directory.resolve(QUARANTINE);
        Files.createDirectories(parent);
        for (int i = 1;; i++)
        {
            final Path candidate = parent.resolve(Integer.toString(i));
            if (!Files.exists(candidate))
            {
                return candidate;
            }
        }
    }

    private void move(final Path from, final Path to) throws IOException
    {
        if (Files.exists(to))
        {
            throw new FileAlreadyExistsException(to.toString());
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        FileSync.syncDirectory(directory);
    }
}

package io.quipu.journal;

import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;

/**
 * The journal's bytes in a Chronicle queue under DIR/journal, read as plain files, written through Chronicle. Chronicle
 * throws what it likes, checked exceptions it does not declare and errors among it; here all of it becomes one
 * exception.
 */
final class ChronicleJournalStore implements JournalStore
{
    /** Passed when the next append will create a file. */
    static final String ROLLING = "journal.roll";

    private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleJournalStore.class);
    private static final String NO_ROOM = "no room on the disk: free some, then start again";
    /** Chronicle's next index document, which may stand before a record. */
    private static final int INDEX_LENGTH = 128 << 10;
    /** More than a start writes: the queue's table, the first pages of a file, a few records. */
    private static final int START_LENGTH = 1 << 20;
    /** What the first append to a file may write. */
    private static final int ROLL_LENGTH = MAX_RECORD_LENGTH + START_LENGTH;

    private final Path directory;
    private final Path live;
    private final int blockLength;
    private final int aheadLength;
    private final long cachedLength;
    private final CrashPoint crashPoint;
    private final JournalCut journalCut;
    private FileSync fileSync;
    private CycleFiles files;
    private QueueWriter writer;
    private AppendedFile appendedFile;
    /** Null when nothing is to be prepared ahead. */
    private PagesAhead pagesAhead;
    /** Null as well. */
    private Ballast ballast;
    private volatile FileStore disk;
    private boolean isMapped;
    private int fileCycle;
    private long cycleLength;

    /**
     * @param directory    DIR.
     * @param blockLength  by which the mapping of a file grows; a quarter of it is the longest document.
     * @param aheadLength  bytes of disk blocks and pages kept ready ahead of the writer; 0 for none.
     * @param cachedLength bytes behind what was synced last that stay in the page cache.
     * @param crashPoint   told of the places passed.
     */
    ChronicleJournalStore(
        final Path directory,
        final int blockLength,
        final int aheadLength,
        final long cachedLength,
        final CrashPoint crashPoint)
    {
        this.directory = directory;
        this.blockLength = blockLength;
        this.aheadLength = aheadLength;
        this.cachedLength = cachedLength;
        this.crashPoint = crashPoint;
        live = directory.resolve(JournalCut.LIVE);
        journalCut = new JournalCut(directory, blockLength, crashPoint);
        fileSync = new FileSync(live, cachedLength, crashPoint);
        files = new CycleFiles(JournalCut.readable(directory));
    }

    @Override
    public int[] cycles()
    {
        try
        {
            return files.cycles();
        }
        catch (final IOException ex)
        {
            throw failure("cannot list " + files.directory(), ex);
        }
    }

    @Override
    public String name(final int cycle)
    {
        return files.path(cycle).toString();
    }

    @Override
    public long length(final int cycle)
    {
        try
        {
            return files.length(cycle);
        }
        catch (final IOException ex)
        {
            throw failure("cannot look at " + name(cycle), ex);
        }
    }

    @Override
    public int read(final int cycle, final long position, final ByteBuffer target)
    {
        try
        {
            return files.read(cycle, position, target);
        }
        catch (final IOException ex)
        {
            throw failure("cannot read " + name(cycle) + " at " + position, ex);
        }
    }

    @Override
    public void recover()
    {
        try
        {
            files.close();
            journalCut.recover();
            files = new CycleFiles(live);
        }
        catch (final IOException ex)
        {
            throw failure("cannot finish the repair of " + live, ex);
        }
    }

    @Override
    public String cut(final int cycle, final long end)
    {
        return cut(cycle, end, null);
    }

    @Override
    public String replaceBehind(final int cycle, final long position, final DirectBuffer record)
    {
        return cut(cycle, position, record);
    }

    private String cut(final int cycle, final long end, final DirectBuffer last)
    {
        try
        {
            closeWriter();
            fileSync.close();
            fileSync = new FileSync(live, cachedLength, crashPoint);
            files.close();
            return String.valueOf(journalCut.cut(cycle, end, last));
        }
        catch (final Exception | AssertionError | InternalError ex)
        {
            throw failure("cannot repair " + live, ex);
        }
    }

    @Override
    public String wipe(final int cycle, final long end, final long to)
    {
        try
        {
            return journalCut.wipe(files.path(cycle), end, to).toString();
        }
        catch (final IOException ex)
        {
            throw failure("cannot wipe " + name(cycle) + " from " + end + " to " + to, ex);
        }
    }

    @Override
    public boolean openForAppend(final int cycle, final long end, final long records)
    {
        if (writer != null)
        {
            throw new IllegalStateException("open already: " + live);
        }

        try
        {
            Files.createDirectories(live);
            disk = Files.getFileStore(live);
            FileSync.syncDirectory(directory);
            if (cycle == NULL_CYCLE)
            {
                FileSync.syncAncestors(directory);
            }
            removeEmptyBehind(cycle);
            makeRoom();
            if (!openQueue(cycle, end, records))
            {
                return false;
            }

            for (final int existing : files.cycles())
            {
                final boolean isAppendedTo = existing == fileCycle && cycleLength > 0;
                fileSync.add(isAppendedTo ? appendedFile : new AppendedFile(files.path(existing), 0));
            }
            return true;
        }
        catch (final IOException ex)
        {
            throw failure("cannot open " + live, ex);
        }
    }

    /** What a process leaves that is killed while it rolls: a file that Chronicle began, without any record of ours. */
    private void removeEmptyBehind(final int cycle) throws IOException
    {
        // Another file takes its name soon, and is to be read then.
        files.close();
        for (final int existing : files.cycles())
        {
            if (existing > cycle)
            {
                LOGGER.info("removing {}, which holds no record", name(existing));
                Files.delete(files.path(existing));
                FileSync.syncDirectory(live);
            }
        }
    }

    /** Chronicle writes through mappings, where a full disk is a signal: what it writes at a start has its room. */
    private void makeRoom() throws IOException
    {
        if (aheadLength > 0)
        {
            if (ballast == null)
            {
                ballast = new Ballast(directory);
            }
            requireRoom(ballast.dropFor(START_LENGTH));
        }
    }

    private void requireRoom(final int error) throws IOException
    {
        if (BlocksAhead.isFull(error))
        {
            throw new IOException(NO_ROOM);
        }
    }

    private boolean openQueue(final int cycle, final long end, final long records) throws IOException
    {
        final ChroniclePages pages = new ChroniclePages(files);
        for (final int existing : files.cycles())
        {
            if (!pages.areSound(existing, existing == cycle ? end : files.length(existing)))
            {
                LOGGER.warn("the queue's own pages in {} are damaged", name(existing));
                return false;
            }
        }

        final boolean isFresh = cycle == NULL_CYCLE || hasEnd(cycle, end);
        fileCycle = cycle;
        cycleLength = isFresh ? 0 : end;
        appendedFile = new AppendedFile(files.path(cycle), cycleLength);
        isMapped = false;
        try
        {
            writer = new QueueWriter(live, blockLength, isFresh ? Math.max(FIRST_CYCLE, cycle + 1) : cycle);
            if (cycle == NULL_CYCLE || writer.endsWith(cycle, records))
            {
                if (aheadLength > 0)
                {
                    if (!isFresh)
                    {
                        allocate(files.path(cycle), end + START_LENGTH);
                    }
                    pagesAhead = new PagesAhead(aheadLength, ballast);
                }
                return true;
            }
        }
        catch (final Exception | AssertionError | InternalError ex)
        {
            LOGGER.warn("the queue does not open: {}", ex.toString());
        }

        closeWriter();
        return false;
    }

    /** The first append to a file is not prepared by anybody else. */
    private void allocate(final Path file, final long to) throws IOException
    {
        try (BlocksAhead blocks = new BlocksAhead(file, 0, 0))
        {
            requireRoom(blocks.keep(to, to));
        }
    }

    private boolean hasEnd(final int cycle, final long end) throws IOException
    {
        final ByteBuffer word = ByteBuffer.allocate(Documents.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        return files.read(cycle, end, word) == Documents.HEADER_LENGTH && word.getInt(0) == Documents.END_OF_CYCLE;
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        try
        {
            final long needed = cycleLength + length + INDEX_LENGTH;
            if (pagesAhead != null && isMapped && needed > appendedFile.preparedTo() &&
                !pagesAhead.await(appendedFile, needed))
            {
                throw new IOException(NO_ROOM);
            }
            writer.append(buffer, offset, length);
            cycleLength = writer.position();
            if (writer.cycle() == fileCycle && isMapped)
            {
                onWritten();
            }
            else
            {
                onNewFile();
            }
        }
        catch (final Exception | AssertionError | InternalError ex)
        {
            throw failure("cannot append to " + live, ex);
        }
    }

    private void onWritten()
    {
        appendedFile.onWritten(cycleLength);
        if (pagesAhead != null)
        {
            pagesAhead.onWritten(cycleLength);
        }
    }

    /** Behind the first append to a file, as only then Chronicle has opened it. */
    private void onNewFile()
    {
        final Path file = files.path(writer.cycle());
        if (!writer.file().getFileName().equals(file.getFileName()))
        {
            throw new IllegalStateException("appended to " + writer.file() + " instead of " + file);
        }

        if (writer.cycle() == fileCycle)
        {
            appendedFile.onWritten(cycleLength);
        }
        else
        {
            fileCycle = writer.cycle();
            appendedFile = new AppendedFile(file, cycleLength);
            fileSync.add(appendedFile);
        }
        isMapped = true;
        if (pagesAhead != null)
        {
            pagesAhead.onFile(appendedFile, writer.mappedFile());
        }
    }

    @Override
    public int maxRecordLength()
    {
        return MAX_RECORD_LENGTH;
    }

    /**
     * A file is only followed by another when its own name is durable, so that no loss of power leaves a hole between
     * two files. The syncing thread has seen to that long before, unless it sleeps over a whole cycle.
     */
    @Override
    public void roll()
    {
        crashPoint.reached(ROLLING);
        try
        {
            if (!fileSync.isDirectorySynced())
            {
                FileSync.syncDirectory(live);
            }
            if (pagesAhead != null && !pagesAhead.onRoll(ROLL_LENGTH))
            {
                throw new IOException(NO_ROOM);
            }
        }
        catch (final IOException ex)
        {
            throw failure("cannot begin another file in " + live, ex);
        }
        writer.roll();
        cycleLength = 0;
        isMapped = false;
    }

    @Override
    public int cycle()
    {
        return writer.cycle();
    }

    @Override
    public long cycleLength()
    {
        return cycleLength;
    }

    @Override
    public void sync()
    {
        try
        {
            fileSync.sync();
        }
        catch (final IOException ex)
        {
            throw failure("cannot sync " + live, ex);
        }
    }

    @Override
    public void delete(final int cycle)
    {
        try
        {
            Files.delete(files.path(cycle));
            FileSync.syncDirectory(live);
        }
        catch (final IOException ex)
        {
            throw failure("cannot delete " + name(cycle), ex);
        }
    }

    @Override
    public long freeBytes()
    {
        try
        {
            return disk.getUsableSpace();
        }
        catch (final IOException ex)
        {
            throw failure("cannot ask for the room on the disk of " + live, ex);
        }
    }

    @Override
    public boolean isShort()
    {
        final PagesAhead ahead = pagesAhead;
        return ahead != null && ahead.isShort();
    }

    private static JournalException failure(final String what, final Throwable cause)
    {
        return cause instanceof JournalException ?
            (JournalException)cause : new JournalException(Verdict.IO_FAULT, what + ": " + cause, cause);
    }

    private void closeWriter()
    {
        if (pagesAhead != null)
        {
            pagesAhead.close();
            pagesAhead = null;
        }
        if (writer != null)
        {
            writer.close();
            writer = null;
        }
    }

    @Override
    public void close()
    {
        try
        {
            closeWriter();
            if (ballast != null)
            {
                ballast.close();
                ballast = null;
            }
        }
        finally
        {
            try
            {
                fileSync.close();
                files.close();
            }
            catch (final IOException ex)
            {
                throw failure("cannot close " + live, ex);
            }
        }
    }
}

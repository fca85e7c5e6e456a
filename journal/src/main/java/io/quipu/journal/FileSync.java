package io.quipu.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes appended bytes durable: the files appended to since their last sync, and the directory once for each new file.
 * <p>
 * The appending thread hands a file over by {@link #add} after its first document, and so after the last store into the
 * file before. The syncing thread takes the hand-overs first and then forces every file it has, oldest first. So when
 * it sees a file, everything in the files before it is already stored, one force of these is enough and they are
 * closed. What was appended before {@link #sync} was called is covered because the caller learnt of it (through a
 * ring's cursor) after the append, and with it after the hand-over, returned.
 * <p>
 * {@code FileChannel.force} is fdatasync: it writes back the pages that Chronicle dirtied through its mapping of the
 * same file. Chronicle's own sync() does not. A file is forced whole the first time and when another follows it; in
 * between only what was appended since the last time is synced ({@link FileRange}). What Chronicle keeps in its own
 * pages about the file it can find again from the documents, and a start compares.
 */
final class FileSync implements AutoCloseable
{
    /** Passed before each file is forced. */
    static final String BEFORE_FILE = "journal.sync.file.before";
    /** Passed when the files are forced and the directory is not. */
    static final String BEFORE_DIRECTORY = "journal.sync.directory.before";

    /** Seldom, and whole pieces of the page cache: what lies in a range only in part stays. */
    private static final long GIVE_BACK_LENGTH = 1 << 20;

    private final Path directory;
    private final long cachedLength;
    private final CrashPoint crashPoint;
    private final Queue<AppendedFile> handedOver = new ConcurrentLinkedQueue<>();
    private final Deque<SyncedFile> files = new ArrayDeque<>();
    private boolean isFailed;
    /** Files handed over; written by the appending thread alone. */
    private volatile int handedOverCount;
    /** Of these, with their names durable; written by the syncing thread alone. */
    private volatile int namedCount;

    /**
     * @param directory    of the files.
     * @param cachedLength bytes behind what was synced last that stay in the page cache.
     * @param crashPoint   told of the places passed.
     */
    FileSync(final Path directory, final long cachedLength, final CrashPoint crashPoint)
    {
        this.directory = directory;
        this.cachedLength = cachedLength;
        this.crashPoint = crashPoint;
    }

    /**
     * Appending thread: from now on this is the file that is appended to.
     */
    void add(final AppendedFile file)
    {
        handedOver.add(file);
        handedOverCount = handedOverCount + 1;
    }

    /**
     * @return false while a file handed over may lack its name in the directory after a loss of power.
     */
    boolean isDirectorySynced()
    {
        return namedCount == handedOverCount;
    }

    /**
     * Syncing thread, or the appending thread in its place.
     *
     * @throws IOException when it failed; the pages may be lost while the kernel calls them clean, so that every later
     *                     call fails too.
     */
    synchronized void sync() throws IOException
    {
        if (isFailed)
        {
            throw new IOException("a sync failed before: what it covered may be lost");
        }

        isFailed = true;
        int newFiles = 0;
        for (AppendedFile file = handedOver.poll(); file != null; file = handedOver.poll())
        {
            files.add(new SyncedFile(file));
            newFiles++;
        }
        for (final SyncedFile file : files)
        {
            crashPoint.reached(BEFORE_FILE);
            file.sync(file == files.peekLast());
        }
        if (newFiles > 0)
        {
            crashPoint.reached(BEFORE_DIRECTORY);
            syncDirectory(directory);
            namedCount = namedCount + newFiles;
        }
        while (files.size() > 1)
        {
            files.removeFirst().close();
        }
        isFailed = false;
    }

    /**
     * Makes the names in a directory durable.
     */
    static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    /**
     * Makes the name of a directory durable, and those on the way to it, as they may have been created with it. Those
     * that may not be read are somebody else's, and older.
     */
    static void syncAncestors(final Path directory) throws IOException
    {
        for (Path path = directory.toRealPath().getParent(); path != null; path = path.getParent())
        {
            if (Files.isReadable(path))
            {
                syncDirectory(path);
            }
        }
    }

    static void syncFile(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.force(true);
        }
    }

    @Override
    public synchronized void close() throws IOException
    {
        isFailed = true;
        for (final SyncedFile file : files)
        {
            file.close();
        }
        files.clear();
    }

    /** A file that is not yet durable for good. */
    private final class SyncedFile
    {
        private final AppendedFile file;
        private final FileChannel channel;
        private FileRange range;
        private boolean wasForced;
        private long syncedTo;
        private long givenBackTo;

        SyncedFile(final AppendedFile file) throws IOException
        {
            this.file = file;
            channel = FileChannel.open(file.path(), StandardOpenOption.WRITE);
        }

        void sync(final boolean isLast) throws IOException
        {
            final long writtenTo = file.writtenTo();
            if (isLast && range != null)
            {
                range.sync(syncedTo, writtenTo);
            }
            else
            {
                channel.force(false);
                if (isLast && !wasForced)
                {
                    range = FileRange.open(file.path());
                }
                wasForced = true;
            }
            syncedTo = writtenTo;
            if (range != null)
            {
                giveBack(isLast ? syncedTo - cachedLength : syncedTo);
            }
        }

        /** What is on the disk is only memory here, which what comes next can be written to: the same, soon again. */
        private void giveBack(final long readableFrom)
        {
            final long to = readableFrom & -GIVE_BACK_LENGTH;
            if (to > givenBackTo)
            {
                range.giveBack(givenBackTo, to);
                givenBackTo = to;
            }
        }

        void close() throws IOException
        {
            channel.close();
            if (range != null)
            {
                range.close();
            }
        }
    }
}

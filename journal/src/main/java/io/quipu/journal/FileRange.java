package io.quipu.journal;

import net.openhft.chronicle.core.OS;
import net.openhft.posix.MSyncFlag;
import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a range of a file durable and leaves its other dirty pages alone. {@code msync(MS_SYNC)} over a mapping, of
 * our own and never looked into, is {@code vfs_fsync_range} in Linux: it writes back the pages of the range, commits
 * what the file system's journal needs to find them, and flushes the disk. {@code fsync} writes all dirty pages, also
 * those touched ahead of the writer, and write-protects them: the writer then faults on each, and such a fault can
 * wait for the file system's journal, milliseconds.
 * <p>
 * For the syncing thread.
 */
final class FileRange implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FileRange.class);
    private static final int READ_WRITE = 2;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;
    private static final long WINDOW_LENGTH = 1L << 30;
    private static final long PAGE_LENGTH = OS.pageSize();

    private final Path file;
    private final int fd;
    private long address;
    private long start;

    private FileRange(final Path file, final int fd)
    {
        this.file = file;
        this.fd = fd;
    }

    /**
     * @param file to sync ranges of.
     * @return null where the system cannot: then the whole file is to be forced.
     */
    static FileRange open(final Path file)
    {
        if (!OS.isLinux())
        {
            return null;
        }

        try
        {
            final int fd = PosixAPI.posix().open(file.toString(), READ_WRITE, 0);
            if (fd >= 0)
            {
                final FileRange range = new FileRange(file, fd);
                if (range.map(0))
                {
                    return range;
                }
                range.close();
            }
            LOGGER.warn("{} is synced whole: {}", file, PosixAPI.posix().lastErrorStr());
        }
        catch (final RuntimeException ex)
        {
            LOGGER.warn("{} is synced whole: {}", file, ex.toString());
        }

        return null;
    }

    /**
     * Returns when the bytes from {@code from} to {@code to} survive a loss of power.
     *
     * @throws IOException when they may not; what was dirty may be called clean from now on.
     */
    void sync(final long from, final long to) throws IOException
    {
        long position = from - from % PAGE_LENGTH;
        while (position < to)
        {
            if (position < start || position >= start + WINDOW_LENGTH)
            {
                unmap();
                if (!map(position - position % WINDOW_LENGTH))
                {
                    throw failure("mmap");
                }
            }

            final long end = Math.min(to, start + WINDOW_LENGTH);
            if (PosixAPI.posix().msync(address + position - start, end - position, MSyncFlag.MS_SYNC) != 0)
            {
                throw failure("msync");
            }
            position = end;
        }
    }

    /**
     * Gives pages back to the system that {@link #sync} has covered; the file reads the same.
     *
     * @param from position that the range begins at.
     * @param to   position behind it.
     */
    void giveBack(final long from, final long to)
    {
        PageCache.giveBack(fd, from, to);
    }

    private IOException failure(final String call)
    {
        return new IOException(call + " of " + file + ": " + PosixAPI.posix().lastErrorStr());
    }

    private boolean map(final long newStart)
    {
        start = newStart;
        address = PosixAPI.posix().mmap(0, WINDOW_LENGTH, PROT_READ, MAP_SHARED, fd, newStart);
        return address > 0;
    }

    private void unmap()
    {
        if (address > 0)
        {
            PosixAPI.posix().munmap(address, WINDOW_LENGTH);
            address = 0;
        }
    }

    @Override
    public void close()
    {
        unmap();
        PosixAPI.posix().close(fd);
    }
}

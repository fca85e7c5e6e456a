package io.quipu.journal;

import net.openhft.posix.PosixAPI;

import java.io.File;
import java.nio.file.Path;

/**
 * DIR/ballast: blocks of the disk that hold nothing, and the inode that they hang on, thrown overboard when something
 * must still be written in front of a full disk or quota: the record that is on its way, the next file and its first
 * pages, what a start writes. Once they cannot be had again nothing new is taken in, until they can.
 * <p>
 * Thrown by the appending thread, seldom; taken on board again by the one that prepares files.
 */
final class Ballast implements AutoCloseable
{
    /** More than the longest record, an index of Chronicle's, and a file's first pages. */
    static final int LENGTH = 4 << 20;

    private static final String NAME = "ballast";
    private static final int READ_WRITE = 2;
    private static final int CREATE = 0100;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int OWNER_ONLY = 0600;

    private static final int NOT_OPEN = -1;

    private final File file;
    private int fd = NOT_OPEN;
    private boolean isWhole;

    /**
     * @param directory DIR.
     */
    Ballast(final Path directory)
    {
        file = directory.resolve(NAME).toFile();
    }

    /**
     * Takes it on board, unless it is there.
     *
     * @return 0, or the number of the error for which it could not be had; the next call tries it again.
     */
    synchronized int fill()
    {
        if (isWhole)
        {
            return 0;
        }

        final int error = allocate(LENGTH);
        isWhole = error == 0;
        if (error != 0)
        {
            drop();
        }
        return error;
    }

    /** Frees its blocks, and the inode for a file that is about to be made. */
    synchronized void drop()
    {
        close();
        file.delete();
    }

    /**
     * Frees it, and finds out whether there is room now, for a file too: there is where it was whole.
     *
     * @param length bytes of room wanted, {@link #LENGTH} at the most.
     * @return 0, or the number of the error for which they could not be had.
     */
    synchronized int dropFor(final int length)
    {
        final boolean wasWhole = isWhole;
        drop();
        if (wasWhole)
        {
            return 0;
        }

        final int error = allocate(length);
        drop();
        return error;
    }

    private int allocate(final int length)
    {
        final PosixAPI posix = PosixAPI.posix();
        if (fd == NOT_OPEN)
        {
            fd = posix.open(file.getPath(), READ_WRITE | CREATE | CLOSE_ON_EXEC, OWNER_ONLY);
        }
        return fd != NOT_OPEN && posix.fallocate(fd, 0, 0, length) == 0 ? 0 : posix.lastError();
    }

    /** What is on board stays there, for the next process. */
    @Override
    public synchronized void close()
    {
        isWhole = false;
        if (fd != NOT_OPEN)
        {
            PosixAPI.posix().close(fd);
            fd = NOT_OPEN;
        }
    }
}

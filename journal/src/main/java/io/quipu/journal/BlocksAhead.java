package io.quipu.journal;

import net.openhft.posix.PosixAPI;

import java.nio.file.Path;

/**
 * Keeps disk blocks of one file allocated ahead of the writer, so that they lie together and a full disk shows here.
 * The file's length stays as it is (FALLOC_FL_KEEP_SIZE), so this meets neither Chronicle's growing of the file nor a
 * reader. For one thread.
 */
final class BlocksAhead implements AutoCloseable
{
    private static final int READ_WRITE = 2;
    private static final int KEEP_SIZE = 1;
    private static final int NO_SPACE = 28;
    private static final int NO_QUOTA = 122;

    private final int aheadLength;
    private final int fd;
    private long allocatedTo;

    /**
     * @param file        to allocate for.
     * @param from        position that is allocated already.
     * @param aheadLength bytes to allocate more than asked for, so that it is done seldom.
     */
    BlocksAhead(final Path file, final long from, final int aheadLength)
    {
        this.aheadLength = aheadLength;
        allocatedTo = from;
        fd = PosixAPI.posix().open(file.toString(), READ_WRITE, 0);
        if (fd < 0)
        {
            throw new IllegalStateException(
                file + " does not open: " + PosixAPI.posix().strerror(PosixAPI.posix().lastError()));
        }
    }

    /**
     * Where the disk is nearly full, the last of it goes to what is needed, not to what would be convenient.
     *
     * @param needed position up to which there must be blocks.
     * @param wanted position up to which there should be.
     * @return 0, or the number of the error for which not all blocks could be had; the next call tries it again.
     */
    int keep(final long needed, final long wanted)
    {
        if (allocatedTo >= wanted)
        {
            return 0;
        }

        int error = allocate(wanted + aheadLength);
        if (isFull(error))
        {
            error = allocate(wanted);
        }
        if (error != 0 && allocatedTo < needed)
        {
            allocate(needed);
        }

        return error;
    }

    /**
     * @param position to get to.
     * @return the position, or where the blocks end before it.
     */
    long within(final long position)
    {
        return Math.min(position, allocatedTo);
    }

    /**
     * @param error of the system.
     * @return whether it says that the disk or the quota is full.
     */
    static boolean isFull(final int error)
    {
        return error == NO_SPACE || error == NO_QUOTA;
    }

    private int allocate(final long to)
    {
        final PosixAPI posix = PosixAPI.posix();
        if (posix.fallocate(fd, KEEP_SIZE, allocatedTo, to - allocatedTo) != 0)
        {
            return posix.lastError();
        }
        allocatedTo = to;

        return 0;
    }

    /**
     * @return up to here there are blocks.
     */
    long allocatedTo()
    {
        return allocatedTo;
    }

    @Override
    public void close()
    {
        PosixAPI.posix().close(fd);
    }
}

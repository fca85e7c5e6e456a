package io.quipu.journal;

import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;

/**
 * Keeps disk blocks allocated ahead of the writer, on the thread that syncs: the writer then stores into blocks that
 * exist, and a full disk shows here and not as a signal to the writer. The file's length stays as it is
 * (FALLOC_FL_KEEP_SIZE), so this meets neither Chronicle's growing of the file nor a reader. Where the system or the
 * file system cannot do it, it is left out, said once.
 */
final class BlocksAhead
{
    private static final Logger LOGGER = LoggerFactory.getLogger(BlocksAhead.class);
    private static final int READ_WRITE = 2;
    private static final int KEEP_SIZE = 1;

    private final int aheadLength;
    private Path file;
    private long allocatedTo;
    private boolean isOff;

    /**
     * @param aheadLength bytes to keep allocated ahead; 0 for none.
     */
    BlocksAhead(final int aheadLength)
    {
        this.aheadLength = aheadLength;
        isOff = aheadLength == 0;
    }

    /**
     * @param current  file that is appended to; null for none.
     * @param position that the writer reached, or passed.
     */
    void keep(final Path current, final long position)
    {
        if (isOff || current == null)
        {
            return;
        }
        if (!current.equals(file))
        {
            file = current;
            allocatedTo = position;
        }
        if (allocatedTo - position <= aheadLength / 2)
        {
            final long from = Math.max(allocatedTo, position);
            final long to = position + aheadLength;
            allocate(from, to - from);
            allocatedTo = to;
        }
    }

    private void allocate(final long from, final long length)
    {
        final PosixAPI posix = PosixAPI.posix();
        try
        {
            final int fd = posix.open(file.toString(), READ_WRITE, 0);
            try
            {
                if (posix.fallocate(fd, KEEP_SIZE, from, length) != 0)
                {
                    turnOff(posix.lastErrorStr());
                }
            }
            finally
            {
                posix.close(fd);
            }
        }
        catch (final RuntimeException ex)
        {
            turnOff(ex.toString());
        }
    }

    private void turnOff(final String reason)
    {
        isOff = true;
        LOGGER.warn("blocks of {} are not allocated ahead: {}", file, reason);
    }
}

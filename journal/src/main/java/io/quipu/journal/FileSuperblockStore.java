package io.quipu.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A superblock in DIR/superblock. Written in place, so that no later write needs room on the disk; never made shorter.
 */
final class FileSuperblockStore implements SuperblockStore
{
    /** Name of the file. */
    static final String FILE_NAME = "superblock";
    /** Passed when copies are written and not synced. */
    static final String BEFORE_FORCE = "journal.superblock.force.before";

    private final Path directory;
    private final Path file;
    private final CrashPoint crashPoint;
    private FileChannel channel;

    /**
     * @param directory  DIR; exists when something is written.
     * @param crashPoint told of the places passed.
     */
    FileSuperblockStore(final Path directory, final CrashPoint crashPoint)
    {
        this.directory = directory;
        this.crashPoint = crashPoint;
        file = directory.resolve(FILE_NAME);
    }

    @Override
    public String name()
    {
        return file.toString();
    }

    @Override
    public int read(final ByteBuffer target)
    {
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ))
        {
            final int from = target.position();
            int count = 0;
            while (target.hasRemaining() && count >= 0)
            {
                count = source.read(target, target.position() - from);
            }
            return target.position() - from;
        }
        catch (final NoSuchFileException ex)
        {
            return -1;
        }
        catch (final IOException ex)
        {
            throw failure("read", ex);
        }
    }

    @Override
    public void write(final int copy, final ByteBuffer source)
    {
        try
        {
            open();
            for (long position = (long)copy * COPY_LENGTH; source.hasRemaining();)
            {
                position += channel.write(source, position);
            }
        }
        catch (final IOException ex)
        {
            throw failure("write", ex);
        }
    }

    @Override
    public void force()
    {
        crashPoint.reached(BEFORE_FORCE);
        try
        {
            open();
            channel.force(false);
        }
        catch (final IOException ex)
        {
            throw failure("sync", ex);
        }
    }

    private void open() throws IOException
    {
        if (channel == null)
        {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileSync.syncDirectory(directory);
        }
    }

    private JournalException failure(final String what, final IOException cause)
    {
        return new JournalException(Verdict.IO_FAULT, "cannot " + what + " " + file + ": " + cause, cause);
    }

    @Override
    public void close()
    {
        try
        {
            if (channel != null)
            {
                channel.close();
            }
        }
        catch (final IOException ex)
        {
            throw failure("close", ex);
        }
        finally
        {
            channel = null;
        }
    }
}

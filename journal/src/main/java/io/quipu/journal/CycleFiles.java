package io.quipu.journal;

import net.openhft.chronicle.core.OS;
import net.openhft.posix.PosixAPI;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a queue's directory, as bytes. What was read in order is given back to the system behind the reader
 * ({@link PageCache}): what it reads next gets the memory just used. For one thread.
 */
final class CycleFiles implements AutoCloseable
{
    private static final int NONE_OPEN = -1;
    private static final int READ_ONLY = 0;
    private static final long GIVE_BACK_LENGTH = 4 << 20;

    private final Path directory;
    private FileChannel channel;
    private int fd = NONE_OPEN;
    private long givenBackTo;
    private int openCycle = NONE_OPEN;

    CycleFiles(final Path directory)
    {
        this.directory = directory;
    }

    Path directory()
    {
        return directory;
    }

    Path path(final int cycle)
    {
        return directory.resolve(QueueWriter.fileName(cycle));
    }

    int[] cycles() throws IOException
    {
        final List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*" + QueueWriter.SUFFIX))
        {
            for (final Path path : paths)
            {
                found.add(cycle(path));
            }
        }
        catch (final NoSuchFileException ex)
        {
            return new int[0];
        }

        return found.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private static int cycle(final Path path)
    {
        final String name = path.getFileName().toString();
        try
        {
            return QueueWriter.cycleOf(name);
        }
        catch (final DateTimeException ex)
        {
            throw new JournalException(
                Verdict.CORRUPT,
                path + " is not named as a cycle of the journal; give it back its name, or move it away",
                ex);
        }
    }

    long length(final int cycle) throws IOException
    {
        return Files.size(path(cycle));
    }

    int read(final int cycle, final long position, final ByteBuffer target) throws IOException
    {
        if (cycle != openCycle)
        {
            close();
            channel = FileChannel.open(path(cycle), StandardOpenOption.READ);
            openCycle = cycle;
            fd = OS.isLinux() ? PosixAPI.posix().open(path(cycle).toString(), READ_ONLY, 0) : NONE_OPEN;
            givenBackTo = position & -GIVE_BACK_LENGTH;
        }
        giveBack(position & -GIVE_BACK_LENGTH);

        return channel.read(target, position);
    }

    private void giveBack(final long to)
    {
        if (fd >= 0 && to > givenBackTo)
        {
            PageCache.giveBack(fd, givenBackTo, to);
            givenBackTo = to;
        }
    }

    @Override
    public void close() throws IOException
    {
        openCycle = NONE_OPEN;
        if (channel != null)
        {
            channel.close();
            channel = null;
        }
        if (fd >= 0)
        {
            PosixAPI.posix().close(fd);
            fd = NONE_OPEN;
        }
    }
}

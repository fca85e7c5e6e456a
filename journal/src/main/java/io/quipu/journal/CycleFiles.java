package io.quipu.journal;

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
 * The files of a queue's directory, as bytes. For one thread.
 */
final class CycleFiles implements AutoCloseable
{
    private static final int NONE_OPEN = -1;

    private final Path directory;
    private FileChannel channel;
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
        }

        return channel.read(target, position);
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
    }
}

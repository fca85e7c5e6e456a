package io.quipu.perf;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * What the file system of a directory can do by itself, as a measure for what is built on it. One thread.
 */
final class Disk
{
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final int SEQUENTIAL_BLOCKS = 512;
    private static final int RECORD_LENGTH = 256;
    private static final int RECORDS = 1 << 16;

    private final Path dir;

    Disk(final Path dir)
    {
        this.dir = dir;
    }

    /** The device or name of the file system and its type, as {@code /dev/vda (ext4)}. */
    String fileSystem()
    {
        try
        {
            final var store = Files.getFileStore(dir);
            return store.name() + " (" + store.type() + ')';
        }
        catch (final IOException ex)
        {
            return "unknown: " + ex.getMessage();
        }
    }

    /** Says what it does by itself, measured now, beside what was just measured on it. */
    Outcome beside(final Outcome outcome)
    {
        return outcome
            .condition("journalFileSystem", fileSystem())
            .condition("diskSequentialBytesPerSecond", sequentialBytesPerSecond());
    }

    /** Bytes a second of 512 MiB written in order, to the end of the fdatasync behind them. */
    private double sequentialBytesPerSecond()
    {
        return inFile((channel) ->
        {
            final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_LENGTH);
            final long startNs = System.nanoTime();
            for (int i = 0; i < SEQUENTIAL_BLOCKS; i++)
            {
                block.clear().putInt(0, i);
                channel.write(block);
            }
            channel.force(false);
            return (double)SEQUENTIAL_BLOCKS * BLOCK_LENGTH * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - startNs);
        });
    }

    /** Times of write and fdatasync of one record after the other, into blocks that were written before. */
    Histogram syncNs(final long durationNs)
    {
        return inFile((channel) ->
        {
            channel.write(ByteBuffer.allocateDirect(RECORD_LENGTH * RECORDS));
            channel.force(true);
            final Histogram histogram = new Histogram(LoadGenerator.HIGHEST_NS, 3);
            final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_LENGTH);
            final long startNs = System.nanoTime();
            long beforeNs = startNs;
            for (int i = 0; beforeNs - startNs < durationNs; i++)
            {
                record.clear().putInt(0, i);
                channel.write(record, (long)(i % RECORDS) * RECORD_LENGTH);
                channel.force(false);
                final long afterNs = System.nanoTime();
                histogram.recordValue(Math.min(LoadGenerator.HIGHEST_NS, afterNs - beforeNs));
                beforeNs = afterNs;
            }
            return histogram;
        });
    }

    private <T> T inFile(final Work<T> work)
    {
        try
        {
            final Path place = Leftovers.createDirectory(dir, "quipu-bench-disk-");
            try (FileChannel channel = FileChannel.open(
                place.resolve("disk.bin"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
            {
                return work.with(channel);
            }
            finally
            {
                Leftovers.remove(place);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("measuring the disk in " + dir, ex);
        }
    }

    @FunctionalInterface
    private interface Work<T>
    {
        T with(FileChannel channel) throws IOException;
    }
}

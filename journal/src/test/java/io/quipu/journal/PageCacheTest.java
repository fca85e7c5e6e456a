package io.quipu.journal;

import io.quipu.journal.Writing.Collector;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;
import net.openhft.posix.PosixAPI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pages given back: what the kernel still holds of a file, and that the file reads the same.
 */
@EnabledOnOs(OS.LINUX)
class PageCacheTest
{
    private static final int PAGE_LENGTH = 4096;
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    /** As in {@code sys/mman.h}. */
    public interface LibC
    {
        int mincore(long address, long length, @Out byte[] pages);
    }

    /** Bytes of a file in the page cache. */
    private static long cached(final Path file) throws IOException
    {
        final long length = Files.size(file) & -PAGE_LENGTH;
        final PosixAPI posix = PosixAPI.posix();
        final int fd = posix.open(file.toString(), 0, 0);
        final long address = posix.mmap(0, length, 1, 1, fd, 0);
        final byte[] pages = new byte[(int)(length / PAGE_LENGTH)];
        assertThat(LibraryLoader.create(LibC.class).load("c").mincore(address, length, pages)).isZero();
        posix.munmap(address, length);
        posix.close(fd);
        long count = 0;
        for (final byte page : pages)
        {
            count += page & 1;
        }
        return count * PAGE_LENGTH;
    }

    @Test
    void shouldDropWhatIsOnTheDiskAndNothingElse() throws IOException
    {
        final byte[] bytes = new byte[8 * MIB];
        new Random(1).nextBytes(bytes);
        final Path file = Files.write(directory.resolve("file"), bytes);
        final FileRange range = FileRange.open(file);
        range.giveBack(0, 2 * MIB);
        range.sync(0, bytes.length);
        assertThat(cached(file)).isGreaterThanOrEqualTo(6 * MIB);
        range.giveBack(0, 4 * MIB);
        assertThat(cached(file)).isBetween(4L * MIB, 5L * MIB);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);

        Files.write(file, new byte[]{ 1, 2, 3 }, StandardOpenOption.WRITE);
        range.giveBack(0, 8 * MIB);
        bytes[0] = 1;
        bytes[1] = 2;
        bytes[2] = 3;
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        range.close();
    }

    /** Pages are unmapped behind the writer by the thread that prepares: no later than it is as far ahead again. */
    @Test
    void shouldKeepOnlyTheLastOfAJournalCached() throws IOException
    {
        final int records = 3000;
        final JournalContext context = Writing.context(directory).aheadLength(MIB).cachedLength(3 * MIB);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            for (int i = 0; i < records; i++)
            {
                Writing.append(journal.appender(), 10_000, 1, 0);
                if (i % 100 == 0)
                {
                    journal.sync();
                }
            }
            journal.sync();
            final Path file = Path.of(journal.store().name(journal.store().cycle()));
            assertThat(cached(file)).isBetween(3L * MIB, 12L * MIB);
        }

        final Collector found = new Collector();
        assertThat(Writing.scan(directory, found).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(found.entries()).isEqualTo(records);
    }
}

package io.quipu.journal;

import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Files whose blocks and pages are prepared ahead of the writer: what a scan makes of them, and a disk that is full.
 */
class PagesAheadTest
{
    private static final int AHEAD_LENGTH = 1 << 20;
    private static final int BODY_LENGTH = 10_000;

    @TempDir
    Path directory;

    private static JournalContext context(final Path directory)
    {
        return Writing.context(directory).aheadLength(AHEAD_LENGTH);
    }

    private static Path lastFile(final Path directory, final ScanResult result)
    {
        return directory.resolve("journal").resolve(QueueWriter.fileName(result.endCycle()));
    }

    /** Allocated on the disk, in KiB. */
    private static long allocated(final Path file) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        final String blocks = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        return Long.parseLong(blocks) / 2;
    }

    @Test
    void shouldReadBackWhatWasAppendedOverChunksAndRolls()
    {
        final int records = 3000;
        try (Journal journal = Writing.start(context(directory).rollLength(12 << 20), RecordHandler.NONE))
        {
            for (int i = 0; i < records; i++)
            {
                Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
                if (i % 500 == 0)
                {
                    journal.sync();
                }
            }
        }

        final Collector found = new Collector();
        final ScanResult result = Writing.scan(directory, found);
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(result.lastSequence()).isEqualTo(records).isEqualTo(found.entries());
        assertThat(result.cycles()).isGreaterThan(2);
        assertThat(result.remainsEnd()).isEqualTo(result.endPosition());
    }

    /** More is prepared than a chunk holds: the thread that prepares is some chunks ahead of the writer. */
    @Test
    void shouldPrepareSomeChunksAhead()
    {
        final int records = 3000;
        final JournalContext context = Writing.context(directory).aheadLength(16 << 20).rollLength(24 << 20);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            for (int i = 0; i < records; i++)
            {
                Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
            }
        }
        final Collector found = new Collector();
        assertThat(Writing.scan(directory, found).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(found.entries()).isEqualTo(records);
    }

    /** Zeros are written ahead of a fast writer: never over what it wrote, by itself or through Chronicle. */
    @Test
    void shouldNotFillOverRecordsOfAnyLengthNorTheEndsOfCycles() throws InterruptedException
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final int records = 2000;
        final JournalContext context =
            Writing.context(directory).aheadLength(64 << 10 << random.nextInt(5)).rollLength(8 << 20);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            final Thread syncing = new Thread(() -> IntStream.range(0, 50).forEach((i) -> journal.sync()));
            syncing.start();
            for (int i = 0; i < records; i++)
            {
                final int most = random.nextInt(20) == 0 ? JournalRecordDescriptor.MAX_BODY_LENGTH : 2 * BODY_LENGTH;
                Writing.append(journal.appender(), random.nextInt(most), 1, 0);
            }
            syncing.join();
        }

        final Collector found = new Collector();
        assertThat(Writing.scan(directory, found).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(found.entries()).isEqualTo(records);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPrepareBlocksBehindTheLastRecordAndGoOnThere() throws Exception
    {
        final ScanResult first;
        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
            first = Writing.scan(directory, RecordHandler.NONE);
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (allocated(lastFile(directory, first)) < AHEAD_LENGTH >> 10)
            {
                assertThat(System.nanoTime() - deadlineNs).as("nothing is allocated ahead").isNegative();
            }
        }
        assertThat(first.verdict()).isEqualTo(Verdict.CLEAN);

        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            assertThat(journal.recovered().lastSequence()).isEqualTo(1);
            assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).lastSequence()).isEqualTo(2);
    }

    @Test
    void shouldTakePreparedBlocksForNothingHoweverManyAreLeft() throws IOException
    {
        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
        }
        final ScanResult whole = Writing.scan(directory, RecordHandler.NONE);
        for (final long left : new long[]{ AHEAD_LENGTH, 4096, 4099, 8, 4, 3, 1, 0 })
        {
            try (RandomAccessFile file = new RandomAccessFile(lastFile(directory, whole).toFile(), "rw"))
            {
                file.setLength(whole.endPosition() + left);
            }
            final ScanResult result = Writing.scan(directory, RecordHandler.NONE);
            assertThat(result.verdict()).as(left + " left").isEqualTo(Verdict.CLEAN);
            assertThat(result.endPosition()).isEqualTo(whole.endPosition());
        }

        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).lastSequence()).isEqualTo(2);
    }

    @Test
    void shouldCutATornTailOfPreparedBlocks() throws IOException
    {
        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
        }
        final ScanResult whole = Writing.scan(directory, RecordHandler.NONE);
        try (RandomAccessFile file = new RandomAccessFile(lastFile(directory, whole).toFile(), "rw"))
        {
            file.seek(whole.endPosition() - 6000);
            file.write(new byte[4096]);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.TORN_TAIL);

        try (Journal journal = Writing.start(context(directory), RecordHandler.NONE))
        {
            assertThat(journal.verdict()).isEqualTo(Verdict.TORN_TAIL_REPAIRED);
            assertThat(journal.appender().nextSequence()).isEqualTo(2);
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);
    }

    /** What is done in a file system of 24 MiB, in memory. */
    private interface OnSmallDisk
    {
        void run(Path small) throws Exception;
    }

    private void onSmallDisk(final OnSmallDisk work) throws Exception
    {
        final Path small = directory.resolve("small");
        final boolean isMounted = mount(small, "size=24m");
        if (!isMounted)
        {
            System.out.println("skipped: mounting a tmpfs is not permitted");
        }
        assumeTrue(isMounted);
        try
        {
            work.run(small);
        }
        finally
        {
            assertThat(new ProcessBuilder("umount", small.toString()).start().waitFor()).as("umount").isZero();
        }
    }

    /** A file system in memory, which also knows no block that lies on a disk. */
    private boolean mount(final Path target, final String options) throws Exception
    {
        Files.createDirectories(target);
        final Process process =
            new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "tmpfs", target.toString()).start();
        return process.waitFor() == 0;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldStopWithAnErrorBeforeTheDiskIsFullAndGoOnWhenThereIsRoom() throws Exception
    {
        onSmallDisk((small) ->
        {
            final Path data = small.resolve("data");
            long last = 0;
            try (Journal journal = Writing.start(context(data), RecordHandler.NONE))
            {
                final JournalAppender appender = journal.appender();
                assertThatThrownBy(() -> appendForEver(appender))
                    .isInstanceOf(JournalException.class).hasMessageContaining("no room on the disk");
                last = appender.nextSequence() - 1;
                assertThat(last).isGreaterThan((16 << 20) / BODY_LENGTH);
            }
            assertThat(Writing.scan(data, RecordHandler.NONE).lastSequence()).isEqualTo(last);
            assertThat(mount(small, "remount,size=64m")).isTrue();
            try (Journal journal = Writing.start(context(data), RecordHandler.NONE))
            {
                assertThat(journal.appender().nextSequence()).isEqualTo(last + 1);
                Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
            }
        });
    }

    /** Whatever it is that is being written when the last byte of the disk goes: a record, a new file, a start. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldTellThatItIsShortInTimeAndGoOnByItself() throws Exception
    {
        onSmallDisk((small) ->
        {
            final Path data = small.resolve("data");
            long last = 0;
            for (int start = 1; start <= 4; start++)
            {
                try (Journal journal = startOrMakeRoom(small, 24 + 12 * start))
                {
                    assertThat(journal.recovered().lastSequence()).isEqualTo(last);
                    appendUntilShort(journal);
                    fill(small.resolve("other" + start));
                    last = appendWhatIsOnItsWay(journal.appender(), data);
                    assertThat(journal.store().isShort()).isTrue();
                }
                assertThat(Writing.scan(data, RecordHandler.NONE).lastSequence()).isEqualTo(last);
            }

            assertThat(mount(small, "remount,size=128m")).isTrue();
            try (Journal journal = Writing.start(shortCycles(small), RecordHandler.NONE))
            {
                final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (journal.store().isShort())
                {
                    assertThat(System.nanoTime() - deadlineNs).as("short for ever").isNegative();
                }
                for (int i = 0; i < 1000; i++)
                {
                    last = Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
                }
            }
            assertThat(Writing.scan(data, RecordHandler.NONE).lastSequence()).isEqualTo(last);
        });
    }

    /**
     * One record may be on its way when it becomes short, and finds the room of the ballast; unless the record before
     * it has taken that. No engine appends then: here it is told so, and nothing of the record is written.
     */
    private static long appendWhatIsOnItsWay(final JournalAppender appender, final Path data)
    {
        final boolean isBallastThere = data.resolve("ballast").toFile().length() > 0;
        try
        {
            return Writing.append(appender, JournalRecordDescriptor.MAX_BODY_LENGTH, 1, 0);
        }
        catch (final JournalException ex)
        {
            assertThat(isBallastThere).as("ballast").isFalse();
            assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT);
            assertThat(ex).hasMessageContaining("no room on the disk");
            return appender.nextSequence() - 1;
        }
    }

    private static JournalContext shortCycles(final Path small)
    {
        return context(small.resolve("data")).rollLength(6 << 20);
    }

    /** A start on a full disk takes the ballast; where that is used up it is refused, until there is room. */
    private Journal startOrMakeRoom(final Path small, final int sizeMiB) throws Exception
    {
        try
        {
            return Writing.start(shortCycles(small), RecordHandler.NONE);
        }
        catch (final JournalException ex)
        {
            assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT);
            assertThat(ex).hasMessageContaining("no room on the disk");
            assertThat(mount(small, "remount,size=" + sizeMiB + "m")).isTrue();
            return Writing.start(shortCycles(small), RecordHandler.NONE);
        }
    }

    private static void appendUntilShort(final Journal journal)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!journal.store().isShort())
        {
            Writing.append(journal.appender(), BODY_LENGTH, 1, 0);
            assertThat(System.nanoTime() - deadlineNs).as("never short").isNegative();
        }
    }

    /** Somebody else's file takes what is left. */
    private static void fill(final Path file) throws IOException
    {
        try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw"))
        {
            final byte[] page = new byte[4096];
            while (true)
            {
                other.write(page);
            }
        }
        catch (final IOException ex)
        {
            assertThat(ex).hasMessageContaining("No space left on device");
        }
    }

    private static void appendForEver(final JournalAppender appender)
    {
        while (true)
        {
            Writing.append(appender, BODY_LENGTH, 1, 0);
        }
    }
}

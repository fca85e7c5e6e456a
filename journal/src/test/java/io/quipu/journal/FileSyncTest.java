package io.quipu.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileSyncTest
{
    @TempDir
    Path directory;

    /** Kilobytes of this process's mappings of the journal's files that are not on the disk. */
    private long dirtyKilobytes() throws IOException
    {
        long dirty = 0;
        boolean isOurs = false;
        for (final String line : Files.readAllLines(Path.of("/proc/self/smaps")))
        {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*"))
            {
                isOurs = line.contains(directory.toString()) && line.contains(".cq4") && !line.contains(".cq4t");
            }
            else if (isOurs && line.matches("^(Shared|Private)_Dirty:.*"))
            {
                dirty += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return dirty;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldWriteBackWhatIsMappedInAllCycles() throws IOException
    {
        final JournalContext context = Writing.context(directory).rollLength(1 << 20);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            for (int i = 0; i < 3000; i++)
            {
                Writing.append(journal.appender(), 1000, 1, 0);
            }
            assertThat(journal.store().cycles()).hasSizeGreaterThan(2);
            assertThat(dirtyKilobytes()).isGreaterThan(100);
            journal.sync();
            assertThat(dirtyKilobytes()).isZero();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldWriteBackWhatWasAppendedSinceAndLeaveTheRest() throws IOException
    {
        try (Journal journal = Writing.start(Writing.context(directory), RecordHandler.NONE))
        {
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 1000; j++)
                {
                    Writing.append(journal.appender(), 1000, 1, 0);
                }
                assertThat(dirtyKilobytes()).isGreaterThan(1000);
                journal.sync();
                assertThat(dirtyKilobytes()).as("pages that Chronicle keeps for itself").isLessThan(150);
            }
        }
    }

    /** A sync leaves Chronicle's own pages alone: after a loss of power they may be those of the file's first sync. */
    @Test
    void shouldGoOnBehindRecordsThatChroniclesOwnPagesDoNotName() throws IOException
    {
        final int records = 3000;
        final byte[] pages;
        final Path file;
        try (Journal journal = Writing.start(Writing.context(directory), RecordHandler.NONE))
        {
            final long[] position = new long[1];
            Writing.scan(directory, record -> position[0] = position[0] == 0 ? record.position() : position[0]);
            file = Path.of(journal.store().name(journal.store().cycle()));
            try (RandomAccessFile source = new RandomAccessFile(file.toFile(), "r"))
            {
                pages = new byte[(int)position[0]];
                source.readFully(pages);
            }
            for (int i = 0; i < records; i++)
            {
                Writing.append(journal.appender(), 100, 1, 0);
            }
            journal.sync();
        }
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw"))
        {
            target.write(pages);
        }

        final Writing.Collector recovered = new Writing.Collector();
        try (Journal journal = Writing.start(Writing.context(directory), recovered))
        {
            assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(recovered.entries()).isEqualTo(records);
            assertThat(Writing.append(journal.appender(), 100, 1, 0)).isEqualTo(records + 1);
        }
        final ScanResult result = Writing.scan(directory, RecordHandler.NONE);
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(result.lastSequence()).isEqualTo(records + 1);
    }

    @Test
    void shouldSyncWhileTheSequencerAppendsAndRolls() throws Exception
    {
        final JournalContext context = Writing.context(directory).rollLength(256 << 10).aheadLength(64 << 10);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            final AtomicBoolean isRunning = new AtomicBoolean(true);
            final AtomicReference<RuntimeException> failure = new AtomicReference<>();
            final Thread syncer = new Thread(
                () ->
                {
                    try
                    {
                        while (isRunning.get())
                        {
                            journal.sync();
                        }
                    }
                    catch (final RuntimeException ex)
                    {
                        failure.set(ex);
                    }
                });
            syncer.start();
            for (int i = 0; i < 20_000; i++)
            {
                Writing.append(journal.appender(), 200, 1, 0);
            }
            isRunning.set(false);
            syncer.join();
            assertThat(failure.get()).isNull();
            assertThat(journal.store().cycles()).hasSizeGreaterThan(10);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).lastSequence()).isEqualTo(20_000);
    }

    @Test
    void shouldSyncTheDirectoryOnceForEachNewFile() throws IOException
    {
        final int[] directorySyncs = new int[1];
        final CrashPoint counting = name -> directorySyncs[0] += name.equals(FileSync.BEFORE_DIRECTORY) ? 1 : 0;
        try (FileSync fileSync = new FileSync(directory, 0, counting))
        {
            fileSync.sync();
            assertThat(fileSync.isDirectorySynced()).isTrue();
            for (int i = 1; i <= 3; i++)
            {
                final Path file = Files.createFile(directory.resolve("file" + i));
                fileSync.add(new AppendedFile(file, 0));
                assertThat(fileSync.isDirectorySynced()).isFalse();
                fileSync.sync();
                fileSync.sync();
                assertThat(fileSync.isDirectorySynced()).isTrue();
                assertThat(directorySyncs[0]).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldForceEachFileOnceMoreAfterItsSuccessorCame() throws IOException
    {
        final int[] forces = new int[1];
        final CrashPoint counting = name -> forces[0] += name.equals(FileSync.BEFORE_FILE) ? 1 : 0;
        try (FileSync fileSync = new FileSync(directory, 0, counting))
        {
            fileSync.add(new AppendedFile(Files.createFile(directory.resolve("first")), 0));
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(1);
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(2);
            fileSync.add(new AppendedFile(Files.createFile(directory.resolve("second")), 0));
            fileSync.add(new AppendedFile(Files.createFile(directory.resolve("third")), 0));
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(5);
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(6);
        }
    }

    @Test
    void shouldNeverRetryAFailedSync() throws IOException
    {
        try (FileSync fileSync = new FileSync(directory, 0, CrashPoint.NONE))
        {
            final Path file = directory.resolve("late");
            fileSync.add(new AppendedFile(file, 0));
            assertThatThrownBy(fileSync::sync).isInstanceOf(IOException.class);
            Files.createFile(file);
            assertThatThrownBy(fileSync::sync).isInstanceOf(IOException.class).hasMessageContaining("before");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoThreadFileOrMappingBehind() throws IOException
    {
        final Path resolved = directory.toRealPath();
        for (int i = 0; i < 3; i++)
        {
            final JournalContext context = Writing.context(directory).rollLength(256 << 10);
            try (Journal journal = Writing.start(context, RecordHandler.NONE))
            {
                for (int j = 0; j < 1000; j++)
                {
                    Writing.append(journal.appender(), 1000, 1, 0);
                }
                journal.sync();
                assertThat(openFiles(resolved)).isNotEmpty();
            }
            Writing.scan(directory, RecordHandler.NONE);
            assertThat(openFiles(resolved)).isEmpty();
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(resolved.toString());
            assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.contains("quipu") || name.contains(resolved.toString()));
        }
    }

    private static List<String> openFiles(final Path directory) throws IOException
    {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd")))
        {
            return descriptors.map(FileSyncTest::target).filter(name -> name.startsWith(directory.toString())).toList();
        }
    }

    private static String target(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}

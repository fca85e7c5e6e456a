package io.quipu.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
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
        try (FileSync fileSync = new FileSync(directory, counting))
        {
            assertThat(fileSync.sync()).isNull();
            assertThat(fileSync.isDirectorySynced()).isTrue();
            for (int i = 1; i <= 3; i++)
            {
                final Path file = Files.createFile(directory.resolve("file" + i));
                fileSync.add(file);
                assertThat(fileSync.isDirectorySynced()).isFalse();
                assertThat(fileSync.sync()).isEqualTo(file);
                assertThat(fileSync.sync()).isEqualTo(file);
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
        try (FileSync fileSync = new FileSync(directory, counting))
        {
            fileSync.add(Files.createFile(directory.resolve("first")));
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(1);
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(2);
            fileSync.add(Files.createFile(directory.resolve("second")));
            fileSync.add(Files.createFile(directory.resolve("third")));
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(5);
            fileSync.sync();
            assertThat(forces[0]).isEqualTo(6);
        }
    }

    @Test
    void shouldNeverRetryAFailedSync() throws IOException
    {
        try (FileSync fileSync = new FileSync(directory, CrashPoint.NONE))
        {
            final Path file = directory.resolve("late");
            fileSync.add(file);
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

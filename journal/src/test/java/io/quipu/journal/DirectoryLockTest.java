package io.quipu.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DirectoryLockTest
{
    @TempDir
    Path directory;

    /** Opens a journal, says how that went, and holds it until its input ends. */
    static final class Holder
    {
        public static void main(final String[] args) throws IOException
        {
            try (Journal journal = Journal.open(Writing.context(Path.of(args[0]))))
            {
                System.out.println("held " + journal.verdict());
                while (System.in.read() >= 0)
                {
                    Thread.onSpinWait();
                }
            }
            catch (final JournalException ex)
            {
                System.out.println(ex.verdict() + " " + ex.getMessage());
                System.exit(ex.verdict().exitCode());
            }
        }
    }

    /** Without the bytes of the lock's own file: to open and close it here would drop this process's lock. */
    private Map<String, String> fingerprint() throws IOException
    {
        final Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.toList())
            {
                final boolean isRead = Files.isRegularFile(path) && !path.endsWith(FileDirectoryLock.FILE_NAME);
                final String content = isRead ? "" + Arrays.hashCode(Files.readAllBytes(path)) : "";
                files.put(path.toString(), Files.getLastModifiedTime(path) + " " + content);
            }
        }
        return files;
    }

    @Test
    void shouldTurnAwayAnotherProcessLeavingEverythingUntouched() throws Exception
    {
        try (Journal journal = Writing.start(directory))
        {
            Writing.append(journal.appender(), 100, 1, 0);
            final Map<String, String> before = fingerprint();
            try (ChildJvm child = new ChildJvm(Holder.class, directory.toString()))
            {
                assertThat(child.readLine()).startsWith("LOCKED").contains(directory.toString());
                assertThat(child.waitFor()).isEqualTo(69);
            }
            assertThat(fingerprint()).isEqualTo(before);
            Writing.append(journal.appender(), 100, 1, 0);
        }
    }

    /** A reader looks whether there is an engine: that must never keep an engine of its own process away. */
    @Test
    void shouldNotBeTurnedAwayByALook() throws InterruptedException
    {
        final AtomicBoolean isLooking = new AtomicBoolean(true);
        final AtomicInteger looks = new AtomicInteger();
        final Thread reader = new Thread(() ->
        {
            while (isLooking.get())
            {
                FileDirectoryLock.isHeld(directory);
                looks.incrementAndGet();
            }
        });
        reader.start();
        try
        {
            for (int i = 0; i < 1000 || looks.get() < 1000; i++)
            {
                try (FileDirectoryLock lock = new FileDirectoryLock(directory))
                {
                    lock.acquire();
                    assertThat(FileDirectoryLock.isHeld(directory)).isTrue();
                }
                assertThat(FileDirectoryLock.isHeld(directory)).isFalse();
            }
        }
        finally
        {
            isLooking.set(false);
            reader.join();
        }
    }

    @Test
    void shouldBeTurnedAwayByAnotherProcessUntilItDies() throws Exception
    {
        try (ChildJvm child = new ChildJvm(Holder.class, directory.toString()))
        {
            assertThat(child.readLine()).isEqualTo("held CLEAN");
            assertThat(FileDirectoryLock.isHeld(directory)).isTrue();
            assertThatThrownBy(() -> Journal.open(Writing.context(directory)))
                .isInstanceOf(DirectoryLockedException.class)
                .hasMessageContaining(directory.toString());
            child.kill();
        }

        assertThat(FileDirectoryLock.isHeld(directory)).isFalse();
        Writing.start(directory).close();
    }

    @Test
    void shouldExcludeWithinOneProcessWithoutLosingTheLock() throws Exception
    {
        try (Journal journal = Writing.start(directory))
        {
            assertThatThrownBy(() -> Journal.open(Writing.context(directory)))
                .isInstanceOf(DirectoryLockedException.class);
            assertThat(FileDirectoryLock.isHeld(directory)).isTrue();
            assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);

            try (ChildJvm child = new ChildJvm(Holder.class, directory.toString()))
            {
                assertThat(child.waitFor()).isEqualTo(69);
            }
            assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
        }
        assertThat(FileDirectoryLock.isHeld(directory)).isFalse();
        Writing.start(directory).close();
    }

    @Test
    void shouldSayWhichDirectoryCannotBeCreated() throws IOException
    {
        final Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Journal.open(Writing.context(file.resolve("data")))).isInstanceOfSatisfying(
            JournalException.class,
            ex ->
            {
                assertThat(ex.verdict().exitCode()).isEqualTo(1);
                assertThat(ex).hasMessageContaining(file.toString());
            });
    }

    @Test
    void shouldNotHoldAfterAFailure()
    {
        final FileDirectoryLock lock = new FileDirectoryLock(directory.resolve("none"));
        assertThatThrownBy(lock::acquire).isInstanceOfSatisfying(
            JournalException.class, ex -> assertThat(ex.verdict().exitCode()).isEqualTo(1));
        assertThat(lock.isHeld()).isFalse();
        assertThat(FileDirectoryLock.isHeld(directory)).isFalse();
    }
}

package io.quipu.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Checkpoints as files: what is seen of them at which step.
 */
class FileCheckpointStoreTest
{
    @TempDir
    private Path dir;

    private final List<String> places = new ArrayList<>();

    @Test
    void shouldShowACheckpointOnlyWhenItIsPublished() throws IOException
    {
        try (FileCheckpointStore store = new FileCheckpointStore(dir, places::add))
        {
            assertThat(store.sequences()).isEmpty();
            write(store, 12, "twelve");
            assertThat(store.sequences()).isEmpty();
            store.publish(12);
            write(store, 3, "three");
            store.publish(3);

            assertThat(store.sequences()).containsExactly(3, 12);
            assertThat(store.length(12)).isEqualTo(6);
            assertThat(read(store, 12)).isEqualTo("twelve");
            assertThat(store.name(3)).endsWith("checkpoint-0000000000000000003");
            assertThat(places).containsExactly(
                FileCheckpointStore.BEFORE_RENAME, FileCheckpointStore.BEFORE_DIRECTORY,
                FileCheckpointStore.BEFORE_RENAME, FileCheckpointStore.BEFORE_DIRECTORY);
        }
    }

    @Test
    void shouldReplaceAndDelete() throws IOException
    {
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            write(store, 5, "a longer one, never published");
            write(store, 5, "first");
            store.publish(5);
            write(store, 5, "second");
            store.publish(5);
            assertThat(read(store, 5)).isEqualTo("second");
            store.delete(5);
            store.delete(5);
            assertThat(store.sequences()).isEmpty();
            assertThatThrownBy(() -> store.open(5)).isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT));
        }
    }

    @Test
    void shouldTidyUpWhatDiedAndLeaveOtherFilesAlone() throws IOException
    {
        final Path directory = dir.resolve(FileCheckpointStore.DIRECTORY);
        try (FileCheckpointStore died = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            write(died, 7, "half");
        }
        Files.writeString(directory.resolve("checkpoint-9"), "not ours");
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            write(store, 8, "whole");
            store.publish(8);
            try (var files = Files.list(directory))
            {
                assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint-9", "checkpoint-0000000000000000008", "lock");
            }
            assertThat(store.sequences()).containsExactly(8);
        }
    }

    @Test
    void shouldLetOneWriterInAndAllReaders() throws IOException
    {
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE);
            FileCheckpointStore other = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            write(store, 8, "eight");
            store.publish(8);
            assertThatThrownBy(() -> other.create(9)).isInstanceOf(DirectoryLockedException.class);
            assertThat(read(other, 8)).isEqualTo("eight");
            store.close();
            write(other, 9, "nine");
        }
    }

    @Test
    void shouldCallALockThatCannotBeHadAFaultOfTheDisk() throws IOException
    {
        Files.createDirectories(dir.resolve(FileCheckpointStore.DIRECTORY).resolve("lock"));
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE))
        {
            assertThatThrownBy(() -> store.create(1)).isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT));
        }
    }

    private static void write(final CheckpointStore store, final long sequence, final String text) throws IOException
    {
        try (WritableByteChannel channel = store.create(sequence))
        {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String read(final CheckpointStore store, final long sequence) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(100);
        try (ReadableByteChannel channel = store.open(sequence))
        {
            while (channel.read(bytes) > 0)
            {
                assertThat(bytes.hasRemaining()).isTrue();
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}

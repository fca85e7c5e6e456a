package io.quipu.journal;

import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that dies in the middle of a repair, at each of its steps, and the one that starts after it.
 */
class JournalCutTest
{
    @TempDir
    Path root;

    private int runs;

    /** Ends the process at a named point, as a kill would. */
    static final class Dying
    {
        public static void main(final String[] args)
        {
            final JournalContext context = Writing.context(Path.of(args[0]))
                .crashPoint(
                    name ->
                    {
                        if (name.equals(args[1]))
                        {
                            Runtime.getRuntime().halt(137);
                        }
                    });
            Writing.start(context, RecordHandler.NONE).close();
        }
    }

    private Path torn(final Collector written) throws IOException
    {
        final Path directory = root.resolve("run" + runs++);
        try (Journal journal = Writing.start(Writing.context(directory).rollLength(128 << 10), RecordHandler.NONE))
        {
            for (int i = 0; i < 300; i++)
            {
                Writing.append(journal.appender(), 400, 1, 0);
            }
        }
        final ScanResult result = Writing.scan(directory, written);
        assertThat(result.cycles()).isGreaterThan(2);
        final String file = QueueWriter.fileName(result.endCycle());
        try (RandomAccessFile target = new RandomAccessFile(directory.resolve("journal").resolve(file).toFile(), "rw"))
        {
            target.seek(result.endPosition() + 100);
            target.write(new byte[JournalRecordDescriptor.MAX_RECORD_LENGTH]);
            target.write(new byte[]{ 1, 2, 3, 4 });
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.TORN_TAIL);
        return directory;
    }

    private static void assertWhole(final Path directory, final Collector written) throws IOException
    {
        final Collector recovered = new Collector();
        try (Journal journal = Writing.start(Writing.context(directory), recovered))
        {
            assertThat(recovered.bytes).isEqualTo(written.bytes);
            Writing.append(journal.appender(), 8, 1, 0);
        }
        final ScanResult result = Writing.scan(directory, RecordHandler.NONE);
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(result.records()).isEqualTo(written.bytes.size() + 2);
        assertThat(directory.resolve(JournalCut.BUILDING)).doesNotExist();
        assertThat(directory.resolve(JournalCut.NEXT)).doesNotExist();
        final Path quarantined = directory.resolve("quarantine").resolve("1");
        try (var files = Files.list(quarantined))
        {
            assertThat(files.filter(path -> path.toString().endsWith(".cq4"))).hasSizeGreaterThan(2);
        }
        assertThat(directory.resolve("quarantine").resolve("2")).doesNotExist();
    }

    @Test
    void shouldKeepWhatIsValidAndQuarantineTheWhole() throws IOException
    {
        final Collector written = new Collector();
        final Path directory = torn(written);
        assertWhole(directory, written);
    }

    @Test
    void shouldWipeWhatAKilledAppendLeftAndKeepACopy() throws IOException
    {
        final Path directory = root.resolve("killed");
        final Collector written = new Collector();
        try (Journal journal = Writing.start(directory))
        {
            Writing.append(journal.appender(), 400, 1, 0);
        }
        final ScanResult before = Writing.scan(directory, written);
        final Path file = directory.resolve("journal").resolve(QueueWriter.fileName(before.endCycle()));
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw"))
        {
            target.seek(before.endPosition() + 4);
            target.write(new byte[]{ 1, 2, 3, 4, 5 });
        }

        final Collector recovered = new Collector();
        try (Journal journal = Writing.start(Writing.context(directory), recovered))
        {
            assertThat(recovered.bytes).isEqualTo(written.bytes);
            assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
        }
        final Path copy = directory.resolve("quarantine/1").resolve(file.getFileName() + "." + before.endPosition());
        assertThat(Files.readAllBytes(copy)).startsWith(0, 0, 0, 0, 1, 2, 3, 4, 5);
        final ScanResult after = Writing.scan(directory, RecordHandler.NONE);
        assertThat(after.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(after.remainsEnd()).isEqualTo(after.endPosition());
    }

    /** The first append to a file, of a journal and of a cycle: the file goes, and what was written of the record is kept. */
    @Test
    void shouldWipeWhatAKilledFirstAppendLeftAndKeepACopy() throws IOException
    {
        for (final boolean isFirstOfJournal : new boolean[]{ true, false })
        {
            final Path directory = root.resolve("killed" + isFirstOfJournal);
            final Collector written = new Collector();
            try (Journal journal = Writing.start(directory))
            {
                if (!isFirstOfJournal)
                {
                    Writing.append(journal.appender(), 400, 1, 0);
                    Writing.scan(directory, written);
                    journal.store().roll();
                    Writing.append(journal.appender(), 400, 1, 0);
                }
            }
            Files.delete(directory.resolve(FileSuperblockStore.FILE_NAME));
            final ScanResult before = Writing.scan(directory, RecordHandler.NONE);
            final Path file = directory.resolve("journal").resolve(QueueWriter.fileName(before.endCycle()));
            try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw"))
            {
                target.seek(before.lastPosition());
                target.write(new byte[Documents.HEADER_LENGTH]);
                target.seek(before.endPosition() - Long.BYTES);
                target.write(new byte[Long.BYTES]);
            }

            final Collector recovered = new Collector();
            try (Journal journal = Writing.start(Writing.context(directory), recovered))
            {
                assertThat(recovered.bytes).isEqualTo(written.bytes);
                assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
                Writing.append(journal.appender(), 8, 1, 0);
            }
            final Path copy =
                directory.resolve("quarantine/1").resolve(file.getFileName() + "." + before.lastPosition());
            assertThat(Files.readAllBytes(copy)).startsWith(0, 0, 0, 0, 'Q', 'R', 'e', 'c');
            final ScanResult after = Writing.scan(directory, RecordHandler.NONE);
            assertThat(after.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(after.hasRemains()).isFalse();
            assertThat(after.records()).isEqualTo(written.bytes.size() + 2);
        }
    }

    @Test
    void shouldRecoverFromAKillAtEveryStep() throws Exception
    {
        for (final String point : List.of(
            JournalCut.BUILT, JournalCut.DECIDED, JournalCut.QUARANTINED, JournalCut.DONE))
        {
            final Collector written = new Collector();
            final Path directory = torn(written);
            try (ChildJvm child = new ChildJvm(Dying.class, directory.toString(), point))
            {
                assertThat(child.waitFor()).as(point).isEqualTo(137);
            }

            final Collector readable = new Collector();
            Writing.scan(directory, readable);
            assertThat(readable.bytes).as(point).isEqualTo(written.bytes);
            assertWhole(directory, written);
        }
    }

    @Test
    void shouldRecoverFromAKillWhileItBuilds() throws IOException
    {
        final Collector written = new Collector();
        final Path directory = torn(written);
        final Path building = Files.createDirectory(directory.resolve(JournalCut.BUILDING));
        Files.write(building.resolve(QueueWriter.fileName(1)), new byte[]{ 1, 2, 3 });
        assertWhole(directory, written);
    }

    @Test
    void shouldRemoveACycleWithoutRecords() throws IOException
    {
        final Collector written = new Collector();
        final Path directory = torn(written);
        final ScanResult before = Writing.scan(directory, RecordHandler.NONE);
        final Path empty = directory.resolve("journal").resolve(QueueWriter.fileName(before.endCycle() + 1));
        Files.write(empty, new byte[4096]);

        final Collector recovered = new Collector();
        try (Journal journal = Writing.start(Writing.context(directory), recovered))
        {
            assertThat(recovered.bytes).isEqualTo(written.bytes);
            assertThat(journal.verdict()).isEqualTo(Verdict.TORN_TAIL_REPAIRED);
        }
        assertThat(empty).doesNotExist();
        Files.write(empty, new byte[4096]);
        try (Journal journal = Writing.start(directory))
        {
            assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(journal.recovered().records()).isEqualTo(written.bytes.size() + 1);
        }
        assertThat(empty).doesNotExist();
    }
}

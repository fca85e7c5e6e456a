package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;
import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Damage to the files that Chronicle wrote, its own index pages among them.
 */
class QueueDamageTest
{
    private static final int FLIPS = Integer.getInteger("quipu.flips", 30);

    @TempDir
    static Path shared;

    private static Path original;
    private static SmallJournal journal;
    private static Place last;

    @TempDir
    Path directory;

    private final Random random = new Random();

    QueueDamageTest()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        random.setSeed(seed);
    }

    /** Two epochs, three cycles; the last records are not named durable. */
    @BeforeAll
    static void write()
    {
        original = shared.resolve("original");
        for (int epoch = 0; epoch < 2; epoch++)
        {
            try (Journal written = Writing.start(Writing.context(original).rollLength(192 << 10), RecordHandler.NONE))
            {
                final long durable = written.recovered().lastSequence();
                for (int i = 0; i < 400; i++)
                {
                    Writing.append(written.appender(), i % 50 * 16, 2, Math.max(durable, (i - 20) / 30 * 60));
                }
            }
        }
        try (JournalStore store = store(original))
        {
            assertThat(store.cycles()).hasSizeBetween(3, 5);
            journal = SmallJournal.read(store);
        }
        last = journal.places.get(journal.places.size() - 1);
    }

    private static ChronicleJournalStore store(final Path path)
    {
        return new ChronicleJournalStore(path, Writing.SMALL_BLOCK, 0, Long.MAX_VALUE, CrashPoint.NONE);
    }

    private Path fresh() throws IOException
    {
        final Path copy = directory.resolve("d" + random.nextLong());
        try (Stream<Path> files = Files.list(original.resolve("journal")))
        {
            Files.createDirectories(copy.resolve("journal"));
            for (final Path file : files.toList())
            {
                copySparse(file, copy.resolve("journal").resolve(file.getFileName()));
            }
        }
        Files.copy(original.resolve("superblock"), copy.resolve("superblock"));
        return copy;
    }

    private static void copySparse(final Path from, final Path to) throws IOException
    {
        try (RandomAccessFile source = new RandomAccessFile(from.toFile(), "r");
            RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw"))
        {
            final byte[] bytes = new byte[(int)Math.min(512 << 10, source.length())];
            source.readFully(bytes);
            target.write(bytes);
            target.setLength(source.length());
        }
    }

    private static Path file(final Path path, final int cycle)
    {
        return path.resolve("journal").resolve(QueueWriter.fileName(cycle));
    }

    private static void overwrite(final Path file, final long position, final byte[] bytes) throws IOException
    {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw"))
        {
            target.seek(position);
            target.write(bytes);
        }
    }

    private static void flip(final Path file, final long position, final int bit) throws IOException
    {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw"))
        {
            target.seek(position);
            final int value = target.read();
            target.seek(position);
            target.write(value ^ 1 << bit);
        }
    }

    /** Starts, appends, and reads everything again: a prefix of what was, an epoch record, the new record. */
    private static Verdict startAndAppend(final Path path, final String what)
    {
        final Collector recovered = new Collector();
        final Verdict verdict;
        final int kept;
        try (Journal opened = Writing.start(Writing.context(path), recovered))
        {
            kept = recovered.bytes.size();
            assertThat(recovered.bytes).as(what).isEqualTo(journal.bytes.subList(0, kept));
            verdict = opened.verdict();
            Writing.append(opened.appender(), 24, 1, opened.recovered().lastSequence());
            opened.sync();
        }
        final Collector again = new Collector();
        final ScanResult result = Writing.scan(path, again);
        assertThat(result.verdict()).as(what + " " + result.describe()).isEqualTo(Verdict.CLEAN);
        assertThat(again.bytes.subList(0, kept)).as(what).isEqualTo(recovered.bytes);
        assertThat(again.bytes).as(what).hasSize(kept + 2);
        return verdict;
    }

    @Test
    void shouldDetectBitFlipsInRecordsOfRealFiles() throws IOException
    {
        final Path path = fresh();
        for (int i = 0; i < 300; i++)
        {
            final int record = random.nextInt(journal.places.size());
            final Place place = journal.places.get(record);
            final long position = place.position() + random.nextInt(Documents.HEADER_LENGTH + place.length());
            final int bit = random.nextInt(8);
            flip(file(path, place.cycle()), position, bit);
            final Collector collector = new Collector();
            final ScanResult result = Writing.scan(path, collector);
            // The superblock names the last epoch record, and no record behind it.
            final boolean isEpoch = place.firstSequence() > place.lastSequence();
            assertThat(result.verdict()).as(place + " " + position)
                .isEqualTo(isEpoch ? Verdict.CORRUPT : journal.verdictOfDamage(record));
            assertThat(collector.bytes).hasSize(record);
            flip(file(path, place.cycle()), position, bit);
        }
        assertThat(Writing.scan(path, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void shouldRepairTornTailsAtEveryGrain() throws IOException
    {
        final long end = last.position() + Documents.HEADER_LENGTH + last.length();
        for (final int grain : List.of(1, 512, 4096))
        {
            for (int kind = 0; kind < 3; kind++)
            {
                final Path path = fresh();
                final long fewBack = journal.places.get(journal.places.size() - 6).position();
                final long from = Math.max(fewBack, end - 4096) / grain * grain;
                final byte[] tail = new byte[(int)(end - from) + (kind == 0 ? 0 : grain)];
                if (kind == 1)
                {
                    random.nextBytes(tail);
                }
                else if (kind == 2)
                {
                    // half a header: a word that promises more than is there
                    tail[0] = 120;
                    tail[3] = (byte)0x80;
                }
                overwrite(file(path, last.cycle()), from, tail);
                final String what = "grain " + grain + " kind " + kind + " from " + from;
                final ScanResult found = Writing.scan(path, RecordHandler.NONE);
                if (found.verdict() == Verdict.CORRUPT)
                {
                    assertThat(journal.highestDurable()).isGreaterThan(found.lastSequence());
                    continue;
                }
                startAndAppend(path, what);
                assertThat(path.resolve("quarantine/1").resolve(QueueWriter.fileName(last.cycle()))).exists();
            }
        }
    }

    @Test
    void shouldLetChronicleOpenWhatChronicleWrote() throws IOException
    {
        final Path path = fresh();
        try (CycleFiles files = new CycleFiles(path.resolve("journal")))
        {
            for (final int cycle : files.cycles())
            {
                assertThat(new ChroniclePages(files).areSound(cycle, files.length(cycle))).isTrue();
            }
        }
        assertThat(startAndAppend(path, "undamaged")).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void shouldKeepChronicleFromPagesThatItDidNotWrite() throws IOException
    {
        final Path path = fresh();
        final Path file = file(path, last.cycle());
        final List<Integer> positions = List.of(0x40, 0x98, 0xB0, 0xE0, 0xE8, 0xF0, 0xF8);
        try (CycleFiles files = new CycleFiles(path.resolve("journal")))
        {
            final ChroniclePages pages = new ChroniclePages(files);
            for (int at = 0; at < 0xE0; at++)
            {
                final boolean isPosition = at >= 0x40 && at < 0x50 || at >= 0xB0 && at < 0xB8;
                // the header without the padding behind it; of index2index the word and the name
                final boolean isRead = at < 0xC5 || at >= 0xC8 && at < 0xC8 + 17;
                if (isRead && !isPosition)
                {
                    flip(file, at, 7);
                    assertThat(pages.areSound(last.cycle(), files.length(last.cycle()))).as("byte " + at).isFalse();
                    flip(file, at, 7);
                }
            }
            for (final int position : positions)
            {
                flip(file, position + 5, 1);
                assertThat(pages.areSound(last.cycle(), files.length(last.cycle()))).as("at " + position).isFalse();
                flip(file, position + 5, 1);
            }
            assertThat(pages.areSound(last.cycle(), files.length(last.cycle()))).isTrue();
        }
    }

    @Test
    void shouldNeverAppendBehindAHole() throws IOException
    {
        // The tail is lost, Chronicle's header page with its own write position is kept: the usual loss of power.
        final Path path = fresh();
        final Place place = journal.places.get(journal.places.size() - 3);
        final byte[] zeros = new byte[(int)(last.position() + 4 + last.length() - place.position())];
        overwrite(file(path, last.cycle()), place.position(), zeros);
        assertThat(Writing.scan(path, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(startAndAppend(path, "lost tail")).isEqualTo(Verdict.TORN_TAIL_REPAIRED);
    }

    @Test
    void shouldSurviveDamageToChroniclesOwnPages() throws IOException
    {
        final long metadata = journal.places.stream()
            .filter(place -> place.cycle() == last.cycle())
            .mapToLong(Place::position).min().orElseThrow();
        int refused = 0;
        int repaired = 0;
        for (int i = 0; i < FLIPS; i++)
        {
            final Path path = fresh();
            final int position = random.nextInt(i % 3 == 0 ? (int)metadata : 300);
            flip(file(path, i % 5 == 0 ? last.cycle() - 1 : last.cycle()), position, random.nextInt(8));
            final String what = "position " + position;
            try
            {
                repaired += startAndAppend(path, what) == Verdict.CLEAN ? 0 : 1;
            }
            catch (final JournalException ex)
            {
                assertThat(ex.verdict()).as(what + " " + ex).isEqualTo(Verdict.CORRUPT);
                refused++;
            }
        }
        System.out.println("of " + FLIPS + " flips refused " + refused + " repaired " + repaired);
    }

    @Test
    void shouldNoticeMissingAndRenamedFiles() throws IOException
    {
        final int first = journal.places.get(0).cycle();
        for (int cycle = first; cycle < last.cycle(); cycle++)
        {
            final Path path = fresh();
            Files.delete(file(path, cycle));
            assertThat(Writing.scan(path, RecordHandler.NONE).verdict()).isEqualTo(Verdict.GAP);
            final int missing = cycle;
            assertThatThrownBy(() -> Writing.start(path)).isInstanceOfSatisfying(
                JournalException.class,
                ex ->
                {
                    assertThat(ex.verdict().exitCode()).isEqualTo(66);
                    assertThat(missing == first || ex.getMessage().contains(QueueWriter.fileName(missing))).isTrue();
                });
            assertThat(path.resolve("quarantine")).doesNotExist();
        }

        final Path renamed = fresh();
        Files.move(file(renamed, last.cycle()), file(renamed, last.cycle() + 5));
        assertThat(Writing.scan(renamed, RecordHandler.NONE).verdict()).isEqualTo(Verdict.GAP);

        final Path odd = fresh();
        Files.move(file(odd, last.cycle()), odd.resolve("journal").resolve("backup.cq4"));
        assertThatThrownBy(() -> Writing.scan(odd, RecordHandler.NONE))
            .isInstanceOf(JournalException.class).hasMessageContaining("backup.cq4");
    }

    @Test
    void shouldDetectTruncationOfRealFiles() throws IOException
    {
        for (int i = 0; i < 60; i++)
        {
            final int record = random.nextInt(journal.places.size());
            final Place place = journal.places.get(record);
            final Path path = fresh();
            final long length = place.position() + 5 + random.nextInt(place.length() - 2);
            try (RandomAccessFile target = new RandomAccessFile(file(path, place.cycle()).toFile(), "rw"))
            {
                target.setLength(length);
            }
            final Collector collector = new Collector();
            final ScanResult result = Writing.scan(path, collector);
            assertThat(result.verdict()).isIn(Verdict.CORRUPT, Verdict.TORN_TAIL);
            assertThat(collector.bytes).hasSize(record);
            if (result.verdict() == Verdict.TORN_TAIL && i % 8 == 0)
            {
                startAndAppend(path, "truncated at " + length);
            }
        }
    }
}

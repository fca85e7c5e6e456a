package io.quipu.engine.exhaustive;

import io.quipu.engine.exhaustive.WrittenJournal.Place;
import io.quipu.engine.exhaustive.WrittenJournal.Shape;
import io.quipu.journal.JournalContext;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One in a hundred of the damages of {@link ExhaustiveDamageTest}, done to files that Chronicle wrote, and started on
 * as an engine does, the queue opened and appended to.
 */
class DamagedFilesTest
{
    private static final Shape SMALL = new Shape(24, 1, 2, 3, 8, 11);
    private static final Shape LARGE = new Shape(40, 10, 120, 7, 30, 21);
    private static final int ONE_IN = 100;
    private static final int ONE_GOES_ON = 4;
    private static final int BLOCK_LENGTH = 8 << 20;
    /** More than was written to a file; zeros follow. */
    private static final int READ_LENGTH = 256 << 10;

    @TempDir
    private Path temporary;

    private final Random random = new Random();
    private Oracle oracle;
    private int directories;

    DamagedFilesTest()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        random.setSeed(seed);
    }

    private static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory).blockLength(BLOCK_LENGTH).aheadLength(0).engineVersion("test");
    }

    private void write(final Shape shape) throws IOException
    {
        final Path directory = temporary.resolve("written");
        final WrittenJournal journal = WrittenJournal.write(() -> context(directory), shape, 42);
        final SortedMap<Integer, byte[]> bytes = read(directory);
        oracle = new Oracle(journal, bytes);
    }

    /** What is not zero at the start of all files, by cycle. */
    private static SortedMap<Integer, byte[]> read(final Path directory) throws IOException
    {
        final SortedMap<Integer, byte[]> cycles = new TreeMap<>();
        for (int cycle = 1; Files.exists(file(directory, cycle)); cycle++)
        {
            final byte[] bytes;
            try (InputStream file = Files.newInputStream(file(directory, cycle)))
            {
                bytes = file.readNBytes(READ_LENGTH);
            }
            int length = bytes.length;
            while (length > 0 && bytes[length - 1] == 0)
            {
                length--;
            }
            cycles.put(cycle, Arrays.copyOf(bytes, length));
        }
        return cycles;
    }

    private static Path file(final Path directory, final int cycle)
    {
        return directory.resolve("journal").resolve("197001" + String.format("%02d", cycle + 1) + "F.cq4");
    }

    /** Starts on files of these bytes, zeros behind them unless they are cut there; judges; goes on now and then. */
    private void start(final String what, final SortedMap<Integer, byte[]> damaged, final boolean isCut)
        throws IOException
    {
        final Path directory = temporary.resolve("d" + directories++);
        Files.createDirectories(directory.resolve("journal"));
        for (final int cycle : damaged.keySet())
        {
            try (RandomAccessFile file = new RandomAccessFile(file(directory, cycle).toFile(), "rw"))
            {
                file.write(damaged.get(cycle));
                file.setLength(isCut ? damaged.get(cycle).length : READ_LENGTH);
            }
        }
        final SortedMap<Integer, byte[]> before = read(directory);
        final boolean goesOn = oracle.starts() % ONE_GOES_ON == 0;
        final Start start = Start.of(context(directory), goesOn);
        oracle.judge(what, before, start, start.isRefused() ? read(directory) : before, true);
        if (goesOn && !start.isRefused())
        {
            final Start next = Start.of(context(directory));
            assertThat(next.verdict()).as(what + " " + next).isEqualTo(Verdict.CLEAN);
            assertThat(next.sequence()).as(what).isEqualTo(start.sequence() + 1);
        }
        delete(directory);
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }

    @Test
    void shouldSurviveFlippedBits() throws IOException
    {
        write(SMALL);
        final List<Place> places = oracle.journal().places();
        final int bits = places.stream().mapToInt(place -> (int)(place.end() - place.position())).sum() * Byte.SIZE;
        for (int i = 0; i < bits / ONE_IN; i++)
        {
            final Place place = places.get(random.nextInt(places.size()));
            final int at = (int)place.position() + random.nextInt((int)(place.end() - place.position()));
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            damaged.get(place.cycle())[at] ^= (byte)(1 << random.nextInt(Byte.SIZE));
            start("byte " + at + " of " + place, damaged, false);
        }
        oracle.print("bits of files");
        assertThat(oracle.count(Verdict.CORRUPT)).isPositive();
    }

    @Test
    void shouldSurviveTruncations() throws IOException
    {
        write(LARGE);
        final List<Place> places = oracle.journal().places();
        final int bytes = places.stream().mapToInt(Place::length).sum();
        for (int i = 0; i < bytes / ONE_IN; i++)
        {
            final Place place = places.get(random.nextInt(places.size()));
            final int length = (int)place.position() + random.nextInt((int)(place.end() - place.position()));
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            damaged.put(place.cycle(), Arrays.copyOf(damaged.get(place.cycle()), length));
            start("length " + length + " of " + place, damaged, i % 3 == 0);
        }
        oracle.print("truncations of files");
        assertThat(oracle.count(Verdict.TORN_TAIL_REPAIRED)).isPositive();
    }

    /** Chronicle's own pages, which a kill would leave as they were then, name records that are not there: a repair. */
    @Test
    void shouldRecoverFromPrefixesOfStores() throws IOException
    {
        write(SMALL);
        for (final Place place : oracle.journal().places())
        {
            for (int i = 0; i < 2; i++)
            {
                final SortedMap<Integer, byte[]> left = oracle.bytes();
                left.tailMap(place.cycle() + 1).clear();
                final byte[] bytes = left.get(place.cycle());
                Arrays.fill(bytes, (int)place.position(), (int)place.position() + Place.WORD_LENGTH, (byte)0);
                Arrays.fill(bytes, (int)place.end() - random.nextInt(place.length()), bytes.length, (byte)0);
                start("within " + place, left, false);
            }
        }
        oracle.print("prefixes of stores of files");
        assertThat(oracle.count(Verdict.CORRUPT)).isZero();
    }
}

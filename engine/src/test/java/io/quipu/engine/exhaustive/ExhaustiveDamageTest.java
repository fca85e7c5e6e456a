package io.quipu.engine.exhaustive;

import io.quipu.engine.exhaustive.WrittenJournal.Place;
import io.quipu.engine.exhaustive.WrittenJournal.Shape;
import io.quipu.journal.JournalContext;
import io.quipu.journal.MemoryJournalStore;
import io.quipu.journal.MemorySuperblockStore;
import io.quipu.journal.NoLock;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every place of a journal damaged, and the engine started on it each time; {@link Oracle} judges. Scan, replay and
 * state are the shipped ones, only the files are in memory; {@link DamagedFilesTest} does one in a hundred on files.
 */
class ExhaustiveDamageTest
{
    private static final Shape SMALL = new Shape(24, 1, 2, 3, 8, 11);
    /** Few records, few commands, long names: commands are what costs. */
    private static final Shape LARGE = new Shape(40, 10, 120, 7, 30, 21);
    private static final Shape FIVE_CYCLES = new Shape(40, 3, 9, 4, 8, 15);
    private static final Shape MANY_RECORDS = new Shape(300, 1, 2, 10, 70, 90);

    /** One in so many of the starts that are not refused goes on, and is followed by another. */
    private static final int ONE_GOES_ON = 50;
    private static final int WORD_LENGTH = Place.WORD_LENGTH;
    private static final int STORE_LENGTH = 8;
    /** The journal alone is judged with every bit of the superblock by its own test. */
    private static final int SUPERBLOCK_STEP = 13;

    private int goneOn;
    /** Null when only the headers of the records say what is durable. */
    private MemorySuperblockStore superblock;

    private static Oracle write(final Shape shape, final long seed)
    {
        final MemoryJournalStore store = new MemoryJournalStore();
        final WrittenJournal journal = WrittenJournal.write(() -> context(store, null), shape, seed);
        return new Oracle(journal, store.cycles);
    }

    /** With a superblock, as an end in order leaves it: all is durable. */
    private Oracle writeDurably(final Shape shape)
    {
        final MemoryJournalStore store = new MemoryJournalStore();
        superblock = new MemorySuperblockStore();
        final WrittenJournal journal = WrittenJournal.write(() -> context(store, superblock), shape, 42);
        return new Oracle(journal, store.cycles, journal.sequence(journal.places().size()));
    }

    private static Oracle write(final Shape shape)
    {
        return write(shape, 42);
    }

    private static JournalContext context(final MemoryJournalStore store, final MemorySuperblockStore superblock)
    {
        return new JournalContext().store(store).superblockStore(superblock).lock(new NoLock()).engineVersion("test");
    }

    /** Starts on these bytes, judges, and now and then goes on and starts again. */
    private Start start(final Oracle oracle, final String what, final SortedMap<Integer, byte[]> damaged)
    {
        return start(oracle, what, damaged, true);
    }

    private Start start(
        final Oracle oracle, final String what, final SortedMap<Integer, byte[]> damaged, final boolean isTail)
    {
        final MemoryJournalStore store = new MemoryJournalStore();
        store.cycles.putAll(Oracle.copy(damaged));
        final boolean goesOn = oracle.starts() % ONE_GOES_ON == 0;
        final MemorySuperblockStore known = superblock == null ? null : superblock.copy();
        final Start start = Start.of(context(store, known), goesOn);
        oracle.judge(what, damaged, start, store.cycles, isTail);
        if (goesOn && !start.isRefused())
        {
            goneOn++;
            final Start next = Start.of(context(store, known));
            assertThat(next.verdict()).as(what).isEqualTo(Verdict.CLEAN);
            assertThat(next.sequence()).as(what).isEqualTo(start.sequence() + 1);
            assertThat(next.records()).as(what).isEqualTo(start.records() + 2);
        }
        return start;
    }

    @Test
    void shouldSurviveEveryBitOfAJournalOf4KiB()
    {
        final Oracle oracle = write(SMALL);
        int bytes = 0;
        for (int cycle = oracle.firstCycle(); cycle <= oracle.lastCycle(); cycle++)
        {
            bytes += oracle.bytes(cycle).length;
            for (int bit = 0; bit < oracle.bytes(cycle).length * Byte.SIZE; bit++)
            {
                final SortedMap<Integer, byte[]> damaged = oracle.bytes();
                damaged.get(cycle)[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
                start(oracle, "cycle " + cycle + " bit " + bit, damaged);
            }
        }
        oracle.print("every bit of " + bytes + " bytes");
        assertThat(bytes).isBetween(4096, 5000);
        assertThat(oracle.count(Verdict.CORRUPT)).isGreaterThan(oracle.starts() / 2);
        assertThat(oracle.count(Verdict.TORN_TAIL_REPAIRED)).isPositive();
        assertThat(goneOn).isPositive();
    }

    @Test
    void shouldSurviveEveryTruncationOfAJournalOf64KiB()
    {
        final Oracle oracle = write(LARGE);
        int bytes = 0;
        for (int cycle = oracle.firstCycle(); cycle <= oracle.lastCycle(); cycle++)
        {
            final byte[] whole = oracle.bytes(cycle);
            bytes += whole.length;
            for (int length = 0; length < whole.length; length++)
            {
                final SortedMap<Integer, byte[]> damaged = oracle.bytes();
                damaged.put(cycle, Arrays.copyOf(whole, length));
                final Start start = start(oracle, "cycle " + cycle + " length " + length, damaged);
                assertThat(cycle < oracle.lastCycle() && !start.isRefused() && length < oracle.end(cycle)).isFalse();
            }
        }
        oracle.print("every truncation of " + bytes + " bytes");
        assertThat(bytes).isBetween(60_000, 80_000);
    }

    /**
     * A killed process leaves some first stores of the writer: the content of a document, 8 bytes at a time, then the
     * word in front of it. Nothing that was committed may be missing then, and there is nothing to repair.
     */
    @Test
    void shouldRecoverFromEveryPrefixOfStoresOf300Records()
    {
        final Oracle oracle = write(MANY_RECORDS);
        final List<Place> places = oracle.journal().places();
        assertThat(places.size()).isGreaterThanOrEqualTo(300);
        for (int record = 0; record < places.size(); record++)
        {
            final Place place = places.get(record);
            for (int stored = 0; stored < place.length(); stored += STORE_LENGTH)
            {
                final SortedMap<Integer, byte[]> left = left(oracle, place, stored);
                final Start start = start(oracle, "record " + record + " stored " + stored, left);
                assertThat(start.verdict()).isEqualTo(Verdict.CLEAN);
                assertThat(start.records()).isEqualTo(record);
            }
        }
        oracle.print("every prefix of stores of " + places.size() + " records");
    }

    /** Cycles up to the record's, which holds what was stored of it and nothing behind. */
    private static SortedMap<Integer, byte[]> left(final Oracle oracle, final Place place, final int stored)
    {
        final SortedMap<Integer, byte[]> left = oracle.bytes();
        left.tailMap(place.cycle() + 1).clear();
        final byte[] bytes = left.get(place.cycle());
        final int content = (int)place.position() + WORD_LENGTH;
        Arrays.fill(bytes, (int)place.position(), content, (byte)0);
        Arrays.fill(bytes, content + stored, bytes.length, (byte)0);
        return left;
    }

    @Test
    void shouldRefuseEverySubsetOf5CyclesThatLacksOneOfTheMiddle()
    {
        final Oracle oracle = write(FIVE_CYCLES);
        assertThat(oracle.lastCycle() - oracle.firstCycle()).isEqualTo(4);
        for (int kept = 0; kept < 1 << 5; kept++)
        {
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            for (int i = 0; i < 5; i++)
            {
                if ((kept & 1 << i) == 0)
                {
                    damaged.remove(oracle.firstCycle() + i);
                }
            }
            final Start start = start(oracle, "kept " + Integer.toBinaryString(kept), damaged, false);
            final boolean isPrefix = (kept & kept + 1) == 0;
            assertThat(start.isRefused()).as("kept " + Integer.toBinaryString(kept)).isEqualTo(!isPrefix);
            assertThat(isPrefix || start.verdict() == Verdict.GAP).isTrue();
        }
        oracle.print("every subset of 5 cycles");
    }

    @Test
    void shouldRefuseCyclesThatAreRenamedSwappedDuplicatedOrForeign()
    {
        final Oracle oracle = write(FIVE_CYCLES);
        final Oracle other = write(FIVE_CYCLES, 43);
        final int first = oracle.firstCycle();
        for (final List<Integer> order : permutations(5))
        {
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            for (int i = 0; i < 5; i++)
            {
                damaged.put(first + i, oracle.bytes(first + order.get(i)));
            }
            final Start start = start(oracle, "order " + order, damaged, false);
            assertThat(start.isRefused()).as("order " + order).isEqualTo(!order.equals(List.of(0, 1, 2, 3, 4)));
        }
        for (int to = first; to <= oracle.lastCycle() + 1; to++)
        {
            for (int from = first; from <= oracle.lastCycle(); from++)
            {
                final SortedMap<Integer, byte[]> damaged = oracle.bytes();
                damaged.put(to, oracle.bytes(from));
                final String what = "cycle " + from + " as " + to;
                assertThat(start(oracle, what, damaged, false).isRefused()).as(what).isEqualTo(from != to);
                damaged.put(to, other.bytes(from));
                assertThat(start(oracle, "foreign " + what, damaged, false).isRefused()).as("foreign " + what).isTrue();
            }
        }
        oracle.print("renamed, swapped, duplicated, foreign cycles");
    }

    private static List<List<Integer>> permutations(final int count)
    {
        List<List<Integer>> all = List.of(List.of());
        for (int value = 0; value < count; value++)
        {
            final List<List<Integer>> longer = new ArrayList<>();
            for (final List<Integer> shorter : all)
            {
                for (int at = 0; at <= shorter.size(); at++)
                {
                    final List<Integer> permutation = new ArrayList<>(shorter);
                    permutation.add(at, value);
                    longer.add(permutation);
                }
            }
            all = longer;
        }
        return all;
    }

    /** What a loss of power leaves: sectors and pages that never came, came as something else, or hold older bytes. */
    private enum Fill
    {
        ZERO, GARBAGE, STALE;

        void apply(final byte[] bytes, final int from, final int to, final Random random)
        {
            switch (this)
            {
                case ZERO:
                    Arrays.fill(bytes, from, to, (byte)0);
                    break;

                case GARBAGE:
                    for (int i = from; i < to; i++)
                    {
                        bytes[i] = (byte)random.nextInt();
                    }
                    break;

                default:
                    final byte[] before = from < to - from ? new byte[to] : bytes.clone();
                    System.arraycopy(before, random.nextInt(from + 1) & -4, bytes, from, to - from);
                    break;
            }
        }
    }

    @Test
    void shouldSurviveTailsAndHolesAtEverySectorAndPage()
    {
        final Oracle oracle = write(LARGE);
        final Random random = new Random(44);
        for (final int grain : new int[]{ 512, 4096 })
        {
            for (int cycle = oracle.firstCycle(); cycle <= oracle.lastCycle(); cycle++)
            {
                final int length = oracle.bytes(cycle).length;
                for (int from = 0; from + grain < length; from += grain)
                {
                    for (final Fill fill : Fill.values())
                    {
                        final String what = fill + " from " + from + " of cycle " + cycle;
                        final SortedMap<Integer, byte[]> hole = oracle.bytes();
                        fill.apply(hole.get(cycle), from, from + grain, random);
                        start(oracle, what + " for " + grain, hole);
                        final SortedMap<Integer, byte[]> tail = oracle.bytes();
                        for (int at = from; at < length; at += grain)
                        {
                            fill.apply(tail.get(cycle), at, Math.min(at + grain, length), random);
                        }
                        start(oracle, what + " to the end", tail);
                    }
                }
            }
        }
        oracle.print("tails and holes at 512 B and 4 KiB");
    }

    /** Unsynced pages reach the disk in any order, also across a roll. */
    @Test
    void shouldSurviveAnySubsetOfUnsyncedSectors()
    {
        final Oracle oracle = write(LARGE);
        final Random random = new Random(45);
        final int lastCycle = oracle.lastCycle();
        final int from = oracle.end(lastCycle) / 3;
        for (int run = 0; run < 3000; run++)
        {
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            final byte[] bytes = damaged.get(lastCycle);
            for (int at = from & -512; at + 512 < bytes.length; at += 512)
            {
                final int fate = random.nextInt(6);
                if (fate < 3)
                {
                    Fill.values()[fate].apply(bytes, at, at + 512, random);
                }
            }
            start(oracle, "run " + run, damaged);
        }
        oracle.print("subsets of unsynced sectors");
    }

    @Test
    void shouldRefuseEveryDamageToWhatTheSuperblockKnowsToBeDurable()
    {
        final Oracle oracle = writeDurably(SMALL);
        for (final Place place : oracle.journal().places())
        {
            final int end = (int)place.end();
            for (int at = (int)place.position(); at < end; at++)
            {
                final SortedMap<Integer, byte[]> flipped = oracle.bytes();
                flipped.get(place.cycle())[at] ^= (byte)(1 << at % Byte.SIZE);
                final String what = "byte " + at + " of " + place;
                assertThat(start(oracle, what, flipped).isRefused()).as(what).isTrue();
                final SortedMap<Integer, byte[]> cut = oracle.bytes();
                cut.put(place.cycle(), Arrays.copyOf(cut.get(place.cycle()), at));
                assertThat(start(oracle, "cut at " + what, cut).isRefused()).as("cut at " + what).isTrue();
            }
        }
        oracle.print("damage to what the superblock knows to be durable");
        assertThat(oracle.count(Verdict.CLEAN) + oracle.count(Verdict.TORN_TAIL_REPAIRED)).isZero();
    }

    @Test
    void shouldMissEveryCycleThatTheSuperblockKnowsOf()
    {
        final Oracle oracle = writeDurably(FIVE_CYCLES);
        final int first = oracle.firstCycle();
        for (int kept = 0; kept < 1 << 5; kept++)
        {
            final SortedMap<Integer, byte[]> damaged = oracle.bytes();
            for (int i = 0; i < 5; i++)
            {
                if ((kept & 1 << i) == 0)
                {
                    damaged.remove(first + i);
                }
            }
            final String what = "kept " + Integer.toBinaryString(kept);
            assertThat(start(oracle, what, damaged, false).isRefused()).as(what).isEqualTo(kept != (1 << 5) - 1);
        }
        oracle.print("every subset of 5 cycles, with a superblock");
    }

    /** One damaged copy of four changes nothing: a start serves all, and what was durable is missed as before. */
    @Test
    void shouldKnowTheSameWhereverTheSuperblockIsDamaged()
    {
        final Oracle oracle = writeDurably(SMALL);
        final byte[] whole = superblock.bytes;
        final SortedMap<Integer, byte[]> damaged = oracle.bytes();
        final Place last = oracle.journal().places().get(oracle.journal().places().size() - 1);
        damaged.get(last.cycle())[(int)last.end() - 1] ^= 1;
        for (int at = 0; at < whole.length; at += SUPERBLOCK_STEP)
        {
            superblock.bytes = whole.clone();
            superblock.bytes[at] ^= (byte)(1 << at % Byte.SIZE);
            assertThat(start(oracle, "superblock byte " + at, oracle.bytes()).verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(start(oracle, "superblock byte " + at + ", journal", damaged).isRefused()).isTrue();
        }
        oracle.print("superblock damaged");
    }
}

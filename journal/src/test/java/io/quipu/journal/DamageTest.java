package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;
import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every place of a small journal in memory, damaged in every way; the scanner is the one that reads files.
 */
class DamageTest
{
    private final MemoryJournalStore store = SmallJournal.written();
    private final SmallJournal journal = SmallJournal.read(store);
    private final Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);

    private ScanResult scan(final MemoryJournalStore damaged, final String what, final IntPredicate isReadable)
    {
        final Collector collector = new Collector();
        final ScanResult result = new JournalScanner(damaged, false).scan(collector, JournalScanner.TO_END);
        journal.check(what, result, collector, isReadable);
        seen.merge(result.verdict(), 1, Integer::sum);
        return result;
    }

    private static ScanResult scan(final MemoryJournalStore damaged)
    {
        return new JournalScanner(damaged, false).scan(RecordHandler.NONE, JournalScanner.TO_END);
    }

    @Test
    void shouldHaveSomethingToDamage()
    {
        assertThat(store.cycles).hasSizeGreaterThan(4);
        assertThat(journal.places).hasSize(21);
        assertThat(journal.highestDurable()).isGreaterThan(50);
    }

    @Test
    void shouldDetectEveryBitFlip()
    {
        for (final int cycle : store.cycles())
        {
            for (int bit = 0; bit < store.cycles.get(cycle).length * 8; bit++)
            {
                final MemoryJournalStore damaged = store.copy();
                damaged.cycles.get(cycle)[bit / 8] ^= (byte)(1 << (bit % 8));
                final int record = journal.recordAt(cycle, bit / 8);
                final String what = "cycle " + cycle + " bit " + bit + " record " + record;
                final ScanResult result = scan(damaged, what, i -> i != record);
                if (record >= 0)
                {
                    assertThat(result.verdict()).as(what).isEqualTo(journal.verdictOfDamage(record));
                    assertThat(result.lastSequence()).as(what)
                        .isEqualTo(journal.places.get(record).firstSequence() - 1);
                    assertThat(result.damage().file()).as(what).isEqualTo("cycle-" + cycle);
                    assertThat(result.damage().offset()).as(what).isEqualTo(journal.places.get(record).position());
                }
                else if (result.verdict() == Verdict.CLEAN)
                {
                    assertThat(result.records()).as(what).isEqualTo(journal.places.size());
                }
            }
        }
        assertThat(seen).containsKeys(Verdict.CLEAN, Verdict.TORN_TAIL, Verdict.CORRUPT);
    }

    @Test
    void shouldDetectEveryTruncation()
    {
        final int lastCycle = store.cycles.lastKey();
        for (final int cycle : store.cycles())
        {
            final byte[] bytes = store.cycles.get(cycle);
            for (int length = 0; length < bytes.length; length++)
            {
                final MemoryJournalStore damaged = store.copy();
                damaged.cycles.put(cycle, Arrays.copyOf(bytes, length));
                final int end = length;
                final String what = "cycle " + cycle + " length " + length;
                final ScanResult result = scan(damaged, what, i -> isBefore(journal.places.get(i), cycle, end));
                final int record = journal.recordAt(cycle, length);
                final boolean isAtBorder = record < 0 || journal.places.get(record).position() + 4 > length;
                if (cycle != lastCycle && record >= 0)
                {
                    assertThat(result.verdict()).isEqualTo(truncatedVerdict(cycle, length));
                }
                else if (!isAtBorder)
                {
                    assertThat(result.verdict()).isNotEqualTo(Verdict.CLEAN);
                }
            }
        }
    }

    private static boolean isBefore(final Place place, final int cycle, final int end)
    {
        return place.cycle() != cycle || place.position() + Documents.HEADER_LENGTH + place.length() <= end;
    }

    private Verdict truncatedVerdict(final int cycle, final int length)
    {
        final long expected = journal.places.stream()
            .filter(place -> !isBefore(place, cycle, length))
            .mapToLong(Place::firstSequence).min().orElseThrow();
        final long durable = journal.places.stream()
            .filter(place -> isBefore(place, cycle, length))
            .mapToLong(Place::durableSequence).max().orElseThrow();
        return durable >= expected ? Verdict.CORRUPT : Verdict.TORN_TAIL;
    }

    @Test
    void shouldNeverLoseWhatARecordThatIsLeftNamesDurable()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        for (int run = 0; run < 20_000; run++)
        {
            final MemoryJournalStore damaged = store.copy();
            final int faults = 1 + random.nextInt(4);
            for (int i = 0; i < faults; i++)
            {
                damage(damaged, random);
            }
            final String what = "seed " + seed + " run " + run;
            final ScanResult result = scan(damaged, what, i -> isIntact(damaged, journal.places.get(i)));
            assertThat(result.verdict().isRefusal() || result.lastSequence() >= durableLeft(damaged)).as(what).isTrue();
        }
        System.out.println(seen);
    }

    /** A range zeroed, made garbage, or overwritten with bytes from elsewhere; a shorter or a longer file. */
    private static void damage(final MemoryJournalStore damaged, final Random random)
    {
        final int[] cycles = damaged.cycles();
        final int cycle = cycles[random.nextInt(cycles.length)];
        final byte[] bytes = damaged.cycles.get(cycle);
        final byte[] other = damaged.cycles.get(cycles[random.nextInt(cycles.length)]);
        if (bytes.length == 0 || other.length == 0)
        {
            return;
        }
        final int from = random.nextInt(bytes.length) & -(1 << random.nextInt(4));
        final int length = Math.min(bytes.length - from, 1 << random.nextInt(9));
        final int source = random.nextInt(other.length) & -4;
        switch (random.nextInt(4))
        {
            case 0:
                Arrays.fill(bytes, from, from + length, (byte)0);
                break;

            case 1:
                for (int i = from; i < from + length; i++)
                {
                    bytes[i] = (byte)random.nextInt();
                }
                break;

            case 2:
                System.arraycopy(other, source, bytes, from, Math.min(length, other.length - source));
                break;

            default:
                damaged.cycles.put(cycle, Arrays.copyOf(bytes, from + random.nextInt(2) * 300));
                break;
        }
    }

    private boolean isIntact(final MemoryJournalStore damaged, final Place place)
    {
        final byte[] before = store.cycles.get(place.cycle());
        final byte[] after = damaged.cycles.get(place.cycle());
        final int from = (int)place.position();
        final int to = from + Documents.HEADER_LENGTH + place.length();
        return after.length >= to && Arrays.equals(before, from, to, after, from, to);
    }

    private long durableLeft(final MemoryJournalStore damaged)
    {
        return journal.places.stream()
            .filter(place -> isIntact(damaged, place))
            .mapToLong(Place::durableSequence).max().orElse(0);
    }

    @Test
    void shouldRepairEveryTornTailAndGoOn()
    {
        final Random random = new Random(7);
        final int cycle = store.cycles.lastKey();
        final byte[] bytes = store.cycles.get(cycle);
        for (int from = 0; from < bytes.length; from++)
        {
            for (int kind = 0; kind < 3; kind++)
            {
                final MemoryJournalStore damaged = store.copy();
                final byte[] tail = damaged.cycles.get(cycle);
                for (int i = from; i < tail.length; i++)
                {
                    tail[i] = kind == 0 ? 0 : kind == 1 ? (byte)random.nextInt() : tail[i - from];
                }
                startAndAppend(damaged, "from " + from + " kind " + kind);
            }
        }
    }

    private void startAndAppend(final MemoryJournalStore damaged, final String what)
    {
        final Collector recovered = new Collector();
        try (Journal opened = Writing.start(SmallJournal.memoryContext(damaged), recovered))
        {
            assertThat(recovered.bytes).as(what).isEqualTo(journal.bytes.subList(0, recovered.bytes.size()));
            assertThat(opened.verdict()).isEqualTo(damaged.cuts == 0 ? Verdict.CLEAN : Verdict.TORN_TAIL_REPAIRED);
            Writing.append(opened.appender(), 24, 1, opened.recovered().lastSequence());
        }
        final Collector again = new Collector();
        final ScanResult result = new JournalScanner(damaged, false).scan(again, JournalScanner.TO_END);
        assertThat(result.verdict()).as(what).isEqualTo(Verdict.CLEAN);
        assertThat(again.bytes.subList(0, recovered.bytes.size())).as(what).isEqualTo(recovered.bytes);
        assertThat(again.bytes).as(what).hasSize(recovered.bytes.size() + 2);
    }

    @Test
    void shouldRefuseTheDurableSequenceItselfAndCutTheOneBehindIt()
    {
        final MemoryJournalStore single = new MemoryJournalStore();
        try (Journal opened = Writing.start(SmallJournal.memoryContext(single), RecordHandler.NONE))
        {
            for (int sequence = 1; sequence <= 6; sequence++)
            {
                Writing.append(opened.appender(), 16, 1, sequence > 4 ? 3 : 0);
            }
        }
        final SmallJournal entries = SmallJournal.read(single);
        for (int sequence = 1; sequence <= 6; sequence++)
        {
            final MemoryJournalStore damaged = single.copy();
            final Place place = entries.places.get(sequence);
            damaged.cycles.get(place.cycle())[(int)place.position() + 80] ^= 1;
            assertThat(scan(damaged).verdict()).as("sequence " + sequence)
                .isEqualTo(sequence <= 3 ? Verdict.CORRUPT : Verdict.TORN_TAIL);
        }
    }

    @Test
    void shouldNoticeMissingSwappedDuplicatedAndForeignCycles()
    {
        final int last = store.cycles.lastKey();
        for (int cycle = 1; cycle < last; cycle++)
        {
            final MemoryJournalStore missing = store.copy();
            missing.cycles.remove(cycle);
            assertThat(scan(missing, "missing " + cycle, i -> false).verdict()).isEqualTo(Verdict.GAP);

            final MemoryJournalStore swapped = store.copy();
            swapped.cycles.put(cycle, store.cycles.get(cycle + 1));
            swapped.cycles.put(cycle + 1, store.cycles.get(cycle));
            assertThat(scan(swapped, "swapped " + cycle, i -> false).verdict()).isEqualTo(Verdict.CORRUPT);

            final MemoryJournalStore duplicated = store.copy();
            duplicated.cycles.put(last + 1, store.cycles.get(cycle));
            assertThat(scan(duplicated, "duplicated " + cycle, i -> false).verdict()).isEqualTo(Verdict.CORRUPT);

            final MemoryJournalStore foreign = store.copy();
            foreign.cycles.put(cycle, SmallJournal.written().cycles.get(cycle));
            assertThat(scan(foreign).verdict()).isEqualTo(Verdict.CORRUPT);
        }
        final MemoryJournalStore foreignLast = store.copy();
        foreignLast.cycles.put(last, SmallJournal.written().cycles.get(last));
        assertThat(scan(foreignLast).verdict()).isEqualTo(Verdict.CORRUPT);
    }

    @Test
    void shouldRefuseANewerFormatUntouched()
    {
        final Place place = journal.places.get(10);
        final MemoryJournalStore newer = store.copy();
        Rewriting.putShort(newer, place, JournalRecordDescriptor.VERSION_OFFSET, JournalRecordDescriptor.VERSION + 1);
        final Collector collector = new Collector();
        final ScanResult result = new JournalScanner(newer, false).scan(collector, JournalScanner.TO_END);
        assertThat(result.verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW);
        assertThat(collector.records).hasSize(10);

        final MemoryJournalStore before = newer.copy();
        assertThatThrownBy(() -> Writing.start(SmallJournal.memoryContext(newer), RecordHandler.NONE))
            .isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW));
        newer.cycles.forEach((cycle, bytes) -> assertThat(bytes).isEqualTo(before.cycles.get(cycle)));
    }

    @Test
    void shouldTakeADocumentThatWasNotCommittedForTheEnd()
    {
        final int cycle = store.cycles.lastKey();
        final Place last = journal.places.get(journal.places.size() - 1);
        final MemoryJournalStore writing = store.copy();
        final byte[] bytes = writing.cycles.get(cycle);
        final int end = (int)last.position() + 4 + last.length();
        Arrays.fill(bytes, (int)last.position(), (int)last.position() + 4, (byte)0);

        // All of the record is there: a header word that was lost, unless somebody is about to write it.
        assertThat(new JournalScanner(writing, true).scan(RecordHandler.NONE, JournalScanner.TO_END).verdict())
            .isEqualTo(Verdict.CLEAN);
        assertThat(new JournalScanner(writing, false).scan(RecordHandler.NONE, JournalScanner.TO_END).verdict())
            .isEqualTo(Verdict.TORN_TAIL);

        Arrays.fill(bytes, end - 8, end, (byte)0);
        for (final boolean isBesideWriter : new boolean[]{ true, false })
        {
            final ScanResult result =
                new JournalScanner(writing, isBesideWriter).scan(RecordHandler.NONE, JournalScanner.TO_END);
            assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(result.records()).isEqualTo(journal.places.size() - 1);
            assertThat(result.endPosition()).isEqualTo(last.position());
            assertThat(result.remainsEnd()).isBetween(end - 40L, end - 8L);
        }
        startAndAppend(writing, "not committed");
        assertThat(writing.cuts).isZero();
    }

    @Test
    void shouldTakeABegunDocumentForTheEndBesideAWriterOnly()
    {
        final int cycle = store.cycles.lastKey();
        final Place last = journal.places.get(journal.places.size() - 1);
        final MemoryJournalStore writing = store.copy();
        writing.cycles.get(cycle)[(int)last.position() + 3] |= (byte)0x80;

        final ScanResult beside = new JournalScanner(writing, true).scan(RecordHandler.NONE, JournalScanner.TO_END);
        assertThat(beside.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(beside.records()).isEqualTo(journal.places.size() - 1);
        assertThat(scan(writing, "alone", i -> i < journal.places.size() - 1).verdict()).isEqualTo(Verdict.TORN_TAIL);
    }
}

package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;
import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Scans and starts that go on behind a record, without what stands before it.
 */
class JournalPlaceTest
{
    @TempDir
    Path directory;

    private final MemoryJournalStore store = SmallJournal.written();
    private final SmallJournal journal = SmallJournal.read(store);

    private static ScanResult scan(
        final JournalStore store, final RecordHandler handler, final long toSequence, final JournalPlace start)
    {
        return new JournalScanner(store, false).scan(handler, toSequence, start);
    }

    @Test
    void shouldGoOnBehindEveryPlace()
    {
        final ScanResult whole = scan(store, RecordHandler.NONE, JournalScanner.TO_END, JournalPlace.START);
        for (long to = 0; to <= whole.lastSequence(); to++)
        {
            final JournalPlace place = scan(store, RecordHandler.NONE, to, JournalPlace.START).place();
            final MemoryJournalStore tail = store.copy();
            tail.cycles.headMap(place.cycle(), false).clear();
            final Collector collector = new Collector();
            final ScanResult found = scan(tail, collector, JournalScanner.TO_END, place);

            assertThat(found.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(found.place()).isEqualTo(whole.place());
            assertThat(found.endPosition()).isEqualTo(whole.endPosition());
            assertThat(collector.bytes)
                .isEqualTo(journal.bytes.subList((int)place.records(), journal.bytes.size()));
        }
    }

    @Test
    void shouldFindARecordThatARepairMovedWithinItsCycle()
    {
        final JournalPlace place = scan(store, RecordHandler.NONE, 40, JournalPlace.START).place();
        for (final long position : new long[]{ 0, 4, place.position() - 4, place.position() + 4, 1 << 30 })
        {
            final JournalPlace moved = new JournalPlace(
                place.sequence(), place.chain(), place.epoch(), place.timestampNs(), place.journalIdHigh(),
                place.journalIdLow(), place.cycle(), position, place.cycleRecords(), place.records(), place.bytes());
            final ScanResult found = scan(store, RecordHandler.NONE, JournalScanner.TO_END, moved);
            assertThat(found.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(found.records()).isEqualTo(journal.places.size());
        }
    }

    @Test
    void shouldRefuseAPlaceThatTheJournalDoesNotReach()
    {
        for (int i = 0; i < journal.places.size(); i++)
        {
            final Place last = journal.places.get(i);
            final JournalPlace place =
                scan(store, RecordHandler.NONE, last.lastSequence(), JournalPlace.START).place();
            final MemoryJournalStore older = store.copy();
            older.cut(place.cycle(), place.position());
            final Collector collector = new Collector();
            final ScanResult found = scan(older, collector, JournalScanner.TO_END, place);

            assertThat(found.verdict()).isEqualTo(place.isStart() ? Verdict.CLEAN : Verdict.CHECKPOINT_AHEAD);
            assertThat(collector.records).isEmpty();
        }
    }

    @Test
    void shouldTellDamageOfTheRecordOfAPlaceFromAJournalThatDoesNotReachIt()
    {
        int corrupt = 0;
        for (final Place last : journal.places)
        {
            final JournalPlace place =
                scan(store, RecordHandler.NONE, last.lastSequence(), JournalPlace.START).place();
            if (place.isStart())
            {
                continue;
            }
            final MemoryJournalStore damaged = store.copy();
            damaged.cycles.get(place.cycle())[(int)place.position() + Documents.HEADER_LENGTH] ^= 1;
            final ScanResult found = scan(damaged, RecordHandler.NONE, JournalScanner.TO_END, place);

            final boolean isNamed = journal.highestDurable() >= place.sequence();
            assertThat(found.verdict()).isEqualTo(isNamed ? Verdict.CORRUPT : Verdict.CHECKPOINT_AHEAD);
            corrupt += isNamed ? 1 : 0;
        }
        assertThat(corrupt).isBetween(1, journal.places.size() - 1);
    }

    @Test
    void shouldStartBehindAPlaceWithoutTheFilesBeforeIt() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        try (Journal written = Writing.start(Writing.context(directory).rollLength(128 << 10), RecordHandler.NONE))
        {
            Writing.appendRandom(written, random, 1_500);
        }
        final ScanResult whole = Writing.scan(directory, RecordHandler.NONE);
        final long to = whole.lastSequence() * 3 / 4;
        final JournalPlace place = Journal.scan(Writing.context(directory), RecordHandler.NONE, to).place();
        assertThat(place.cycle()).isGreaterThan(2);
        for (int cycle = 1; cycle < place.cycle(); cycle++)
        {
            Files.delete(directory.resolve("journal").resolve(QueueWriter.fileName(cycle)));
        }

        try (Journal refused = Journal.open(Writing.context(directory)))
        {
            assertThatThrownBy(() -> refused.recover(RecordHandler.NONE)).isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.GAP));
        }
        try (Journal started = Journal.open(Writing.context(directory)))
        {
            final ScanResult found = started.recover(RecordHandler.NONE, place);
            assertThat(found.place()).isEqualTo(whole.place());
            started.startEpoch(found.timestampNs() + 1, found.lastSequence(), ~found.lastSequence());
            Writing.append(started.appender(), 100, 7, found.lastSequence());
        }
        final ScanResult again = Journal.scan(
            Writing.context(directory), RecordHandler.NONE, JournalScanner.TO_END, place);
        assertThat(again.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(again.lastSequence()).isEqualTo(whole.lastSequence() + 7);
    }
}

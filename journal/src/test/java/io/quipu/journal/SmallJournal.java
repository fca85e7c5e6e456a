package io.quipu.journal;

import io.quipu.journal.Writing.Collector;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A journal of a few records over some cycles, known record by record, and what must hold of any scan of a damaged copy
 * of it.
 */
final class SmallJournal
{
    /** A record: where it stands, and what it names. */
    record Place(int cycle, long position, int length, long firstSequence, long lastSequence, long durableSequence)
    {
    }

    final List<Place> places = new ArrayList<>();
    final List<ByteBuffer> bytes = new ArrayList<>();

    private SmallJournal()
    {
    }

    static SmallJournal read(final JournalStore store)
    {
        final SmallJournal journal = new SmallJournal();
        final Collector collector = new Collector();
        final ScanResult result = new JournalScanner(store, false).scan(
            record ->
            {
                journal.places.add(new Place(
                    record.cycle(),
                    record.position(),
                    record.length(),
                    record.firstSequence(),
                    record.lastSequence(),
                    record.durableSequence()));
                collector.onRecord(record);
            },
            JournalScanner.TO_END);
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        journal.bytes.addAll(collector.bytes);
        return journal;
    }

    /** Writes into a store in memory: three epochs, some rolls, the durable sequence following two records behind. */
    static MemoryJournalStore written()
    {
        final MemoryJournalStore store = new MemoryJournalStore();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            try (Journal journal = Writing.start(memoryContext(store), RecordHandler.NONE))
            {
                final JournalAppender appender = journal.appender();
                long durable = journal.recovered().lastSequence();
                for (int i = 0; i < 6; i++)
                {
                    if (epoch + i == 3 || i == 5 && epoch < 2)
                    {
                        store.roll();
                    }
                    final long last = Writing.append(appender, 8 * i + epoch, 1 + i, durable);
                    durable = i % 3 == 1 ? last : durable;
                }
            }
        }
        return store;
    }

    static JournalContext memoryContext(final MemoryJournalStore store)
    {
        return new JournalContext().store(store).lock(new NoLock());
    }

    /** Index of the record whose document holds a byte, -1 when none does. */
    int recordAt(final int cycle, final long position)
    {
        for (int i = 0; i < places.size(); i++)
        {
            final Place place = places.get(i);
            if (place.cycle() == cycle && position >= place.position() &&
                position < place.position() + Documents.HEADER_LENGTH + place.length())
            {
                return i;
            }
        }
        return -1;
    }

    /** What a start must conclude when exactly this record cannot be read. */
    Verdict verdictOfDamage(final int record)
    {
        final long sequence = places.get(record).firstSequence();
        for (int i = 0; i < places.size(); i++)
        {
            if (i != record && places.get(i).durableSequence() >= sequence)
            {
                return Verdict.CORRUPT;
            }
        }
        return Verdict.TORN_TAIL;
    }

    long highestDurable()
    {
        return places.stream().mapToLong(Place::durableSequence).max().orElse(0);
    }

    /**
     * What handed over is a prefix, all of it when the verdict is clean, and a torn tail takes nothing that a record
     * left behind names as durable.
     *
     * @param isReadable tells of a record whether its bytes are still there.
     */
    void check(
        final String what, final ScanResult result, final Collector collector, final IntPredicate isReadable)
    {
        assertThat(collector.bytes).as(what).isEqualTo(bytes.subList(0, collector.bytes.size()));
        long durable = 0;
        for (int i = 0; i < places.size(); i++)
        {
            if (isReadable.test(i))
            {
                durable = Math.max(durable, places.get(i).durableSequence());
            }
        }
        if (result.verdict() == Verdict.TORN_TAIL)
        {
            assertThat(result.lastSequence()).as(what).isGreaterThanOrEqualTo(durable);
        }
        if (result.verdict() != Verdict.CLEAN)
        {
            assertThat(result.damage()).as(what).isNotNull();
            assertThat(result.describe()).as(what).contains("offset");
        }
    }
}

package io.quipu.journal;

import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JournalTest
{
    @TempDir
    Path directory;

    @Test
    void shouldReadBackWhatWasAppended()
    {
        final int chain;
        try (Journal journal = Writing.start(directory))
        {
            assertThat(journal.recovered().isEmpty()).isTrue();
            assertThat(journal.appender().epoch()).isEqualTo(1);
            assertThat(Writing.append(journal.appender(), 13, 3, 0)).isEqualTo(3);
            assertThat(Writing.append(journal.appender(), 0, 1, 0)).isEqualTo(4);
            assertThat(Writing.append(journal.appender(), JournalRecordDescriptor.MAX_BODY_LENGTH, 2, 4)).isEqualTo(6);
            chain = journal.appender().chain();
        }

        final Collector collector = new Collector();
        final ScanResult result = Writing.scan(directory, collector);
        assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(result.lastSequence()).isEqualTo(6);
        assertThat(result.durableSequence()).isEqualTo(4);
        assertThat(result.chain()).isEqualTo(chain);
        assertThat(result.records()).isEqualTo(4);
        assertThat(collector.records).extracting(Writing.Read::bodyLength)
            .endsWith(16, 0, JournalRecordDescriptor.MAX_BODY_LENGTH);
        assertThat(collector.records).extracting(Writing.Read::firstSequence).containsExactly(1L, 1L, 4L, 5L);
        assertThat(collector.records).extracting(Writing.Read::isEpoch).containsExactly(true, false, false, false);
    }

    @Test
    void shouldContinueSequenceChainAndEpochOverRestarts()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Collector all = new Collector();
        long idHigh = 0;
        for (int epoch = 1; epoch <= 6; epoch++)
        {
            final Collector recovered = new Collector();
            try (Journal journal = Writing.start(Writing.context(directory).rollLength(128 << 10), recovered))
            {
                assertThat(recovered.bytes).isEqualTo(all.bytes);
                assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
                assertThat(journal.appender().epoch()).isEqualTo(epoch);
                assertThat(idHigh == 0 || idHigh == journal.journalIdHigh()).isTrue();
                idHigh = journal.journalIdHigh();
                Writing.appendRandom(journal, random, 200 + random.nextInt(200));
            }
            all.records.clear();
            all.bytes.clear();
            all.bytesBefore = -1;
            final ScanResult result = Writing.scan(directory, all);
            assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(result.lastSequence()).isEqualTo(all.entries());
            assertThat(result.epoch()).isEqualTo(epoch);
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).cycles()).isGreaterThan(3);
    }

    @Test
    void shouldStopAtTheSequenceAskedFor()
    {
        try (Journal journal = Writing.start(directory))
        {
            for (int i = 0; i < 10; i++)
            {
                Writing.append(journal.appender(), 8, 5, 0);
            }
        }

        for (int to = 0; to <= 55; to++)
        {
            final ScanResult result = Journal.scan(Writing.context(directory), RecordHandler.NONE, to);
            assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(result.lastSequence()).isEqualTo(Math.min(50, (to + 4) / 5 * 5));
            assertThat(result.reachedTo()).isEqualTo(to <= 50);
        }
    }

    @Test
    void shouldScanBesideAnOpenJournal()
    {
        try (Journal journal = Writing.start(directory))
        {
            for (int i = 1; i < 100; i++)
            {
                Writing.append(journal.appender(), i, 1, 0);
                final ScanResult result = Writing.scan(directory, RecordHandler.NONE);
                assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
                assertThat(result.lastSequence()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldFindNothingInAnEmptyDirectory()
    {
        assertThat(Writing.scan(directory, RecordHandler.NONE).isEmpty()).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldRefuseWhatNoRecordCanBe()
    {
        try (Journal journal = Writing.start(directory))
        {
            final JournalAppender appender = journal.appender();
            assertThatThrownBy(() -> appender.append(JournalRecordDescriptor.MAX_BODY_LENGTH + 1, 1, 1, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> appender.append(8, 0, 1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> appender.append(8, 1, 1, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(Writing.append(appender, 8, 1, 0)).isEqualTo(1);
        }
    }

    @Test
    void shouldNeitherRepairNorSyncAgainWhenASyncFailsAtTheStart()
    {
        final NoLock lock = new NoLock();
        for (int failing = 1; failing <= 2; failing++)
        {
            final MemoryJournalStore bytes = new MemoryJournalStore();
            final AtomicInteger syncs = new AtomicInteger(failing);
            final JournalStore store = (JournalStore)Proxy.newProxyInstance(
                JournalStore.class.getClassLoader(),
                new Class<?>[]{ JournalStore.class },
                (proxy, method, arguments) ->
                {
                    if (method.getName().equals("sync") && syncs.decrementAndGet() == 0)
                    {
                        throw new JournalException(Verdict.IO_FAULT, "the sync failed");
                    }
                    return method.invoke(bytes, arguments);
                });

            try (Journal journal = Journal.open(new JournalContext().store(store).lock(lock)))
            {
                journal.recover(RecordHandler.NONE);
                assertThatThrownBy(() -> journal.startEpoch(1, 2, 3)).hasMessageContaining("the sync failed");
                assertThat(bytes.cuts).isZero();
                assertThat(syncs).hasValue(0);
                assertThat(journal.appender()).isNull();
            }
        }
    }
}

package io.quipu.journal;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Cycles that checkpoints cover are removed: how many, in which order, and what a process leaves that dies in between.
 */
class RemovalTest
{
    private static final int CYCLES = 5;

    @TempDir
    Path directory;

    private MemoryJournalStore store;
    private MemorySuperblockStore superblocks;
    private JournalPlace place;

    private JournalContext context()
    {
        return new JournalContext().store(store).superblockStore(superblocks).lock(new NoLock());
    }

    private static int firstCycle(final SuperblockStore superblocks)
    {
        return new SuperblockCopies(superblocks).read().newest().firstCycle();
    }

    /** Five cycles; the place is in the fourth. */
    @BeforeEach
    void write()
    {
        store = new MemoryJournalStore();
        superblocks = new MemorySuperblockStore();
        try (Journal journal = Writing.start(context(), RecordHandler.NONE))
        {
            write(journal);
        }
    }

    private void write(final Journal journal)
    {
        for (int i = 1; i <= CYCLES; i++)
        {
            if (i > 1)
            {
                journal.store().roll();
            }
            Writing.append(journal.appender(), 40, 3, 0);
            if (i == CYCLES - 1)
            {
                journal.sync();
                place = new JournalScanner(journal.store(), true)
                    .scan(RecordHandler.NONE, JournalScanner.TO_END).place();
            }
        }
        journal.sync();
    }

    private Journal started(final CrashPoint crashPoint)
    {
        final Journal journal = Journal.open(context().crashPoint(crashPoint));
        journal.recover(RecordHandler.NONE, place);
        journal.startEpoch(1, 0, 0);
        return journal;
    }

    @Test
    void shouldRemoveTheOldestAsFarAsTheyAreNotToBeRetained()
    {
        try (Journal journal = started(CrashPoint.NONE))
        {
            final long all = store.cycles.values().stream().mapToLong(bytes -> bytes.length).sum();
            assertThat(journal.removeBefore(4, all)).isZero();
            assertThat(firstCycle(superblocks)).isEqualTo(1);
            assertThat(journal.removeBefore(4, all - store.length(1))).isEqualTo(1);
            assertThat(store.cycles()).containsExactly(2, 3, 4, 5);
            assertThat(firstCycle(superblocks)).isEqualTo(2);
            assertThat(journal.removeBefore(4, 0)).isEqualTo(2);
            assertThat(store.cycles()).containsExactly(4, 5);
            assertThat(journal.removeBefore(4, 0)).isZero();
            assertThat(firstCycle(superblocks)).isEqualTo(4);
            Writing.append(journal.appender(), 8, 1, 0);
        }
        assertThat(firstCycle(superblocks)).as("kept by later writes").isEqualTo(4);
        started(CrashPoint.NONE).close();

        final ScanResult found = Journal.scan(context(), RecordHandler.NONE, JournalScanner.TO_END);
        assertThat(found.verdict()).isEqualTo(Verdict.GAP);
        assertThat(found.describe()).contains("were removed behind a checkpoint, which a start needs");
    }

    @Test
    void shouldMissTheFileThatACheckpointStandsIn()
    {
        store.delete(4);
        assertThatThrownBy(() -> started(CrashPoint.NONE)).isInstanceOfSatisfying(
            JournalException.class,
            ex ->
            {
                assertThat(ex.verdict()).isEqualTo(Verdict.GAP);
                assertThat(ex).hasMessageContaining("cycle-4").hasMessageContaining("the file is missing");
            });
    }

    @Test
    void shouldBeginWhereTheSuperblockSaysWheneverItDies()
    {
        for (int step = 1; step <= 3; step++)
        {
            write();
            final List<Integer> said = new ArrayList<>();
            final int last = step;
            final Journal dying = started(name ->
            {
                if (name.equals(Journal.BEFORE_REMOVE))
                {
                    said.add(firstCycle(superblocks));
                    if (said.size() == last)
                    {
                        throw new IllegalStateException("died by order of the test");
                    }
                }
            });
            assertThatThrownBy(() -> dying.removeBefore(4, 0)).hasMessageContaining("by order");
            assertThat(said).as("said before the first is gone").hasSize(step).containsOnly(4);
            assertThat(superblocks.durable).isEqualTo(superblocks.bytes);
            assertThat(store.cycles.firstKey()).isEqualTo(step);

            try (Journal journal = started(CrashPoint.NONE))
            {
                assertThat(journal.removeBefore(4, 0)).isEqualTo(4 - step);
                assertThat(firstCycle(superblocks)).isEqualTo(4);
                assertThat(store.cycles()).containsExactly(4, 5);
            }
        }
    }

    @Test
    void shouldRemoveNothingThatTheSuperblockMayStillName()
    {
        final Journal journal = started(CrashPoint.NONE);
        superblocks.fails = true;
        assertThatThrownBy(() -> journal.removeBefore(4, 0)).isInstanceOf(JournalException.class);
        superblocks.fails = false;
        assertThat(store.cycles()).containsExactly(1, 2, 3, 4, 5);
        final int writes = superblocks.writes;
        store.roll();
        Writing.append(journal.appender(), 8, 1, 0);
        assertThatThrownBy(journal::sync).hasMessageContaining("failed before");
        journal.close();
        assertThat(superblocks.writes).isEqualTo(writes);
    }

    /** By another thread, before the one that appends has heard of it. */
    @Test
    void shouldRemoveNothingBehindASyncThatFailed()
    {
        final Journal journal = started(CrashPoint.NONE);
        Writing.append(journal.appender(), 40, 1, 0);
        store.syncFails = true;
        assertThatThrownBy(journal::sync).hasMessageContaining("input/output error");
        store.syncFails = false;
        final int writes = superblocks.writes;

        assertThat(journal.removeBefore(4, 0)).isZero();
        assertThat(store.cycles()).containsExactly(1, 2, 3, 4, 5);
        assertThat(superblocks.writes).isEqualTo(writes);
        journal.close();
    }

    /** Files, under the hands of the queue that appends to the last one. */
    @Test
    void shouldGoOnAppendingWhenFilesAreRemoved()
    {
        try (Journal journal = Writing.start(directory))
        {
            write(journal);
            assertThat(journal.removeBefore(4, 0)).isEqualTo(3);
            assertThat(Journal.firstCycle(directory)).isEqualTo(4);
            for (int i = 0; i < 3; i++)
            {
                Writing.append(journal.appender(), 40, 1, 0);
                journal.store().roll();
                Writing.append(journal.appender(), 40, 1, 0);
                journal.sync();
            }
        }
        for (int start = 0; start < 2; start++)
        {
            try (Journal journal = Journal.open(Writing.context(directory)))
            {
                assertThat(journal.recover(RecordHandler.NONE, place).lastSequence()).isEqualTo(21 + start);
                assertThat(journal.verdict()).isEqualTo(Verdict.CLEAN);
                journal.startEpoch(1, 0, 0);
                Writing.append(journal.appender(), 40, 1, 0);
            }
        }
    }
}

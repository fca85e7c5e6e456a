package io.quipu.engine.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.MemoryJournalStore;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The scanner on a journal of any bytes in two files: it comes to a verdict, throws nothing, and hands over records only
 * that follow each other.
 */
class JournalFuzz
{
    private long lastSequence;

    @FuzzTest(maxDuration = "3m")
    void scan(final byte[] bytes)
    {
        final MemoryJournalStore store = new MemoryJournalStore();
        store.cycles.put(1, bytes.clone());
        scan(store);
        if (bytes.length > 1)
        {
            final int half = bytes.length / 2;
            store.cycles.put(1, Arrays.copyOf(bytes, half));
            store.cycles.put(2, Arrays.copyOfRange(bytes, half, bytes.length));
            scan(store);
        }
    }

    private void scan(final MemoryJournalStore store)
    {
        lastSequence = 0;
        final RecordHandler handler = record ->
        {
            assertThat(record.firstSequence()).isEqualTo(lastSequence + 1);
            lastSequence = record.lastSequence();
        };
        final ScanResult found = new JournalScanner(store, false).scan(handler, JournalScanner.TO_END);
        assertThat(found.lastSequence()).isEqualTo(lastSequence);
        assertThat(found.verdict()).isIn(Verdict.CLEAN, Verdict.TORN_TAIL, Verdict.CORRUPT, Verdict.GAP,
            Verdict.FORMAT_TOO_NEW);
        assertThat(found.describe()).isNotEmpty();
    }
}

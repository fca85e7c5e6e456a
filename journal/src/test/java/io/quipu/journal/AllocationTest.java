package io.quipu.journal;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class AllocationTest
{
    private static final int RECORDS = 100_000;
    private static final int BODY_LENGTH = 64;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    private long allocated()
    {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private long allocatedBy(final JournalAppender appender, final int records)
    {
        final long before = allocated();
        for (int i = 0; i < records; i++)
        {
            Writing.append(appender, BODY_LENGTH, 1, 0);
        }
        return allocated() - before;
    }

    @Test
    void shouldAllocateNothingBetweenChunks()
    {
        final JournalContext context = new JournalContext().directory(directory).blockLength(256 << 20);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            allocatedBy(journal.appender(), 5 * RECORDS);
            final long first = allocatedBy(journal.appender(), RECORDS);
            final long second = allocatedBy(journal.appender(), RECORDS);
            assertThat(journal.store().cycleLength()).isLessThan(256 << 20);
            assertThat(second).as("after " + first).isZero();
        }
    }

    @Test
    void shouldReportWhatAChunkAndARollAllocate()
    {
        final JournalContext context = Writing.context(directory).rollLength(64 << 20);
        try (Journal journal = Writing.start(context, RecordHandler.NONE))
        {
            final JournalAppender appender = journal.appender();
            allocatedBy(appender, 2 * RECORDS);
            final long lengthBefore = journal.store().cycleLength();
            final long chunks = allocatedBy(appender, RECORDS);
            final long chunkCount = (journal.store().cycleLength() - lengthBefore) / context.blockLength();
            journal.store().roll();
            allocatedBy(appender, 1);
            journal.store().roll();
            final long roll = allocatedBy(appender, 1);
            System.out.println("allocated: new chunk " + chunks / chunkCount + " bytes, roll " + roll + " bytes");
            assertThat(chunks / chunkCount).isLessThan(8 << 10);
            assertThat(roll).isLessThan(64 << 10);
        }
    }
}

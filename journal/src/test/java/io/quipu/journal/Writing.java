package io.quipu.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the tests write into journals and read back.
 */
final class Writing
{
    static final int SMALL_BLOCK = JournalRecordDescriptor.MAX_RECORD_LENGTH * 4 + 4096;

    private Writing()
    {
    }

    static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory)
            .blockLength(SMALL_BLOCK)
            .aheadLength(0)
            .engineVersion("test");
    }

    /** Opens, recovers and starts an epoch. */
    static Journal start(final JournalContext context, final RecordHandler handler)
    {
        final Journal journal = Journal.open(context);
        try
        {
            final ScanResult found = journal.recover(handler);
            journal.startEpoch(found.timestampNs() + 1, found.lastSequence(), ~found.lastSequence());
            return journal;
        }
        catch (final RuntimeException ex)
        {
            journal.close();
            throw ex;
        }
    }

    static Journal start(final Path directory)
    {
        return start(context(directory), RecordHandler.NONE);
    }

    /** Appends a record whose bytes follow from its first sequence alone. */
    static long append(final JournalAppender appender, final int bodyLength, final int entryCount, final long durable)
    {
        final long first = appender.nextSequence();
        fill(appender, bodyLength, first);
        return appender.append(bodyLength, entryCount, first * 1000, durable, first - 1, ~(first - 1));
    }

    private static void fill(final JournalAppender appender, final int bodyLength, final long first)
    {
        for (int i = 0; i < bodyLength; i++)
        {
            appender.buffer().putByte(appender.bodyOffset() + i, (byte)(first * 31 + i * 7 + 1));
        }
    }

    /** Random records, some long; nothing is named durable unless it was synced. */
    static void appendRandom(final Journal journal, final Random random, final int count)
    {
        final JournalAppender appender = journal.appender();
        long durable = appender.nextSequence() - 1;
        for (int i = 0; i < count; i++)
        {
            final int shift = random.nextInt(100) == 0 ? 12 : 9;
            final int bodyLength = random.nextInt(1 << shift);
            final long last = append(appender, bodyLength, 1 + random.nextInt(20), durable);
            if (random.nextInt(50) == 0)
            {
                journal.sync();
                durable = last;
            }
        }
    }

    /** Everything that a record says, and whether its body is the one that {@link #append} wrote. */
    record Read(long firstSequence, int entryCount, long timestampNs, int epoch, int bodyLength, boolean isEpoch)
    {
        static Read of(final JournalRecord record)
        {
            return new Read(
                record.firstSequence(),
                record.entryCount(),
                record.timestampNs(),
                record.epoch(),
                record.bodyLength(),
                record.isEpoch());
        }
    }

    /** Collects records, and checks the bytes of each. */
    static final class Collector implements RecordHandler
    {
        final List<Read> records = new ArrayList<>();
        final List<ByteBuffer> bytes = new ArrayList<>();
        long bytesBefore = -1;

        @Override
        public void onRecord(final JournalRecord record)
        {
            records.add(Read.of(record));
            final ByteBuffer copy = ByteBuffer.allocate(record.length());
            record.buffer().getBytes(0, copy, 0, record.length());
            bytes.add(copy);
            if (record.bytesBefore() <= bytesBefore)
            {
                throw new AssertionError("bytes before: " + record.bytesBefore() + " after " + bytesBefore);
            }
            bytesBefore = record.bytesBefore();
        }

        long entries()
        {
            return records.stream().mapToLong(Read::entryCount).sum();
        }
    }

    static ScanResult scan(final Path directory, final RecordHandler handler)
    {
        return Journal.scan(context(directory), handler, JournalScanner.TO_END);
    }
}

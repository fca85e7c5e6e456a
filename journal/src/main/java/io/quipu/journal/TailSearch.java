package io.quipu.journal;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

import static io.quipu.journal.JournalRecordDescriptor.DURABLE_SEQUENCE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;

/**
 * Looks at everything behind the place where a scan stopped: whether anything but zeros is there, and whether records
 * are there that are valid by themselves, found by their magic at each multiple of 4. The highest durable sequence that
 * one of them names tells a torn tail from damage. Reads the rest of the cycle once and every later cycle once.
 */
final class TailSearch
{
    /** No place. */
    static final long NOWHERE = -1;

    private final CycleReader reader;
    private final RecordCheck check;
    private long durableSequence;
    private long records;
    private long lastRemains;

    TailSearch(final CycleReader reader, final RecordCheck check)
    {
        this.reader = reader;
        this.check = check;
    }

    /**
     * @param cycles   of the store.
     * @param lengths  of these.
     * @param from     index of the cycle in which the scan stopped.
     * @param position where to begin in it, a multiple of 4.
     */
    void search(final int[] cycles, final long[] lengths, final int from, final long position)
    {
        durableSequence = 0;
        records = 0;
        lastRemains = NOWHERE;

        for (int i = from; i < cycles.length; i++)
        {
            reader.open(cycles[i], lengths[i]);
            final long remains = searchCycle(i == from ? position : 0);
            if (i == from)
            {
                lastRemains = remains;
            }
        }
    }

    private long searchCycle(final long from)
    {
        long remains = NOWHERE;
        long position = from;
        while (position < reader.limit())
        {
            if (!reader.require(position, Long.BYTES))
            {
                return hasRest(position) ? position : remains;
            }

            final long bits = reader.buffer().getLong(reader.offset(position), ByteOrder.LITTLE_ENDIAN);
            if (bits == 0)
            {
                position += Long.BYTES;
            }
            else
            {
                remains = position;
                position += (int)bits == MAGIC ? recordLength(position) : Integer.BYTES;
            }
        }

        return remains;
    }

    /** Fewer than 8 bytes are left, too few for a record. */
    private boolean hasRest(final long position)
    {
        final int count = reader.fill(position);
        for (int i = 0; i < count; i++)
        {
            if (reader.buffer().getByte(i) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /** Takes note of a valid record and steps over it; steps over the magic alone of another. */
    private long recordLength(final long position)
    {
        if (reader.require(position, HEADER_LENGTH))
        {
            final int length = RecordCheck.plausibleLength(reader.buffer(), reader.offset(position));
            if (length > 0 && reader.require(position, length))
            {
                final UnsafeBuffer buffer = reader.buffer();
                final int offset = reader.offset(position);
                if (check.isCrcValid(reader, offset, length))
                {
                    records++;
                    durableSequence = Math.max(
                        durableSequence, buffer.getLong(offset + DURABLE_SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN));
                    return length;
                }
            }
        }

        return Integer.BYTES;
    }

    /**
     * @return highest durable sequence named by a valid record behind the stop, 0 when there is none.
     */
    long durableSequence()
    {
        return durableSequence;
    }

    /**
     * @return valid records behind the stop.
     */
    long records()
    {
        return records;
    }

    /**
     * @return position of the last bytes behind the stop, in its own cycle, that are not zero, or {@link #NOWHERE}.
     */
    long lastRemains()
    {
        return lastRemains;
    }
}

package io.quipu.journal;

import java.nio.ByteOrder;
import java.util.function.Predicate;

import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;

/**
 * Looks at everything behind the last valid record of a scan: whether anything but zeros is there, and whether records
 * are there that are valid by themselves, found by their magic at each multiple of 4. The highest durable sequence that
 * one of them names tells a torn tail from damage. Reads the rest of the cycle once and every later cycle once.
 */
final class TailSearch
{
    /** No place. */
    static final long NOWHERE = -1;

    private final CycleReader reader;
    private final RecordCheck check;
    private final Predicate<JournalRecord> canFollow;
    private final JournalRecord record = new JournalRecord();
    private long durableSequence;
    private long lastSequence;
    private long records;
    private long remainsEnd;
    private int firstCycle;
    private long firstRecord;

    /**
     * @param reader    of the store.
     * @param check     of records by themselves.
     * @param canFollow whether a record that is valid by itself can be one of this journal, behind the scan's stop. Others
     *                  are somebody's bytes.
     */
    TailSearch(final CycleReader reader, final RecordCheck check, final Predicate<JournalRecord> canFollow)
    {
        this.reader = reader;
        this.check = check;
        this.canFollow = canFollow;
    }

    /**
     * @param cycles       of the store.
     * @param lengths      of these.
     * @param from         index of the cycle to begin with.
     * @param position     where to begin in it, a multiple of 4.
     * @param stopCycle    in which the scan stopped, the same or a later one.
     * @param stopPosition where the scan stopped in it.
     */
    void search(
        final int[] cycles,
        final long[] lengths,
        final int from,
        final long position,
        final int stopCycle,
        final long stopPosition)
    {
        durableSequence = 0;
        lastSequence = 0;
        records = 0;
        remainsEnd = NOWHERE;
        firstRecord = NOWHERE;

        for (int i = from; i < cycles.length; i++)
        {
            reader.open(cycles[i], lengths[i]);
            final long end = searchCycle(i == from ? position : 0);
            if (cycles[i] == stopCycle && end > stopPosition)
            {
                remainsEnd = end;
            }
        }
    }

    /**
     * @param cycle    to look at.
     * @param length   of the cycle.
     * @param position a multiple of 4.
     * @return true when anything but zeros is there.
     */
    boolean hasRemains(final int cycle, final long length, final long position)
    {
        reader.open(cycle, length);
        return searchCycle(position) != NOWHERE;
    }

    /** End of what is not zero, {@link #NOWHERE} when all is. */
    private long searchCycle(final long from)
    {
        long remainsEnd = NOWHERE;
        long position = from;
        while (position < reader.limit())
        {
            if (!reader.require(position, Long.BYTES))
            {
                return hasRest(position) ? reader.limit() : remainsEnd;
            }

            final long bits = reader.buffer().getLong(reader.offset(position), ByteOrder.LITTLE_ENDIAN);
            if (bits == 0)
            {
                position += Long.BYTES;
            }
            else
            {
                final boolean isHere = (int)bits != 0;
                position += (int)bits == MAGIC ? recordLength(position) : Integer.BYTES;
                remainsEnd = isHere ? position : position + Integer.BYTES;
            }
        }

        return remainsEnd;
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
                final int offset = reader.offset(position);
                if (check.isCrcValid(reader, offset, length) &&
                    canFollow.test(record.wrap(reader.buffer(), offset, length)))
                {
                    if (records++ == 0)
                    {
                        firstCycle = reader.cycle();
                        firstRecord = position;
                    }
                    durableSequence = Math.max(durableSequence, record.durableSequence());
                    lastSequence = Math.max(lastSequence, record.lastSequence());
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
     * @return highest sequence of a valid record behind the stop, 0 when there is none.
     */
    long lastSequence()
    {
        return lastSequence;
    }

    /**
     * @return valid records behind the stop.
     */
    long records()
    {
        return records;
    }

    /**
     * @return cycle of the first of these.
     */
    int firstCycle()
    {
        return firstCycle;
    }

    /**
     * @return position of the first of these, or {@link #NOWHERE}.
     */
    long firstRecord()
    {
        return firstRecord;
    }

    /**
     * @return end of the bytes behind the stop, in its cycle, that are not zero, or {@link #NOWHERE}.
     */
    long remainsEnd()
    {
        return remainsEnd;
    }
}

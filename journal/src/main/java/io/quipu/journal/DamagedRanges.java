package io.quipu.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;

/**
 * All places of a journal that are not right, where a scan ends at the first: behind each it goes on at the next record
 * that is valid by itself, found by its magic, CRC and the document's length in front of it. For people who decide on a
 * repair; whether an engine may start is for the scan to say. Reads only; for one thread.
 */
public final class DamagedRanges
{
    private static final long NOWHERE = -1;

    private final JournalStore store;
    private final CycleReader reader;
    private final RecordCheck check = new RecordCheck();
    private final JournalRecord record = new JournalRecord();
    private final List<Range> ranges = new ArrayList<>();

    private boolean isOpen;
    private String openFile;
    private long openFrom;
    private long openTo;
    private long lastSequence;
    private int chain;

    /**
     * Bytes that hold no valid record, or a place where records are missing.
     *
     * @param file          that they stand in.
     * @param from          offset of the first.
     * @param to            offset behind the last; the same where something is missing in between.
     * @param firstSequence of the entries that are lost with them, 0 when none are.
     * @param lastSequence  of these, 0 when that is not known: no valid record follows.
     */
    public record Range(String file, long from, long to, long firstSequence, long lastSequence)
    {
    }

    private DamagedRanges(final JournalStore store, final long longest)
    {
        this.store = store;
        reader = new CycleReader(store, longest);
    }

    /**
     * Looks at a whole journal.
     *
     * @param context concluded here; its store is closed.
     * @return the ranges in the order of the journal; none when all is right.
     */
    public static List<Range> of(final JournalContext context)
    {
        context.conclude();
        try (JournalStore store = context.store())
        {
            final int[] cycles = store.cycles();
            final long longest = Arrays.stream(cycles).mapToLong(store::length).max().orElse(0);
            final DamagedRanges damaged = new DamagedRanges(store, Math.max(longest, HEADER_LENGTH));
            try (CycleReader toClose = damaged.reader)
            {
                damaged.look(cycles);
            }
            return damaged.ranges;
        }
    }

    private void look(final int[] cycles)
    {
        for (int i = 0; i < cycles.length; i++)
        {
            if (i > 0 && cycles[i] != cycles[i - 1] + 1)
            {
                open(store.name(cycles[i - 1] + 1), 0);
            }
            final long limit = store.length(cycles[i]);
            reader.open(cycles[i], limit);
            walk(store.name(cycles[i]), limit);
        }
        if (isOpen)
        {
            add(0);
        }
    }

    private void walk(final String file, final long limit)
    {
        long position = 0;
        while (position < limit)
        {
            final int word =
                reader.require(position, Documents.HEADER_LENGTH) ? reader.word(position) : Documents.NOTHING;
            if (isRecord(position, word))
            {
                take(file, position);
                position = Documents.next(position, Documents.length(word));
            }
            else if (isMetadata(position, word))
            {
                position = Documents.next(position, Documents.length(word));
            }
            else
            {
                final long next = nextRecord(position);
                if (next == NOWHERE)
                {
                    endWalk(file, position, word, limit);
                    return;
                }
                open(file, position);
                position = next;
            }
        }
    }

    /** No record follows in this file: its end, or bytes that are none. */
    private void endWalk(final String file, final long position, final int word, final long limit)
    {
        if (word == Documents.END_OF_CYCLE)
        {
            return;
        }

        final long end = endOfRemains(position, limit);
        if (end != NOWHERE)
        {
            open(file, position);
            openTo = openFile.equals(file) ? end : openTo;
        }
    }

    private void take(final String file, final long position)
    {
        if (!isOpen && record.previousChain() != chain)
        {
            open(file, position);
        }
        if (isOpen)
        {
            openTo = openFile.equals(file) ? position : openTo;
            add(record.firstSequence() - 1);
        }
        lastSequence = record.lastSequence();
        chain = record.chain();
    }

    private void open(final String file, final long position)
    {
        if (!isOpen)
        {
            isOpen = true;
            openFile = file;
            openFrom = position;
            openTo = position;
        }
    }

    private void add(final long last)
    {
        final boolean isLost = last == 0 || last > lastSequence;
        ranges.add(new Range(openFile, openFrom, openTo, isLost ? lastSequence + 1 : 0, isLost ? last : 0));
        isOpen = false;
    }

    private boolean isRecord(final long position, final int word)
    {
        final int length = Documents.length(word);
        if (word == Documents.NOTHING || Documents.isIncomplete(word) || Documents.isMetadata(word) ||
            !reader.require(position, Documents.HEADER_LENGTH + HEADER_LENGTH))
        {
            return false;
        }

        final int plausible =
            RecordCheck.plausibleLength(reader.buffer(), reader.offset(position) + Documents.HEADER_LENGTH);
        if (plausible != length || !reader.require(position, Documents.HEADER_LENGTH + length))
        {
            return false;
        }

        final int offset = reader.offset(position) + Documents.HEADER_LENGTH;
        if (!check.isCrcValid(reader, offset, length))
        {
            return false;
        }

        record.wrap(reader.buffer(), offset, length);
        return record.firstSequence() > lastSequence;
    }

    private boolean isMetadata(final long position, final int word)
    {
        final int length = Documents.length(word);
        return word != Documents.END_OF_CYCLE &&
            Documents.isMetadata(word) &&
            !Documents.isIncomplete(word) &&
            Documents.next(position, length) <= reader.limit() &&
            reader.require(position, 2 * Documents.HEADER_LENGTH) &&
            reader.word(position + Documents.HEADER_LENGTH) != MAGIC;
    }

    /** Document of the next valid record behind a place. */
    private long nextRecord(final long from)
    {
        long position = from + Documents.ALIGNMENT;
        while (reader.require(position, Documents.HEADER_LENGTH + Integer.BYTES))
        {
            if (reader.word(position + Documents.HEADER_LENGTH) == MAGIC && isRecord(position, reader.word(position)))
            {
                return position;
            }
            position += Documents.ALIGNMENT;
        }

        return NOWHERE;
    }

    private long endOfRemains(final long from, final long limit)
    {
        long end = NOWHERE;
        long position = from;
        while (position < limit)
        {
            final int count = reader.fill(position);
            for (int i = 0; i < count; i++)
            {
                if (reader.buffer().getByte(i) != 0)
                {
                    end = position + i + 1;
                }
            }
            position += Math.max(1, count);
        }

        return end;
    }
}

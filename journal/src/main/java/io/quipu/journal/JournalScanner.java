package io.quipu.journal;

import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.MessageHeaderDecoder;
import io.quipu.journal.ScanResult.Damage;

import java.util.Arrays;

import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_ENTRIES;
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;
import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MIN_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.VERSION;

/**
 * Reads a journal as bytes and trusts nothing but length, CRC, chain and sequence: walks the documents of each cycle,
 * hands valid records over in order, and at the first place that is not right looks at everything behind it, to tell
 * where a process or machine stopped from damage.
 * <p>
 * A record that cannot be read is a torn tail unless something shows that it was durable: a record anywhere names a
 * durable sequence at or past the one that was expected there. Records that are valid but stand where no crash can have
 * put them (in the wrong cycle, behind another end of cycle than their own) are damage whatever they name.
 * <p>
 * For one thread; may be used again. Changes nothing in the store.
 */
public final class JournalScanner
{
    /** Scans to the end. */
    public static final long TO_END = Long.MAX_VALUE;

    /** What ended the walk through a cycle. */
    private enum Stop
    {
        /** No document is written yet here, or the file ends. */
        NOTHING,
        /** The mark that Chronicle sets when it rolls. */
        END_OF_CYCLE,
        /** A document was begun. */
        INCOMPLETE,
        /** A document would end behind the end of the file, as long as it was when the scan began. */
        BEYOND,
        /** No valid record stands here. */
        DAMAGED,
        /** A valid record stands here that does not follow what was read before. */
        UNLINKED,
        /** A valid record stands here that cannot have been written here. */
        MISPLACED,
        TOO_NEW,
        REACHED
    }

    private final JournalStore store;
    private final boolean isBesideWriter;
    private final RecordCheck check = new RecordCheck();
    private final JournalRecord record = new JournalRecord();
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final EpochStartDecoder epochStart = new EpochStartDecoder();

    private CycleReader reader;
    private int[] cycles;
    private long[] lengths;
    private RecordHandler handler;
    private long toSequence;

    private long lastSequence;
    private int chain;
    private int epoch;
    private long timestampNs;
    private long durableSequence;
    private long journalIdHigh;
    private long journalIdLow;
    private long records;
    private long bytes;
    private long bytesBefore;
    private int endCycle;
    private long endPosition;
    private long endRecords;
    private int stopCycle;
    private long stopPosition;
    private int stopWord;
    private String reason;

    /**
     * @param store          to read.
     * @param isBesideWriter true when an engine may be appending: an incomplete last document is then simply the end.
     */
    public JournalScanner(final JournalStore store, final boolean isBesideWriter)
    {
        this.store = store;
        this.isBesideWriter = isBesideWriter;
    }

    /**
     * Reads all records from the first, in the cycles that there are when the scan starts, or up to a sequence.
     *
     * @param handler    takes each valid record.
     * @param toSequence records behind the one that holds this sequence are not handed over; {@link #TO_END} for all.
     * @return what was found.
     */
    public ScanResult scan(final RecordHandler handler, final long toSequence)
    {
        return scan(handler, toSequence, null);
    }

    /**
     * Reads the records behind an earlier scan.
     *
     * @param handler    takes each valid record.
     * @param toSequence records behind the one that holds this sequence are not handed over.
     * @param start      where the earlier scan ended, clean; null to start with the first record.
     * @return what was found, the records of the earlier scan counted too.
     */
    ScanResult scan(final RecordHandler handler, final long toSequence, final ScanResult start)
    {
        this.handler = handler;
        this.toSequence = toSequence;
        startFrom(start);
        listCycles(start);
        try (CycleReader newReader = new CycleReader(store))
        {
            reader = newReader;
            return scanCycles(start);
        }
        finally
        {
            reader = null;
        }
    }

    private void startFrom(final ScanResult start)
    {
        lastSequence = start == null ? 0 : start.lastSequence();
        chain = start == null ? 0 : start.chain();
        epoch = start == null ? 0 : start.epoch();
        timestampNs = start == null ? 0 : start.timestampNs();
        durableSequence = start == null ? 0 : start.durableSequence();
        journalIdHigh = start == null ? 0 : start.journalIdHigh();
        journalIdLow = start == null ? 0 : start.journalIdLow();
        records = start == null ? 0 : start.records();
        bytes = start == null ? 0 : start.bytes();
        bytesBefore = 0;
        endCycle = start == null ? JournalStore.NULL_CYCLE : start.endCycle();
        endPosition = start == null ? 0 : start.endPosition();
        endRecords = start == null ? 0 : start.endRecords();
        reason = null;
    }

    private void listCycles(final ScanResult start)
    {
        cycles = store.cycles();
        lengths = new long[cycles.length];
        long total = 0;
        for (int i = 0; i < cycles.length; i++)
        {
            lengths[i] = store.length(cycles[i]);
            total += lengths[i];
        }
        if (start == null)
        {
            handler.onStart(total);
        }
    }

    private ScanResult scanCycles(final ScanResult start)
    {
        for (int i = 1; i < cycles.length; i++)
        {
            if (cycles[i] != cycles[i - 1] + 1)
            {
                final String missing = store.name(cycles[i - 1] + 1);
                return result(Verdict.GAP, new Damage(missing, 0, Damage.NULL_SEQUENCE, "the file is missing"));
            }
        }

        Stop stop = Stop.NOTHING;
        for (int i = 0; i < cycles.length; i++)
        {
            final boolean isStart = start != null && cycles[i] == start.endCycle();
            if (start == null || isStart || cycles[i] > start.endCycle())
            {
                final Stop previousStop = stop;
                stop = walk(i, isStart ? start.endPosition() : 0, isStart ? start.endRecords() : 0, previousStop);
                final boolean isLast = i == cycles.length - 1;
                if (stop != Stop.END_OF_CYCLE && (stop != Stop.NOTHING || isLast))
                {
                    return judge(stop, i, previousStop);
                }
            }
            bytesBefore += lengths[i];
        }

        return result(Verdict.CLEAN, null);
    }

    /** Walks the documents of a cycle; returns at the first that is not a valid record or metadata. */
    private Stop walk(final int index, final long from, final long fromRecords, final Stop previousStop)
    {
        final int cycle = cycles[index];
        reader.open(cycle, lengths[index]);
        long position = from;
        long cycleRecords = fromRecords;

        while (true)
        {
            final Stop stop = step(cycle, position);
            if (stop != null)
            {
                // What should stand before an unlinked first record is missing where the cycle before it stopped.
                final boolean isBehindHole = stop == Stop.UNLINKED && cycleRecords == 0 &&
                    previousStop == Stop.NOTHING && index > 0;
                if (!isBehindHole)
                {
                    stopCycle = cycle;
                    stopPosition = position;
                }
                if (cycleRecords > 0)
                {
                    endCycle = cycle;
                    endPosition = position;
                    endRecords = cycleRecords;
                }
                return stop;
            }

            final int word = reader.word(position);
            if (!Documents.isMetadata(word))
            {
                cycleRecords++;
            }
            position = Documents.next(position, Documents.length(word));
        }
    }

    /** Looks at one document; null when the walk goes on behind it. The document's header is then in the window. */
    private Stop step(final int cycle, final long position)
    {
        if (lastSequence >= toSequence)
        {
            return Stop.REACHED;
        }

        final int word = reader.require(position, Documents.HEADER_LENGTH) ? reader.word(position) : Documents.NOTHING;
        stopWord = word;
        if (word == Documents.NOTHING)
        {
            return Stop.NOTHING;
        }
        if (word == Documents.END_OF_CYCLE)
        {
            return Stop.END_OF_CYCLE;
        }
        if (Documents.isIncomplete(word))
        {
            return stop(Stop.INCOMPLETE, "a document was not completed");
        }

        final int length = Documents.length(word);
        if (Documents.next(position, length) > reader.limit())
        {
            return stop(Stop.BEYOND, "a document of " + length + " bytes reaches behind the end of the file");
        }

        return Documents.isMetadata(word) ? stepMetadata(position, length) : stepRecord(cycle, position, length);
    }

    private Stop stepMetadata(final long position, final int length)
    {
        final int least = 2 * Integer.BYTES;
        if (length < least || !reader.require(position, Documents.HEADER_LENGTH + least))
        {
            return stop(Stop.DAMAGED, "a metadata document of " + length + " bytes");
        }

        return reader.word(position + Documents.HEADER_LENGTH) == MAGIC ?
            stop(Stop.DAMAGED, "a record marked as metadata") : null;
    }

    private Stop stepRecord(final int cycle, final long position, final int length)
    {
        if (length < MIN_RECORD_LENGTH || length > MAX_RECORD_LENGTH)
        {
            return stop(Stop.DAMAGED, "a document of " + length + " bytes is no record");
        }
        if (!reader.require(position, Documents.HEADER_LENGTH + length))
        {
            return stop(Stop.DAMAGED, "the file ends within a record");
        }

        final int offset = reader.offset(position) + Documents.HEADER_LENGTH;
        if (RecordCheck.plausibleLength(reader.buffer(), offset) != length)
        {
            return stop(Stop.DAMAGED, "no record header");
        }
        if (!check.isCrcValid(reader, offset, length))
        {
            return stop(Stop.DAMAGED, "the CRC of a record does not agree");
        }

        record.wrap(reader.buffer(), offset, length).place(cycle, position, bytesBefore + position);
        final Stop stop = verify(cycle);
        return stop == null ? take() : stop;
    }

    /** A record that is valid by itself: whether it stands where it belongs. */
    private Stop verify(final int cycle)
    {
        if (record.version() > VERSION)
        {
            return stop(Stop.TOO_NEW, "record version " + record.version() + ", this program reads up to " + VERSION);
        }
        if (record.writtenCycle() != cycle)
        {
            return stop(Stop.MISPLACED, "a record of " + store.name(record.writtenCycle()));
        }
        if (record.firstSequence() != lastSequence + 1)
        {
            return stop(Stop.UNLINKED, "a record with sequence " + record.firstSequence());
        }
        if (record.previousChain() != chain)
        {
            return stop(Stop.UNLINKED, "a record that does not continue the one before");
        }

        switch (record.kind())
        {
            case KIND_ENTRIES:
                return record.entryCount() > 0 && record.epoch() == epoch && records > 0 ? null : stop(
                    Stop.MISPLACED, "a record of " + record.entryCount() + " entries in epoch " + record.epoch());

            case KIND_EPOCH:
                return verifyEpoch();

            default:
                return stop(Stop.MISPLACED, "a record of kind " + record.kind());
        }
    }

    private Stop verifyEpoch()
    {
        messageHeader.wrap(record.buffer(), HEADER_LENGTH);
        final int least = MessageHeaderDecoder.ENCODED_LENGTH + EpochStartDecoder.BLOCK_LENGTH;
        if (record.bodyLength() < least ||
            messageHeader.schemaId() != EpochStartDecoder.SCHEMA_ID ||
            messageHeader.templateId() != EpochStartDecoder.TEMPLATE_ID ||
            messageHeader.blockLength() < EpochStartDecoder.BLOCK_LENGTH)
        {
            return stop(Stop.MISPLACED, "an epoch record without an EpochStart message");
        }
        if (messageHeader.version() > EpochStartDecoder.SCHEMA_VERSION)
        {
            return stop(Stop.TOO_NEW, "storage schema version " + messageHeader.version());
        }

        epochStart.wrap(
            record.buffer(),
            HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH,
            messageHeader.blockLength(),
            messageHeader.version());
        if (records > 0 &&
            (epochStart.journalIdHigh() != journalIdHigh || epochStart.journalIdLow() != journalIdLow))
        {
            return stop(Stop.MISPLACED, "a record of another journal");
        }
        if (record.entryCount() != 0 || record.epoch() != epoch + 1 ||
            epochStart.continuesSequence() != lastSequence || (int)epochStart.continuesChain() != chain)
        {
            return stop(Stop.MISPLACED, "epoch " + record.epoch() + " does not continue epoch " + epoch);
        }

        return null;
    }

    private Stop take()
    {
        if (record.isEpoch())
        {
            journalIdHigh = epochStart.journalIdHigh();
            journalIdLow = epochStart.journalIdLow();
        }

        handler.onRecord(record);

        lastSequence = record.lastSequence();
        chain = record.chain();
        epoch = record.epoch();
        timestampNs = record.timestampNs();
        durableSequence = Math.max(durableSequence, record.durableSequence());
        records++;
        bytes += record.length();

        return null;
    }

    private Stop stop(final Stop stop, final String reason)
    {
        this.reason = reason;
        return stop;
    }

    private ScanResult judge(final Stop stop, final int index, final Stop previousStop)
    {
        switch (stop)
        {
            case REACHED:
                return result(Verdict.CLEAN, null);

            case TOO_NEW:
                return result(Verdict.FORMAT_TOO_NEW, damage());

            case MISPLACED:
                return result(Verdict.CORRUPT, damage());

            case UNLINKED:
                if (stopCycle == cycles[index] && endCycle != stopCycle &&
                    (previousStop == Stop.END_OF_CYCLE || records == 0))
                {
                    return result(record.firstSequence() > lastSequence + 1 ? Verdict.GAP : Verdict.CORRUPT, damage());
                }
                break;

            default:
                break;
        }

        return judgeTail(stop, Arrays.binarySearch(cycles, stopCycle));
    }

    /** The bytes here may be what a stopped process or machine left: what stands behind them decides. */
    private ScanResult judgeTail(final Stop stop, final int index)
    {
        final TailSearch search = new TailSearch(reader, check);
        search.search(cycles, lengths, index, stopPosition);
        final boolean isBare = index == cycles.length - 1 && search.lastRemains() == TailSearch.NOWHERE;
        if (stop == Stop.NOTHING && isBare || isBesideWriter && isWriterAt(stop, index, search.lastRemains()))
        {
            return result(Verdict.CLEAN, null);
        }

        if (stop == Stop.NOTHING)
        {
            reason = "bytes behind the last record";
        }
        durableSequence = Math.max(durableSequence, search.durableSequence());

        return result(durableSequence > lastSequence ? Verdict.CORRUPT : Verdict.TORN_TAIL, damage());
    }

    /** Whether a running engine was writing just here: then this is the end, as it was when the scan came to it. */
    private boolean isWriterAt(final Stop stop, final int index, final long lastRemains)
    {
        if (index != cycles.length - 1 || stop != Stop.NOTHING && stop != Stop.INCOMPLETE && stop != Stop.BEYOND)
        {
            return false;
        }
        if (stop == Stop.BEYOND)
        {
            return store.length(cycles[index]) != lengths[index];
        }

        reader.open(cycles[index], lengths[index]);
        final int word = reader.require(stopPosition, Documents.HEADER_LENGTH) ?
            reader.word(stopPosition) : Documents.NOTHING;

        return word != stopWord || lastRemains <= Documents.next(stopPosition, MAX_RECORD_LENGTH);
    }

    private Damage damage()
    {
        return new Damage(store.name(stopCycle), stopPosition, lastSequence + 1, reason);
    }

    private ScanResult result(final Verdict verdict, final Damage damage)
    {
        return new ScanResult(
            verdict,
            lastSequence,
            chain,
            epoch,
            timestampNs,
            durableSequence,
            journalIdHigh,
            journalIdLow,
            records,
            bytes,
            cycles.length,
            endCycle,
            endPosition,
            endRecords,
            lastSequence >= toSequence,
            damage);
    }
}

package io.quipu.journal;

import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.MessageHeaderDecoder;

import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_ENTRIES;
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.MARKED_VERSION;
import static io.quipu.journal.JournalRecordDescriptor.VERSION;
import static io.quipu.journal.JournalRecordDescriptor.mark;
import static io.quipu.journal.JournalRecordDescriptor.markKey;

/**
 * The end of the chain of records read so far, and whether the next one continues it: sequence, chain value, epoch,
 * journal, cycle.
 */
final class RecordLinks
{
    private final JournalStore store;
    private final int logicVersion;
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final EpochStartDecoder epochStart = new EpochStartDecoder();
    private long lastSequence;
    private int chain;
    private int epoch;
    private long timestampNs;
    private long durableSequence;
    private long journalIdHigh;
    private long journalIdLow;
    private long records;
    private long bytes;
    private int version;
    private String reason;

    /**
     * @param store        that records are read from.
     * @param logicVersion highest that is understood.
     */
    RecordLinks(final JournalStore store, final int logicVersion)
    {
        this.store = store;
        this.logicVersion = logicVersion;
    }

    /**
     * @param start the chain goes on from here.
     */
    void start(final JournalPlace start)
    {
        lastSequence = start.sequence();
        chain = start.chain();
        epoch = start.epoch();
        timestampNs = start.timestampNs();
        durableSequence = 0;
        journalIdHigh = start.journalIdHigh();
        journalIdLow = start.journalIdLow();
        records = start.records();
        bytes = start.bytes();
        version = 0;
    }

    /**
     * @param record valid by itself.
     * @return null when it stands where it belongs; what it is otherwise.
     */
    Stop verify(final JournalRecord record)
    {
        if (record.version() > VERSION)
        {
            return stop(Stop.TOO_NEW, "record version " + record.version() + ", this program reads up to " + VERSION);
        }
        if (record.writtenCycle() != record.cycle())
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
                if (!isMarked(record, journalIdHigh, journalIdLow))
                {
                    return stop(Stop.MISPLACED, "a record with the mark of another journal");
                }
                return record.entryCount() > 0 && record.epoch() == epoch && records > 0 ? null : stop(
                    Stop.MISPLACED, "a record of " + record.entryCount() + " entries in epoch " + record.epoch());

            case KIND_EPOCH:
                return verifyEpoch(record);

            default:
                return stop(Stop.MISPLACED, "a record of kind " + record.kind());
        }
    }

    private Stop verifyEpoch(final JournalRecord record)
    {
        messageHeader.wrap(record.buffer(), HEADER_LENGTH);
        final int blockLength = messageHeader.version() < EpochStartDecoder.givenUpToSinceVersion() ?
            EpochStartDecoder.givenUpToEncodingOffset() : EpochStartDecoder.BLOCK_LENGTH;
        if (record.bodyLength() < MessageHeaderDecoder.ENCODED_LENGTH + blockLength ||
            messageHeader.schemaId() != EpochStartDecoder.SCHEMA_ID ||
            messageHeader.templateId() != EpochStartDecoder.TEMPLATE_ID ||
            messageHeader.blockLength() < blockLength)
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
        if (epochStart.logicVersion() > logicVersion)
        {
            return stop(Stop.TOO_NEW,
                "logic version " + epochStart.logicVersion() + ", this program follows up to " + logicVersion);
        }
        if (!isMarked(record, epochStart.journalIdHigh(), epochStart.journalIdLow()))
        {
            return stop(Stop.MISPLACED, "an epoch record with the mark of another journal");
        }
        if (record.entryCount() != 0 || record.epoch() <= epoch ||
            epochStart.continuesSequence() != lastSequence || (int)epochStart.continuesChain() != chain)
        {
            return stop(Stop.MISPLACED, "epoch " + record.epoch() + " does not continue epoch " + epoch);
        }

        return null;
    }

    static boolean isMarked(final JournalRecord record, final long idHigh, final long idLow)
    {
        return record.version() < MARKED_VERSION ||
            record.mark() == mark(markKey(idHigh, idLow), record.firstSequence());
    }

    /**
     * @param record   valid by itself, that no document leads to.
     * @param idHigh   of the journal, as known when no record was read.
     * @param idLow    of the journal.
     * @param isIdKnown whether it is.
     * @return false when the journal cannot have had this record behind the last one read: bytes of a client, that look
     * like one.
     */
    boolean canFollow(final JournalRecord record, final long idHigh, final long idLow, final boolean isIdKnown)
    {
        if (record.version() < MARKED_VERSION)
        {
            return version < MARKED_VERSION;
        }

        return records > 0 ? isMarked(record, journalIdHigh, journalIdLow) :
            !isIdKnown || isMarked(record, idHigh, idLow);
    }

    /**
     * @param record that the chain goes on behind, which was read.
     */
    void onStartRecord(final JournalRecord record)
    {
        version = record.version();
    }

    /**
     * @param record that {@link #verify} found in its place just before.
     */
    void take(final JournalRecord record)
    {
        if (record.isEpoch())
        {
            journalIdHigh = epochStart.journalIdHigh();
            journalIdLow = epochStart.journalIdLow();
        }
        lastSequence = record.lastSequence();
        chain = record.chain();
        epoch = record.epoch();
        timestampNs = record.timestampNs();
        version = Math.max(version, record.version());
        alsoDurable(record.durableSequence());
        records++;
        bytes += record.length();
    }

    /**
     * @param sequence that a valid record names as durable.
     */
    void alsoDurable(final long sequence)
    {
        durableSequence = Math.max(durableSequence, sequence);
    }

    private Stop stop(final Stop stop, final String why)
    {
        reason = why;
        return stop;
    }

    /**
     * @return for people: why {@link #verify} found a record out of place.
     */
    String reason()
    {
        return reason;
    }

    long lastSequence()
    {
        return lastSequence;
    }

    int chain()
    {
        return chain;
    }

    int epoch()
    {
        return epoch;
    }

    long timestampNs()
    {
        return timestampNs;
    }

    long durableSequence()
    {
        return durableSequence;
    }

    long journalIdHigh()
    {
        return journalIdHigh;
    }

    long journalIdLow()
    {
        return journalIdLow;
    }

    long records()
    {
        return records;
    }

    long bytes()
    {
        return bytes;
    }

    /**
     * @return highest version of a record read, 0 before the first.
     */
    int version()
    {
        return version;
    }
}

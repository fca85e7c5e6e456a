package io.quipu.journal;

import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.MessageHeaderDecoder;

import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_ENTRIES;
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.VERSION;

/**
 * The end of the chain of records read so far, and whether the next one continues it: sequence, chain value, epoch,
 * journal, cycle.
 */
final class RecordLinks
{
    private final JournalStore store;
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
    private String reason;

    RecordLinks(final JournalStore store)
    {
        this.store = store;
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
}

package io.quipu.journal;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import static io.quipu.journal.JournalRecordDescriptor.CRC_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.CYCLE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.DIGEST_HIGH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.DIGEST_LOW_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.DURABLE_SEQUENCE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.ENTRY_COUNT_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.EPOCH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.FIRST_SEQUENCE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_ENTRIES;
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.LENGTH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MARK_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MAX_BODY_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.PREVIOUS_CHAIN_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.TIMESTAMP_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.VERSION;
import static io.quipu.journal.JournalRecordDescriptor.VERSION_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.computeChain;
import static io.quipu.journal.JournalRecordDescriptor.mark;
import static io.quipu.journal.JournalRecordDescriptor.recordLength;

/**
 * Writes records: the caller builds a body in {@link #buffer()} from {@link #bodyOffset()} on, then appends it; header,
 * sequence, chain, CRC and the roll to the next cycle are added here. For the sequencer thread alone. Allocates
 * nothing, but what the store needs for a new chunk or cycle.
 * <p>
 * After an exception from an append nothing more can be appended: the sequence and chain in memory are no longer those
 * of the file.
 */
public final class JournalAppender
{
    /** Passed before a record is handed to the store. */
    public static final String BEFORE_APPEND = "journal.append.before";
    /** Passed after the store took a record. */
    public static final String AFTER_APPEND = "journal.append.after";

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final JournalStore store;
    private final CrashPoint crashPoint;
    private final long rollLength;
    private final long markKey;
    private final AppendedPlace appended = new AppendedPlace();
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final CRC32C crc = new CRC32C();
    private long nextSequence;
    private int chain;
    private int epoch;
    private boolean isFailed;

    /**
     * @param store        open for append.
     * @param crashPoint   told of the places passed.
     * @param rollLength   a cycle that would grow longer than this is followed by the next.
     * @param markKey      of the journal, see {@link JournalRecordDescriptor#markKey}.
     * @param nextSequence that the next entry takes.
     * @param chain        of the last record.
     * @param epoch        that records are written in.
     */
    JournalAppender(
        final JournalStore store,
        final CrashPoint crashPoint,
        final long rollLength,
        final long markKey,
        final long nextSequence,
        final int chain,
        final int epoch)
    {
        this.store = store;
        this.crashPoint = crashPoint;
        this.rollLength = rollLength;
        this.markKey = markKey;
        this.nextSequence = nextSequence;
        this.chain = chain;
        this.epoch = epoch;
        bytes = BufferUtil.allocateDirectAligned(MAX_RECORD_LENGTH, BitUtil.CACHE_LINE_LENGTH).order(ORDER);
        buffer = new UnsafeBuffer(bytes);
    }

    /**
     * @return where the caller builds a body; off-heap.
     */
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * @return where a body starts in {@link #buffer()}: a multiple of 8.
     */
    public int bodyOffset()
    {
        return HEADER_LENGTH;
    }

    /**
     * @return the longest body.
     */
    public int maxBodyLength()
    {
        return MAX_BODY_LENGTH;
    }

    /**
     * @return the sequence that the next entry takes.
     */
    public long nextSequence()
    {
        return nextSequence;
    }

    /**
     * @return chain value of the last record.
     */
    public int chain()
    {
        return chain;
    }

    /**
     * @return epoch that records are written in.
     */
    public int epoch()
    {
        return epoch;
    }

    /**
     * @return the last record appended; for the syncing thread.
     */
    AppendedPlace appended()
    {
        return appended;
    }

    /**
     * @return true when an append failed: its record may stand in the file.
     */
    boolean isFailed()
    {
        return isFailed;
    }

    /**
     * Appends the body in {@link #buffer()} as one record of entries.
     *
     * @param bodyLength      of the body; padded here with zeros to a multiple of 8.
     * @param entryCount      sequences that its entries take, at least 1.
     * @param timestampNs     journaled time of the entries.
     * @param durableSequence as known now.
     * @param digestHigh      high lane of the digest of the state before this record.
     * @param digestLow       low lane.
     * @return sequence of the last entry.
     */
    public long append(
        final int bodyLength,
        final int entryCount,
        final long timestampNs,
        final long durableSequence,
        final long digestHigh,
        final long digestLow)
    {
        if (entryCount < 1)
        {
            throw new IllegalArgumentException("entryCount=" + entryCount);
        }

        appendRecord(KIND_ENTRIES, bodyLength, entryCount, timestampNs, durableSequence, digestHigh, digestLow);
        nextSequence += entryCount;

        return nextSequence - 1;
    }

    /**
     * Appends the body in {@link #buffer()}, an EpochStart message, as the record that starts this epoch.
     *
     * @param bodyLength      of the message.
     * @param timestampNs     journaled time.
     * @param durableSequence as known now.
     * @param digestHigh      high lane of the digest of the state.
     * @param digestLow       low lane.
     */
    public void appendEpoch(
        final int bodyLength,
        final long timestampNs,
        final long durableSequence,
        final long digestHigh,
        final long digestLow)
    {
        appendRecord(KIND_EPOCH, bodyLength, 0, timestampNs, durableSequence, digestHigh, digestLow);
    }

    private void appendRecord(
        final int kind,
        final int bodyLength,
        final int entryCount,
        final long timestampNs,
        final long durableSequence,
        final long digestHigh,
        final long digestLow)
    {
        if (bodyLength < 0 || bodyLength > MAX_BODY_LENGTH)
        {
            throw new IllegalArgumentException("bodyLength=" + bodyLength + " is not within 0.." + MAX_BODY_LENGTH);
        }
        if (durableSequence >= nextSequence)
        {
            throw new IllegalArgumentException("durableSequence=" + durableSequence + " nextSequence=" + nextSequence);
        }
        if (isFailed)
        {
            throw new JournalException(Verdict.IO_FAULT, "an append failed before; start the engine again");
        }

        isFailed = true;
        final int length = recordLength(bodyLength);
        if (store.cycleLength() > 0 && store.cycleLength() + length + Integer.BYTES > rollLength)
        {
            store.roll();
        }

        final UnsafeBuffer buffer = this.buffer;
        buffer.putInt(MAGIC_OFFSET, MAGIC, ORDER);
        buffer.putShort(VERSION_OFFSET, (short)VERSION, ORDER);
        buffer.putShort(KIND_OFFSET, (short)kind, ORDER);
        buffer.putInt(LENGTH_OFFSET, length, ORDER);
        buffer.putInt(ENTRY_COUNT_OFFSET, entryCount, ORDER);
        buffer.putLong(FIRST_SEQUENCE_OFFSET, nextSequence, ORDER);
        buffer.putLong(TIMESTAMP_OFFSET, timestampNs, ORDER);
        buffer.putLong(DURABLE_SEQUENCE_OFFSET, durableSequence, ORDER);
        buffer.putLong(DIGEST_HIGH_OFFSET, digestHigh, ORDER);
        buffer.putLong(DIGEST_LOW_OFFSET, digestLow, ORDER);
        buffer.putInt(EPOCH_OFFSET, epoch, ORDER);
        buffer.putInt(PREVIOUS_CHAIN_OFFSET, chain, ORDER);
        buffer.putInt(CYCLE_OFFSET, store.cycle(), ORDER);
        buffer.putInt(MARK_OFFSET, mark(markKey, nextSequence), ORDER);

        final int bodyEnd = HEADER_LENGTH + bodyLength;
        buffer.setMemory(bodyEnd, length - CRC_LENGTH - bodyEnd, (byte)0);
        final int crcValue = computeChain(crc, bytes, 0, length, chain);
        buffer.putInt(length - CRC_LENGTH, crcValue, ORDER);

        crashPoint.reached(BEFORE_APPEND);
        store.append(buffer, 0, length);
        crashPoint.reached(AFTER_APPEND);

        chain = crcValue;
        appended.set(nextSequence + entryCount - 1, crcValue, store.cycle());
        isFailed = false;
    }
}

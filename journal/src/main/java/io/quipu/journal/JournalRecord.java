package io.quipu.journal;

import org.agrona.DirectBuffer;
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
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.LENGTH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MARK_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.PREVIOUS_CHAIN_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.TIMESTAMP_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.TRAILER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.VERSION_OFFSET;

/**
 * A record as read: a view over the bytes of {@link JournalRecordDescriptor} and the place where they stand. A
 * flyweight: valid until the call that it was handed to returns.
 */
public final class JournalRecord
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int cycle;
    private long position;
    private long bytesBefore;

    JournalRecord wrap(final DirectBuffer source, final int offset, final int length)
    {
        buffer.wrap(source, offset, length);
        return this;
    }

    JournalRecord place(final int cycle, final long position, final long bytesBefore)
    {
        this.cycle = cycle;
        this.position = position;
        this.bytesBefore = bytesBefore;
        return this;
    }

    /**
     * @return the same record, in memory of its own: it stays.
     */
    public JournalRecord copy()
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return new JournalRecord().wrap(new UnsafeBuffer(bytes), 0, bytes.length).place(cycle, position, bytesBefore);
    }

    /**
     * @param body   another one.
     * @param length of it.
     * @return a record with this header and that body, off-heap; to be freed.
     */
    ByteBuffer withBody(final DirectBuffer body, final int length)
    {
        final int recordLength = JournalRecordDescriptor.recordLength(length);
        final ByteBuffer bytes = ByteBuffer.allocateDirect(recordLength).order(ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer record = new UnsafeBuffer(bytes);
        record.putBytes(0, buffer, 0, HEADER_LENGTH);
        record.putInt(LENGTH_OFFSET, recordLength, ByteOrder.LITTLE_ENDIAN);
        record.putBytes(HEADER_LENGTH, body, 0, length);
        final int chain = JournalRecordDescriptor.computeChain(new CRC32C(), bytes, 0, recordLength, previousChain());
        record.putInt(recordLength - CRC_LENGTH, chain, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    /**
     * @return the whole record, from its magic to its CRC; {@link #bodyOffset()} counts from here.
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * @return where the body starts in {@link #buffer()}.
     */
    public int bodyOffset()
    {
        return HEADER_LENGTH;
    }

    /**
     * @return bytes of the body, with the padding to a multiple of 8.
     */
    public int bodyLength()
    {
        return buffer.capacity() - HEADER_LENGTH - TRAILER_LENGTH;
    }

    /**
     * @return bytes of the record.
     */
    public int length()
    {
        return buffer.getInt(LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return version of the layout.
     */
    public int version()
    {
        return buffer.getShort(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /**
     * @return {@link JournalRecordDescriptor#KIND_ENTRIES} or {@link JournalRecordDescriptor#KIND_EPOCH}.
     */
    public int kind()
    {
        return buffer.getShort(KIND_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /**
     * @return true when the body is an EpochStart message and there is no entry.
     */
    public boolean isEpoch()
    {
        return kind() == KIND_EPOCH;
    }

    /**
     * @return entries in the body, each taking one sequence; 0 in an epoch record.
     */
    public int entryCount()
    {
        return buffer.getInt(ENTRY_COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return sequence of the first entry; in an epoch record the one that the next entry will take.
     */
    public long firstSequence()
    {
        return buffer.getLong(FIRST_SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return sequence of the last entry up to and including this record.
     */
    public long lastSequence()
    {
        return firstSequence() + entryCount() - 1;
    }

    /**
     * @return journaled time of all its entries.
     */
    public long timestampNs()
    {
        return buffer.getLong(TIMESTAMP_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return the durable sequence as known when it was appended.
     */
    public long durableSequence()
    {
        return buffer.getLong(DURABLE_SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return high lane of the digest of the state before this record.
     */
    public long digestHigh()
    {
        return buffer.getLong(DIGEST_HIGH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return low lane of the digest of the state before this record.
     */
    public long digestLow()
    {
        return buffer.getLong(DIGEST_LOW_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return epoch that wrote it.
     */
    public int epoch()
    {
        return buffer.getInt(EPOCH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return chain value of the record before.
     */
    public int previousChain()
    {
        return buffer.getInt(PREVIOUS_CHAIN_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return chain value of this record: its CRC.
     */
    public int chain()
    {
        return buffer.getInt(buffer.capacity() - CRC_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return cycle that the record says it was written to.
     */
    int writtenCycle()
    {
        return buffer.getInt(CYCLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return mark of the journal that it was written for; 0 in version 1.
     */
    int mark()
    {
        return buffer.getInt(MARK_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return cycle that it was read from.
     */
    public int cycle()
    {
        return cycle;
    }

    /**
     * @return position in the cycle of the document that holds it.
     */
    public long position()
    {
        return position;
    }

    /**
     * @return bytes that stand before this record, behind the start of the scan, for showing progress.
     */
    public long bytesBefore()
    {
        return bytesBefore;
    }
}

package io.quipu.journal;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import static io.quipu.journal.JournalRecordDescriptor.CRC_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.LENGTH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC;
import static io.quipu.journal.JournalRecordDescriptor.MAGIC_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MIN_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.PREVIOUS_CHAIN_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.RECORD_ALIGNMENT;
import static io.quipu.journal.JournalRecordDescriptor.computeChain;

/**
 * Whether bytes in a window are a whole record by themselves: magic, length and CRC. What stands before a record is not
 * looked at here, as its header carries the chain value that the CRC is seeded with.
 */
final class RecordCheck
{
    private final CRC32C crc = new CRC32C();

    /**
     * @param buffer to look into.
     * @param offset of the record, {@link JournalRecordDescriptor#HEADER_LENGTH} bytes are there.
     * @return its length, or -1 when it starts with no magic or has a length that no record has.
     */
    static int plausibleLength(final UnsafeBuffer buffer, final int offset)
    {
        if (buffer.getInt(offset + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) != MAGIC)
        {
            return -1;
        }

        final int length = buffer.getInt(offset + LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        final boolean isPlausible =
            length >= MIN_RECORD_LENGTH && length <= MAX_RECORD_LENGTH && length % RECORD_ALIGNMENT == 0;

        return isPlausible ? length : -1;
    }

    /**
     * @param reader with the whole record in its window.
     * @param offset of the record in the window.
     * @param length of the record.
     * @return true when the CRC agrees.
     */
    boolean isCrcValid(final CycleReader reader, final int offset, final int length)
    {
        final UnsafeBuffer buffer = reader.buffer();
        final int previousChain = buffer.getInt(offset + PREVIOUS_CHAIN_OFFSET, ByteOrder.LITTLE_ENDIAN);
        final int expected = buffer.getInt(offset + length - CRC_LENGTH, ByteOrder.LITTLE_ENDIAN);

        return computeChain(crc, reader.bytes(), offset, length, previousChain) == expected;
    }
}

package io.quipu.journal;

import org.agrona.BitUtil;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The layout of a journal record, one data document of a {@link JournalStore}. All fields little-endian.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                  magic "QRec" (0x63655251)                    |   0
 *  +-------------------------------+-------------------------------+
 *  |           version             |             kind              |   4
 *  +-------------------------------+-------------------------------+
 *  |              length of all, header and trailer too            |   8
 *  +---------------------------------------------------------------+
 *  |                         entry count                           |  12
 *  +---------------------------------------------------------------+
 *  |                    first sequence (i64)                       |  16
 *  +---------------------------------------------------------------+
 *  |                    timestamp ns (i64)                         |  24
 *  +---------------------------------------------------------------+
 *  |           durable sequence as known at the append (i64)       |  32
 *  +---------------------------------------------------------------+
 *  |        digest of the state before this record: high (i64)     |  40
 *  +---------------------------------------------------------------+
 *  |                                                 low (i64)     |  48
 *  +---------------------------------------------------------------+
 *  |                           epoch                               |  56
 *  +---------------------------------------------------------------+
 *  |                chain of the previous record                   |  60
 *  +---------------------------------------------------------------+
 *  |                 cycle that it was written to                  |  64
 *  +---------------------------------------------------------------+
 *  |       mark of the journal and the first sequence              |  68
 *  +---------------------------------------------------------------+
 *  |              body, a multiple of 8 bytes                     ...  72
 *  +---------------------------------------------------------------+
 *  |                       reserved, zero                          |  length - 8
 *  +---------------------------------------------------------------+
 *  |       crc32c of the previous chain and all of the above       |  length - 4
 *  +---------------------------------------------------------------+
 * </pre>
 * The CRC of a record is its chain value; the first record continues chain 0. The mark is made from the journal's id,
 * which no client knows: a client's bytes that look like a record, within the body of another, are told from a record of
 * the journal by it. Version 1 had zero there. In every later version magic, version, length, the chain of the previous
 * record, the mark and the place of the CRC stay as they are, so that an older program can tell a newer record from damage.
 */
public final class JournalRecordDescriptor
{
    /** "QRec" as bytes in the file. */
    public static final int MAGIC = 0x63655251;
    /** Version written, and the highest that is read. */
    public static final int VERSION = 2;

    /** The first version with a mark. */
    static final int MARKED_VERSION = 2;

    /** The body holds frames with entries. */
    public static final int KIND_ENTRIES = 1;
    /** The body is an EpochStart message; no entries, takes no sequence. */
    public static final int KIND_EPOCH = 2;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 4;
    public static final int KIND_OFFSET = 6;
    public static final int LENGTH_OFFSET = 8;
    public static final int ENTRY_COUNT_OFFSET = 12;
    public static final int FIRST_SEQUENCE_OFFSET = 16;
    public static final int TIMESTAMP_OFFSET = 24;
    public static final int DURABLE_SEQUENCE_OFFSET = 32;
    public static final int DIGEST_HIGH_OFFSET = 40;
    public static final int DIGEST_LOW_OFFSET = 48;
    public static final int EPOCH_OFFSET = 56;
    public static final int PREVIOUS_CHAIN_OFFSET = 60;
    public static final int CYCLE_OFFSET = 64;
    public static final int MARK_OFFSET = 68;

    public static final int HEADER_LENGTH = 72;
    public static final int TRAILER_LENGTH = 8;
    /** Start and length of every record, and of every body, are multiples of this. */
    public static final int RECORD_ALIGNMENT = 8;
    /** The longest body. */
    public static final int MAX_BODY_LENGTH = 1024 * 1024;
    /** The longest record. */
    public static final int MAX_RECORD_LENGTH = HEADER_LENGTH + MAX_BODY_LENGTH + TRAILER_LENGTH;
    /** The shortest record. */
    public static final int MIN_RECORD_LENGTH = HEADER_LENGTH + TRAILER_LENGTH;

    static final int CRC_LENGTH = 4;

    private JournalRecordDescriptor()
    {
    }

    /**
     * @param bodyLength of a record.
     * @return its length with header, padding and trailer.
     */
    public static int recordLength(final int bodyLength)
    {
        return HEADER_LENGTH + BitUtil.align(bodyLength, RECORD_ALIGNMENT) + TRAILER_LENGTH;
    }

    /**
     * @param journalIdHigh of the journal.
     * @param journalIdLow  of the journal.
     * @return what {@link #mark} is made with.
     */
    static long markKey(final long journalIdHigh, final long journalIdLow)
    {
        return mix(journalIdHigh + mix(journalIdLow));
    }

    /**
     * @param markKey       of the journal.
     * @param firstSequence of the record.
     * @return the record's mark.
     */
    static int mark(final long markKey, final long firstSequence)
    {
        return (int)(mix(markKey ^ firstSequence) >>> Integer.SIZE);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mix(final long value)
    {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /**
     * Computes the chain value of a record.
     *
     * @param crc           to use; reset here.
     * @param bytes         direct, little-endian, holding the record; position and limit are changed.
     * @param offset        of the record.
     * @param length        of the record.
     * @param previousChain that the CRC is seeded with.
     * @return CRC32C over the previous chain value and the record up to its CRC.
     */
    static int computeChain(
        final CRC32C crc, final ByteBuffer bytes, final int offset, final int length, final int previousChain)
    {
        assert bytes.order() == ByteOrder.LITTLE_ENDIAN;

        crc.reset();
        crc.update(previousChain);
        crc.update(previousChain >>> 8);
        crc.update(previousChain >>> 16);
        crc.update(previousChain >>> 24);
        bytes.limit(offset + length - CRC_LENGTH).position(offset);
        crc.update(bytes);
        bytes.clear();

        return (int)crc.getValue();
    }
}

package io.quipu.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import io.quipu.engine.state.StateImage;
import io.quipu.journal.JournalPlace;

/**
 * The bytes of a checkpoint. Little-endian:
 * <pre>
 *   header    0  magic "QCkp"      4  version u16, image version u16    8  logic version u32   12  length of the header u32
 *  104 B     16  journal id 2 x i64                                    32  sequence i64        40  timestamp ns i64
 *            48  epoch i32, chain u32                                  56  cycle i32, 0        64  position i64
 *            72  records in the cycle i64                              80  records i64         88  bytes i64
 *            96  names u32, 0 if unknown                              100  crc32c u32
 *   chunk     0  length u32, from 1       4  crc32c u32       8  entries of {@link StateImage}
 *   ...
 *   trailer   0  0 u32                    4  0 u32            8  digest 2 x i64
 *   48 B     24  chunks i64              32  bytes of all chunks i64                           40  0 u32, crc32c u32
 * </pre>
 * From 16 to 96 stands the {@link JournalPlace} that the state is at: the record that it was applied to last. Each CRC covers
 * the one before it, then everything since: chunks cannot change places. In every later version magic, version, length of the
 * header and the place of its CRC at its end stay where they are, so that a newer format is never a flipped bit.
 */
final class CheckpointDescriptor
{
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    static final int MAGIC = 'Q' | 'C' << 8 | 'k' << 16 | 'p' << 24;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int IMAGE_VERSION_OFFSET = 6;
    static final int LOGIC_VERSION_OFFSET = 8;
    static final int HEADER_LENGTH_OFFSET = 12;
    static final int PLACE_OFFSET = 16;
    static final int NAMES_OFFSET = 96;
    static final int HEADER_LENGTH = 104;
    static final int MAX_HEADER_LENGTH = 4096;

    static final int CHUNK_HEADER_LENGTH = 8;

    static final int DIGEST_HIGH_OFFSET = 8;
    static final int DIGEST_LOW_OFFSET = 16;
    static final int CHUNKS_OFFSET = 24;
    static final int BYTES_OFFSET = 32;
    static final int TRAILER_LENGTH = 48;

    static final int CRC_LENGTH = Integer.BYTES;

    private CheckpointDescriptor()
    {
    }

    static void putPlace(final ByteBuffer header, final JournalPlace place)
    {
        header.position(PLACE_OFFSET);
        header.putLong(place.journalIdHigh()).putLong(place.journalIdLow());
        header.putLong(place.sequence()).putLong(place.timestampNs());
        header.putInt(place.epoch()).putInt(place.chain());
        header.putInt(place.cycle()).putInt(0);
        header.putLong(place.position()).putLong(place.cycleRecords());
        header.putLong(place.records()).putLong(place.bytes());
    }

    static JournalPlace place(final ByteBuffer header)
    {
        return new JournalPlace(
            header.getLong(32),
            header.getInt(52),
            header.getInt(48),
            header.getLong(40),
            header.getLong(16),
            header.getLong(24),
            header.getInt(56),
            header.getLong(64),
            header.getLong(72),
            header.getLong(80),
            header.getLong(88));
    }

    /**
     * @param crc      to use; reset here.
     * @param previous CRC that this one continues.
     * @param first    bytes it covers first, from position to limit; both stay as they are.
     * @param second   bytes behind these; both stay as they are.
     * @return CRC32C over all of that.
     */
    static int crc(final CRC32C crc, final int previous, final ByteBuffer first, final ByteBuffer second)
    {
        crc.reset();
        crc.update(previous);
        crc.update(previous >>> 8);
        crc.update(previous >>> 16);
        crc.update(previous >>> 24);
        crc.update(first.duplicate());
        crc.update(second.duplicate());

        return (int)crc.getValue();
    }
}

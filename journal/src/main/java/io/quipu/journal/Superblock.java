package io.quipu.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What is known to be durable, kept beside the journal in {@link SuperblockStore#COPIES} copies. The record that it names
 * must be found by every start: what is damaged or missing up to there is never a torn tail.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                  magic "QSup" (0x70755351)                    |   0
 *  +-------------------------------+-------------------------------+
 *  |           version             |      which copy this is       |   4
 *  +-------------------------------+-------------------------------+
 *  |                      generation (i64)                         |   8
 *  +---------------------------------------------------------------+
 *  |                   journal id: high (i64)                      |  16
 *  +---------------------------------------------------------------+
 *  |                               low (i64)                       |  24
 *  +---------------------------------------------------------------+
 *  |     durable record: sequence of its last entry (i64)          |  32
 *  +---------------------------------------------------------------+
 *  |                     chain                                     |  40
 *  +---------------------------------------------------------------+
 *  |                     cycle, 0 while nothing is durable         |  44
 *  +---------------------------------------------------------------+
 *  |         sequence of the last checkpoint, 0 for none (i64)     |  48
 *  +---------------------------------------------------------------+
 *  |           first cycle that must be there                      |  56
 *  +---------------------------------------------------------------+
 *  |                  highest epoch begun                          |  60
 *  +---------------------------------------------------------------+
 *  |      flags: 1 = the process ended with all of it durable      |  64
 *  +---------------------------------------------------------------+
 *  |                       reserved, zero                          |  68
 *  +---------------------------------------------------------------+
 *  |   entries up to here were given up, not yet journaled (i64)   |  72
 *  +---------------+-----------------------------------------------+
 *  |    length     |  engine version, up to 128 bytes             ...  80
 *  +---------------+-----------------------------------------------+
 *  |                        zeros                                 ...
 *  +---------------------------------------------------------------+
 *  |                 crc32c of all of the above                    |  4092
 *  +---------------------------------------------------------------+
 *
 *   generation   1        all four copies
 *                even     copies 0 and 1      each synced before the next is written: while one pair is
 *                odd      copies 2 and 3      written, the other holds the generation before
 * </pre>
 * All fields little-endian. The valid copy of the highest generation counts. In every later version magic, version and
 * the place of the CRC stay.
 *
 * @param generation         counts the writes.
 * @param journalIdHigh      of the journal.
 * @param journalIdLow       of the journal.
 * @param durableSequence    of the last entry up to and including the durable record.
 * @param durableChain       of that record.
 * @param durableCycle       that holds it, {@link JournalStore#NULL_CYCLE} when nothing is durable.
 * @param checkpointSequence of the last checkpoint, 0 when there is none.
 * @param firstCycle         that must be there; a checkpoint covers those before.
 * @param epoch              highest that was begun, also when its records were given up since.
 * @param isClean            true when the process ended with everything durable that it had appended.
 * @param lostSequence       entries behind the durable record up to this one were given up by a repair, and the next epoch
 *                           record will say so; 0 otherwise.
 * @param engineVersion      that wrote it.
 */
public record Superblock(
    long generation,
    long journalIdHigh,
    long journalIdLow,
    long durableSequence,
    int durableChain,
    int durableCycle,
    long checkpointSequence,
    int firstCycle,
    int epoch,
    boolean isClean,
    long lostSequence,
    String engineVersion)
{
    /** "QSup" as bytes in the file. */
    public static final int MAGIC = 0x70755351;
    /** Version written, and the highest that is read. */
    public static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int COPY_OFFSET = 6;
    static final int GENERATION_OFFSET = 8;
    static final int CRC_OFFSET = SuperblockStore.COPY_LENGTH - Integer.BYTES;

    private static final int JOURNAL_ID_HIGH_OFFSET = 16;
    private static final int JOURNAL_ID_LOW_OFFSET = 24;
    private static final int DURABLE_SEQUENCE_OFFSET = 32;
    private static final int DURABLE_CHAIN_OFFSET = 40;
    private static final int DURABLE_CYCLE_OFFSET = 44;
    private static final int CHECKPOINT_SEQUENCE_OFFSET = 48;
    private static final int FIRST_CYCLE_OFFSET = 56;
    private static final int EPOCH_OFFSET = 60;
    private static final int FLAGS_OFFSET = 64;
    private static final int LOST_SEQUENCE_OFFSET = 72;
    private static final int ENGINE_VERSION_OFFSET = 80;
    private static final int MAX_ENGINE_VERSION_LENGTH = 128;
    private static final int CLEAN_FLAG = 1;

    /**
     * @param copy which one it will be.
     * @return its bytes, from position 0 to the limit.
     */
    ByteBuffer encode(final int copy)
    {
        final ByteBuffer bytes = ByteBuffer.allocate(SuperblockStore.COPY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC_OFFSET, MAGIC);
        bytes.putShort(VERSION_OFFSET, (short)VERSION);
        bytes.putShort(COPY_OFFSET, (short)copy);
        bytes.putLong(GENERATION_OFFSET, generation);
        bytes.putLong(JOURNAL_ID_HIGH_OFFSET, journalIdHigh);
        bytes.putLong(JOURNAL_ID_LOW_OFFSET, journalIdLow);
        bytes.putLong(DURABLE_SEQUENCE_OFFSET, durableSequence);
        bytes.putInt(DURABLE_CHAIN_OFFSET, durableChain);
        bytes.putInt(DURABLE_CYCLE_OFFSET, durableCycle);
        bytes.putLong(CHECKPOINT_SEQUENCE_OFFSET, checkpointSequence);
        bytes.putInt(FIRST_CYCLE_OFFSET, firstCycle);
        bytes.putInt(EPOCH_OFFSET, epoch);
        bytes.putInt(FLAGS_OFFSET, isClean ? CLEAN_FLAG : 0);
        bytes.putLong(LOST_SEQUENCE_OFFSET, lostSequence);

        final byte[] version = engineVersion.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(version.length, MAX_ENGINE_VERSION_LENGTH);
        bytes.put(ENGINE_VERSION_OFFSET, (byte)length);
        bytes.put(ENGINE_VERSION_OFFSET + 1, version, 0, length);
        bytes.putInt(CRC_OFFSET, crc(bytes.array(), 0));

        return bytes;
    }

    /**
     * @param bytes  little-endian, with a copy of a valid CRC and of our version.
     * @param offset of the copy.
     * @return what it says.
     */
    static Superblock decode(final ByteBuffer bytes, final int offset)
    {
        final int versionOffset = offset + ENGINE_VERSION_OFFSET + 1;
        final int versionLength = Math.min(bytes.get(versionOffset - 1) & 0xFF, MAX_ENGINE_VERSION_LENGTH);
        final byte[] version = Arrays.copyOfRange(bytes.array(), versionOffset, versionOffset + versionLength);

        return new Superblock(
            bytes.getLong(offset + GENERATION_OFFSET),
            bytes.getLong(offset + JOURNAL_ID_HIGH_OFFSET),
            bytes.getLong(offset + JOURNAL_ID_LOW_OFFSET),
            bytes.getLong(offset + DURABLE_SEQUENCE_OFFSET),
            bytes.getInt(offset + DURABLE_CHAIN_OFFSET),
            bytes.getInt(offset + DURABLE_CYCLE_OFFSET),
            bytes.getLong(offset + CHECKPOINT_SEQUENCE_OFFSET),
            bytes.getInt(offset + FIRST_CYCLE_OFFSET),
            bytes.getInt(offset + EPOCH_OFFSET),
            (bytes.getInt(offset + FLAGS_OFFSET) & CLEAN_FLAG) != 0,
            bytes.getLong(offset + LOST_SEQUENCE_OFFSET),
            new String(version, StandardCharsets.UTF_8));
    }

    static int crc(final byte[] bytes, final int offset)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, CRC_OFFSET);
        return (int)crc.getValue();
    }

    Superblock withGeneration(final long newGeneration)
    {
        return new Superblock(
            newGeneration, journalIdHigh, journalIdLow, durableSequence, durableChain, durableCycle,
            checkpointSequence, firstCycle, epoch, isClean, lostSequence, engineVersion);
    }

    Superblock withDurable(final AppendedPlace.Copy place)
    {
        return new Superblock(
            generation, journalIdHigh, journalIdLow, place.sequence(), place.chain(), place.cycle(),
            checkpointSequence, firstCycle, epoch, false, lostSequence, engineVersion);
    }

    /** A journaled epoch record tells of what was given up. */
    Superblock withEpoch(final int newEpoch, final String newEngineVersion)
    {
        return new Superblock(
            generation, journalIdHigh, journalIdLow, durableSequence, durableChain, durableCycle,
            checkpointSequence, firstCycle, newEpoch, false, 0, newEngineVersion);
    }

    Superblock withFirstCycle(final int newFirstCycle)
    {
        return new Superblock(
            generation, journalIdHigh, journalIdLow, durableSequence, durableChain, durableCycle,
            checkpointSequence, newFirstCycle, epoch, isClean, lostSequence, engineVersion);
    }

    Superblock withClean()
    {
        return new Superblock(
            generation, journalIdHigh, journalIdLow, durableSequence, durableChain, durableCycle,
            checkpointSequence, firstCycle, epoch, true, lostSequence, engineVersion);
    }
}

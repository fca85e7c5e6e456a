package io.quipu.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Whether Chronicle may be let near a file: Chronicle believes the positions in its own metadata documents, which carry
 * no CRC, and maps whatever address they name. One flipped bit there makes it grow the file by terabytes, or its heap
 * until it is gone. So before a queue is opened its documents are compared with what Chronicle writes, and each
 * position must lie within the file's valid part. A position that is wrong but within is found out by comparing
 * Chronicle's last index, and by reading back the first append.
 * <pre>
 *   0    header       as {@link #HEADER}, but for
 *   0x40                position of the last document
 *   0x48                its number, and the low half of that position
 *   0x98                position of index2index, always 0xC8
 *   0xB0                number of the next document to be indexed
 *   0xC8 index2index  name; capacity i64, used i64, positions of the index documents i64 ...
 *        index        name; capacity i64, used i64, positions of each 256th document i64 ...
 * </pre>
 * What stands here goes by the version of Chronicle Queue; a file that does not pass is no loss, as its records are
 * copied.
 */
final class ChroniclePages
{
    private static final byte[] HEADER = HexFormat.of().parseHex(
        "c1000040b906686561646572b6085343515374" +
        "6f726582aa000000cd7772697465506f736974696f6e8e01000000008d02000000000000000200000000000000" +
        "00000000000000000000000000000000" +
        "c8696e646578696e67b60c53435153496e646578696e67824c000000ca696e646578436f756e74a50010" +
        "cc696e64657853706163696e67a50001cb696e64657832496e6465788fa7c800000000000000" +
        "c96c617374496e6465788e00000000a70000000000000000ca64617461466f726d6174a101000000");

    private static final int WRITE_POSITION = 0x40;
    private static final int WRITE_SEQUENCE = 0x48;
    private static final int NEXT_INDEXED = 0xB0;
    private static final int INDEX2INDEX = 0xC8;
    private static final int CAPACITY = 4096;
    private static final int NAME_LENGTH = 32;
    private static final byte NAME = (byte)0xB9;
    private static final byte ARRAY = (byte)0x8D;

    private final CycleFiles files;
    private final ByteBuffer page = ByteBuffer.allocate(CAPACITY * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer name = ByteBuffer.allocate(NAME_LENGTH).order(ByteOrder.LITTLE_ENDIAN);

    ChroniclePages(final CycleFiles files)
    {
        this.files = files;
    }

    /**
     * @param cycle to look at.
     * @param end   of its valid documents, or the length of its file.
     * @return false when Chronicle must not open it.
     */
    boolean areSound(final int cycle, final long end) throws IOException
    {
        final ByteBuffer header = page.clear().limit(HEADER.length);
        if (!read(cycle, 0, header))
        {
            return false;
        }

        final long writePosition = header.getLong(WRITE_POSITION);
        final long nextIndexed = header.getLong(NEXT_INDEXED);
        header.putLong(WRITE_POSITION, 0).putLong(WRITE_SEQUENCE, 0).putLong(NEXT_INDEXED, 0);
        if (!ByteBuffer.wrap(HEADER).equals(header) || !isWithin(writePosition, end) || !isWithin(nextIndexed, end))
        {
            return false;
        }

        return areIndexesSound(cycle, end);
    }

    private boolean areIndexesSound(final int cycle, final long end) throws IOException
    {
        final long positions = array(cycle, INDEX2INDEX, "index2index");
        if (positions < 0 || !readPositions(cycle, positions, end))
        {
            return false;
        }

        final long[] indexes = new long[CAPACITY];
        page.asLongBuffer().get(indexes);
        for (final long index : indexes)
        {
            if (index != 0)
            {
                final long entries = array(cycle, index, "index");
                if (entries < 0 || !readPositions(cycle, entries, end))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /** Position of the first value of the array in a metadata document; -1 when there is no such document. */
    private long array(final int cycle, final long position, final String expectedName) throws IOException
    {
        if (!read(cycle, position, name.clear()))
        {
            return -1;
        }

        final byte[] text = expectedName.getBytes(StandardCharsets.US_ASCII);
        final int textEnd = Documents.HEADER_LENGTH + 2 + text.length;
        final boolean isNamed = Documents.isMetadata(name.getInt(0)) && !Documents.isIncomplete(name.getInt(0)) &&
            name.get(4) == NAME && name.get(5) == text.length &&
            ByteBuffer.wrap(text).equals(name.slice(6, text.length));
        int mark = textEnd;
        while (mark < NAME_LENGTH - 1 && name.get(mark) != ARRAY)
        {
            mark++;
        }
        final long fields = position + mark + 1;
        final long documentEnd = position + Documents.HEADER_LENGTH + Documents.length(name.getInt(0));
        final boolean isWhole = documentEnd == fields + (2 + CAPACITY) * Long.BYTES && fields % Long.BYTES == 0;
        if (!isNamed || !isWhole || !read(cycle, fields, page.clear().limit(2 * Long.BYTES)))
        {
            return -1;
        }

        return page.getLong(0) == CAPACITY && isWithin(page.getLong(Long.BYTES), CAPACITY + 1) ?
            fields + 2 * Long.BYTES : -1;
    }

    private boolean readPositions(final int cycle, final long from, final long end) throws IOException
    {
        if (!read(cycle, from, page.clear()))
        {
            return false;
        }

        for (int i = 0; i < CAPACITY; i++)
        {
            final long position = page.getLong(i * Long.BYTES);
            if (!isWithin(position, end) || position % Documents.ALIGNMENT != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static boolean isWithin(final long value, final long end)
    {
        return value >= 0 && value < end;
    }

    private boolean read(final int cycle, final long position, final ByteBuffer target) throws IOException
    {
        while (target.hasRemaining())
        {
            if (files.read(cycle, position + target.position(), target) <= 0)
            {
                return false;
            }
        }
        target.flip();

        return true;
    }
}

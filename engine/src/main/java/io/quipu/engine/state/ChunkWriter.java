package io.quipu.engine.state;

import io.quipu.codecs.egress.GroupSizeEncodingEncoder;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the body messages of an answer: header, block, one group of rows. When the next row does not fit any more the
 * message goes out as a chunk, and the rows go on in another one with the same block.
 * <pre>
 *   begin, block fields at {@link #BLOCK_OFFSET} of {@link #buffer()}, row, row, ... end
 * </pre>
 */
final class ChunkWriter
{
    static final int BLOCK_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(Queries.MAX_CHUNK_LENGTH, OffHeap.CACHE_LINE_LENGTH));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final GroupSizeEncodingEncoder group = new GroupSizeEncodingEncoder();

    private QueryHandler handler;
    private int rowBlockLength;
    private int groupOffset;
    private int position;
    private int rows;

    /**
     * Starts an answer.
     *
     * @param handler        that hears its chunks.
     * @param templateId     of the body message.
     * @param blockLength    of the body message.
     * @param rowBlockLength of the rows.
     */
    void begin(final QueryHandler handler, final int templateId, final int blockLength, final int rowBlockLength)
    {
        this.handler = handler;
        this.rowBlockLength = rowBlockLength;
        header.wrap(buffer, 0)
            .blockLength(blockLength)
            .templateId(templateId)
            .schemaId(MessageHeaderEncoder.SCHEMA_ID)
            .version(MessageHeaderEncoder.SCHEMA_VERSION);
        groupOffset = BLOCK_OFFSET + blockLength;
        startRows();
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * Whether a row fits into the chunk begun.
     *
     * @param length of its block and names, a length byte before each.
     */
    boolean fits(final int length)
    {
        return position + length <= Queries.MAX_CHUNK_LENGTH;
    }

    /**
     * Starts a row.
     *
     * @param namesLength of the names behind its block, a length byte before each.
     * @return offset of its block.
     */
    int row(final int namesLength)
    {
        if (!fits(rowBlockLength + namesLength))
        {
            send(false);
            startRows();
        }
        final int row = position;
        position += rowBlockLength;
        rows++;

        return row;
    }

    /**
     * Adds a name to the row begun.
     */
    void name(final UnsafeBuffer name, final int length)
    {
        buffer.putByte(position, (byte)length);
        buffer.putBytes(position + 1, name, 0, length);
        position += 1 + length;
    }

    /**
     * Ends the answer: sends what is left, if only the block.
     */
    void end()
    {
        send(true);
        handler = null;
    }

    private void startRows()
    {
        rows = 0;
        position = groupOffset + GroupSizeEncodingEncoder.ENCODED_LENGTH;
    }

    private void send(final boolean isLast)
    {
        group.wrap(buffer, groupOffset).blockLength(rowBlockLength).numInGroup(rows);
        handler.onChunk(buffer, 0, position, isLast);
    }
}

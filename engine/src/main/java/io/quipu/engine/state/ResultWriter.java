package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.ResultLengths;
import io.quipu.codecs.egress.GroupSizeEncodingEncoder;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import io.quipu.codecs.egress.ResultAckEncoder;
import io.quipu.codecs.egress.ResultColumnsEncoder;
import io.quipu.codecs.egress.ResultRanksEncoder;
import io.quipu.codecs.egress.ResultValuesEncoder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the one result message of a request, row by row as its commands are applied.
 * <pre>
 *   header | requestSequence, firstSequence, sessionId, commandCount, refusedIndex, code | group: a row for each command
 * </pre>
 * All four result messages start with the same block; they differ in their rows. ResultAck has rows for refused
 * commands only.
 */
final class ResultWriter
{
    /** No command refused an ATOMIC request. */
    static final int NO_INDEX = ResultAckEncoder.refusedIndexNullValue();

    private static final int BLOCK_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int GROUP_OFFSET = BLOCK_OFFSET + ResultAckEncoder.BLOCK_LENGTH;
    private static final int ROWS_OFFSET = GROUP_OFFSET + GroupSizeEncodingEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(ResultLengths.MAX_RESULT_LENGTH, OffHeap.CACHE_LINE_LENGTH));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ResultAckEncoder block = new ResultAckEncoder();
    private final GroupSizeEncodingEncoder group = new GroupSizeEncodingEncoder();

    private int templateId;
    private int rowLength;
    private int position;
    private int rows;

    /**
     * Starts the result of a request.
     *
     * @param templateId of the result message, see {@link ResultLengths#resultTemplateId}.
     */
    void begin(
        final int templateId,
        final int sessionId,
        final long requestSequence,
        final long firstSequence,
        final int commandCount)
    {
        this.templateId = templateId;
        rowLength = rowLength(templateId);
        rows = 0;
        position = ROWS_OFFSET;
        header.wrap(buffer, 0)
            .blockLength(ResultAckEncoder.BLOCK_LENGTH)
            .templateId(templateId)
            .schemaId(ResultAckEncoder.SCHEMA_ID)
            .version(ResultAckEncoder.SCHEMA_VERSION);
        block.wrap(buffer, BLOCK_OFFSET)
            .requestSequence(requestSequence)
            .firstSequence(firstSequence)
            .sessionId(sessionId & 0xFFFF_FFFFL)
            .commandCount(commandCount);
    }

    /**
     * Notes what a command came to.
     *
     * @param index   of the command within the request.
     * @param outcome of the command.
     */
    void row(final int index, final Outcome outcome)
    {
        switch (templateId)
        {
            case ResultValuesEncoder.TEMPLATE_ID:
                valueRow(outcome);
                break;

            case ResultColumnsEncoder.TEMPLATE_ID:
                columnsRow(outcome);
                break;

            case ResultRanksEncoder.TEMPLATE_ID:
                ranksRow(outcome);
                break;

            default:
                if (outcome.code != Outcome.OK)
                {
                    refusedRow(index, outcome.code);
                }
                break;
        }
    }

    /**
     * Ends the result of a request of which nothing was taken back.
     *
     * @return length of the message.
     */
    int end()
    {
        return end(NO_INDEX, Outcome.OK);
    }

    /**
     * Ends the result of an ATOMIC request that a command refused: it has no rows.
     *
     * @return length of the message.
     */
    int endRefused(final int index, final int code)
    {
        rows = 0;
        position = ROWS_OFFSET;

        return end(index, code);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * @param result a result message with its header.
     * @return sequence of the request's last command.
     */
    static long lastSequence(final DirectBuffer result)
    {
        final int firstOffset = BLOCK_OFFSET + ResultAckDecoder.firstSequenceEncodingOffset();
        final int countOffset = BLOCK_OFFSET + ResultAckDecoder.commandCountEncodingOffset();

        return result.getLong(firstOffset, LITTLE_ENDIAN) + (result.getShort(countOffset, LITTLE_ENDIAN) & 0xFFFF) - 1;
    }

    private int end(final int refusedIndex, final int code)
    {
        block.refusedIndex(refusedIndex);
        buffer.putByte(BLOCK_OFFSET + ResultAckEncoder.codeEncodingOffset(), (byte)code);
        group.wrap(buffer, GROUP_OFFSET).blockLength(rowLength).numInGroup(rows);

        return position;
    }

    private void refusedRow(final int index, final int code)
    {
        final int row = nextRow();
        buffer.putShort(row + ResultAckEncoder.RefusedEncoder.indexEncodingOffset(), (short)index, LITTLE_ENDIAN);
        buffer.putByte(row + ResultAckEncoder.RefusedEncoder.codeEncodingOffset(), (byte)code);
    }

    private void valueRow(final Outcome outcome)
    {
        final int row = nextRow();
        buffer.putLong(row + ResultValuesEncoder.ResultsEncoder.valueEncodingOffset(), outcome.value0, LITTLE_ENDIAN);
        buffer.putByte(row + ResultValuesEncoder.ResultsEncoder.codeEncodingOffset(), (byte)outcome.code);
    }

    private void columnsRow(final Outcome outcome)
    {
        final int row = nextRow();
        buffer.putLong(row + ResultColumnsEncoder.ResultsEncoder.value0EncodingOffset(), outcome.value0, LITTLE_ENDIAN);
        buffer.putLong(row + ResultColumnsEncoder.ResultsEncoder.value1EncodingOffset(), outcome.value1, LITTLE_ENDIAN);
        buffer.putLong(row + ResultColumnsEncoder.ResultsEncoder.value2EncodingOffset(), outcome.value2, LITTLE_ENDIAN);
        buffer.putLong(row + ResultColumnsEncoder.ResultsEncoder.value3EncodingOffset(), outcome.value3, LITTLE_ENDIAN);
        buffer.putByte(
            row + ResultColumnsEncoder.ResultsEncoder.columnCountEncodingOffset(), (byte)outcome.columnCount);
        buffer.putByte(row + ResultColumnsEncoder.ResultsEncoder.codeEncodingOffset(), (byte)outcome.code);
    }

    private void ranksRow(final Outcome outcome)
    {
        final int row = nextRow();
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.value0EncodingOffset(), outcome.value0, LITTLE_ENDIAN);
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.value1EncodingOffset(), outcome.value1, LITTLE_ENDIAN);
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.value2EncodingOffset(), outcome.value2, LITTLE_ENDIAN);
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.value3EncodingOffset(), outcome.value3, LITTLE_ENDIAN);
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.oldRankEncodingOffset(), outcome.oldRank, LITTLE_ENDIAN);
        buffer.putLong(row + ResultRanksEncoder.ResultsEncoder.newRankEncodingOffset(), outcome.newRank, LITTLE_ENDIAN);
        buffer.putByte(row + ResultRanksEncoder.ResultsEncoder.columnCountEncodingOffset(), (byte)outcome.columnCount);
        buffer.putByte(row + ResultRanksEncoder.ResultsEncoder.codeEncodingOffset(), (byte)outcome.code);
    }

    private int nextRow()
    {
        final int row = position;
        position += rowLength;
        rows++;

        return row;
    }

    private static int rowLength(final int templateId)
    {
        switch (templateId)
        {
            case ResultValuesEncoder.TEMPLATE_ID:
                return ResultValuesEncoder.ResultsEncoder.sbeBlockLength();

            case ResultColumnsEncoder.TEMPLATE_ID:
                return ResultColumnsEncoder.ResultsEncoder.sbeBlockLength();

            case ResultRanksEncoder.TEMPLATE_ID:
                return ResultRanksEncoder.ResultsEncoder.sbeBlockLength();

            default:
                return ResultAckEncoder.RefusedEncoder.sbeBlockLength();
        }
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.ResultColumnsDecoder;
import io.quipu.codecs.egress.ResultRanksDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What the engine answered to a request: a view over the bytes of the result message, command by command.
 * <p>
 * Commands are counted over their request from 0. One that was not applied because its ATOMIC request was refused has the
 * request's code. Ranks are 0 when the form did not ask for them; in {@code ACK} form all values are 0.
 * <pre>
 *   header | block (the same in all four results) | groupSize | row x n
 *   ResultAck      rows of refused commands only: index, code
 *   ResultValues   value, code
 *   ResultColumns  value0..3, columnCount, code
 *   ResultRanks    value0..3, oldRank, newRank, columnCount, code
 * </pre>
 */
public final class Reply
{
    /** {@link #refusedIndex()} when the request was not refused. */
    public static final int NOT_REFUSED = -1;

    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int WIRE_NOT_REFUSED = ResultValuesDecoder.refusedIndexNullValue();
    private static final int GROUP_COUNT_OFFSET = 2;
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NO_ROW = -1;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int templateId;
    private int block;
    private int rows;
    private int rowLength;
    private int rowCount;
    private int epoch;
    private AckReached ackReached;
    private boolean retried;

    Reply()
    {
    }

    /** Wraps a Reply frame that the validator accepted. */
    Reply wrap(final DirectBuffer frame, final int offset, final int length)
    {
        final int envelope = offset + HEADER_LENGTH;
        epoch = frame.getInt(envelope + ReplyDecoder.epochEncodingOffset(), LITTLE_ENDIAN);
        ackReached = AckReached.get((short)(frame.getByte(envelope + ReplyDecoder.ackReachedEncodingOffset()) & 0xFF));
        retried = Flag.YES.value() == frame.getByte(envelope + ReplyDecoder.retriedEncodingOffset());
        final int result = envelope + unsignedShort(frame, offset);
        wrapResult(frame, result, length - (result - offset));
        return this;
    }

    /** {@code OK}, or why nothing of an ATOMIC request was applied. */
    public ResultCode code()
    {
        return codeAt(block + ResultValuesDecoder.codeEncodingOffset());
    }

    /** The command that refused an ATOMIC request, else {@link #NOT_REFUSED}. */
    public int refusedIndex()
    {
        final int index = unsignedShort(buffer, block + ResultValuesDecoder.refusedIndexEncodingOffset());
        return WIRE_NOT_REFUSED == index ? NOT_REFUSED : index;
    }

    /** Commands of the request. */
    public int commandCount()
    {
        return unsignedShort(buffer, block + ResultValuesDecoder.commandCountEncodingOffset());
    }

    /** Of one command. */
    public ResultCode code(final int command)
    {
        checkCommand(command);
        final ResultCode whole = code();
        if (ResultCode.OK != whole)
        {
            return whole;
        }
        if (ResultAckDecoder.TEMPLATE_ID == templateId)
        {
            return refusal(command);
        }
        final int row = row(command);
        return NO_ROW == row ? whole : codeAt(row + codeOffset());
    }

    /** Commands that were not applied. */
    public int refusedCount()
    {
        final int commandCount = commandCount();
        if (ResultCode.OK != code())
        {
            return commandCount;
        }
        if (ResultAckDecoder.TEMPLATE_ID == templateId)
        {
            return rowCount;
        }
        final int codeOffset = codeOffset();
        int refused = 0;
        for (int i = 0; i < rowCount; i++)
        {
            refused += ResultCode.OK.value() == buffer.getByte(rows + i * rowLength + codeOffset) ? 0 : 1;
        }
        return refused;
    }

    /** The first value of one command: the counter, the first column, the handle of a board that was created. */
    public long value(final int command)
    {
        return column(command, 0);
    }

    /** A value of one command; 0 beyond {@link #columnCount(int)}. */
    public long column(final int command, final int column)
    {
        return column < 0 || column >= columnCount(command) ?
            0 : buffer.getLong(row(command) + column * Long.BYTES, LITTLE_ENDIAN);
    }

    /** Values of one command: 0 in {@code ACK} form or when an ATOMIC request was refused, else 1..4. */
    public int columnCount(final int command)
    {
        checkCommand(command);
        final int row = ResultAckDecoder.TEMPLATE_ID == templateId ? NO_ROW : row(command);
        if (NO_ROW == row)
        {
            return 0;
        }
        return switch (templateId)
        {
            case ResultColumnsDecoder.TEMPLATE_ID ->
                columnCountAt(row + ResultColumnsDecoder.ResultsDecoder.columnCountEncodingOffset());
            case ResultRanksDecoder.TEMPLATE_ID ->
                columnCountAt(row + ResultRanksDecoder.ResultsDecoder.columnCountEncodingOffset());
            default -> 1;
        };
    }

    /** Ordinal rank before the command; 0 when not ranked. */
    public long oldRank(final int command)
    {
        return rank(command, ResultRanksDecoder.ResultsDecoder.oldRankEncodingOffset());
    }

    /** Ordinal rank after the command; 0 when not ranked. */
    public long newRank(final int command)
    {
        return rank(command, ResultRanksDecoder.ResultsDecoder.newRankEncodingOffset());
    }

    /** Of the session. */
    public long requestSequence()
    {
        return buffer.getLong(block + ResultValuesDecoder.requestSequenceEncodingOffset(), LITTLE_ENDIAN);
    }

    /** Sequence of the first command; the others follow without a gap. */
    public long firstSequence()
    {
        return buffer.getLong(block + ResultValuesDecoder.firstSequenceEncodingOffset(), LITTLE_ENDIAN);
    }

    /** Sequence of the last command. */
    public long lastSequence()
    {
        return firstSequence() + commandCount() - 1;
    }

    /** Public id of the session. */
    public int sessionId()
    {
        return buffer.getInt(block + ResultValuesDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN);
    }

    /** Of the engine when it answered. */
    public int epoch()
    {
        return epoch;
    }

    /** What the request had reached when the reply left. */
    public AckReached ackReached()
    {
        return ackReached;
    }

    /** Whether the reply was taken from the kept ones, for a request that was sent again. */
    public boolean retried()
    {
        return retried;
    }

    /** Holds the result message, which is the same byte for byte each time the request is sent. */
    public DirectBuffer resultBuffer()
    {
        return buffer;
    }

    public int resultOffset()
    {
        return 0;
    }

    public int resultLength()
    {
        return buffer.capacity();
    }

    /** A reply with its own bytes. */
    public Reply copy()
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        final Reply copy = new Reply();
        copy.wrapResult(new UnsafeBuffer(bytes), 0, bytes.length);
        copy.epoch = epoch;
        copy.ackReached = ackReached;
        copy.retried = retried;
        return copy;
    }

    @Override
    public String toString()
    {
        return "Reply[requestSequence=" + requestSequence() + ", firstSequence=" + firstSequence() + ", commands=" +
            commandCount() + ", code=" + code() + ", refused=" + refusedCount() + ", ackReached=" + ackReached + ']';
    }

    private void wrapResult(final DirectBuffer source, final int offset, final int length)
    {
        buffer.wrap(source, offset, length);
        templateId = unsignedShort(buffer, 2);
        block = HEADER_LENGTH;
        final int group = block + unsignedShort(buffer, 0);
        rowLength = unsignedShort(buffer, group);
        rowCount = unsignedShort(buffer, group + GROUP_COUNT_OFFSET);
        rows = group + GROUP_HEADER_LENGTH;
    }

    /** Where the row of a command starts; {@link #NO_ROW} when an ATOMIC request was refused. */
    private int row(final int command)
    {
        return command < rowCount ? rows + command * rowLength : NO_ROW;
    }

    private ResultCode refusal(final int command)
    {
        for (int i = 0; i < rowCount; i++)
        {
            final int row = rows + i * rowLength;
            if (command == unsignedShort(buffer, row + ResultAckDecoder.RefusedDecoder.indexEncodingOffset()))
            {
                return codeAt(row + ResultAckDecoder.RefusedDecoder.codeEncodingOffset());
            }
        }
        return ResultCode.OK;
    }

    private long rank(final int command, final int rankOffset)
    {
        checkCommand(command);
        final int row = ResultRanksDecoder.TEMPLATE_ID == templateId ? row(command) : NO_ROW;
        return NO_ROW == row ? 0 : buffer.getLong(row + rankOffset, LITTLE_ENDIAN);
    }

    private int codeOffset()
    {
        return switch (templateId)
        {
            case ResultColumnsDecoder.TEMPLATE_ID -> ResultColumnsDecoder.ResultsDecoder.codeEncodingOffset();
            case ResultRanksDecoder.TEMPLATE_ID -> ResultRanksDecoder.ResultsDecoder.codeEncodingOffset();
            default -> ResultValuesDecoder.ResultsDecoder.codeEncodingOffset();
        };
    }

    private ResultCode codeAt(final int offset)
    {
        return ResultCode.get((short)(buffer.getByte(offset) & 0xFF));
    }

    private int columnCountAt(final int offset)
    {
        return Math.min(buffer.getByte(offset) & 0xFF, 4);
    }

    private void checkCommand(final int command)
    {
        if (command < 0 || command >= commandCount())
        {
            throw new IndexOutOfBoundsException("command=" + command + ": the request has " + commandCount());
        }
    }

    private static int unsignedShort(final DirectBuffer buffer, final int offset)
    {
        return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }
}

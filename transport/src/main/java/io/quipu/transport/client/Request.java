package io.quipu.transport.client;

import io.quipu.codecs.ResultLengths;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AddBoundedEncoder;
import io.quipu.codecs.ingress.AddByHandleEncoder;
import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.DeleteEncoder;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.RemoveEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.ResetBoardEncoder;
import io.quipu.codecs.ingress.ScoreByHandleEncoder;
import io.quipu.codecs.ingress.ScoreColumnsEncoder;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.SetEncoder;
import io.quipu.codecs.ingress.SetLimitEncoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Objects;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Builds one request: the commands of one call, encoded as they are added. Reusable after {@link #reset()}; used by one thread
 * at a time; allocates nothing once its buffer has grown.
 * <p>
 * Names have 1..128 bytes; strings are encoded as UTF-8. Runs of equal commands are merged into one message, and a board that is
 * selected again is not sent again:
 * <pre>
 *   OnBoard "epl" | Score x 3 | Add x 2 | OnBoard "liga" | Score x 1
 * </pre>
 * A call that ends with an exception adds nothing: {@link RefusedException} with {@code BAD_NAME} or, when the request has no
 * room for it, {@code REQUEST_TOO_LARGE}.
 */
public final class Request
{
    /** Longest request, its header included. */
    public static final int MAX_LENGTH = 65_000;

    /** Of the messageHeader and the block in front of the commands; written when the request is sent. */
    static final int PREFIX_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + RequestEncoder.BLOCK_LENGTH;

    private static final int INITIAL_CAPACITY = 256;
    /** uint16 with its highest value kept for null. */
    private static final int MAX_COMMANDS = 65_534;
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int COUNT_OFFSET = 2;
    private static final int MAX_COLUMNS = 4;
    private static final int NO_RUN = 0;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[INITIAL_CAPACITY]);
    /** The OnBoard message that the next board command needs in front. */
    private final UnsafeBuffer selection =
        new UnsafeBuffer(new byte[HEADER_LENGTH + OnBoardEncoder.BLOCK_LENGTH + Names.PREFIX_LENGTH + Names.MAX_LENGTH]);
    private final CreateBoardEncoder createBoardEncoder = new CreateBoardEncoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();

    private int length;
    private int commandCount;
    private int runTemplateId;
    private int runCountOffset;
    private int runCount;
    private int selectionLength;
    /** Where the selection in force stands in {@link #buffer}; meaningless while {@link #writtenLength} is 0. */
    private int writtenOffset;
    private int writtenLength;
    private boolean anyWide;
    private Mode mode = Mode.INDEPENDENT;
    private ReplyForm form = ReplyForm.VALUES;
    private Ack ack = Ack.ENGINE_DEFAULT;

    public Request()
    {
    }

    /** Empties it: no commands, INDEPENDENT, {@code VALUES}, the context's default ack. */
    public Request reset()
    {
        length = 0;
        commandCount = 0;
        runTemplateId = NO_RUN;
        runCount = 0;
        selectionLength = 0;
        writtenLength = 0;
        anyWide = false;
        mode = Mode.INDEPENDENT;
        form = ReplyForm.VALUES;
        ack = Ack.ENGINE_DEFAULT;
        return this;
    }

    /** All commands or none. */
    public Request atomic()
    {
        mode = Mode.ATOMIC;
        return this;
    }

    /** What the reply holds; default {@code VALUES}. */
    public Request form(final ReplyForm newForm)
    {
        form = Objects.requireNonNull(newForm, "form");
        return this;
    }

    /** What the request must have reached before it is answered. */
    public Request ack(final Ack newAck)
    {
        ack = Objects.requireNonNull(newAck, "ack");
        return this;
    }

    /** Adds to a counter, which is created at 0. */
    public Request add(final String counter, final long delta)
    {
        final int nameLength = Names.checkedLength(counter, commandCount);
        final int entry = entry(AddEncoder.TEMPLATE_ID, AddEncoder.AddsEncoder.sbeBlockLength(), nameLength);
        buffer.putLong(entry + AddEncoder.AddsEncoder.deltaEncodingOffset(), delta, LITTLE_ENDIAN);
        length = Names.put(buffer, entry + AddEncoder.AddsEncoder.sbeBlockLength(), counter, nameLength);
        return this;
    }

    public Request add(final DirectBuffer counter, final int offset, final int nameLength, final long delta)
    {
        Names.checkedLength(nameLength, commandCount);
        final int entry = entry(AddEncoder.TEMPLATE_ID, AddEncoder.AddsEncoder.sbeBlockLength(), nameLength);
        buffer.putLong(entry + AddEncoder.AddsEncoder.deltaEncodingOffset(), delta, LITTLE_ENDIAN);
        length = Names.put(
            buffer, entry + AddEncoder.AddsEncoder.sbeBlockLength(), counter, offset, nameLength);
        return this;
    }

    /** Adds to the counter of a handle; {@code STALE_HANDLE} when it is gone. */
    public Request addByHandle(final long handle, final long delta)
    {
        final int entry =
            fixedEntry(AddByHandleEncoder.TEMPLATE_ID, AddByHandleEncoder.AddsEncoder.sbeBlockLength());
        buffer.putLong(entry + AddByHandleEncoder.AddsEncoder.handleEncodingOffset(), handle, LITTLE_ENDIAN);
        buffer.putLong(entry + AddByHandleEncoder.AddsEncoder.deltaEncodingOffset(), delta, LITTLE_ENDIAN);
        return this;
    }

    /** Adds within bounds: a sum outside is refused, or clamped with {@code saturate}. */
    public Request addBounded(
        final String counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        final int nameLength = Names.checkedLength(counter, commandCount);
        final int name = boundedAdd(nameLength, delta, lower, upper, saturate);
        length = Names.put(buffer, name, counter, nameLength);
        return this;
    }

    public Request addBounded(
        final DirectBuffer counter,
        final int offset,
        final int nameLength,
        final long delta,
        final long lower,
        final long upper,
        final boolean saturate)
    {
        Names.checkedLength(nameLength, commandCount);
        final int name = boundedAdd(nameLength, delta, lower, upper, saturate);
        length = Names.put(buffer, name, counter, offset, nameLength);
        return this;
    }

    public Request set(final String counter, final long value)
    {
        final int nameLength = Names.checkedLength(counter, commandCount);
        final int entry = entry(SetEncoder.TEMPLATE_ID, SetEncoder.SetsEncoder.sbeBlockLength(), nameLength);
        buffer.putLong(entry + SetEncoder.SetsEncoder.valueEncodingOffset(), value, LITTLE_ENDIAN);
        length = Names.put(buffer, entry + SetEncoder.SetsEncoder.sbeBlockLength(), counter, nameLength);
        return this;
    }

    public Request set(final DirectBuffer counter, final int offset, final int nameLength, final long value)
    {
        Names.checkedLength(nameLength, commandCount);
        final int entry = entry(SetEncoder.TEMPLATE_ID, SetEncoder.SetsEncoder.sbeBlockLength(), nameLength);
        buffer.putLong(entry + SetEncoder.SetsEncoder.valueEncodingOffset(), value, LITTLE_ENDIAN);
        length = Names.put(
            buffer, entry + SetEncoder.SetsEncoder.sbeBlockLength(), counter, offset, nameLength);
        return this;
    }

    /** Deletes a counter; its value is the last one; {@code NOT_FOUND} when there is none. */
    public Request delete(final String counter)
    {
        final int nameLength = Names.checkedLength(counter, commandCount);
        final int blockLength = DeleteEncoder.DeletesEncoder.sbeBlockLength();
        final int entry = entry(DeleteEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putByte(entry, (byte)0);
        length = Names.put(buffer, entry + blockLength, counter, nameLength);
        return this;
    }

    public Request delete(final DirectBuffer counter, final int offset, final int nameLength)
    {
        Names.checkedLength(nameLength, commandCount);
        final int blockLength = DeleteEncoder.DeletesEncoder.sbeBlockLength();
        final int entry = entry(DeleteEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putByte(entry, (byte)0);
        length = Names.put(buffer, entry + blockLength, counter, offset, nameLength);
        return this;
    }

    /** Creates a board, or finds the same one; its value is the board's handle. */
    public Request createBoard(final BoardDefinition definition)
    {
        final int nameLength = Names.checkedLength(definition.name(), commandCount);
        final String columnNames = columnNames(definition);
        final int columnNamesLength = Names.checkedLength(columnNames, commandCount);
        final int feedRows = definition.feedRows();
        if (feedRows < 0 || feedRows > MAX_COMMANDS)
        {
            throw new RefusedException(
                ResultCode.BAD_DEFINITION, commandCount, "feed=" + feedRows + ": expected 0..1000 rows");
        }
        if (definition.columns().size() > MAX_COLUMNS)
        {
            throw new RefusedException(
                ResultCode.BAD_DEFINITION,
                commandCount,
                "columns=" + definition.columns().size() + ": expected 1.." + MAX_COLUMNS);
        }
        final int block = message(
            CreateBoardEncoder.TEMPLATE_ID,
            CreateBoardEncoder.BLOCK_LENGTH,
            2 * Names.PREFIX_LENGTH + nameLength + columnNamesLength);
        createBoardEncoder.wrap(buffer, block)
            .scoreOperator(definition.scoreOperator())
            .ties(definition.ties())
            .columnCount((short)definition.columns().size())
            .ascending(ascendingBits(definition))
            .feedRows(feedRows)
            .reserved(0)
            .capacity(definition.capacity());
        final int next = Names.put(buffer, block + CreateBoardEncoder.BLOCK_LENGTH, definition.name(), nameLength);
        length = Names.put(buffer, next, columnNames, columnNamesLength);
        return this;
    }

    /** Selects the board of the board commands that follow. */
    public Request board(final String board)
    {
        final int nameLength = Names.checkedLength(board, commandCount);
        select(0);
        selectionLength = Names.put(selection, HEADER_LENGTH + OnBoardEncoder.BLOCK_LENGTH, board, nameLength);
        return this;
    }

    public Request board(final DirectBuffer board, final int offset, final int nameLength)
    {
        Names.checkedLength(nameLength, commandCount);
        select(0);
        selectionLength = Names.put(
            selection, HEADER_LENGTH + OnBoardEncoder.BLOCK_LENGTH, board, offset, nameLength);
        return this;
    }

    /** Selects it by handle. */
    public Request board(final long handle)
    {
        if (handle <= 0)
        {
            throw new RefusedException(ResultCode.STALE_HANDLE, commandCount, "board handle=" + handle + ": never given");
        }
        select(handle);
        selectionLength = HEADER_LENGTH + OnBoardEncoder.BLOCK_LENGTH + Names.PREFIX_LENGTH;
        selection.putByte(HEADER_LENGTH + OnBoardEncoder.BLOCK_LENGTH, (byte)0);
        return this;
    }

    /** Drops the selected board. */
    public Request dropBoard()
    {
        placeSelection(HEADER_LENGTH);
        length = message(DropBoardEncoder.TEMPLATE_ID, DropBoardEncoder.BLOCK_LENGTH, 0);
        return this;
    }

    /** Removes all members of the selected board. */
    public Request resetBoard()
    {
        placeSelection(HEADER_LENGTH);
        length = message(ResetBoardEncoder.TEMPLATE_ID, ResetBoardEncoder.BLOCK_LENGTH, 0);
        return this;
    }

    /** Scores a member of the selected board, which has one column. */
    public Request score(final String member, final long value)
    {
        final int nameLength = Names.checkedLength(member, commandCount);
        final int entry = scoreEntry(nameLength, value);
        length = Names.put(buffer, entry + ScoreEncoder.ScoresEncoder.sbeBlockLength(), member, nameLength);
        return this;
    }

    /** Scores a member of the selected board, 1..4 columns. */
    public Request score(final String member, final long... columns)
    {
        checkColumns(columns.length);
        if (1 == columns.length)
        {
            return score(member, columns[0]);
        }
        final int nameLength = Names.checkedLength(member, commandCount);
        final int entry = columnsEntry(
            nameLength,
            columns.length,
            columns[0],
            columns[1],
            columns.length > 2 ? columns[2] : 0,
            columns.length > 3 ? columns[3] : 0);
        length = Names.put(buffer, entry + ScoreColumnsEncoder.ScoresEncoder.sbeBlockLength(), member, nameLength);
        return this;
    }

    public Request score(final DirectBuffer member, final int offset, final int nameLength, final long value)
    {
        Names.checkedLength(nameLength, commandCount);
        final int entry = scoreEntry(nameLength, value);
        length = Names.put(
            buffer, entry + ScoreEncoder.ScoresEncoder.sbeBlockLength(), member, offset, nameLength);
        return this;
    }

    /** The first {@code columnCount} of four columns. */
    public Request score(
        final DirectBuffer member,
        final int offset,
        final int nameLength,
        final int columnCount,
        final long value0,
        final long value1,
        final long value2,
        final long value3)
    {
        checkColumns(columnCount);
        if (1 == columnCount)
        {
            return score(member, offset, nameLength, value0);
        }
        Names.checkedLength(nameLength, commandCount);
        final int entry = columnsEntry(nameLength, columnCount, value0, value1, value2, value3);
        length = Names.put(
            buffer, entry + ScoreColumnsEncoder.ScoresEncoder.sbeBlockLength(), member, offset, nameLength);
        return this;
    }

    /** The handle names board and member; one column. */
    public Request scoreByHandle(final long handle, final long value)
    {
        final int entry =
            fixedEntry(ScoreByHandleEncoder.TEMPLATE_ID, ScoreByHandleEncoder.ScoresEncoder.sbeBlockLength());
        buffer.putLong(entry + ScoreByHandleEncoder.ScoresEncoder.handleEncodingOffset(), handle, LITTLE_ENDIAN);
        buffer.putLong(entry + ScoreByHandleEncoder.ScoresEncoder.valueEncodingOffset(), value, LITTLE_ENDIAN);
        return this;
    }

    /** Removes a member of the selected board; its values are the last ones. */
    public Request remove(final String member)
    {
        final int nameLength = Names.checkedLength(member, commandCount);
        final int blockLength = RemoveEncoder.RemovesEncoder.sbeBlockLength();
        placeSelection(newRunLength(blockLength + Names.PREFIX_LENGTH + nameLength));
        final int entry = entry(RemoveEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putByte(entry, (byte)0);
        length = Names.put(buffer, entry + blockLength, member, nameLength);
        anyWide = true;
        return this;
    }

    public Request remove(final DirectBuffer member, final int offset, final int nameLength)
    {
        Names.checkedLength(nameLength, commandCount);
        final int blockLength = RemoveEncoder.RemovesEncoder.sbeBlockLength();
        placeSelection(newRunLength(blockLength + Names.PREFIX_LENGTH + nameLength));
        final int entry = entry(RemoveEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putByte(entry, (byte)0);
        length = Names.put(buffer, entry + blockLength, member, offset, nameLength);
        anyWide = true;
        return this;
    }

    /** Changes a logical limit. */
    public Request setLimit(final Limit which, final long value)
    {
        final int block = message(SetLimitEncoder.TEMPLATE_ID, SetLimitEncoder.BLOCK_LENGTH, 0);
        buffer.putLong(block + SetLimitEncoder.valueEncodingOffset(), value, LITTLE_ENDIAN);
        buffer.putByte(block + SetLimitEncoder.whichEncodingOffset(), (byte)which.value());
        length = block + SetLimitEncoder.BLOCK_LENGTH;
        return this;
    }

    /** Commands added so far. */
    public int commandCount()
    {
        return commandCount;
    }

    /** Bytes on the wire so far, header and padding included. */
    public int length()
    {
        return BitUtil.align(PREFIX_LENGTH + length, Long.BYTES);
    }

    /** Longest result message that the engine may answer with. */
    int worstCaseReplyLength()
    {
        return ResultLengths.worstCase(form.value(), commandCount, anyWide);
    }

    /**
     * Writes the request as it goes over the wire, {@link #length()} bytes; its two sequences are left for the sender.
     *
     * @param defaultAck where the request names none.
     */
    void encode(final MutableDirectBuffer target, final int offset, final Ack defaultAck)
    {
        final int end = offset + PREFIX_LENGTH + length;
        final int block = offset + HEADER_LENGTH;
        putHeader(target, offset, RequestEncoder.TEMPLATE_ID, RequestEncoder.BLOCK_LENGTH);
        target.setMemory(block, RequestEncoder.BLOCK_LENGTH, (byte)0);
        target.putInt(block + RequestEncoder.lengthEncodingOffset(), length, LITTLE_ENDIAN);
        target.putShort(block + RequestEncoder.commandCountEncodingOffset(), (short)commandCount, LITTLE_ENDIAN);
        target.putByte(
            block + RequestEncoder.ackEncodingOffset(), (byte)(Ack.ENGINE_DEFAULT == ack ? defaultAck : ack).value());
        target.putByte(block + RequestEncoder.replyFormEncodingOffset(), (byte)form.value());
        target.putByte(block + RequestEncoder.modeEncodingOffset(), (byte)mode.value());
        target.putBytes(offset + PREFIX_LENGTH, buffer, 0, length);
        target.setMemory(end, offset + length() - end, (byte)0);
    }

    private int scoreEntry(final int nameLength, final long value)
    {
        final int blockLength = ScoreEncoder.ScoresEncoder.sbeBlockLength();
        placeSelection(newRunLength(blockLength + Names.PREFIX_LENGTH + nameLength));
        final int entry = entry(ScoreEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putLong(entry + ScoreEncoder.ScoresEncoder.valueEncodingOffset(), value, LITTLE_ENDIAN);
        return entry;
    }

    private int columnsEntry(
        final int nameLength,
        final int columnCount,
        final long value0,
        final long value1,
        final long value2,
        final long value3)
    {
        final int blockLength = ScoreColumnsEncoder.ScoresEncoder.sbeBlockLength();
        placeSelection(newRunLength(blockLength + Names.PREFIX_LENGTH + nameLength));
        final int entry = entry(ScoreColumnsEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putLong(entry + ScoreColumnsEncoder.ScoresEncoder.value0EncodingOffset(), value0, LITTLE_ENDIAN);
        buffer.putLong(entry + ScoreColumnsEncoder.ScoresEncoder.value1EncodingOffset(), value1, LITTLE_ENDIAN);
        buffer.putLong(entry + ScoreColumnsEncoder.ScoresEncoder.value2EncodingOffset(), value2, LITTLE_ENDIAN);
        buffer.putLong(entry + ScoreColumnsEncoder.ScoresEncoder.value3EncodingOffset(), value3, LITTLE_ENDIAN);
        buffer.putByte(entry + ScoreColumnsEncoder.ScoresEncoder.columnCountEncodingOffset(), (byte)columnCount);
        anyWide = true;
        return entry;
    }

    /** Starts the OnBoard message of a selection; its name follows. */
    private void select(final long handle)
    {
        putHeader(selection, 0, OnBoardEncoder.TEMPLATE_ID, OnBoardEncoder.BLOCK_LENGTH);
        selection.putLong(HEADER_LENGTH + OnBoardEncoder.handleEncodingOffset(), handle, LITTLE_ENDIAN);
    }

    /**
     * Puts the selection in front of a board command unless the same one is in force.
     *
     * @param commandLength that must find room behind it.
     */
    private void placeSelection(final int commandLength)
    {
        if (0 == selectionLength)
        {
            throw new IllegalStateException("no board is selected: call board(name) first");
        }
        if (selectionLength == writtenLength && isSelectionWritten())
        {
            return;
        }
        reserve(selectionLength + commandLength);
        buffer.putBytes(length, selection, 0, selectionLength);
        writtenOffset = length;
        writtenLength = selectionLength;
        length += selectionLength;
        runTemplateId = NO_RUN;
    }

    private boolean isSelectionWritten()
    {
        for (int i = HEADER_LENGTH; i < selectionLength; i++)
        {
            if (selection.getByte(i) != buffer.getByte(writtenOffset + i))
            {
                return false;
            }
        }
        return true;
    }

    private static int newRunLength(final int entryLength)
    {
        return HEADER_LENGTH + GROUP_HEADER_LENGTH + entryLength;
    }

    private int fixedEntry(final int templateId, final int blockLength)
    {
        final int entry = command(templateId, blockLength, blockLength);
        length = entry + blockLength;
        return entry;
    }

    private int entry(final int templateId, final int blockLength, final int nameLength)
    {
        return command(templateId, blockLength, blockLength + Names.PREFIX_LENGTH + nameLength);
    }

    /** A bounded add but for its name; returns where that goes. */
    private int boundedAdd(
        final int nameLength, final long delta, final long lower, final long upper, final boolean saturate)
    {
        final int blockLength = AddBoundedEncoder.AddsEncoder.sbeBlockLength();
        final int entry = entry(AddBoundedEncoder.TEMPLATE_ID, blockLength, nameLength);
        buffer.putLong(entry + AddBoundedEncoder.AddsEncoder.deltaEncodingOffset(), delta, LITTLE_ENDIAN);
        buffer.putLong(entry + AddBoundedEncoder.AddsEncoder.lowerEncodingOffset(), lower, LITTLE_ENDIAN);
        buffer.putLong(entry + AddBoundedEncoder.AddsEncoder.upperEncodingOffset(), upper, LITTLE_ENDIAN);
        buffer.putByte(
            entry + AddBoundedEncoder.AddsEncoder.saturateEncodingOffset(),
            (byte)(saturate ? Flag.YES : Flag.NO).value());
        anyWide = true;
        return entry + blockLength;
    }

    /** Room for one more command of a run; returns where it starts. */
    private int command(final int templateId, final int blockLength, final int entryLength)
    {
        if (templateId != runTemplateId)
        {
            reserve(newRunLength(entryLength));
            putHeader(buffer, length, templateId, 0);
            length += HEADER_LENGTH;
            buffer.putShort(length, (short)blockLength, LITTLE_ENDIAN);
            runCountOffset = length + COUNT_OFFSET;
            length += GROUP_HEADER_LENGTH;
            runTemplateId = templateId;
            runCount = 0;
        }
        else
        {
            reserve(entryLength);
        }
        buffer.putShort(runCountOffset, (short)++runCount, LITTLE_ENDIAN);
        commandCount++;
        return length;
    }

    /** A message without a run; returns where its block starts. */
    private int message(final int templateId, final int blockLength, final int restLength)
    {
        reserve(HEADER_LENGTH + blockLength + restLength);
        putHeader(buffer, length, templateId, blockLength);
        length += HEADER_LENGTH;
        runTemplateId = NO_RUN;
        commandCount++;
        return length;
    }

    private void reserve(final int additional)
    {
        final int required = length + additional;
        if (commandCount >= MAX_COMMANDS || BitUtil.align(PREFIX_LENGTH + required, Long.BYTES) > MAX_LENGTH)
        {
            throw new RefusedException(
                ResultCode.REQUEST_TOO_LARGE,
                commandCount,
                "request of more than " + MAX_LENGTH + " bytes or " + MAX_COMMANDS + " commands: send it in parts");
        }
        if (required > buffer.capacity())
        {
            final byte[] larger = new byte[Math.max(required, 2 * buffer.capacity())];
            buffer.getBytes(0, larger, 0, length);
            buffer.wrap(larger);
        }
    }

    private void checkColumns(final int columnCount)
    {
        if (columnCount < 1 || columnCount > MAX_COLUMNS)
        {
            throw new RefusedException(
                ResultCode.WRONG_COLUMNS, commandCount, "columns=" + columnCount + ": a score has 1.." + MAX_COLUMNS);
        }
    }

    private void putHeader(
        final MutableDirectBuffer target, final int offset, final int templateId, final int blockLength)
    {
        headerEncoder.wrap(target, offset)
            .blockLength(blockLength)
            .templateId(templateId)
            .schemaId(RequestEncoder.SCHEMA_ID)
            .version(RequestEncoder.SCHEMA_VERSION);
    }

    private static String columnNames(final BoardDefinition definition)
    {
        final StringBuilder names = new StringBuilder();
        for (final BoardDefinition.Column column : definition.columns())
        {
            names.append(names.length() == 0 ? "" : ",").append(column.name());
        }
        return names.toString();
    }

    private static short ascendingBits(final BoardDefinition definition)
    {
        int bits = 0;
        for (int i = 0; i < definition.columns().size(); i++)
        {
            bits |= definition.columns().get(i).ascending() ? 1 << i : 0;
        }
        return (short)bits;
    }
}

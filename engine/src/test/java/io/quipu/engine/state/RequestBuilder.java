package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quipu.codecs.ingress.AddBoundedEncoder;
import io.quipu.codecs.ingress.AddByHandleEncoder;
import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.DeleteEncoder;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.RemoveEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResetBoardEncoder;
import io.quipu.codecs.ingress.ScoreByHandleEncoder;
import io.quipu.codecs.ingress.ScoreColumnsEncoder;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.SetEncoder;
import io.quipu.codecs.ingress.SetLimitEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The commands of one request as they stand in the journal, written one by one; equal ones behind each other become a
 * run.
 */
public final class RequestBuilder
{
    private final MutableDirectBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    private int length;
    private int commandCount;
    private int runTemplateId;
    private int runCountOffset;

    private ReplyForm replyForm = ReplyForm.VALUES;
    private Mode mode = Mode.INDEPENDENT;

    public RequestBuilder clear()
    {
        length = 0;
        commandCount = 0;
        runTemplateId = 0;
        replyForm = ReplyForm.VALUES;
        mode = Mode.INDEPENDENT;
        return this;
    }

    RequestBuilder form(final ReplyForm form)
    {
        replyForm = form;
        return this;
    }

    RequestBuilder atomic()
    {
        mode = Mode.ATOMIC;
        return this;
    }

    RequestBuilder add(final String counter, final long delta)
    {
        return add(counter.getBytes(UTF_8), delta);
    }

    RequestBuilder add(final byte[] counter, final long delta)
    {
        final int entry = entry(
            AddEncoder.TEMPLATE_ID, AddEncoder.BLOCK_LENGTH, AddEncoder.AddsEncoder.sbeBlockLength());
        putLong(entry + AddEncoder.AddsEncoder.deltaEncodingOffset(), delta);
        return name(counter);
    }

    RequestBuilder addByHandle(final long handle, final long delta)
    {
        final int entry = entry(
            AddByHandleEncoder.TEMPLATE_ID,
            AddByHandleEncoder.BLOCK_LENGTH,
            AddByHandleEncoder.AddsEncoder.sbeBlockLength());
        putLong(entry + AddByHandleEncoder.AddsEncoder.handleEncodingOffset(), handle);
        putLong(entry + AddByHandleEncoder.AddsEncoder.deltaEncodingOffset(), delta);
        return this;
    }

    RequestBuilder addBounded(
        final String counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        return addBounded(counter.getBytes(UTF_8), delta, lower, upper, saturate);
    }

    RequestBuilder addBounded(
        final byte[] counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        final int entry = entry(
            AddBoundedEncoder.TEMPLATE_ID,
            AddBoundedEncoder.BLOCK_LENGTH,
            AddBoundedEncoder.AddsEncoder.sbeBlockLength());
        putLong(entry + AddBoundedEncoder.AddsEncoder.deltaEncodingOffset(), delta);
        putLong(entry + AddBoundedEncoder.AddsEncoder.lowerEncodingOffset(), lower);
        putLong(entry + AddBoundedEncoder.AddsEncoder.upperEncodingOffset(), upper);
        putByte(entry + AddBoundedEncoder.AddsEncoder.saturateEncodingOffset(), saturate ? 1 : 0);
        return name(counter);
    }

    RequestBuilder set(final String counter, final long value)
    {
        return set(counter.getBytes(UTF_8), value);
    }

    RequestBuilder set(final byte[] counter, final long value)
    {
        final int entry = entry(
            SetEncoder.TEMPLATE_ID, SetEncoder.BLOCK_LENGTH, SetEncoder.SetsEncoder.sbeBlockLength());
        putLong(entry + SetEncoder.SetsEncoder.valueEncodingOffset(), value);
        return name(counter);
    }

    RequestBuilder delete(final String counter)
    {
        return delete(counter.getBytes(UTF_8));
    }

    RequestBuilder delete(final byte[] counter)
    {
        final int entry = entry(
            DeleteEncoder.TEMPLATE_ID, DeleteEncoder.BLOCK_LENGTH, DeleteEncoder.DeletesEncoder.sbeBlockLength());
        putByte(entry, 0);
        return name(counter);
    }

    RequestBuilder onBoard(final String board)
    {
        return onBoard(0, board.getBytes(UTF_8));
    }

    RequestBuilder onBoard(final long handle)
    {
        return onBoard(handle, new byte[0]);
    }

    RequestBuilder create(final String board, final BoardSpec spec)
    {
        return create(board.getBytes(UTF_8), spec);
    }

    RequestBuilder create(final byte[] board, final BoardSpec spec)
    {
        final int block = message(CreateBoardEncoder.TEMPLATE_ID, CreateBoardEncoder.BLOCK_LENGTH);
        putByte(block + CreateBoardEncoder.scoreOperatorEncodingOffset(), spec.scoreOperator());
        putByte(block + CreateBoardEncoder.tiesEncodingOffset(), spec.ties());
        putByte(block + CreateBoardEncoder.columnCountEncodingOffset(), spec.columnCount());
        putByte(block + CreateBoardEncoder.ascendingEncodingOffset(), spec.ascending());
        buffer.putShort(
            block + CreateBoardEncoder.feedRowsEncodingOffset(), (short)spec.feedRows(), LITTLE_ENDIAN);
        putLong(block + CreateBoardEncoder.capacityEncodingOffset(), spec.capacity());
        commandCount++;
        name(board);
        return name(spec.columnNames().getBytes(UTF_8));
    }

    RequestBuilder drop()
    {
        message(DropBoardEncoder.TEMPLATE_ID, DropBoardEncoder.BLOCK_LENGTH);
        commandCount++;
        return this;
    }

    RequestBuilder reset()
    {
        message(ResetBoardEncoder.TEMPLATE_ID, ResetBoardEncoder.BLOCK_LENGTH);
        commandCount++;
        return this;
    }

    RequestBuilder score(final String member, final long value)
    {
        return score(member.getBytes(UTF_8), value);
    }

    RequestBuilder score(final byte[] member, final long value)
    {
        final int entry = entry(
            ScoreEncoder.TEMPLATE_ID, ScoreEncoder.BLOCK_LENGTH, ScoreEncoder.ScoresEncoder.sbeBlockLength());
        putLong(entry + ScoreEncoder.ScoresEncoder.valueEncodingOffset(), value);
        return name(member);
    }

    RequestBuilder scoreColumns(final String member, final long... values)
    {
        return scoreColumns(member.getBytes(UTF_8), values);
    }

    RequestBuilder scoreColumns(final byte[] member, final long... values)
    {
        final int entry = entry(
            ScoreColumnsEncoder.TEMPLATE_ID,
            ScoreColumnsEncoder.BLOCK_LENGTH,
            ScoreColumnsEncoder.ScoresEncoder.sbeBlockLength());
        for (int i = 0; i < 4; i++)
        {
            putLong(
                entry + ScoreColumnsEncoder.ScoresEncoder.value0EncodingOffset() + i * Long.BYTES,
                i < values.length ? values[i] : 0);
        }
        putByte(entry + ScoreColumnsEncoder.ScoresEncoder.columnCountEncodingOffset(), values.length);
        return name(member);
    }

    RequestBuilder scoreByHandle(final long handle, final long value)
    {
        final int entry = entry(
            ScoreByHandleEncoder.TEMPLATE_ID,
            ScoreByHandleEncoder.BLOCK_LENGTH,
            ScoreByHandleEncoder.ScoresEncoder.sbeBlockLength());
        putLong(entry + ScoreByHandleEncoder.ScoresEncoder.handleEncodingOffset(), handle);
        putLong(entry + ScoreByHandleEncoder.ScoresEncoder.valueEncodingOffset(), value);
        return this;
    }

    RequestBuilder remove(final String member)
    {
        return remove(member.getBytes(UTF_8));
    }

    RequestBuilder remove(final byte[] member)
    {
        final int entry = entry(
            RemoveEncoder.TEMPLATE_ID, RemoveEncoder.BLOCK_LENGTH, RemoveEncoder.RemovesEncoder.sbeBlockLength());
        putByte(entry, 0);
        return name(member);
    }

    public RequestBuilder limit(final int which, final long value)
    {
        final int block = message(SetLimitEncoder.TEMPLATE_ID, SetLimitEncoder.BLOCK_LENGTH);
        putLong(block + SetLimitEncoder.valueEncodingOffset(), value);
        putByte(block + SetLimitEncoder.whichEncodingOffset(), which);
        commandCount++;
        return this;
    }

    RequestBuilder onBoard(final byte[] board)
    {
        return onBoard(0, board);
    }

    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    public int length()
    {
        return length;
    }

    public int commandCount()
    {
        return commandCount;
    }

    public ReplyForm replyForm()
    {
        return replyForm;
    }

    public Mode mode()
    {
        return mode;
    }

    private RequestBuilder onBoard(final long handle, final byte[] board)
    {
        final int block = message(OnBoardEncoder.TEMPLATE_ID, OnBoardEncoder.BLOCK_LENGTH);
        putLong(block + OnBoardEncoder.handleEncodingOffset(), handle);
        return name(board);
    }

    private int message(final int templateId, final int blockLength)
    {
        header.wrap(buffer, length)
            .blockLength(blockLength)
            .templateId(templateId)
            .schemaId(MessageHeaderEncoder.SCHEMA_ID)
            .version(MessageHeaderEncoder.SCHEMA_VERSION);
        final int block = length + MessageHeaderEncoder.ENCODED_LENGTH;
        buffer.setMemory(block, blockLength, (byte)0);
        length = block + blockLength;
        runTemplateId = 0;
        return block;
    }

    private int entry(final int templateId, final int blockLength, final int entryBlockLength)
    {
        if (runTemplateId != templateId)
        {
            message(templateId, blockLength);
            buffer.putShort(length, (short)entryBlockLength, LITTLE_ENDIAN);
            runCountOffset = length + 2;
            buffer.putShort(runCountOffset, (short)0, LITTLE_ENDIAN);
            length += 4;
            runTemplateId = templateId;
        }
        buffer.putShort(runCountOffset, (short)(buffer.getShort(runCountOffset, LITTLE_ENDIAN) + 1), LITTLE_ENDIAN);
        commandCount++;
        final int entry = length;
        length += entryBlockLength;
        return entry;
    }

    private RequestBuilder name(final byte[] name)
    {
        buffer.putByte(length, (byte)name.length);
        buffer.putBytes(length + 1, name);
        length += 1 + name.length;
        return this;
    }

    private void putLong(final int offset, final long value)
    {
        buffer.putLong(offset, value, LITTLE_ENDIAN);
    }

    private void putByte(final int offset, final int value)
    {
        buffer.putByte(offset, (byte)value);
    }
}

package io.quipu.perf.apply;

import io.quipu.codecs.ingress.AddByHandleEncoder;
import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResetBoardEncoder;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.Ties;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.perf.NumberedNames;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The body of one journal record that holds one request (or a session-open frame), as the sequencer would stage it.
 * Built once, then rewritten in place, so that the bytes are as warm as those that a frame was just copied from:
 * <pre>
 *   request frame | message header | group header | command | command | ...
 *                                                 ^ first   ^ stride further
 *   command by name     value i64 | length u8 | name
 *   command by handle   handle i64 | value i64
 * </pre>
 * One thread.
 */
final class RecordBody
{
    private static final int REQUEST_BLOCK = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int COMMANDS = REQUEST_BLOCK + RequestFrameEncoder.BLOCK_LENGTH;
    private static final int NAME_OFFSET = Long.BYTES + 1;

    private final UnsafeBuffer buffer;
    private final NumberedNames names;
    private final int count;
    private final int first;
    private final int stride;

    private RecordBody(
        final MutableDirectBuffer source,
        final int length,
        final NumberedNames names,
        final int count,
        final int first,
        final int stride)
    {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        buffer.putBytes(0, source, 0, length);
        this.names = names;
        this.count = count;
        this.first = first;
        this.stride = stride;
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return buffer.capacity();
    }

    /** Commands of the request. */
    int count()
    {
        return count;
    }

    /**
     * Makes this the next request of its session, all earlier replies received.
     */
    RecordBody renumber(final long requestSequence)
    {
        buffer.putLong(
            REQUEST_BLOCK + RequestFrameEncoder.requestSequenceEncodingOffset(),
            requestSequence,
            ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(
            REQUEST_BLOCK + RequestFrameEncoder.repliesReceivedUpToEncodingOffset(),
            requestSequence - 1,
            ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Rewrites a command that bears a name. */
    void put(final int command, final int number, final long value)
    {
        final int offset = first + command * stride;
        buffer.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
        names.rewrite(buffer, offset + NAME_OFFSET, number);
    }

    /** Rewrites a command that bears a handle. */
    void putHandle(final int command, final long handle, final long value)
    {
        final int offset = first + command * stride;
        buffer.putLong(offset, handle, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + Long.BYTES, value, ByteOrder.LITTLE_ENDIAN);
    }

    /** The handle of a command that bears one. */
    long handle(final int command)
    {
        return buffer.getLong(first + command * stride, ByteOrder.LITTLE_ENDIAN);
    }

    /** The value of a command that bears a handle. */
    long valueOfHandle(final int command)
    {
        return buffer.getLong(first + command * stride + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    static RecordBody sessionOpen(final int sessionId)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final SessionOpenFrameEncoder open = new SessionOpenFrameEncoder();
        open.wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder());
        open.tokenHashHigh(sessionId).tokenHashLow(~sessionId).sessionId(sessionId).reserved(0);
        return new RecordBody(scratch, align(open.limit()), null, 0, 0, 0);
    }

    /** Adds by name; the commands stand for number 0 and delta 0 until they are {@link #put}. */
    static RecordBody adds(final NumberedNames names, final int count, final ReplyForm form)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final AddEncoder add = new AddEncoder();
        add.wrapAndApplyHeader(scratch, COMMANDS, header());
        final AddEncoder.AddsEncoder group = add.addsCount(count);
        final int first = add.limit();
        for (int i = 0; i < count; i++)
        {
            group.next().delta(0).putCounter(names.write(0), 0, names.length());
        }
        return request(scratch, add.limit(), names, count, first, NAME_OFFSET + names.length(), form);
    }

    /** Adds by handle, to be {@link #putHandle}. */
    static RecordBody addsByHandle(final int count, final ReplyForm form)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final AddByHandleEncoder add = new AddByHandleEncoder();
        add.wrapAndApplyHeader(scratch, COMMANDS, header());
        final AddByHandleEncoder.AddsEncoder group = add.addsCount(count);
        final int first = add.limit();
        for (int i = 0; i < count; i++)
        {
            group.next().handle(0).delta(0);
        }
        return request(scratch, add.limit(), null, count, first, 2 * Long.BYTES, form);
    }

    static RecordBody createBoard(final String board, final Operator scoreOperator)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final CreateBoardEncoder create = new CreateBoardEncoder();
        create.wrapAndApplyHeader(scratch, COMMANDS, header());
        create.scoreOperator(scoreOperator).ties(Ties.FIRST).columnCount((short)1).ascending((short)0)
            .feedRows(0).reserved(0).capacity(0)
            .putBoard(bytes(board), 0, bytes(board).length)
            .putColumnNames(bytes("score"), 0, bytes("score").length);
        return request(scratch, create.limit(), null, 1, 0, 0, ReplyForm.ACK);
    }

    static RecordBody dropBoard(final String board)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final DropBoardEncoder drop = new DropBoardEncoder();
        drop.wrapAndApplyHeader(scratch, onBoard(scratch, COMMANDS, board), header());
        return request(scratch, drop.limit(), null, 1, 0, 0, ReplyForm.ACK);
    }

    static RecordBody resetBoard(final String board)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final ResetBoardEncoder reset = new ResetBoardEncoder();
        reset.wrapAndApplyHeader(scratch, onBoard(scratch, COMMANDS, board), header());
        return request(scratch, reset.limit(), null, 1, 0, 0, ReplyForm.ACK);
    }

    /** Scores by name on a board; the commands stand for number 0 and value 0 until they are {@link #put}. */
    static RecordBody scores(final String board, final NumberedNames names, final int count, final ReplyForm form)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final ScoreEncoder score = new ScoreEncoder();
        score.wrapAndApplyHeader(scratch, onBoard(scratch, COMMANDS, board), header());
        final ScoreEncoder.ScoresEncoder group = score.scoresCount(count);
        final int first = score.limit();
        for (int i = 0; i < count; i++)
        {
            group.next().value(0).putMember(names.write(0), 0, names.length());
        }
        return request(scratch, score.limit(), names, count, first, NAME_OFFSET + names.length(), form);
    }

    /** Writes the message that selects a board; returns where the next one goes. */
    static int onBoard(final MutableDirectBuffer target, final int offset, final String board)
    {
        final OnBoardEncoder onBoard = new OnBoardEncoder();
        onBoard.wrapAndApplyHeader(target, offset, header());
        onBoard.handle(0).putBoard(bytes(board), 0, bytes(board).length);
        return onBoard.limit();
    }

    private static RecordBody request(
        final MutableDirectBuffer scratch,
        final int limit,
        final NumberedNames names,
        final int count,
        final int first,
        final int stride,
        final ReplyForm form)
    {
        new RequestFrameEncoder().wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder())
            .requestSequence(0)
            .repliesReceivedUpTo(0)
            .sessionId(1)
            .length(limit - COMMANDS)
            .commandCount(count)
            .replyForm(form.value())
            .mode(Mode.INDEPENDENT.value())
            .reserved(0);
        return new RecordBody(scratch, align(limit), names, count, first, stride);
    }

    private static io.quipu.codecs.ingress.MessageHeaderEncoder header()
    {
        return new io.quipu.codecs.ingress.MessageHeaderEncoder();
    }

    private static byte[] bytes(final String name)
    {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static int align(final int length)
    {
        return (length + 7) & ~7;
    }
}

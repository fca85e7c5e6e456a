package io.quipu.perf;

import io.quipu.codecs.ingress.AddByHandleEncoder;
import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.Ties;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * The body of one journal record that holds one request (or a session-open frame), as the sequencer would stage it. Built once,
 * then applied again and again with {@link #renumber(long)}: only the request's number changes. One thread.
 */
final class RecordBody
{
    private static final int REQUEST_BLOCK = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int COMMANDS = REQUEST_BLOCK + RequestFrameEncoder.BLOCK_LENGTH;

    private final UnsafeBuffer buffer;

    private RecordBody(final MutableDirectBuffer source, final int length)
    {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        buffer.putBytes(0, source, 0, length);
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return buffer.capacity();
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

    static RecordBody sessionOpen(final int sessionId)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final SessionOpenFrameEncoder open = new SessionOpenFrameEncoder();
        open.wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder());
        open.tokenHashHigh(sessionId).tokenHashLow(~sessionId).sessionId(sessionId).reserved(0);
        return new RecordBody(scratch, align(open.limit()));
    }

    static RecordBody adds(final int count, final ReplyForm form, final IntFunction<String> names, final LongSupplier deltas)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final AddEncoder add = new AddEncoder();
        add.wrapAndApplyHeader(scratch, COMMANDS, new io.quipu.codecs.ingress.MessageHeaderEncoder());
        final AddEncoder.AddsEncoder group = add.addsCount(count);
        for (int i = 0; i < count; i++)
        {
            final byte[] name = bytes(names.apply(i));
            group.next().delta(deltas.getAsLong()).putCounter(name, 0, name.length);
        }
        return request(scratch, add.limit(), count, form);
    }

    static RecordBody addsByHandle(
        final int count, final ReplyForm form, final LongSupplier handles, final LongSupplier deltas)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final AddByHandleEncoder add = new AddByHandleEncoder();
        add.wrapAndApplyHeader(scratch, COMMANDS, new io.quipu.codecs.ingress.MessageHeaderEncoder());
        final AddByHandleEncoder.AddsEncoder group = add.addsCount(count);
        for (int i = 0; i < count; i++)
        {
            group.next().handle(handles.getAsLong()).delta(deltas.getAsLong());
        }
        return request(scratch, add.limit(), count, form);
    }

    static RecordBody createBoard(final String board, final Operator scoreOperator)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final CreateBoardEncoder create = new CreateBoardEncoder();
        create.wrapAndApplyHeader(scratch, COMMANDS, new io.quipu.codecs.ingress.MessageHeaderEncoder());
        create.scoreOperator(scoreOperator).ties(Ties.FIRST).columnCount((short)1).ascending((short)0)
            .feedRows(0).reserved(0).capacity(0)
            .putBoard(bytes(board), 0, bytes(board).length)
            .putColumnNames(bytes("score"), 0, bytes("score").length);
        return request(scratch, create.limit(), 1, ReplyForm.ACK);
    }

    static RecordBody scores(
        final String board,
        final int count,
        final ReplyForm form,
        final IntFunction<String> members,
        final LongSupplier values)
    {
        final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        final OnBoardEncoder onBoard = new OnBoardEncoder();
        onBoard.wrapAndApplyHeader(scratch, COMMANDS, new io.quipu.codecs.ingress.MessageHeaderEncoder());
        onBoard.handle(0).putBoard(bytes(board), 0, bytes(board).length);
        final ScoreEncoder score = new ScoreEncoder();
        score.wrapAndApplyHeader(scratch, onBoard.limit(), new io.quipu.codecs.ingress.MessageHeaderEncoder());
        final ScoreEncoder.ScoresEncoder group = score.scoresCount(count);
        for (int i = 0; i < count; i++)
        {
            final byte[] name = bytes(members.apply(i));
            group.next().value(values.getAsLong()).putMember(name, 0, name.length);
        }
        return request(scratch, score.limit(), count, form);
    }

    private static RecordBody request(
        final MutableDirectBuffer scratch, final int limit, final int commandCount, final ReplyForm form)
    {
        new RequestFrameEncoder().wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder())
            .requestSequence(0)
            .repliesReceivedUpTo(0)
            .sessionId(1)
            .length(limit - COMMANDS)
            .commandCount(commandCount)
            .replyForm(form.value())
            .mode(Mode.INDEPENDENT.value())
            .reserved(0);
        return new RecordBody(scratch, align(limit));
    }

    static byte[] bytes(final String name)
    {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static int align(final int length)
    {
        return (length + 7) & ~7;
    }
}

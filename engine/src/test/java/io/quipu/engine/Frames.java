package io.quipu.engine;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.AttachSessionEncoder;
import io.quipu.codecs.ingress.CloseSessionEncoder;
import io.quipu.codecs.ingress.ConnectEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.KeepAliveEncoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.QueryEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.codecs.ingress.Ties;
import io.quipu.transport.IngressHandler;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Frames as a client encodes them, byte by byte the schema: so that tests can also send what a good client would not.
 */
public final class Frames
{
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private Frames()
    {
    }

    static byte[] connect(final long nonce)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final ConnectEncoder encoder = new ConnectEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.nonce(nonce).protocolVersion(1);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    static byte[] keepAlive(final long key)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final KeepAliveEncoder encoder =
            new KeepAliveEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    public static byte[] attach(
        final long key, final long correlationId, final long token, final long firstAttachedAt, final long lastSent)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final AttachSessionEncoder encoder =
            new AttachSessionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key)
            .correlationId(correlationId)
            .tokenHigh(token)
            .tokenLow(~token)
            .firstAttachedAt(firstAttachedAt)
            .lastSentRequest(lastSent);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    public static byte[] closeSession(final long key, final long correlationId, final long attachment)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final CloseSessionEncoder encoder =
            new CloseSessionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key).correlationId(correlationId).attachment(attachment);
        return cut(buffer, HEADER + encoder.encodedLength());
    }

    public static byte[] getCounter(final long key, final long correlationId, final Ack ack, final String name)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int body = query(buffer, key, correlationId, ack);
        final GetCountersEncoder get =
            new GetCountersEncoder().wrapAndApplyHeader(buffer, body, new MessageHeaderEncoder());
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        get.countersCount(1).next().reserved((short)0).putCounter(bytes, 0, bytes.length);
        return cut(buffer, body + HEADER + get.encodedLength());
    }

    static byte[] getTop(final long key, final long correlationId, final String board, final int rows)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int position = query(buffer, key, correlationId, Ack.JOURNALED);
        position += onBoard(buffer, position, board);
        final GetPageEncoder page =
            new GetPageEncoder().wrapAndApplyHeader(buffer, position, new MessageHeaderEncoder());
        page.skip(0).maxRows(rows);
        return cut(buffer, position + HEADER + page.encodedLength());
    }

    static byte[] status(final long key, final long correlationId)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int body = query(buffer, key, correlationId, Ack.JOURNALED);
        new GetStatusEncoder().wrapAndApplyHeader(buffer, body, new MessageHeaderEncoder());
        return cut(buffer, body + HEADER + GetStatusEncoder.BLOCK_LENGTH);
    }

    private static int query(
        final ExpandableArrayBuffer buffer, final long key, final long correlationId, final Ack ack)
    {
        final QueryEncoder encoder = new QueryEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        encoder.connectionKey(key).correlationId(correlationId).ack(ack);
        return HEADER + encoder.encodedLength();
    }

    private static int onBoard(final ExpandableArrayBuffer buffer, final int offset, final String board)
    {
        final byte[] bytes = board.getBytes(StandardCharsets.UTF_8);
        final OnBoardEncoder encoder =
            new OnBoardEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.handle(0).putBoard(bytes, 0, bytes.length);
        return HEADER + encoder.encodedLength();
    }

    /**
     * Hands a frame to the engine as its transport does.
     *
     * @return whether there was room.
     */
    public static boolean deliver(final byte[] frame, final int connectionId, final IngressHandler handler)
    {
        final UnsafeBuffer view = new UnsafeBuffer(frame);
        return switch (new MessageHeaderDecoder().wrap(view, 0).templateId())
        {
            case SubmitEncoder.TEMPLATE_ID -> handler.onSubmit(connectionId, view, 0, frame.length);
            case AttachSessionEncoder.TEMPLATE_ID -> handler.onAttachSession(connectionId, view, 0, frame.length);
            case CloseSessionEncoder.TEMPLATE_ID -> handler.onCloseSession(connectionId, view, 0, frame.length);
            default -> handler.onQuery(connectionId, view, 0, frame.length);
        };
    }

    private static byte[] cut(final ExpandableArrayBuffer buffer, final int length)
    {
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    /** One Submit frame of one or more requests, built in order. */
    static final class Submit
    {
        private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        private final SubmitEncoder submit = new SubmitEncoder();
        private int length;
        private int requests;

        Submit(final long key, final long attachment)
        {
            submit.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
            submit.connectionKey(key).attachment(attachment).requestCount(0).reserved(0);
            length = HEADER + submit.encodedLength();
        }

        Submit request(final Body body)
        {
            final int start = BitUtil.align(length, 8);
            final RequestEncoder request =
                new RequestEncoder().wrapAndApplyHeader(buffer, start, new MessageHeaderEncoder());
            final int bodyOffset = start + HEADER + request.encodedLength();
            buffer.putBytes(bodyOffset, body.buffer, 0, body.length);
            request.requestSequence(body.requestSequence)
                .repliesReceivedUpTo(body.receivedUpTo)
                .length(body.length)
                .commandCount(body.commands)
                .ack(body.ack)
                .replyForm(body.form)
                .mode(body.mode);
            length = BitUtil.align(bodyOffset + body.length, 8);
            submit.requestCount(++requests);
            return this;
        }

        byte[] encode()
        {
            return cut(buffer, length);
        }
    }

    /** What one request says. */
    static final class Body
    {
        private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        private final long requestSequence;
        private long receivedUpTo;
        private Ack ack = Ack.JOURNALED;
        private ReplyForm form = ReplyForm.VALUES;
        private Mode mode = Mode.INDEPENDENT;
        private int commands;
        private int length;

        Body(final long requestSequence)
        {
            this.requestSequence = requestSequence;
            receivedUpTo = 0;
        }

        Body receivedUpTo(final long receivedUpTo)
        {
            this.receivedUpTo = receivedUpTo;
            return this;
        }

        Body ack(final Ack ack)
        {
            this.ack = ack;
            return this;
        }

        Body form(final ReplyForm form)
        {
            this.form = form;
            return this;
        }

        Body atomic()
        {
            mode = Mode.ATOMIC;
            return this;
        }

        Body add(final String name, final long delta)
        {
            return adds(1, name, delta);
        }

        /** The same add several times, as one run. */
        Body adds(final int count, final String name, final long delta)
        {
            final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            final AddEncoder add = new AddEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            final AddEncoder.AddsEncoder group = add.addsCount(count);
            for (int i = 0; i < count; i++)
            {
                group.next().delta(delta).putCounter(bytes, 0, bytes.length);
            }

            length += HEADER + add.encodedLength();
            commands += count;
            return this;
        }

        /** One run of adds, a name each. */
        Body addAll(final List<String> names, final long delta)
        {
            final AddEncoder add = new AddEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            final AddEncoder.AddsEncoder group = add.addsCount(names.size());
            for (final String name : names)
            {
                final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                group.next().delta(delta).putCounter(bytes, 0, bytes.length);
            }

            length += HEADER + add.encodedLength();
            commands += names.size();
            return this;
        }

        /** One run of scores, a member each, with values that differ. */
        Body scoreAll(final String board, final List<String> members, final long value)
        {
            length += onBoard(buffer, length, board);
            final ScoreEncoder score =
                new ScoreEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            final ScoreEncoder.ScoresEncoder group = score.scoresCount(members.size());
            for (int i = 0; i < members.size(); i++)
            {
                final byte[] bytes = members.get(i).getBytes(StandardCharsets.UTF_8);
                group.next().value(value + i).putMember(bytes, 0, bytes.length);
            }

            length += HEADER + score.encodedLength();
            commands += members.size();
            return this;
        }

        Body createBoard(final String name, final int feedRows)
        {
            final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            final byte[] column = "score".getBytes(StandardCharsets.UTF_8);
            final CreateBoardEncoder create =
                new CreateBoardEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            create.scoreOperator(Operator.SUM)
                .ties(Ties.FIRST)
                .columnCount((short)1)
                .ascending((short)0)
                .feedRows(feedRows)
                .reserved(0)
                .capacity(0)
                .putBoard(bytes, 0, bytes.length)
                .putColumnNames(column, 0, column.length);
            length += HEADER + create.encodedLength();
            commands++;
            return this;
        }

        Body drop(final String board)
        {
            length += onBoard(buffer, length, board);
            new DropBoardEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            length += HEADER;
            commands++;
            return this;
        }

        Body score(final String board, final String member, final long value)
        {
            length += onBoard(buffer, length, board);
            final byte[] bytes = member.getBytes(StandardCharsets.UTF_8);
            final ScoreEncoder score =
                new ScoreEncoder().wrapAndApplyHeader(buffer, length, new MessageHeaderEncoder());
            score.scoresCount(1).next().value(value).putMember(bytes, 0, bytes.length);
            length += HEADER + score.encodedLength();
            commands++;
            return this;
        }
    }
}

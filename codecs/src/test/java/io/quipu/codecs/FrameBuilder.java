package io.quipu.codecs;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.QueryEncoder;
import io.quipu.codecs.ingress.RemoveEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.ResetBoardEncoder;
import io.quipu.codecs.ingress.ScoreByHandleEncoder;
import io.quipu.codecs.ingress.ScoreColumnsEncoder;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.SetEncoder;
import io.quipu.codecs.ingress.SetLimitEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.codecs.ingress.Ties;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/**
 * Builds Submit and Query frames with the generated encoders and writes down each command as a line, for comparison
 * with what a cursor reads.
 */
final class FrameBuilder
{
    final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(4096);
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    final List<String> lines = new ArrayList<>();
    int position;

    private int requestBlock;
    private int requestCount;
    private int commandCount;
    private String board = "-";

    FrameBuilder submit(final long connectionKey, final int attachment)
    {
        final SubmitEncoder submit = new SubmitEncoder().wrapAndApplyHeader(buffer, 0, header);
        submit.connectionKey(connectionKey).attachment(attachment).requestCount(0).reserved(0);
        position = submit.limit();
        return this;
    }

    FrameBuilder query(final long connectionKey, final long correlationId)
    {
        final QueryEncoder query = new QueryEncoder().wrapAndApplyHeader(buffer, 0, header);
        query.connectionKey(connectionKey).correlationId(correlationId).ack(Ack.JOURNALED);
        position = query.limit();
        return this;
    }

    FrameBuilder request(
        final long sequence, final long upTo, final Ack ack, final ReplyForm replyForm, final Mode mode)
    {
        final RequestEncoder request = new RequestEncoder().wrapAndApplyHeader(buffer, position, header);
        request.requestSequence(sequence).repliesReceivedUpTo(upTo).ack(ack).replyForm(replyForm).mode(mode);
        requestBlock = request.offset();
        position = request.limit();
        commandCount = 0;
        board = "-";
        lines.add("request " + sequence + ' ' + upTo + ' ' + ack + ' ' + replyForm + ' ' + mode);
        return this;
    }

    FrameBuilder request(final long sequence)
    {
        return request(sequence, sequence - 1, Ack.JOURNALED, ReplyForm.VALUES, Mode.INDEPENDENT);
    }

    FrameBuilder endRequest()
    {
        final int length = position - requestBlock - RequestEncoder.BLOCK_LENGTH;
        new RequestEncoder().wrap(buffer, requestBlock).length(length).commandCount(commandCount);
        while (0 != position % FrameValidator.FRAME_ALIGNMENT)
        {
            buffer.putByte(position++, (byte)0);
        }
        new SubmitEncoder().wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH).requestCount(++requestCount);
        return this;
    }

    FrameBuilder onBoard(final String name)
    {
        final OnBoardEncoder message = new OnBoardEncoder().wrapAndApplyHeader(buffer, position, header);
        message.handle(0).putBoard(utf8(name), 0, utf8(name).length);
        position = message.limit();
        board = name;
        return this;
    }

    FrameBuilder onBoard(final long handle)
    {
        final OnBoardEncoder message = new OnBoardEncoder().wrapAndApplyHeader(buffer, position, header);
        message.handle(handle).putBoard(new byte[0], 0, 0);
        position = message.limit();
        board = "#" + handle;
        return this;
    }

    FrameBuilder addByHandle(final long... handlesAndDeltas)
    {
        final AddByHandleEncoder message = new AddByHandleEncoder().wrapAndApplyHeader(buffer, position, header);
        final AddByHandleEncoder.AddsEncoder run = message.addsCount(handlesAndDeltas.length / 2);
        for (int i = 0; i < handlesAndDeltas.length; i += 2)
        {
            run.next().handle(handlesAndDeltas[i]).delta(handlesAndDeltas[i + 1]);
            line("AddByHandle", handlesAndDeltas[i] + " " + handlesAndDeltas[i + 1]);
        }
        return ends(message.limit());
    }

    FrameBuilder add(final long delta, final String... counters)
    {
        final AddEncoder message = new AddEncoder().wrapAndApplyHeader(buffer, position, header);
        final AddEncoder.AddsEncoder run = message.addsCount(counters.length);
        for (final String counter : counters)
        {
            run.next().delta(delta).putCounter(utf8(counter), 0, utf8(counter).length);
            line("Add", delta + " " + counter);
        }
        return ends(message.limit());
    }

    FrameBuilder addBounded(
        final long delta, final long lower, final long upper, final Flag saturate, final String... counters)
    {
        final AddBoundedEncoder message = new AddBoundedEncoder().wrapAndApplyHeader(buffer, position, header);
        final AddBoundedEncoder.AddsEncoder run = message.addsCount(counters.length);
        for (final String counter : counters)
        {
            run.next().delta(delta).lower(lower).upper(upper).saturate(saturate)
                .putCounter(utf8(counter), 0, utf8(counter).length);
            line("AddBounded", delta + " " + lower + ' ' + upper + ' ' + saturate + ' ' + counter);
        }
        return ends(message.limit());
    }

    FrameBuilder set(final long value, final String... counters)
    {
        final SetEncoder message = new SetEncoder().wrapAndApplyHeader(buffer, position, header);
        final SetEncoder.SetsEncoder run = message.setsCount(counters.length);
        for (final String counter : counters)
        {
            run.next().value(value).putCounter(utf8(counter), 0, utf8(counter).length);
            line("Set", value + " " + counter);
        }
        return ends(message.limit());
    }

    FrameBuilder delete(final String... counters)
    {
        final DeleteEncoder message = new DeleteEncoder().wrapAndApplyHeader(buffer, position, header);
        final DeleteEncoder.DeletesEncoder run = message.deletesCount(counters.length);
        for (final String counter : counters)
        {
            run.next().reserved((short)0).putCounter(utf8(counter), 0, utf8(counter).length);
            line("Delete", counter);
        }
        return ends(message.limit());
    }

    FrameBuilder createBoard(final String name, final String columnNames)
    {
        final CreateBoardEncoder message = new CreateBoardEncoder().wrapAndApplyHeader(buffer, position, header);
        message.scoreOperator(Operator.SUM).ties(Ties.FIRST).columnCount((short)1).ascending((short)0).feedRows(100)
            .reserved(0).capacity(0)
            .putBoard(utf8(name), 0, utf8(name).length)
            .putColumnNames(utf8(columnNames), 0, utf8(columnNames).length);
        line("CreateBoard", name + ' ' + columnNames);
        return ends(message.limit());
    }

    FrameBuilder dropBoard()
    {
        line("DropBoard", "");
        return ends(new DropBoardEncoder().wrapAndApplyHeader(buffer, position, header).limit());
    }

    FrameBuilder resetBoard()
    {
        line("ResetBoard", "");
        return ends(new ResetBoardEncoder().wrapAndApplyHeader(buffer, position, header).limit());
    }

    FrameBuilder score(final long value, final String... members)
    {
        final ScoreEncoder message = new ScoreEncoder().wrapAndApplyHeader(buffer, position, header);
        final ScoreEncoder.ScoresEncoder run = message.scoresCount(members.length);
        for (final String member : members)
        {
            run.next().value(value).putMember(utf8(member), 0, utf8(member).length);
            line("Score", value + " " + member);
        }
        return ends(message.limit());
    }

    FrameBuilder scoreColumns(final long value, final int columnCount, final String... members)
    {
        final ScoreColumnsEncoder message = new ScoreColumnsEncoder().wrapAndApplyHeader(buffer, position, header);
        final ScoreColumnsEncoder.ScoresEncoder run = message.scoresCount(members.length);
        for (final String member : members)
        {
            run.next().value0(value).value1(value + 1).value2(value + 2).value3(value + 3)
                .columnCount((short)columnCount).putMember(utf8(member), 0, utf8(member).length);
            line("ScoreColumns", value + " " + columnCount + ' ' + member);
        }
        return ends(message.limit());
    }

    FrameBuilder scoreByHandle(final long... handlesAndValues)
    {
        final ScoreByHandleEncoder message = new ScoreByHandleEncoder().wrapAndApplyHeader(buffer, position, header);
        final ScoreByHandleEncoder.ScoresEncoder run = message.scoresCount(handlesAndValues.length / 2);
        for (int i = 0; i < handlesAndValues.length; i += 2)
        {
            run.next().handle(handlesAndValues[i]).value(handlesAndValues[i + 1]);
            line("ScoreByHandle", handlesAndValues[i] + " " + handlesAndValues[i + 1]);
        }
        return ends(message.limit());
    }

    FrameBuilder remove(final String... members)
    {
        final RemoveEncoder message = new RemoveEncoder().wrapAndApplyHeader(buffer, position, header);
        final RemoveEncoder.RemovesEncoder run = message.removesCount(members.length);
        for (final String member : members)
        {
            run.next().reserved((short)0).putMember(utf8(member), 0, utf8(member).length);
            line("Remove", member);
        }
        return ends(message.limit());
    }

    FrameBuilder setLimit(final Limit which, final long value)
    {
        final SetLimitEncoder message = new SetLimitEncoder().wrapAndApplyHeader(buffer, position, header);
        message.value(value).which(which);
        line("SetLimit", which.value() + " " + value);
        return ends(message.limit());
    }

    /** Goes on behind a message that the caller has encoded at {@link #position}. */
    FrameBuilder ends(final int limit)
    {
        position = limit;
        return this;
    }

    byte[] frame()
    {
        final byte[] bytes = new byte[position];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    static byte[] utf8(final String text)
    {
        return text.getBytes(UTF_8);
    }

    private void line(final String command, final String arguments)
    {
        lines.add(commandCount++ + " @" + board + ' ' + command + (arguments.isEmpty() ? "" : ' ' + arguments));
    }
}

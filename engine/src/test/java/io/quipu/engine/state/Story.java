package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.ResultColumnsDecoder;
import io.quipu.codecs.egress.ResultRanksDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;

/**
 * A state machine, told what to apply, and one list of what it said to that. Session 1 is open from the start.
 * <pre>
 *   values    "1/3 @7 5, 3 OVERFLOW"            session/request @first sequence, a value and a code but OK for each command
 *   columns   "1/3 @7 [2 9], [] NO_SUCH_BOARD"
 *   ranks     "1/3 @7 [5] 2>1"                  columns, old rank, new rank
 *   ack       "1/3 @7 2 commands, 1:OVERFLOW"   refused ones by index
 *   atomic    "1/3 @7 refused 1:OVERFLOW"
 * </pre>
 */
final class Story implements AutoCloseable, ReplyHandler
{
    static final long SECOND_NS = 1_000_000_000L;

    final StateMachine state = new StateMachine();
    final List<String> events = new ArrayList<>();

    private final BodyBuilder body = new BodyBuilder();
    private final RequestBuilder request = new RequestBuilder();
    private final long[] requestSequences = new long[100];
    private long timeNs = SECOND_NS;

    Story()
    {
        open(1);
        events.clear();
    }

    /** An empty request that answers VALUES; {@link #send} applies it. */
    RequestBuilder request()
    {
        return request.clear();
    }

    RequestBuilder ack()
    {
        return request.clear().form(ReplyForm.ACK);
    }

    RequestBuilder ranks()
    {
        return request.clear().form(ReplyForm.RANKS);
    }

    Story send(final RequestBuilder built)
    {
        return send(1, built);
    }

    Story send(final int sessionId, final RequestBuilder built)
    {
        return send(sessionId, requestSequences[sessionId], built);
    }

    Story send(final int sessionId, final long repliesReceivedUpTo, final RequestBuilder built)
    {
        body.clear().request(sessionId, ++requestSequences[sessionId], repliesReceivedUpTo, built);
        return apply();
    }

    Story open(final int sessionId)
    {
        body.clear().open(sessionId, sessionId * 1000L, sessionId * 1000L + 1);
        return apply();
    }

    Story close(final int sessionId)
    {
        body.clear().close(sessionId);
        return apply();
    }

    Story tick(final int times)
    {
        for (int i = 0; i < times; i++)
        {
            body.clear().tick();
            apply();
        }
        return this;
    }

    Story later(final long elapsedNs)
    {
        timeNs += elapsedNs;
        return this;
    }

    String digest()
    {
        return String.format("%016x%016x", state.digest().high(), state.digest().low());
    }

    private Story apply()
    {
        final long last = state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, timeNs, this);
        if (last != state.sequence())
        {
            throw new AssertionError(last);
        }
        return this;
    }

    @Override
    public void onReply(
        final int sessionId,
        final long requestSequence,
        final long lastSequence,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        events.add(text(buffer, offset, length));
    }

    @Override
    public void onSessionOpened(final int sessionId)
    {
        events.add("opened " + sessionId);
    }

    @Override
    public void onSessionGone(final int sessionId, final long requestSequence)
    {
        events.add("gone " + sessionId + "/" + requestSequence);
    }

    @Override
    public void close()
    {
        state.close();
    }

    static String text(final DirectBuffer buffer, final int offset, final int length)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        final ResultAckDecoder block = new ResultAckDecoder().wrap(
            buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final String start = block.sessionId() + "/" + block.requestSequence() + " @" + block.firstSequence() + " ";
        if (block.code() != ResultCode.OK)
        {
            return start + "refused " + block.refusedIndex() + ":" + block.code();
        }
        final StringJoiner rows = new StringJoiner(", ", start, "");
        switch (header.templateId())
        {
            case ResultValuesDecoder.TEMPLATE_ID:
                new ResultValuesDecoder().wrapAndApplyHeader(buffer, offset, header).results()
                    .forEach(row -> rows.add(row.value() + code(row.code())));
                break;

            case ResultColumnsDecoder.TEMPLATE_ID:
                new ResultColumnsDecoder().wrapAndApplyHeader(buffer, offset, header).results()
                    .forEach(row -> rows.add(
                        columns(row.columnCount(), row.value0(), row.value1(), row.value2(), row.value3()) +
                        code(row.code())));
                break;

            case ResultRanksDecoder.TEMPLATE_ID:
                new ResultRanksDecoder().wrapAndApplyHeader(buffer, offset, header).results()
                    .forEach(row -> rows.add(
                        columns(row.columnCount(), row.value0(), row.value1(), row.value2(), row.value3()) +
                        " " + row.oldRank() + ">" + row.newRank() + code(row.code())));
                break;

            default:
                rows.add(block.commandCount() + " commands");
                new ResultAckDecoder().wrapAndApplyHeader(buffer, offset, header).refused()
                    .forEach(row -> rows.add(row.index() + ":" + row.code()));
                break;
        }
        return rows.toString();
    }

    private static String columns(final int count, final long... values)
    {
        final StringJoiner columns = new StringJoiner(" ", "[", "]");
        for (int i = 0; i < count; i++)
        {
            columns.add(Long.toString(values[i]));
        }
        return columns.toString();
    }

    private static String code(final ResultCode code)
    {
        return code == ResultCode.OK ? "" : " " + code;
    }
}

package io.quipu.engine.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.quipu.codecs.egress.BoardListDecoder;
import io.quipu.codecs.egress.CounterListDecoder;
import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.HandlesDecoder;
import io.quipu.codecs.egress.LimitListDecoder;
import io.quipu.codecs.egress.MemberRanksDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.StandingsDecoder;
import org.agrona.DirectBuffer;

/**
 * Runs queries, each second one announced ahead, and turns each answer into lines: the code when it is refused, else the head of
 * the first chunk and the rows of all.
 */
final class QueryText implements QueryHandler
{
    private final StateMachine state;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<String> lines = new ArrayList<>();
    private int chunks;
    private boolean isEnded;
    private boolean isAnnounced;

    QueryText(final StateMachine state)
    {
        this.state = state;
    }

    List<String> run(final QueryBuilder query)
    {
        lines.clear();
        chunks = 0;
        isEnded = false;
        isAnnounced = !isAnnounced;
        if (isAnnounced)
        {
            state.queries().announce(query.buffer(), 0, query.length());
            state.queries().readAhead();
        }
        final ResultCode code = state.queries().run(query.buffer(), 0, query.length(), this);
        if (code != ResultCode.OK)
        {
            lines.add(code.name());
        }
        if ((code == ResultCode.OK) != isEnded)
        {
            throw new AssertionError(code + " isEnded=" + isEnded);
        }
        return List.copyOf(lines);
    }

    int chunks()
    {
        return chunks;
    }

    @Override
    public void onChunk(final DirectBuffer buffer, final int offset, final int length, final boolean last)
    {
        if (length > Queries.MAX_CHUNK_LENGTH || isEnded)
        {
            throw new AssertionError("length=" + length + " isEnded=" + isEnded);
        }
        isEnded = last;
        final int end;
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case CounterValuesDecoder.TEMPLATE_ID:
                end = counterValues(new CounterValuesDecoder().wrapAndApplyHeader(buffer, offset, header));
                break;

            case CounterListDecoder.TEMPLATE_ID:
                end = counterList(new CounterListDecoder().wrapAndApplyHeader(buffer, offset, header));
                break;

            case BoardListDecoder.TEMPLATE_ID:
                end = boardList(new BoardListDecoder().wrapAndApplyHeader(buffer, offset, header));
                break;

            case HandlesDecoder.TEMPLATE_ID:
                final HandlesDecoder handles = new HandlesDecoder().wrapAndApplyHeader(buffer, offset, header);
                handles.rows().forEach(row -> lines.add(Long.toHexString(row.handle())));
                end = handles.limit();
                break;

            case MemberRanksDecoder.TEMPLATE_ID:
                end = memberRanks(new MemberRanksDecoder().wrapAndApplyHeader(buffer, offset, header));
                break;

            case StandingsDecoder.TEMPLATE_ID:
                end = standings(new StandingsDecoder().wrapAndApplyHeader(buffer, offset, header));
                break;

            default:
                final LimitListDecoder limits = new LimitListDecoder().wrapAndApplyHeader(buffer, offset, header);
                limits.limits().forEach(row -> lines.add(row.which() + " " + row.value() + " " + row.used()));
                end = limits.limit();
                break;
        }
        if (end != offset + length)
        {
            throw new AssertionError("end=" + end + " length=" + length);
        }
        chunks++;
    }

    private int counterValues(final CounterValuesDecoder body)
    {
        body.counters().forEach(row -> lines.add(row.value() + (row.present() == Flag.YES ? "" : " missing")));
        return body.limit();
    }

    private int counterList(final CounterListDecoder body)
    {
        lines.add("next " + body.nextCursor());
        for (final CounterListDecoder.CountersDecoder row : body.counters())
        {
            final long value = row.value();
            final byte[] name = new byte[row.counterLength()];
            row.getCounter(name, 0, name.length);
            lines.add(text(name) + " " + value);
        }
        return body.limit();
    }

    private int boardList(final BoardListDecoder body)
    {
        lines.add("next " + body.nextCursor());
        for (final BoardListDecoder.BoardsDecoder row : body.boards())
        {
            final String fields = Long.toHexString(row.handle()) + " members=" + row.members() +
                " capacity=" + row.capacity() + " feed=" + row.feedRows() + " op=" + row.scoreOperator() +
                " ties=" + row.ties() + " columns=" + row.columnCount() + " ascending=" + row.ascending();
            final byte[] name = new byte[row.boardLength()];
            row.getBoard(name, 0, name.length);
            final byte[] columns = new byte[row.columnNamesLength()];
            row.getColumnNames(columns, 0, columns.length);
            lines.add(text(name) + " " + fields + " " + text(columns));
        }
        return body.limit();
    }

    private int memberRanks(final MemberRanksDecoder body)
    {
        if (chunks == 0)
        {
            lines.add("members=" + body.boardMembers() + " columns=" + body.columnCount());
        }
        for (final MemberRanksDecoder.MembersDecoder row : body.members())
        {
            lines.add(row.present() != Flag.YES ? "missing" :
                row.ordinal() + "/" + row.competition() + "/" + row.dense() + " ties=" + row.ties() +
                " percentile=" + row.percentile() + " [" + row.value0() + " " + row.value1() + " " + row.value2() +
                " " + row.value3() + "] @" + row.changedAt());
        }
        return body.limit();
    }

    private int standings(final StandingsDecoder body)
    {
        if (chunks == 0)
        {
            lines.add("members=" + body.boardMembers() + " total=" + body.total() + " columns=" + body.columnCount());
        }
        for (final StandingsDecoder.RowsDecoder row : body.rows())
        {
            final String fields = row.ordinal() + "/" + row.competition() + "/" + row.dense() + " [" + row.value0() +
                " " + row.value1() + " " + row.value2() + " " + row.value3() + "] ";
            final byte[] name = new byte[row.memberLength()];
            row.getMember(name, 0, name.length);
            lines.add(fields + text(name));
        }
        return body.limit();
    }

    private static String text(final byte[] name)
    {
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}

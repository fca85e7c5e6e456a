package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.BoardListDecoder;
import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MemberRanksDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.StandingsDecoder;
import io.quipu.codecs.ingress.DescribeBoardEncoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.engine.cli.VerbException;
import io.quipu.engine.state.Queries;
import io.quipu.engine.state.QueryHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/**
 * Asks a replayed state what a client would ask an engine, with the same query messages.
 */
final class StateQueries
{
    /** A member where a board's order puts it; {@code present} is false for one that is not there. */
    record Row(
        String member,
        boolean present,
        long rank,
        long competition,
        long dense,
        long ties,
        long percentile,
        long[] score)
    {
    }

    /** Members of a board, and how many it has in all. */
    record Rows(long members, List<Row> rows)
    {
    }

    private final Queries queries;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder answerHeader = new MessageHeaderDecoder();

    StateQueries(final Queries queries)
    {
        this.queries = queries;
    }

    /** Values of counters, in the order asked; 0 for those that are not there. */
    List<Long> counters(final List<String> names)
    {
        final GetCountersEncoder query = new GetCountersEncoder().wrapAndApplyHeader(buffer, 0, header);
        final GetCountersEncoder.CountersEncoder list = query.countersCount(names.size());
        for (final String name : names)
        {
            final byte[] bytes = bytes(name);
            list.next().reserved((short)0).putCounter(bytes, 0, bytes.length);
        }

        final List<Long> values = new ArrayList<>(names.size());
        final CounterValuesDecoder answer = new CounterValuesDecoder();
        ask(
            query.limit(),
            "",
            (chunk, offset, length, last) ->
                answer.wrapAndApplyHeader(chunk, offset, answerHeader).counters()
                    .forEach((row) -> values.add(row.value())));
        return values;
    }

    /** Names of a board's columns. */
    List<String> columns(final String board)
    {
        final int limit = new DescribeBoardEncoder().wrapAndApplyHeader(buffer, select(board), header).limit();
        final List<String> columns = new ArrayList<>();
        final BoardListDecoder answer = new BoardListDecoder();
        ask(
            limit,
            board,
            (chunk, offset, length, last) ->
            {
                answer.wrapAndApplyHeader(chunk, offset, answerHeader);
                for (final BoardListDecoder.BoardsDecoder row : answer.boards())
                {
                    row.skipBoard();
                    final byte[] names = new byte[row.columnNamesLength()];
                    row.getColumnNames(names, 0, names.length);
                    columns.addAll(List.of(new String(names, UTF_8).split(",")));
                }
            });
        return columns;
    }

    /** The first members of a board. */
    Rows top(final String board, final int maxRows)
    {
        final int limit = new GetPageEncoder().wrapAndApplyHeader(buffer, select(board), header)
            .skip(0).maxRows(maxRows).limit();
        final List<Row> rows = new ArrayList<>();
        final long[] members = new long[1];
        final StandingsDecoder answer = new StandingsDecoder();
        ask(
            limit,
            board,
            (chunk, offset, length, last) ->
            {
                answer.wrapAndApplyHeader(chunk, offset, answerHeader);
                members[0] = answer.boardMembers();
                final int columns = answer.columnCount();
                for (final StandingsDecoder.RowsDecoder row : answer.rows())
                {
                    final long[] score = score(columns, row.value0(), row.value1(), row.value2(), row.value3());
                    final byte[] member = new byte[row.memberLength()];
                    row.getMember(member, 0, member.length);
                    rows.add(new Row(
                        new String(member, UTF_8), true, row.ordinal(), row.competition(), row.dense(), 0, 0, score));
                }
            });
        return new Rows(members[0], rows);
    }

    /** Where members stand, in the order asked, missing ones kept. */
    Rows ranks(final String board, final List<String> names)
    {
        final GetRanksEncoder query = new GetRanksEncoder().wrapAndApplyHeader(buffer, select(board), header);
        final GetRanksEncoder.MembersEncoder list = query.membersCount(names.size());
        for (final String name : names)
        {
            final byte[] bytes = bytes(name);
            list.next().reserved((short)0).putMember(bytes, 0, bytes.length);
        }

        final List<Row> rows = new ArrayList<>(names.size());
        final long[] members = new long[1];
        final MemberRanksDecoder answer = new MemberRanksDecoder();
        ask(
            query.limit(),
            board,
            (chunk, offset, length, last) ->
            {
                answer.wrapAndApplyHeader(chunk, offset, answerHeader);
                members[0] = answer.boardMembers();
                final int columns = answer.columnCount();
                for (final MemberRanksDecoder.MembersDecoder row : answer.members())
                {
                    rows.add(new Row(
                        names.get(rows.size()),
                        Flag.YES == row.present(),
                        row.ordinal(),
                        row.competition(),
                        row.dense(),
                        row.ties(),
                        row.percentile(),
                        score(columns, row.value0(), row.value1(), row.value2(), row.value3())));
                }
            });
        return new Rows(members[0], rows);
    }

    private int select(final String board)
    {
        final byte[] bytes = bytes(board);
        return new OnBoardEncoder().wrapAndApplyHeader(buffer, 0, header)
            .handle(0).putBoard(bytes, 0, bytes.length).limit();
    }

    private void ask(final int length, final String board, final QueryHandler handler)
    {
        final ResultCode code = queries.run(buffer, 0, length, handler);
        if (ResultCode.NO_SUCH_BOARD == code)
        {
            throw VerbException.refused(code.name(), "there was no board '" + board + "' at this sequence");
        }
        if (ResultCode.OK != code)
        {
            throw VerbException.refused(code.name(), "the state does not answer: " + code);
        }
    }

    private static byte[] bytes(final String name)
    {
        final byte[] bytes = name.getBytes(UTF_8);
        if (0 == bytes.length || bytes.length > FrameValidator.MAX_NAME_LENGTH)
        {
            throw VerbException.usage(
                "'" + name + "' has " + bytes.length + " bytes: a name has 1 to " + FrameValidator.MAX_NAME_LENGTH);
        }
        return bytes;
    }

    private static long[] score(final int columns, final long... values)
    {
        return Arrays.copyOf(values, columns);
    }
}

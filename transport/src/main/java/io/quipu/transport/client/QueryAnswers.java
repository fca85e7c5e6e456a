package io.quipu.transport.client;

import io.quipu.codecs.egress.BoardListDecoder;
import io.quipu.codecs.egress.CounterListDecoder;
import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.HandlesDecoder;
import io.quipu.codecs.egress.LimitListDecoder;
import io.quipu.codecs.egress.MemberRanksDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.StandingsDecoder;
import io.quipu.codecs.egress.StatusReportDecoder;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.Ties;
import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes the answers of queries into values. Each body has been validated; over several chunks the rows go on. A short-lived
 * object of the caller's thread.
 */
final class QueryAnswers
{
    private static final int MAX_COLUMNS = 4;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final byte[] scratch = new byte[Names.MAX_LENGTH];

    Rows<CounterValue> counterValues(final QueryCall call, final String... names)
    {
        final List<CounterValue> rows = new ArrayList<>(names.length);
        final CounterValuesDecoder decoder = new CounterValuesDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            for (final CounterValuesDecoder.CountersDecoder row : decoder.wrapAndApplyHeader(body, 0, header).counters())
            {
                rows.add(new CounterValue(names[rows.size()], row.value(), Flag.YES == row.present()));
            }
        }
        return call.rows(rows);
    }

    /** Adds the rows found; returns where to go on, 0 at the end. */
    long counterList(final QueryCall call, final List<CounterValue> rows)
    {
        long nextCursor = 0;
        final CounterListDecoder decoder = new CounterListDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            nextCursor = decoder.wrapAndApplyHeader(body, 0, header).nextCursor();
            for (final CounterListDecoder.CountersDecoder row : decoder.counters())
            {
                final long value = row.value();
                final int length = row.counterLength();
                row.getCounter(scratch, 0, length);
                rows.add(new CounterValue(text(length), value, true));
            }
        }
        return nextCursor;
    }

    /** Adds the rows found; returns where to go on, 0 at the end. */
    long boardList(final QueryCall call, final List<BoardInfo> rows)
    {
        long nextCursor = 0;
        final BoardListDecoder decoder = new BoardListDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            nextCursor = decoder.wrapAndApplyHeader(body, 0, header).nextCursor();
            for (final BoardListDecoder.BoardsDecoder row : decoder.boards())
            {
                rows.add(board(row));
            }
        }
        return nextCursor;
    }

    Rows<Long> handles(final QueryCall call)
    {
        final List<Long> rows = new ArrayList<>();
        final HandlesDecoder decoder = new HandlesDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            for (final HandlesDecoder.RowsDecoder row : decoder.wrapAndApplyHeader(body, 0, header).rows())
            {
                rows.add(row.handle());
            }
        }
        return call.rows(rows);
    }

    Rows<MemberRank> memberRanks(final QueryCall call, final String... members)
    {
        final List<MemberRank> rows = new ArrayList<>(members.length);
        final MemberRanksDecoder decoder = new MemberRanksDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            decoder.wrapAndApplyHeader(body, 0, header);
            final int columnCount = columnCount(decoder.columnCount());
            for (final MemberRanksDecoder.MembersDecoder row : decoder.members())
            {
                rows.add(memberRank(members[rows.size()], row, columnCount, decoder.boardMembers()));
            }
        }
        return call.rows(rows);
    }

    Standings standings(final QueryCall call)
    {
        long boardMembers = 0;
        long total = 0;
        final List<Standing> rows = new ArrayList<>();
        final StandingsDecoder decoder = new StandingsDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            decoder.wrapAndApplyHeader(body, 0, header);
            boardMembers = decoder.boardMembers();
            total = decoder.total();
            final int columnCount = columnCount(decoder.columnCount());
            for (final StandingsDecoder.RowsDecoder row : decoder.rows())
            {
                final long[] score = columns(columnCount, row.value0(), row.value1(), row.value2(), row.value3());
                final int length = row.memberLength();
                row.getMember(scratch, 0, length);
                rows.add(new Standing(row.ordinal(), row.competition(), row.dense(), text(length), score));
            }
        }
        return new Standings(
            boardMembers, total, Collections.unmodifiableList(rows), call.sequence(), call.epoch(), call.ackReached());
    }

    Status status(final QueryCall call)
    {
        final Map<String, String> parts = new LinkedHashMap<>();
        final Map<String, Long> gauges = new LinkedHashMap<>();
        final StatusReportDecoder decoder = new StatusReportDecoder();
        long durableSequence = 0;
        long timeNs = 0;
        String digest = "";
        for (final DirectBuffer body : call.bodies())
        {
            decoder.wrapAndApplyHeader(body, 0, header);
            durableSequence = decoder.durableSequence();
            timeNs = decoder.timeNs();
            digest = Status.digest(decoder.digestHigh(), decoder.digestLow());
            for (final StatusReportDecoder.PartsDecoder row : decoder.parts())
            {
                final String part = Status.digest(row.digestHigh(), row.digestLow());
                final int length = row.labelLength();
                row.getLabel(scratch, 0, length);
                parts.put(text(length), part);
            }
            for (final StatusReportDecoder.GaugesDecoder row : decoder.gauges())
            {
                final long value = row.value();
                final int length = row.labelLength();
                row.getLabel(scratch, 0, length);
                gauges.put(text(length), value);
            }
        }
        return new Status(
            call.sequence(),
            durableSequence,
            call.epoch(),
            call.ackReached(),
            timeNs,
            digest,
            Collections.unmodifiableMap(parts),
            Collections.unmodifiableMap(gauges));
    }

    Rows<LimitValue> limits(final QueryCall call)
    {
        final List<LimitValue> rows = new ArrayList<>();
        final LimitListDecoder decoder = new LimitListDecoder();
        for (final DirectBuffer body : call.bodies())
        {
            for (final LimitListDecoder.LimitsDecoder row : decoder.wrapAndApplyHeader(body, 0, header).limits())
            {
                rows.add(new LimitValue(Limit.get(row.which()), row.value(), row.used()));
            }
        }
        return call.rows(rows);
    }

    private BoardInfo board(final BoardListDecoder.BoardsDecoder row)
    {
        final long handle = row.handle();
        final long members = row.members();
        final long capacity = row.capacity();
        final int feedRows = row.feedRows();
        final Operator operator = Operator.get(row.scoreOperator());
        final Ties ties = Ties.get(row.ties());
        final int ascending = row.ascending();
        final int nameLength = row.boardLength();
        row.getBoard(scratch, 0, nameLength);
        final String name = text(nameLength);
        final int columnsLength = row.columnNamesLength();
        row.getColumnNames(scratch, 0, columnsLength);
        final String[] columnNames = text(columnsLength).split(",", -1);

        final List<BoardDefinition.Column> columns = new ArrayList<>();
        for (int i = 0; i < columnNames.length; i++)
        {
            columns.add(new BoardDefinition.Column(columnNames[i], 0 != (ascending & 1 << i)));
        }
        return new BoardInfo(
            new BoardDefinition(name, columns, operator, ties, capacity, feedRows), handle, members);
    }

    private static MemberRank memberRank(
        final String member, final MemberRanksDecoder.MembersDecoder row, final int columnCount, final long boardMembers)
    {
        final boolean isPresent = Flag.YES == row.present();
        return new MemberRank(
            member,
            isPresent,
            row.ordinal(),
            row.competition(),
            row.dense(),
            row.ties(),
            row.percentile(),
            columns(isPresent ? columnCount : 0, row.value0(), row.value1(), row.value2(), row.value3()),
            row.changedAt(),
            boardMembers);
    }

    static int columnCount(final int onWire)
    {
        return Math.min(onWire, MAX_COLUMNS);
    }

    static long[] columns(
        final int columnCount, final long value0, final long value1, final long value2, final long value3)
    {
        return switch (columnCount)
        {
            case 0 -> new long[0];
            case 1 -> new long[]{value0};
            case 2 -> new long[]{value0, value1};
            case 3 -> new long[]{value0, value1, value2};
            default -> new long[]{value0, value1, value2, value3};
        };
    }

    private String text(final int length)
    {
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.DescribeBoardEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.GetAroundEncoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetLimitsEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRangeEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ListBoardsEncoder;
import io.quipu.codecs.ingress.ListCountersEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.QueryEncoder;
import io.quipu.codecs.ingress.ResolveEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Encodes queries, one each: a Query frame whose key and correlation id are written when it is sent.
 * <pre>
 *   Query header | block | [OnBoard] | query message
 * </pre>
 * A short-lived object of the caller's thread.
 */
final class QueryFrames
{
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int MAX_ROWS = FrameValidator.MAX_ROWS;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    QueryFrames(final Ack ack)
    {
        final QueryEncoder query = new QueryEncoder().wrapAndApplyHeader(buffer, 0, header)
            .connectionKey(0)
            .correlationId(0)
            .ack(ack);
        length = HEADER_LENGTH + query.encodedLength();
    }

    QueryCall getCounters(final String... counters)
    {
        final GetCountersEncoder query = new GetCountersEncoder().wrapAndApplyHeader(buffer, length, header);
        final GetCountersEncoder.CountersEncoder names = query.countersCount(checkedCount(counters.length));
        for (int i = 0; i < counters.length; i++)
        {
            final byte[] name = bytes(counters[i], i);
            names.next().reserved((short)0).putCounter(name, 0, name.length);
        }
        return call("get of " + counters.length + " counters", query.encodedLength());
    }

    QueryCall listCounters(final String prefix, final long cursor)
    {
        final byte[] bytes = prefixBytes(prefix);
        final ListCountersEncoder query = new ListCountersEncoder().wrapAndApplyHeader(buffer, length, header)
            .cursor(cursor)
            .maxRows(MAX_ROWS)
            .putPrefix(bytes, 0, bytes.length);
        return call("counters " + prefix, query.encodedLength());
    }

    QueryCall listBoards(final String prefix, final long cursor)
    {
        final byte[] bytes = prefixBytes(prefix);
        final ListBoardsEncoder query = new ListBoardsEncoder().wrapAndApplyHeader(buffer, length, header)
            .cursor(cursor)
            .maxRows(MAX_ROWS)
            .putPrefix(bytes, 0, bytes.length);
        return call("boards " + prefix, query.encodedLength());
    }

    QueryCall resolve(final Kind kind, final String board, final String... named)
    {
        if (Kind.MEMBER == kind)
        {
            onBoard(board);
        }
        final ResolveEncoder query = new ResolveEncoder().wrapAndApplyHeader(buffer, length, header).kind(kind);
        final ResolveEncoder.NamesEncoder names = query.namesCount(checkedCount(named.length));
        for (int i = 0; i < named.length; i++)
        {
            final byte[] name = bytes(named[i], i);
            names.next().reserved((short)0).putNamed(name, 0, name.length);
        }
        return call("resolve of " + named.length + " names", query.encodedLength());
    }

    QueryCall getRanks(final String board, final String... members)
    {
        onBoard(board);
        final GetRanksEncoder query = new GetRanksEncoder().wrapAndApplyHeader(buffer, length, header);
        final GetRanksEncoder.MembersEncoder names = query.membersCount(checkedCount(members.length));
        for (int i = 0; i < members.length; i++)
        {
            final byte[] name = bytes(members[i], i);
            names.next().reserved((short)0).putMember(name, 0, name.length);
        }
        return call("rank on board " + board, query.encodedLength());
    }

    QueryCall getPage(final String board, final long skip, final int maxRows)
    {
        onBoard(board);
        final GetPageEncoder query = new GetPageEncoder().wrapAndApplyHeader(buffer, length, header)
            .skip(checkedSkip(skip))
            .maxRows(checkedRows(maxRows, 1));
        return call("page of board " + board, query.encodedLength());
    }

    QueryCall getAround(final String board, final String member, final int maxRows)
    {
        onBoard(board);
        final byte[] name = bytes(member, 0);
        final GetAroundEncoder query = new GetAroundEncoder().wrapAndApplyHeader(buffer, length, header)
            .maxRows(checkedRows(maxRows, 1))
            .putMember(name, 0, name.length);
        return call("around " + member + " on board " + board, query.encodedLength());
    }

    /** No rows: only counts. */
    QueryCall getRange(final String board, final ScoreRange range, final long skip, final int maxRows)
    {
        onBoard(board);
        final GetRangeEncoder query = new GetRangeEncoder().wrapAndApplyHeader(buffer, length, header)
            .skip(checkedSkip(skip))
            .from0(range.fromColumn(0)).from1(range.fromColumn(1))
            .from2(range.fromColumn(2)).from3(range.fromColumn(3))
            .to0(range.toColumn(0)).to1(range.toColumn(1))
            .to2(range.toColumn(2)).to3(range.toColumn(3))
            .maxRows(checkedRows(maxRows, 0))
            .fromColumns((short)range.fromColumns())
            .toColumns((short)range.toColumns())
            .fromInclusive(range.isFromInclusive() ? Flag.YES : Flag.NO)
            .toInclusive(range.isToInclusive() ? Flag.YES : Flag.NO);
        return call("range of board " + board, query.encodedLength());
    }

    QueryCall describeBoard(final String board)
    {
        onBoard(board);
        final DescribeBoardEncoder query = new DescribeBoardEncoder().wrapAndApplyHeader(buffer, length, header);
        return call("board " + board, query.encodedLength());
    }

    QueryCall getStatus()
    {
        return call("status", new GetStatusEncoder().wrapAndApplyHeader(buffer, length, header).encodedLength());
    }

    QueryCall getLimits()
    {
        return call("limits", new GetLimitsEncoder().wrapAndApplyHeader(buffer, length, header).encodedLength());
    }

    private void onBoard(final String board)
    {
        final byte[] name = bytes(board, 0);
        final OnBoardEncoder onBoard = new OnBoardEncoder().wrapAndApplyHeader(buffer, length, header)
            .handle(0)
            .putBoard(name, 0, name.length);
        length += HEADER_LENGTH + onBoard.encodedLength();
    }

    private QueryCall call(final String what, final int encodedLength)
    {
        length += HEADER_LENGTH + encodedLength;
        if (length > FrameValidator.MAX_FRAME_LENGTH)
        {
            throw new RefusedException(
                ResultCode.REQUEST_TOO_LARGE,
                0,
                what + ": names of " + length + " bytes together, the most is " + FrameValidator.MAX_FRAME_LENGTH);
        }
        final byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return new QueryCall(what, new UnsafeBuffer(frame));
    }

    private static byte[] bytes(final String name, final int index)
    {
        Names.checkedLength(name, index);
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] prefixBytes(final String prefix)
    {
        return prefix.isEmpty() ? new byte[0] : bytes(prefix, 0);
    }

    private static int checkedCount(final int count)
    {
        if (count > MAX_ROWS)
        {
            throw tooMany("names", count, 1);
        }
        return count;
    }

    private static int checkedRows(final int rows, final int least)
    {
        if (rows < least || rows > MAX_ROWS)
        {
            throw tooMany("rows", rows, least);
        }
        return rows;
    }

    private static long checkedSkip(final long skip)
    {
        if (skip < 0)
        {
            throw new RefusedException(ResultCode.REQUEST_TOO_LARGE, 0, "skip=" + skip + ": expected 0 or more");
        }
        return skip;
    }

    private static RefusedException tooMany(final String what, final int count, final int least)
    {
        return new RefusedException(
            ResultCode.REQUEST_TOO_LARGE, 0, what + '=' + count + ": expected " + least + ".." + MAX_ROWS);
    }
}

package io.quipu.engine.state;

import io.quipu.codecs.ingress.DescribeBoardEncoder;
import io.quipu.codecs.ingress.GetAroundEncoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetLimitsEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRangeEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ListBoardsEncoder;
import io.quipu.codecs.ingress.ListCountersEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.ResolveEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Query messages as they stand behind the Query block.
 */
final class QueryBuilder
{
    private final MutableDirectBuffer buffer = new UnsafeBuffer(new byte[256 * 1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    QueryBuilder clear()
    {
        length = 0;
        return this;
    }

    QueryBuilder onBoard(final long handle, final byte[] name)
    {
        final OnBoardEncoder on = new OnBoardEncoder().wrapAndApplyHeader(buffer, 0, header).handle(handle);
        on.putBoard(name, 0, name.length);
        length = on.limit();
        return this;
    }

    QueryBuilder counters(final byte[]... names)
    {
        final GetCountersEncoder query = new GetCountersEncoder().wrapAndApplyHeader(buffer, length, header);
        final GetCountersEncoder.CountersEncoder group = query.countersCount(names.length);
        for (final byte[] name : names)
        {
            group.next().reserved((short)0).putCounter(name, 0, name.length);
        }
        length = query.limit();
        return this;
    }

    QueryBuilder listCounters(final long cursor, final int maxRows, final byte[] prefix)
    {
        final ListCountersEncoder query =
            new ListCountersEncoder().wrapAndApplyHeader(buffer, length, header).cursor(cursor).maxRows(maxRows);
        query.putPrefix(prefix, 0, prefix.length);
        length = query.limit();
        return this;
    }

    QueryBuilder listBoards(final long cursor, final int maxRows, final byte[] prefix)
    {
        final ListBoardsEncoder query =
            new ListBoardsEncoder().wrapAndApplyHeader(buffer, length, header).cursor(cursor).maxRows(maxRows);
        query.putPrefix(prefix, 0, prefix.length);
        length = query.limit();
        return this;
    }

    QueryBuilder resolve(final Kind kind, final byte[]... names)
    {
        final ResolveEncoder query = new ResolveEncoder().wrapAndApplyHeader(buffer, length, header).kind(kind);
        final ResolveEncoder.NamesEncoder group = query.namesCount(names.length);
        for (final byte[] name : names)
        {
            group.next().reserved((short)0).putNamed(name, 0, name.length);
        }
        length = query.limit();
        return this;
    }

    QueryBuilder ranks(final byte[]... names)
    {
        final GetRanksEncoder query = new GetRanksEncoder().wrapAndApplyHeader(buffer, length, header);
        final GetRanksEncoder.MembersEncoder group = query.membersCount(names.length);
        for (final byte[] name : names)
        {
            group.next().reserved((short)0).putMember(name, 0, name.length);
        }
        length = query.limit();
        return this;
    }

    QueryBuilder page(final long skip, final int maxRows)
    {
        length = new GetPageEncoder().wrapAndApplyHeader(buffer, length, header).skip(skip).maxRows(maxRows).limit();
        return this;
    }

    QueryBuilder around(final byte[] member, final int maxRows)
    {
        final GetAroundEncoder query =
            new GetAroundEncoder().wrapAndApplyHeader(buffer, length, header).maxRows(maxRows);
        query.putMember(member, 0, member.length);
        length = query.limit();
        return this;
    }

    QueryBuilder range(
        final long[] from,
        final boolean fromInclusive,
        final long[] to,
        final boolean toInclusive,
        final long skip,
        final int maxRows)
    {
        length = new GetRangeEncoder().wrapAndApplyHeader(buffer, length, header)
            .skip(skip)
            .from0(from.length > 0 ? from[0] : 0)
            .from1(from.length > 1 ? from[1] : 0)
            .from2(from.length > 2 ? from[2] : 0)
            .from3(from.length > 3 ? from[3] : 0)
            .to0(to.length > 0 ? to[0] : 0)
            .to1(to.length > 1 ? to[1] : 0)
            .to2(to.length > 2 ? to[2] : 0)
            .to3(to.length > 3 ? to[3] : 0)
            .maxRows(maxRows)
            .fromColumns((short)from.length)
            .toColumns((short)to.length)
            .fromInclusive(fromInclusive ? Flag.YES : Flag.NO)
            .toInclusive(toInclusive ? Flag.YES : Flag.NO)
            .limit();
        return this;
    }

    QueryBuilder describe()
    {
        length = new DescribeBoardEncoder().wrapAndApplyHeader(buffer, length, header).limit();
        return this;
    }

    QueryBuilder limits()
    {
        length = new GetLimitsEncoder().wrapAndApplyHeader(buffer, length, header).limit();
        return this;
    }

    QueryBuilder status()
    {
        length = new GetStatusEncoder().wrapAndApplyHeader(buffer, length, header).limit();
        return this;
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return length;
    }
}

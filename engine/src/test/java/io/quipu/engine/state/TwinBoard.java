package io.quipu.engine.state;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A board as a sorted list.
 */
final class TwinBoard
{
    /** A member and its score; never changed, so that copies of a state may share it. */
    record Member(long handle, String name, long[] columns, long changedAt)
    {
    }

    final String name;
    final long handle;
    final BoardSpec spec;
    long startedAt;
    List<Member> ranking = new ArrayList<>();
    Map<String, Member> members = new HashMap<>();

    TwinBoard(final String name, final long handle, final BoardSpec spec, final long startedAt)
    {
        this.name = name;
        this.handle = handle;
        this.spec = spec;
        this.startedAt = startedAt;
    }

    TwinBoard copy()
    {
        final TwinBoard copy = new TwinBoard(name, handle, spec, startedAt);
        copy.ranking = new ArrayList<>(ranking);
        copy.members = new HashMap<>(members);
        return copy;
    }

    /** Negative where the first stands before the second. */
    int compareColumns(final long[] left, final long[] right, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int order = Long.compare(left[i], right[i]);
            if (order != 0)
            {
                return (spec.ascending() >> i & 1) == 1 ? order : -order;
            }
        }
        return 0;
    }

    Comparator<Member> order()
    {
        return (left, right) ->
        {
            final int order = compareColumns(left.columns(), right.columns(), spec.columnCount());
            if (order != 0)
            {
                return order;
            }
            switch (spec.ties())
            {
                case BoardSpec.FIRST:
                    return Long.compare(left.changedAt(), right.changedAt());

                case BoardSpec.LATEST:
                    return Long.compare(right.changedAt(), left.changedAt());

                default:
                    return left.name().compareTo(right.name());
            }
        };
    }

    /** From 1; 0 when not ranked. */
    long ordinal(final String member)
    {
        final Member found = members.get(member);
        return found == null ? 0 : Collections.binarySearch(ranking, found, order()) + 1;
    }

    /** The columns that a score leads to, null where one of them overflows. */
    long[] next(final Member before, final long[] values)
    {
        if (before == null)
        {
            return values;
        }
        switch (spec.scoreOperator())
        {
            case BoardSpec.SUM:
                final long[] sums = new long[values.length];
                for (int i = 0; i < values.length; i++)
                {
                    final BigInteger sum =
                        BigInteger.valueOf(before.columns()[i]).add(BigInteger.valueOf(values[i]));
                    if (sum.bitLength() > 63)
                    {
                        return null;
                    }
                    sums[i] = sum.longValueExact();
                }
                return sums;

            case BoardSpec.BEST:
                return compareColumns(values, before.columns(), values.length) < 0 ? values : before.columns();

            default:
                return values;
        }
    }

    void put(final Member member)
    {
        take(member.name());
        final int place = Collections.binarySearch(ranking, member, order());
        ranking.add(-place - 1, member);
        members.put(member.name(), member);
    }

    Member take(final String name)
    {
        final Member before = members.remove(name);
        if (before != null)
        {
            ranking.remove(Collections.binarySearch(ranking, before, order()));
        }
        return before;
    }

    /** The first of those equal to a place in the ranking. */
    int competition(final int place)
    {
        int first = place;
        while (first > 0 && isTied(first - 1, place))
        {
            first--;
        }
        return first + 1;
    }

    int dense(final int place)
    {
        int groups = 1;
        for (int i = 1; i <= place; i++)
        {
            groups += isTied(i - 1, i) ? 0 : 1;
        }
        return groups;
    }

    int ties(final int place)
    {
        final long[] columns = ranking.get(place).columns();
        return (int)ranking.stream().filter(other -> Arrays.equals(other.columns(), columns)).count();
    }

    long percentile(final int place)
    {
        final long worse = ranking.size() - (competition(place) - 1) - ties(place);
        return BigInteger.valueOf(worse).multiply(BigInteger.valueOf(1_000_000))
            .divide(BigInteger.valueOf(ranking.size())).longValueExact();
    }

    private boolean isTied(final int left, final int right)
    {
        return Arrays.equals(ranking.get(left).columns(), ranking.get(right).columns());
    }
}

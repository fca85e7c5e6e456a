package io.quipu.engine.state;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.quipu.codecs.egress.ResultCode;

/**
 * Names, counters, boards and limits in maps and lists: what an ATOMIC request may change. A request that is refused
 * gets back the copy made before it. Names are strings of bytes (ISO 8859-1).
 */
final class TwinState
{
    /** The ranks and values that a command answers. */
    record Answer(ResultCode code, long[] columns, long oldRank, long newRank)
    {
        static Answer of(final ResultCode code, final long... columns)
        {
            return new Answer(code, columns, 0, 0);
        }
    }

    /** Members given up by a drop or reset. */
    private record GivenUp(long endedAt, long startedAt, BoardSpec spec, List<TwinBoard.Member> ranking)
    {
    }

    private record Counter(long handle, long value)
    {
    }

    static final int NAMES = 1;
    static final int COUNTERS = 2;
    static final int BOARDS = 3;
    static final int MEMBERS = 4;
    static final int SESSIONS = 5;

    private static final long[] HIGHEST_LIMITS = { 0, (1 << 28) - 1, (1 << 28) - 1, 1 << 20, 1 << 30, 1 << 20, 16384 };

    final long[] limits = { 0, 200_000_000, 200_000_000, 100_000, 200_000_000, 16_384, 4_096 };
    final Map<String, TwinBoard> boards = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Counter> counters = new HashMap<>();
    private final Map<Long, String> counterNames = new HashMap<>();
    private final Map<Long, String> memberBoards = new HashMap<>();
    private final Deque<GivenUp> givenUp = new ArrayDeque<>();
    private TwinIds counterIds = new TwinIds(1, 3);
    private TwinIds boardIds = new TwinIds(2, 5);
    private TwinIds memberIds = new TwinIds(3, 7);
    private long memberCount;

    TwinState copy()
    {
        final TwinState copy = new TwinState();
        System.arraycopy(limits, 0, copy.limits, 0, limits.length);
        boards.forEach((name, board) -> copy.boards.put(name, board.copy()));
        copy.names.putAll(names);
        copy.counters.putAll(counters);
        copy.counterNames.putAll(counterNames);
        copy.memberBoards.putAll(memberBoards);
        givenUp.forEach(given -> copy.givenUp.add(
            new GivenUp(given.endedAt(), given.startedAt(), given.spec(), new ArrayList<>(given.ranking()))));
        copy.counterIds = counterIds.copy();
        copy.boardIds = boardIds.copy();
        copy.memberIds = memberIds.copy();
        copy.memberCount = memberCount;
        return copy;
    }

    Answer add(final String name, final long delta)
    {
        final Counter counter = counters.get(name);
        final BigInteger sum = BigInteger.valueOf(counter == null ? 0 : counter.value()).add(BigInteger.valueOf(delta));
        return sum.bitLength() > 63 ? Answer.of(ResultCode.OVERFLOW, counter.value()) : put(name, sum.longValueExact());
    }

    Answer addByHandle(final long handle, final long delta)
    {
        final String name = counterNames.get(handle);
        return name == null ? Answer.of(ResultCode.STALE_HANDLE) : add(name, delta);
    }

    Answer addBounded(
        final String name, final long delta, final long lower, final long upper, final boolean saturate)
    {
        final long value = counters.containsKey(name) ? counters.get(name).value() : 0;
        if (lower > upper)
        {
            return Answer.of(ResultCode.BAD_BOUNDS, value, 0);
        }
        final BigInteger sum = BigInteger.valueOf(value).add(BigInteger.valueOf(delta));
        final BigInteger clamped = sum.max(BigInteger.valueOf(lower)).min(BigInteger.valueOf(upper));
        if (!sum.equals(clamped) && !saturate)
        {
            return Answer.of(ResultCode.OUT_OF_BOUNDS, value, 0);
        }
        final BigInteger applied = clamped.subtract(BigInteger.valueOf(value));
        if (applied.bitLength() > 63)
        {
            return Answer.of(ResultCode.OVERFLOW, value, 0);
        }
        final Answer put = put(name, clamped.longValueExact());
        return put.code() == ResultCode.OK ?
            Answer.of(ResultCode.OK, clamped.longValueExact(), applied.longValueExact()) :
            Answer.of(put.code(), value, 0);
    }

    Answer put(final String name, final long value)
    {
        final Counter counter = counters.get(name);
        if (counter == null)
        {
            if (counters.size() >= limits[COUNTERS] || !names.containsKey(name) && names.size() >= limits[NAMES])
            {
                return Answer.of(ResultCode.REJECT_CAPACITY, 0);
            }
            final long handle = counterIds.take();
            retain(name);
            counters.put(name, new Counter(handle, value));
            counterNames.put(handle, name);
        }
        else
        {
            counters.put(name, new Counter(counter.handle(), value));
        }
        return Answer.of(ResultCode.OK, value);
    }

    Answer delete(final String name)
    {
        final Counter counter = counters.remove(name);
        if (counter == null)
        {
            return Answer.of(ResultCode.NOT_FOUND, 0);
        }
        counterNames.remove(counter.handle());
        counterIds.give(counter.handle());
        release(name);
        return Answer.of(ResultCode.OK, counter.value());
    }

    Answer create(final long sequence, final String name, final BoardSpec spec)
    {
        if (!isValid(spec))
        {
            return Answer.of(ResultCode.BAD_DEFINITION);
        }
        final TwinBoard known = boards.get(name);
        if (known != null)
        {
            return known.spec.equals(spec) ?
                Answer.of(ResultCode.OK, known.handle) : Answer.of(ResultCode.BOARD_EXISTS);
        }
        if (boards.size() >= limits[BOARDS] || !names.containsKey(name) && names.size() >= limits[NAMES])
        {
            return Answer.of(ResultCode.REJECT_CAPACITY);
        }
        final TwinBoard board = new TwinBoard(name, boardIds.take(), spec, sequence);
        retain(name);
        boards.put(name, board);
        return Answer.of(ResultCode.OK, board.handle);
    }

    Answer drop(final long sequence, final TwinBoard board)
    {
        giveUp(sequence, board);
        boards.remove(board.name);
        boardIds.give(board.handle);
        release(board.name);
        return Answer.of(ResultCode.OK);
    }

    Answer reset(final long sequence, final TwinBoard board)
    {
        giveUp(sequence, board);
        board.startedAt = sequence;
        board.ranking = new ArrayList<>();
        board.members = new HashMap<>();
        return Answer.of(ResultCode.OK);
    }

    Answer score(final long sequence, final TwinBoard board, final String name, final long... values)
    {
        final TwinBoard.Member before = board.members.get(name);
        final long oldRank = board.ordinal(name);
        final long[] columns = before == null ? new long[0] : before.columns();
        if (values.length != board.spec.columnCount())
        {
            return new Answer(ResultCode.WRONG_COLUMNS, columns, oldRank, oldRank);
        }
        final long[] next = board.next(before, values);
        if (next == null)
        {
            return new Answer(ResultCode.OVERFLOW, columns, oldRank, oldRank);
        }
        if (before != null)
        {
            if (!Arrays.equals(next, columns))
            {
                board.put(new TwinBoard.Member(before.handle(), name, next, sequence));
            }
            return new Answer(ResultCode.OK, next, oldRank, board.ordinal(name));
        }
        return addMember(sequence, board, name, values);
    }

    Answer scoreByHandle(final long sequence, final long handle, final long value)
    {
        final TwinBoard board = boards.get(memberBoards.get(handle));
        if (board != null)
        {
            for (final TwinBoard.Member member : board.ranking)
            {
                if (member.handle() == handle)
                {
                    return score(sequence, board, member.name(), value);
                }
            }
        }
        return Answer.of(ResultCode.STALE_HANDLE);
    }

    Answer remove(final TwinBoard board, final String name)
    {
        final long oldRank = board.ordinal(name);
        final TwinBoard.Member member = board.take(name);
        if (member == null)
        {
            return Answer.of(ResultCode.NOT_FOUND);
        }
        free(member);
        return new Answer(ResultCode.OK, member.columns(), oldRank, 0);
    }

    Answer limit(final int which, final long value, final int sessions)
    {
        if (which < 1 || which > 6 || value < 1 || value > HIGHEST_LIMITS[which] || value < used(which, sessions))
        {
            return Answer.of(ResultCode.BAD_LIMIT);
        }
        limits[which] = value;
        return Answer.of(ResultCode.OK);
    }

    long used(final int which, final int sessions)
    {
        switch (which)
        {
            case NAMES:
                return names.size();

            case COUNTERS:
                return counters.size();

            case BOARDS:
                return boards.size();

            case MEMBERS:
                return memberCount;

            case SESSIONS:
                return sessions;

            default:
                return 0;
        }
    }

    void release(final long steps)
    {
        for (long i = 0; i < steps && !givenUp.isEmpty(); i++)
        {
            final List<TwinBoard.Member> ranking = givenUp.peek().ranking();
            if (!ranking.isEmpty())
            {
                free(ranking.remove(0));
            }
            if (ranking.isEmpty())
            {
                givenUp.remove();
            }
        }
    }

    // ---- for queries ----

    TwinBoard board(final long handle)
    {
        return boards.values().stream().filter(board -> board.handle == handle).findAny().orElse(null);
    }

    /** Value by name, null where there is none. */
    Long counter(final String name)
    {
        return counters.containsKey(name) ? counters.get(name).value() : null;
    }

    long counterHandle(final String name)
    {
        return counters.containsKey(name) ? counters.get(name).handle() : 0;
    }

    /** Names of counters by id. */
    TreeMap<Integer, String> countersById()
    {
        final TreeMap<Integer, String> byId = new TreeMap<>();
        counters.forEach((name, counter) -> byId.put((int)counter.handle(), name));
        return byId;
    }

    TreeMap<Integer, TwinBoard> boardsById()
    {
        final TreeMap<Integer, TwinBoard> byId = new TreeMap<>();
        boards.values().forEach(board -> byId.put((int)board.handle, board));
        return byId;
    }

    int unreleased()
    {
        return givenUp.stream().mapToInt(given -> given.ranking().size()).sum();
    }

    // ---- digest ----

    void digest(final TwinDigest digest)
    {
        names.forEach((name, references) -> digest.add(1, TwinDigest.hash(name), name.length(), references));
        counters.forEach((name, counter) ->
        {
            digest.add(2, counter.handle(), TwinDigest.hash(name));
            digest.addWeighted(counter.handle(), counter.value(), counter.value());
        });
        counterIds.digest(digest);
        boards.values().forEach(board ->
        {
            definition(digest, board);
            board.ranking.forEach(member -> member(digest, board.startedAt, member));
        });
        boardIds.digest(digest);
        memberIds.digest(digest);
        givenUp.forEach(given ->
        {
            final BoardSpec spec = given.spec();
            digest.add(
                8, given.endedAt(), given.startedAt(), spec.columnCount(), spec.ascending(), spec.ties());
            given.ranking().forEach(member -> member(digest, given.startedAt(), member));
        });
        for (int which = 1; which < limits.length; which++)
        {
            digest.add(12, which, limits[which]);
        }
    }

    private static void definition(final TwinDigest digest, final TwinBoard board)
    {
        final BoardSpec spec = board.spec;
        digest.add(
            4,
            board.handle,
            TwinDigest.hash(board.name),
            spec.scoreOperator(),
            spec.ties(),
            spec.columnCount(),
            spec.ascending(),
            spec.feedRows(),
            spec.capacity(),
            TwinDigest.hash(spec.columnNames()),
            board.startedAt);
    }

    private static void member(final TwinDigest digest, final long startedAt, final TwinBoard.Member member)
    {
        digest.add(6, startedAt, member.handle(), TwinDigest.hash(member.name()));
        final long[] fields = new long[2 + member.columns().length];
        fields[0] = 6;
        fields[1] = member.changedAt();
        System.arraycopy(member.columns(), 0, fields, 2, member.columns().length);
        digest.addWeighted(member.handle(), TwinDigest.sum(0, fields), TwinDigest.sum(1, fields));
    }

    // ---- helpers ----

    private Answer addMember(final long sequence, final TwinBoard board, final String name, final long[] values)
    {
        final long capacity = board.spec.capacity();
        final boolean isFull = capacity > 0 && board.ranking.size() >= capacity;
        if (isFull)
        {
            final TwinBoard.Member last = board.ranking.get(board.ranking.size() - 1);
            if (board.order().compare(last, new TwinBoard.Member(0, name, values, sequence)) < 0)
            {
                return Answer.of(ResultCode.NOT_KEPT);
            }
        }
        if (!names.containsKey(name) && names.size() >= limits[NAMES] || !isFull && memberCount >= limits[MEMBERS])
        {
            return Answer.of(ResultCode.REJECT_CAPACITY);
        }
        if (isFull)
        {
            free(board.take(board.ranking.get(board.ranking.size() - 1).name()));
        }
        final TwinBoard.Member member = new TwinBoard.Member(memberIds.take(), name, values, sequence);
        memberCount++;
        retain(name);
        memberBoards.put(member.handle(), board.name);
        board.put(member);
        return new Answer(ResultCode.OK, values, 0, board.ordinal(name));
    }

    private void giveUp(final long sequence, final TwinBoard board)
    {
        givenUp.add(new GivenUp(sequence, board.startedAt, board.spec, board.ranking));
        board.ranking.forEach(member -> memberBoards.remove(member.handle()));
    }

    private void free(final TwinBoard.Member member)
    {
        memberBoards.remove(member.handle());
        memberIds.give(member.handle());
        memberCount--;
        release(member.name());
    }

    private void retain(final String name)
    {
        names.merge(name, 1, Integer::sum);
    }

    private void release(final String name)
    {
        names.merge(name, -1, Integer::sum);
        names.remove(name, 0);
    }

    private static boolean isValid(final BoardSpec spec)
    {
        final String[] columns = spec.columnNames().split(",", -1);
        return spec.scoreOperator() >= 1 && spec.scoreOperator() <= 3 &&
            spec.ties() >= 1 && spec.ties() <= 3 &&
            spec.columnCount() >= 1 && spec.columnCount() <= 4 &&
            spec.ascending() < 1 << spec.columnCount() &&
            spec.feedRows() <= 1000 &&
            spec.capacity() >= 0 && (spec.capacity() == 0 || spec.scoreOperator() != BoardSpec.SUM) &&
            columns.length == spec.columnCount() &&
            Arrays.stream(columns).noneMatch(String::isEmpty) &&
            Arrays.stream(columns).distinct().count() == columns.length;
    }
}

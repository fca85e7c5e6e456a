package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Boards as one would write them in an afternoon: lists, sorted anew for each question. Names are strings of bytes
 * (ISO 8859-1). The oracle of {@link BoardsTest}; an ATOMIC request is taken back by going back to a {@link #copy()}.
 */
final class BoardsTwin
{
    static final class Member
    {
        final int id;
        final int generation;
        final String name;
        long[] values;
        long changedAt;

        Member(final int id, final int generation, final String name)
        {
            this.id = id;
            this.generation = generation;
            this.name = name;
        }

        Member copy()
        {
            final Member copy = new Member(id, generation, name);
            copy.values = values.clone();
            copy.changedAt = changedAt;
            return copy;
        }

        long handle()
        {
            return Handle.of(Handle.MEMBER, generation, id);
        }
    }

    /** A board, or one that was given up and waits for its release. */
    static final class NamedRanking
    {
        final BoardSpec spec;
        final String name;
        final long handle;
        long startedAt;
        long endedAt;
        List<Member> members = new ArrayList<>();

        NamedRanking(final BoardSpec spec, final String name, final long handle, final long startedAt)
        {
            this.spec = spec;
            this.name = name;
            this.handle = handle;
            this.startedAt = startedAt;
        }

        NamedRanking copy()
        {
            final NamedRanking copy = new NamedRanking(spec, name, handle, startedAt);
            copy.endedAt = endedAt;
            members.forEach(member -> copy.members.add(member.copy()));
            return copy;
        }

        Member member(final String wanted)
        {
            return members.stream().filter(member -> member.name.equals(wanted)).findFirst().orElse(null);
        }

        int compareColumns(final long[] left, final long[] right, final int columns)
        {
            for (int i = 0; i < columns; i++)
            {
                if (left[i] != right[i])
                {
                    final int comparison = Long.compare(left[i], right[i]);
                    return (spec.ascending() >>> i & 1) != 0 ? comparison : -comparison;
                }
            }
            return 0;
        }

        List<Member> sorted()
        {
            final List<Member> sorted = new ArrayList<>(members);
            sorted.sort(order());
            return sorted;
        }

        Comparator<Member> order()
        {
            final Comparator<Member> columns =
                (left, right) -> compareColumns(left.values, right.values, spec.columnCount());
            switch (spec.ties())
            {
                case BoardSpec.FIRST:
                    return columns.thenComparingLong(member -> member.changedAt);

                case BoardSpec.LATEST:
                    return columns.thenComparingLong(member -> -member.changedAt);

                default:
                    return columns.thenComparing(
                        (left, right) -> Arrays.compareUnsigned(bytes(left.name), bytes(right.name)));
            }
        }

        int rank(final Member member)
        {
            return sorted().indexOf(member) + 1;
        }

        /** A copy with the next stamp and the queue's place. */
        NamedRanking endedAt(final long sequence)
        {
            endedAt = sequence;
            return this;
        }
    }

    /** Ids of one kind. */
    static final class Ids
    {
        final List<Integer> generations = new ArrayList<>();
        final List<Integer> free = new ArrayList<>();

        int take()
        {
            if (free.isEmpty())
            {
                generations.add(0);
                return generations.size();
            }
            return free.remove(free.size() - 1);
        }

        void give(final int id)
        {
            generations.set(id - 1, generations.get(id - 1) + 1);
            free.add(id);
        }

        int generation(final int id)
        {
            return generations.get(id - 1);
        }

        Ids copy()
        {
            final Ids copy = new Ids();
            copy.generations.addAll(generations);
            copy.free.addAll(free);
            return copy;
        }
    }

    List<NamedRanking> boards = new ArrayList<>();
    List<NamedRanking> queue = new ArrayList<>();
    /** Handles of changed boards with a view. */
    List<Long> changed = new ArrayList<>();
    Ids boardIds = new Ids();
    Ids memberIds = new Ids();

    long maxNames = Long.MAX_VALUE;
    long maxBoards = Long.MAX_VALUE;
    long maxMembers = Long.MAX_VALUE;

    /** What the last command answered. */
    long[] answer = new long[0];
    long oldRank;
    long newRank;

    BoardsTwin copy()
    {
        final BoardsTwin copy = new BoardsTwin();
        boards.forEach(board -> copy.boards.add(board.copy()));
        queue.forEach(ranking -> copy.queue.add(ranking.copy()));
        copy.changed.addAll(changed);
        copy.boardIds = boardIds.copy();
        copy.memberIds = memberIds.copy();
        copy.maxNames = maxNames;
        copy.maxBoards = maxBoards;
        copy.maxMembers = maxMembers;
        return copy;
    }

    NamedRanking find(final String name)
    {
        return boards.stream().filter(board -> board.name.equals(name)).findFirst().orElse(null);
    }

    int create(final long sequence, final String name, final BoardSpec spec, final boolean isValid)
    {
        clear();
        final NamedRanking present = find(name);
        if (!isValid)
        {
            return Outcome.BAD_DEFINITION;
        }
        if (present != null)
        {
            answer = new long[]{ present.handle };
            return present.spec.equals(spec) ? Outcome.OK : Outcome.BOARD_EXISTS;
        }
        if (boards.size() >= maxBoards || isOneNameTooMany(name))
        {
            return Outcome.REJECT_CAPACITY;
        }

        final int id = boardIds.take();
        final NamedRanking board =
            new NamedRanking(spec, name, Handle.of(Handle.BOARD, boardIds.generation(id), id), sequence);
        boards.add(board);
        markChanged(board);
        answer = new long[]{ board.handle };
        return Outcome.OK;
    }

    int drop(final long sequence, final String name)
    {
        clear();
        final NamedRanking board = find(name);
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }
        boards.remove(board);
        changed.remove(board.handle);
        queue.add(board.endedAt(sequence));
        boardIds.give(Handle.id(board.handle));
        return Outcome.OK;
    }

    int reset(final long sequence, final String name)
    {
        clear();
        final NamedRanking board = find(name);
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }
        final NamedRanking ended = new NamedRanking(board.spec, name, board.handle, board.startedAt).endedAt(sequence);
        ended.members = board.members;
        queue.add(ended);
        board.members = new ArrayList<>();
        board.startedAt = sequence;
        markChanged(board);
        return Outcome.OK;
    }

    int score(final long sequence, final String boardName, final String name, final long... values)
    {
        clear();
        final NamedRanking board = find(boardName);
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }
        final Member member = board.member(name);
        return member == null ? add(sequence, board, name, values) : change(sequence, board, member, values);
    }

    int scoreByHandle(final long sequence, final long handle, final long value)
    {
        clear();
        for (final NamedRanking board : boards)
        {
            for (final Member member : board.members)
            {
                if (member.handle() == handle)
                {
                    return change(sequence, board, member, value);
                }
            }
        }
        return Outcome.STALE_HANDLE;
    }

    int remove(final String boardName, final String name)
    {
        clear();
        final NamedRanking board = find(boardName);
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }
        final Member member = board.member(name);
        if (member == null)
        {
            return Outcome.NOT_FOUND;
        }
        answer = member.values;
        oldRank = board.rank(member);
        board.members.remove(member);
        memberIds.give(member.id);
        markChanged(board);
        return Outcome.OK;
    }

    void release(final int steps)
    {
        for (int i = 0; i < steps && !queue.isEmpty(); i++)
        {
            final NamedRanking first = queue.get(0);
            if (!first.members.isEmpty())
            {
                final Member best = first.sorted().get(0);
                first.members.remove(best);
                memberIds.give(best.id);
            }
            if (first.members.isEmpty())
            {
                queue.remove(0);
            }
        }
    }

    Set<String> names()
    {
        final Set<String> names = new HashSet<>();
        boards.forEach(board -> names.add(board.name));
        boards.forEach(board -> board.members.forEach(member -> names.add(member.name)));
        queue.forEach(ranking -> ranking.members.forEach(member -> names.add(member.name)));
        return names;
    }

    int unreleased()
    {
        return queue.stream().mapToInt(ranking -> ranking.members.size()).sum();
    }

    int memberCount()
    {
        return unreleased() + boards.stream().mapToInt(board -> board.members.size()).sum();
    }

    private int change(final long sequence, final NamedRanking board, final Member member, final long... values)
    {
        answer = member.values;
        oldRank = board.rank(member);
        newRank = oldRank;
        final int columns = board.spec.columnCount();
        if (values.length != columns)
        {
            return Outcome.WRONG_COLUMNS;
        }

        long[] next = values.clone();
        if (board.spec.scoreOperator() == BoardSpec.SUM)
        {
            for (int i = 0; i < columns; i++)
            {
                try
                {
                    next[i] = Math.addExact(member.values[i], values[i]);
                }
                catch (final ArithmeticException overflow)
                {
                    return Outcome.OVERFLOW;
                }
            }
        }
        else if (board.spec.scoreOperator() == BoardSpec.BEST &&
            board.compareColumns(values, member.values, columns) >= 0)
        {
            next = member.values;
        }

        if (!Arrays.equals(next, member.values))
        {
            member.values = next;
            member.changedAt = sequence;
            answer = next;
            newRank = board.rank(member);
            markChanged(board);
        }
        return Outcome.OK;
    }

    private int add(final long sequence, final NamedRanking board, final String name, final long... values)
    {
        if (values.length != board.spec.columnCount())
        {
            return Outcome.WRONG_COLUMNS;
        }
        final Member candidate = new Member(0, 0, name);
        candidate.values = values.clone();
        candidate.changedAt = sequence;
        final boolean isFull = board.spec.capacity() > 0 && board.members.size() == board.spec.capacity();
        final List<Member> sorted = board.sorted();
        if (isFull && board.order().compare(candidate, sorted.get(sorted.size() - 1)) > 0)
        {
            return Outcome.NOT_KEPT;
        }
        if (isOneNameTooMany(name) || !isFull && memberCount() >= maxMembers)
        {
            return Outcome.REJECT_CAPACITY;
        }
        if (isFull)
        {
            board.members.remove(sorted.get(sorted.size() - 1));
            memberIds.give(sorted.get(sorted.size() - 1).id);
        }
        final int id = memberIds.take();
        final Member member = new Member(id, memberIds.generation(id), name);
        member.values = candidate.values;
        member.changedAt = sequence;
        board.members.add(member);
        answer = member.values;
        newRank = board.rank(member);
        markChanged(board);
        return Outcome.OK;
    }

    private boolean isOneNameTooMany(final String name)
    {
        final Set<String> names = names();
        return names.size() >= maxNames && !names.contains(name);
    }

    private void markChanged(final NamedRanking board)
    {
        if (board.spec.feedRows() > 0 && !changed.contains(board.handle))
        {
            changed.add(board.handle);
        }
    }

    private void clear()
    {
        answer = new long[0];
        oldRank = 0;
        newRank = 0;
    }

    // ---- the digest, from scratch ----

    DigestPart digest(final NameTable hashes)
    {
        final DigestPart part = new DigestPart();
        boards.forEach(board -> part.add(digest(board, hashes)));
        addFree(part, DigestEntry.FREE_BOARD, boardIds);
        addFree(part, DigestEntry.FREE_MEMBER, memberIds);
        return part;
    }

    DigestPart releaseDigest(final NameTable hashes)
    {
        final DigestPart part = new DigestPart();
        for (final NamedRanking ranking : queue)
        {
            part.add(new DigestEntry()
                .begin(DigestEntry.RELEASE)
                .put(ranking.endedAt)
                .put(ranking.startedAt)
                .put(ranking.spec.columnCount())
                .put(ranking.spec.ascending())
                .put(ranking.spec.ties()));
            addMembers(part, ranking, hashes);
        }
        return part;
    }

    static DigestPart digest(final NamedRanking board, final NameTable hashes)
    {
        final BoardSpec spec = board.spec;
        final DigestPart part = new DigestPart();
        part.add(new DigestEntry()
            .begin(DigestEntry.BOARD)
            .put(board.handle)
            .put(hash(board.name, hashes))
            .put(spec.scoreOperator())
            .put(spec.ties())
            .put(spec.columnCount())
            .put(spec.ascending())
            .put(spec.feedRows())
            .put(spec.capacity())
            .put(hash(spec.columnNames(), hashes))
            .put(board.startedAt));
        addMembers(part, board, hashes);
        return part;
    }

    private static void addMembers(final DigestPart part, final NamedRanking ranking, final NameTable hashes)
    {
        for (final Member member : ranking.members)
        {
            part.add(new DigestEntry()
                .begin(DigestEntry.MEMBER)
                .put(ranking.startedAt)
                .put(member.handle())
                .put(hash(member.name, hashes)));
            final DigestEntry score = new DigestEntry().begin(DigestEntry.MEMBER).put(member.changedAt);
            for (final long value : member.values)
            {
                score.put(value);
            }
            part.add(
                DigestEntry.weightHigh(member.handle()) * score.sumHigh(),
                DigestEntry.weightLow(member.handle()) * score.sumLow());
        }
    }

    private static void addFree(final DigestPart part, final int kind, final Ids ids)
    {
        for (int i = 0; i < ids.free.size(); i++)
        {
            final int id = ids.free.get(i);
            part.add(new DigestEntry().begin(kind).put(i + 1).put(id).put(ids.generation(id)));
        }
    }

    private static long hash(final String name, final NameTable hashes)
    {
        return hashes.hash(new UnsafeBuffer(bytes(name)), 0, name.length());
    }

    static byte[] bytes(final String name)
    {
        return name.getBytes(ISO_8859_1);
    }
}

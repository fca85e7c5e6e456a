package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * The commands that change who is ranked on a board and with what: score and remove, on behalf of {@link Boards}. Each checks
 * all, then changes; within an ATOMIC request it leaves behind how to take the change back.
 */
final class Scoring
{
    /** Undo of a member's creation: word 0 is 1 when its id had never been given before. */
    static final int UNDO_ADD = UndoLog.FIRST_BOARD_KIND;
    /** Undo of a change: the columns and changedAt before. */
    static final int UNDO_CHANGE = UNDO_ADD + 1;
    /** Undo of a removal: as a change, then the ranking, and the name's id. */
    static final int UNDO_REMOVE = UNDO_ADD + 2;

    private static final int CHANGED_AT_WORD = BoardDefinition.MAX_COLUMNS;
    private static final int RANKING_WORD = CHANGED_AT_WORD + 1;
    private static final int NAME_WORD = CHANGED_AT_WORD + 2;

    private final NameTable names;
    private final MemberTable members;
    private final Rankings rankings;
    private final ChangedBoards changed;
    private final Limits limits;
    private final UndoLog undo;
    private final BoardAnswer answer;
    private final long[] next = new long[BoardDefinition.MAX_COLUMNS];
    private final long[] key = new long[BoardDefinition.MAX_COLUMNS + 1];
    private final long[] single = new long[BoardDefinition.MAX_COLUMNS];

    Scoring(
        final NameTable names,
        final MemberTable members,
        final Rankings rankings,
        final ChangedBoards changed,
        final Limits limits,
        final UndoLog undo,
        final BoardAnswer answer)
    {
        this.names = names;
        this.members = members;
        this.rankings = rankings;
        this.changed = changed;
        this.limits = limits;
        this.undo = undo;
        this.answer = answer;
    }

    int score(
        final long sequence,
        final Board board,
        final Sighting sighting,
        final DirectBuffer name,
        final long[] values,
        final int columnCount,
        final boolean ranked)
    {
        answer.clear();
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }

        final Ranking ranking = board.ranking();
        if (sighting.member != MemberTable.NULL_MEMBER)
        {
            return change(sequence, ranking, sighting.member, sighting, values, columnCount, ranked);
        }

        final int bearer = names.find(name, 0, name.capacity());
        final int member = members.find(ranking.id, bearer);
        if (member != MemberTable.NULL_MEMBER)
        {
            return change(sequence, ranking, member, sighting, values, columnCount, ranked);
        }

        return columnCount != board.columnCount() ?
            Outcome.WRONG_COLUMNS :
            add(sequence, ranking, name, bearer == Bearer.NONE, values, ranked);
    }

    int scoreByHandle(
        final long sequence, final long handle, final Sighting sighting, final long value, final boolean ranked)
    {
        answer.clear();
        final int member = find(handle);
        if (member == MemberTable.NULL_MEMBER)
        {
            return Outcome.STALE_HANDLE;
        }

        single[0] = value;
        return change(sequence, rankings.byId(members.ranking(member)), member, sighting, single, 1, ranked);
    }

    int remove(final Board board, final DirectBuffer name, final boolean ranked)
    {
        answer.clear();
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }

        final int member = find(board, name);
        if (member == MemberTable.NULL_MEMBER)
        {
            return Outcome.NOT_FOUND;
        }

        final Ranking ranking = board.ranking();
        final long place = ranking.place(member);
        answer.columns(ranking, place);
        answer.oldRank = ranked ? ranking.tree.ordinal(place) : 0;
        remove(ranking, member, place);
        changed.add(ranking.board());

        return Outcome.OK;
    }

    /** A member of a board by name, or {@link MemberTable#NULL_MEMBER}. */
    int find(final Board board, final DirectBuffer name)
    {
        return members.find(board.ranking().id, names.find(name, 0, name.capacity()));
    }

    void onUndo(final int kind, final int member, final long words)
    {
        switch (kind)
        {
            case UNDO_ADD:
                final Ranking joined = rankings.byId(members.ranking(member));
                joined.remove(member, joined.place(member));
                members.undoCreate(member, word(words, 0) != 0);
                break;

            case UNDO_CHANGE:
                final Ranking ranking = rankings.byId(members.ranking(member));
                load(words);
                ranking.change(member, ranking.place(member), next, word(words, CHANGED_AT_WORD), 0, RankNode.NULL_NODE);
                break;

            case UNDO_REMOVE:
                final Ranking left = rankings.byId((int)word(words, RANKING_WORD));
                load(words);
                members.undoFree(member, left.id, (int)word(words, NAME_WORD));
                left.add(member, next, word(words, CHANGED_AT_WORD));
                break;

            default:
                throw new IllegalStateException("undo kind=" + kind);
        }
    }

    /** A member by handle; those of a dropped or reset board are not found, released or not. */
    private int find(final long handle)
    {
        final int member = members.ids().byHandle(handle);
        return member == MemberTable.NULL_MEMBER || rankings.byId(members.ranking(member)).endedAt() != 0 ?
            MemberTable.NULL_MEMBER :
            member;
    }

    private int change(
        final long sequence,
        final Ranking ranking,
        final int member,
        final Sighting sighting,
        final long[] values,
        final int columnCount,
        final boolean ranked)
    {
        final long place = ranking.place(member, sighting.place);
        answer.columns(ranking, place);
        if (ranked)
        {
            answer.oldRank = ranking.tree.ordinal(place);
            answer.newRank = answer.oldRank;
        }
        if (columnCount != answer.columnCount)
        {
            return Outcome.WRONG_COLUMNS;
        }
        if (!ranking.board().apply(place, values, next))
        {
            return Outcome.OVERFLOW;
        }
        if (isAnswer(next, columnCount))
        {
            return Outcome.OK;
        }

        if (undo.isActive())
        {
            save(undo.push(UNDO_CHANGE, member), ranking, place);
        }
        answer.newRank = ranking.change(
            member, place, next, sequence, (int)answer.oldRank, sighting.target);
        changed.add(ranking.board());
        System.arraycopy(next, 0, answer.columns, 0, columnCount);

        return Outcome.OK;
    }

    private int add(
        final long sequence,
        final Ranking ranking,
        final DirectBuffer name,
        final boolean isNewName,
        final long[] values,
        final boolean ranked)
    {
        final long capacity = ranking.board().definition().capacity();
        final boolean isFull = capacity > 0 && ranking.size() >= capacity;
        if (isFull && isBehindLast(ranking, name, values, sequence))
        {
            return Outcome.NOT_KEPT;
        }
        if (isNewName && names.size() >= limits.names() || !isFull && members.ids().size() >= limits.members())
        {
            return Outcome.REJECT_CAPACITY;
        }

        if (isFull)
        {
            final long last = ranking.tree.select(ranking.size());
            remove(ranking, ranking.tree.memberAt(last), last);
        }

        final boolean isFresh = members.ids().isNextFresh();
        final int member = members.create(ranking.id, names.intern(name, 0, name.capacity()));
        if (undo.isActive())
        {
            word(undo.push(UNDO_ADD, member), 0, isFresh ? 1 : 0);
        }
        final long place = ranking.add(member, values, sequence);
        changed.add(ranking.board());
        answer.columnCount = ranking.board().columnCount();
        System.arraycopy(values, 0, answer.columns, 0, answer.columnCount);
        if (ranked)
        {
            answer.newRank = ranking.tree.ordinal(place);
        }

        return Outcome.OK;
    }

    private void remove(final Ranking ranking, final int member, final long place)
    {
        if (undo.isActive())
        {
            final long words = undo.push(UNDO_REMOVE, member);
            save(words, ranking, place);
            word(words, RANKING_WORD, ranking.id);
            word(words, NAME_WORD, members.nameId(member));
        }
        ranking.remove(member, place);
        members.free(member);
    }

    /** Whether one who is not ranked would stand behind the last one who is. */
    private boolean isBehindLast(
        final Ranking ranking, final DirectBuffer name, final long[] values, final long sequence)
    {
        final Board board = ranking.board();
        final long last = ranking.tree.select(ranking.size());
        board.toKey(values, sequence, key);
        final int words = board.isTiedByName() ? board.columnCount() : board.columnCount() + 1;
        for (int i = 0; i < words; i++)
        {
            final long word = ranking.tree.wordAt(last, i);
            if (word != key[i])
            {
                return word < key[i];
            }
        }

        return compareNames(members.nameId(ranking.tree.memberAt(last)), name) < 0;
    }

    /** As {@link NameTable#compare}, with a name that need not be interned. */
    private int compareNames(final int nameId, final DirectBuffer name)
    {
        final long address = names.address(nameId);
        final int length = names.length(nameId);
        final int common = Math.min(length, name.capacity());
        for (int i = 0; i < common; i++)
        {
            final int difference = (OffHeap.getByte(address + i) & 0xFF) - (name.getByte(i) & 0xFF);
            if (difference != 0)
            {
                return difference;
            }
        }

        return length - name.capacity();
    }

    private boolean isAnswer(final long[] columns, final int columnCount)
    {
        for (int i = 0; i < columnCount; i++)
        {
            if (columns[i] != answer.columns[i])
            {
                return false;
            }
        }

        return true;
    }

    private static void save(final long words, final Ranking ranking, final long place)
    {
        for (int i = 0; i < ranking.board().columnCount(); i++)
        {
            word(words, i, ranking.value(place, i));
        }
        word(words, CHANGED_AT_WORD, ranking.changedAt(place));
    }

    private void load(final long words)
    {
        for (int i = 0; i < BoardDefinition.MAX_COLUMNS; i++)
        {
            next[i] = word(words, i);
        }
    }

    private static long word(final long words, final int index)
    {
        return OffHeap.getLong(words + (long)index * Long.BYTES);
    }

    private static void word(final long words, final int index, final long value)
    {
        OffHeap.putLong(words + (long)index * Long.BYTES, value);
    }
}

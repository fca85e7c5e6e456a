package io.quipu.engine.state;

import java.util.Arrays;

import org.agrona.DirectBuffer;

/**
 * All boards and their members: the commands that change them, and the way to read them.
 * <pre>
 *   name ---&gt; IdIndex ---&gt; Board ---&gt; Ranking ---&gt; RankTree   who stands where, with what
 *                                        ^             ^
 *   name ---&gt; NameTable ---&gt; MemberTable |             |
 *                             record:  ranking       leaf
 * </pre>
 * Called by the state machine, on its thread. Each command is checked before anything changes, takes the sequence that it has
 * in the journal, and returns a code of egress ResultCode; what it answers besides stands in {@link #columnCount()}, {@link
 * #column(int)}, {@link #oldRank()} and {@link #newRank()} until the next command. Names are whole buffers of 1..128 bytes.
 * Nothing is allocated on the heap but a {@link Board} for each creation.
 * <p>
 * Within an ATOMIC request each command leaves in the {@link UndoLog} how to take it back; after a rollback digest, ids,
 * generations, the stacks of free ids, tie stamps and the list of changed boards are exactly as before.
 */
public final class Boards implements AutoCloseable
{
    /** Steps of release that each entry brings. */
    static final int RELEASE_STEPS = 64;

    /** Undo of a creation: word 0 is 1 when the id had never been given before. */
    static final int UNDO_CREATE = UndoLog.FIRST_BOARD_KIND + 16;
    /** Undo of a drop: the board is that of the ranking given up last. */
    static final int UNDO_DROP = UNDO_CREATE + 1;
    /** Undo of a reset: its former ranking was given up last. */
    static final int UNDO_RESET = UNDO_CREATE + 2;

    private final NameTable names;
    private final Limits limits;
    private final UndoLog undo;

    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();
    private final RankForest forest = new RankForest();
    private final MemberTable members;
    private final Rankings rankings;
    private final ChangedBoards changed;
    private final BoardAnswer answer = new BoardAnswer();
    private final Scoring scoring;

    private final IdTable ids = new IdTable(Handle.BOARD, DigestEntry.FREE_BOARD, IdTable.HEADER_LENGTH, digest);
    private final IdIndex index = new IdIndex();

    /** By id, null where there is none. */
    private Board[] boards = new Board[16];

    /**
     * No board.
     *
     * @param names  of boards and members.
     * @param limits on boards, members and names.
     * @param undo   log of ATOMIC requests, which calls {@link #onUndo}.
     */
    Boards(final NameTable names, final Limits limits, final UndoLog undo)
    {
        this.names = names;
        this.limits = limits;
        this.undo = undo;
        members = new MemberTable(names, forest, digest);
        rankings = new Rankings(names, members, forest, digest);
        changed = new ChangedBoards(undo);
        scoring = new Scoring(names, members, rankings, changed, limits, undo, answer);
    }

    // ---- reads ----

    /**
     * Finds a board.
     *
     * @param name of the board.
     * @return the board, or null.
     */
    public Board find(final DirectBuffer name)
    {
        return find(names.find(name, 0, name.capacity()));
    }

    /**
     * The board of a handle.
     *
     * @param handle of any kind.
     * @return the board, or null where it is dropped or the handle is no board's.
     */
    public Board byHandle(final long handle)
    {
        final int id = ids.byHandle(handle);
        return id == IdTable.NULL_ID ? null : boards[id];
    }

    /**
     * The next board in id order, for lists.
     *
     * @param id first id to look at, from 1.
     * @return the first board of this id or a greater one, or null.
     */
    public Board next(final int id)
    {
        for (int i = id; i <= ids.highest(); i++)
        {
            if (boards[i] != null)
            {
                return boards[i];
            }
        }

        return null;
    }

    /**
     * Boards that exist.
     *
     * @return their number.
     */
    public long boardCount()
    {
        return ids.size();
    }

    /**
     * Members of all boards, those of dropped and reset boards counted until they are released.
     *
     * @return their number.
     */
    public long memberCount()
    {
        return members.ids().size();
    }

    /**
     * Members of dropped and reset boards that are not yet released.
     *
     * @return their number.
     */
    public long unreleasedCount()
    {
        return rankings.unreleasedCount();
    }

    /**
     * The handle of a member.
     *
     * @param board  to look on.
     * @param member its name.
     * @return the handle, 0 where there is none.
     */
    public long resolve(final Board board, final DirectBuffer member)
    {
        final int id = scoring.find(board, member);
        return id == MemberTable.NULL_MEMBER ? Handle.NULL_HANDLE : members.ids().handle(id);
    }

    /**
     * A reader of boards.
     *
     * @return a new one, to be kept and reused.
     */
    public Standings newStandings()
    {
        return new Standings(names, members);
    }

    /**
     * Takes a board off the list of those with a published view ({@code feedRows} above 0) that changed since they were last
     * taken, in the order in which they changed first. A board that is dropped leaves the list. Not to be called within a
     * request.
     *
     * @return the board, or null when none is left.
     */
    public Board takeChanged()
    {
        return changed.take();
    }

    /**
     * All boards in the digest, with free ids; {@link Board#digest()} is the share of one board.
     *
     * @return the sum.
     */
    DigestPart digest()
    {
        return digest;
    }

    /**
     * The members that wait for their release in the digest.
     *
     * @return the sum.
     */
    DigestPart releaseDigest()
    {
        return rankings.released();
    }

    /**
     * Off-heap memory in use.
     *
     * @return bytes.
     */
    long bytes()
    {
        return members.bytes() + rankings.bytes() + ids.bytes() + index.bytes();
    }

    MemberTable members()
    {
        return members;
    }

    IdTable ids()
    {
        return ids;
    }

    Rankings rankings()
    {
        return rankings;
    }

    // ---- commands ----

    /**
     * Creates a board: OK also where it stands already with the same definition. {@link #column(int)} 0 is its handle.
     *
     * @param sequence   of the command.
     * @param name       of the board.
     * @param definition is copied.
     * @return OK, BOARD_EXISTS, BAD_DEFINITION or REJECT_CAPACITY.
     */
    int create(final long sequence, final DirectBuffer name, final BoardDefinition definition)
    {
        answer.clear();
        if (!definition.isValid())
        {
            return Outcome.BAD_DEFINITION;
        }

        final int found = names.find(name, 0, name.capacity());
        final Board present = find(found);
        if (present != null)
        {
            answer.value(present.handle());
            return present.definition().isSame(definition) ? Outcome.OK : Outcome.BOARD_EXISTS;
        }
        if (ids.size() >= limits.boards() || found == Bearer.NONE && names.size() >= limits.names())
        {
            return Outcome.REJECT_CAPACITY;
        }

        final boolean isFresh = ids.isNextFresh();
        final int id = ids.take();
        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_CREATE, id), isFresh ? 1 : 0);
        }
        final Board board = new Board(ids.handle(id), names.intern(name, 0, name.capacity()), definition);
        begin(board, sequence);
        answer.value(board.handle());

        return Outcome.OK;
    }

    /**
     * Drops a board in O(1); its members are released by {@link #release(long)}.
     *
     * @param sequence of the command.
     * @param board    to be dropped; null where it was not found.
     * @return OK or NO_SUCH_BOARD.
     */
    int drop(final long sequence, final Board board)
    {
        answer.clear();
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }

        final int id = Handle.id(board.handle());
        if (undo.isActive())
        {
            undo.push(UNDO_DROP, id);
        }
        digest.subtract(board.definitionDigest());
        rankings.giveUp(board.ranking(), sequence);
        changed.hide(board);
        leave(board);
        names.release(board.nameId(), Bearer.BOARD);
        ids.give(id);

        return Outcome.OK;
    }

    /**
     * Removes all members of a board in O(1); they are released by {@link #release(long)}.
     *
     * @param sequence of the command.
     * @param board    to be emptied; null where it was not found.
     * @return OK or NO_SUCH_BOARD.
     */
    int reset(final long sequence, final Board board)
    {
        answer.clear();
        if (board == null)
        {
            return Outcome.NO_SUCH_BOARD;
        }

        if (undo.isActive())
        {
            undo.push(UNDO_RESET, Handle.id(board.handle()));
        }
        digest.subtract(board.definitionDigest());
        rankings.giveUp(board.ranking(), sequence);
        board.ranking(rankings.begin(board, sequence));
        count(board);
        changed.add(board);

        return Outcome.OK;
    }

    /**
     * Scores for a member, which is created where it is missing. Answers the member's columns after it, also where it was
     * refused and the member exists.
     *
     * @param sequence    of the command.
     * @param board       null where it was not found.
     * @param sighting    of the member, as far as the caller knows it.
     * @param member      its name.
     * @param values      one for each column.
     * @param columnCount how many of them are given.
     * @param ranked      whether old and new rank are wanted.
     * @return OK, NO_SUCH_BOARD, WRONG_COLUMNS, OVERFLOW, NOT_KEPT or REJECT_CAPACITY.
     */
    int score(
        final long sequence,
        final Board board,
        final Sighting sighting,
        final DirectBuffer member,
        final long[] values,
        final int columnCount,
        final boolean ranked)
    {
        return scoring.score(sequence, board, sighting, member, values, columnCount, ranked);
    }

    /**
     * Scores for a member by its handle, on a board of one column.
     *
     * @param sequence of the command.
     * @param handle   of the member.
     * @param sighting of the member.
     * @param value    of the one column.
     * @param ranked   whether old and new rank are wanted.
     * @return OK, STALE_HANDLE, WRONG_COLUMNS or OVERFLOW.
     */
    int scoreByHandle(
        final long sequence, final long handle, final Sighting sighting, final long value, final boolean ranked)
    {
        return scoring.scoreByHandle(sequence, handle, sighting, value, ranked);
    }

    /**
     * Removes a member. Answers its last columns, and 0 as its new rank.
     *
     * @param sequence of the command.
     * @param board    null where it was not found.
     * @param member   its name.
     * @param ranked   whether the old rank is wanted.
     * @return OK, NO_SUCH_BOARD or NOT_FOUND.
     */
    int remove(final long sequence, final Board board, final DirectBuffer member, final boolean ranked)
    {
        return scoring.remove(board, member, ranked);
    }

    /**
     * Releases members of dropped and reset boards, in the order in which that happened, each in board order, rank 1 first.
     * Not to be called within a request. A ranking without members takes a step too.
     *
     * @param steps at most so many.
     */
    void release(final long steps)
    {
        rankings.release(steps);
    }

    /**
     * Takes one change of an ATOMIC request back; called in reverse order.
     *
     * @param kind  that was pushed.
     * @param id    that was pushed.
     * @param words address of the words that were pushed.
     */
    void onUndo(final int kind, final int id, final long words)
    {
        switch (kind)
        {
            case UNDO_CREATE:
                undoCreate(boards[id], OffHeap.getLong(words) != 0);
                break;

            case UNDO_DROP:
                undoDrop(id);
                break;

            case UNDO_RESET:
                undoReset(boards[id]);
                break;

            case ChangedBoards.UNDO_ADD:
                changed.undoAdd(boards[id]);
                break;

            default:
                scoring.onUndo(kind, id, words);
                break;
        }
    }

    // ---- from an image ----

    /**
     * Brings a board back, without its members.
     *
     * @param id         of it.
     * @param generation of the id.
     * @param definition is copied.
     * @param name       of it.
     * @param startedAt  sequence of the command that began its ranking.
     * @return its ranking.
     */
    Ranking restore(
        final int id,
        final int generation,
        final BoardDefinition definition,
        final DirectBuffer name,
        final long startedAt)
    {
        ids.restore(id, generation);
        final Board board = new Board(ids.handle(id), names.intern(name, 0, name.capacity()), definition);
        begin(board, startedAt);

        return board.ranking();
    }

    /**
     * Brings a ranking back that a drop or reset gave up, without its members; it is to be given up again behind them.
     *
     * @param definition of the board that it was of.
     * @param startedAt  sequence of the command that began it.
     * @return the ranking.
     */
    Ranking restoreGivenUp(final BoardDefinition definition, final long startedAt)
    {
        return rankings.begin(new Board(Handle.NULL_HANDLE, NameTable.NULL_NAME, definition), startedAt);
    }

    // ---- what the last command answered ----

    /**
     * Columns answered by the last command.
     *
     * @return 0..4; 0 where it had none to answer.
     */
    int columnCount()
    {
        return answer.columnCount;
    }

    /**
     * A value answered by the last command.
     *
     * @param index 0..3.
     * @return the value, 0 where there is none.
     */
    long column(final int index)
    {
        return answer.columns[index];
    }

    /**
     * Ordinal rank before the last command, if it was asked for.
     *
     * @return from 1; 0 when not ranked.
     */
    long oldRank()
    {
        return answer.oldRank;
    }

    /**
     * Ordinal rank after the last command, if it was asked for.
     *
     * @return from 1; 0 when not ranked.
     */
    long newRank()
    {
        return answer.newRank;
    }

    @Override
    public void close()
    {
        members.close();
        rankings.close();
        ids.close();
        index.close();
    }

    private void undoCreate(final Board board, final boolean wasFresh)
    {
        digest.subtract(board.definitionDigest());
        rankings.end(board.ranking());
        leave(board);
        names.release(board.nameId(), Bearer.BOARD);
        ids.undoTake(Handle.id(board.handle()), wasFresh);
    }

    private void undoDrop(final int id)
    {
        final Board board = rankings.undoGiveUp().board();
        ids.undoGive(id);
        names.retain(board.nameId(), Bearer.BOARD);
        enter(board);
        changed.undoHide(board);
        digest.add(board.definitionDigest());
    }

    private void undoReset(final Board board)
    {
        digest.subtract(board.definitionDigest());
        rankings.end(board.ranking());
        board.ranking(rankings.undoGiveUp());
        count(board);
    }

    private void begin(final Board board, final long sequence)
    {
        names.retain(board.nameId(), Bearer.BOARD);
        enter(board);
        board.ranking(rankings.begin(board, sequence));
        count(board);
        changed.add(board);
    }

    /** The board among those who bear a name, or null. */
    private Board find(final int bearer)
    {
        if (!Bearer.isShared(bearer))
        {
            return null;
        }

        final int nameId = names.nameId(bearer);
        final int hash = hash(nameId);
        for (long slot = index.first(hash); slot != IdIndex.NULL_SLOT; slot = index.next(slot, hash))
        {
            final Board board = boards[IdIndex.id(slot)];
            if (board.nameId() == nameId)
            {
                return board;
            }
        }

        return null;
    }

    private void enter(final Board board)
    {
        final int id = Handle.id(board.handle());
        if (id >= boards.length)
        {
            boards = Arrays.copyOf(boards, Math.max(id + 1, boards.length * 2));
        }
        boards[id] = board;
        index.add(hash(board.nameId()), id);
    }

    private void leave(final Board board)
    {
        final int id = Handle.id(board.handle());
        boards[id] = null;
        index.remove(hash(board.nameId()), id);
    }

    /** Counts a board's own entry, which names the ranking it points to, in the digest. */
    private void count(final Board board)
    {
        final BoardDefinition definition = board.definition();
        entry
            .begin(DigestEntry.BOARD)
            .put(board.handle())
            .put(names.hash(board.nameId()))
            .put(definition.scoreOperator())
            .put(definition.ties())
            .put(definition.columnCount())
            .put(definition.ascending())
            .put(definition.feedRows())
            .put(definition.capacity())
            .put(names.hash(definition.columnNames(), 0, definition.columnNamesLength()))
            .put(board.ranking().startedAt());
        board.definitionDigest().clear();
        board.definitionDigest().add(entry);
        digest.add(entry);
    }

    private static int hash(final int nameId)
    {
        return (int)DigestEntry.mix64(nameId);
    }
}

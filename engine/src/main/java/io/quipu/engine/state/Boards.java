package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * All boards and their members: the commands that change them, and the way to read them.
 * <p>
 * Called by the state machine, on its thread. Each command is checked before anything changes, takes the sequence that it has in
 * the journal, and returns a code of egress ResultCode; what it answers besides stands in {@link #columnCount()},
 * {@link #column(int)}, {@link #oldRank()} and {@link #newRank()} until the next command. Names are whole buffers.
 * Nothing is allocated but for a board id used for the first time.
 */
public final class Boards implements AutoCloseable
{
    /** Steps of release that each entry brings. */
    static final int RELEASE_STEPS = 64;

    private final DigestPart digest = new DigestPart();
    private final DigestPart releaseDigest = new DigestPart();

    Boards(final NameTable names, final Limits limits, final UndoLog undo)
    {
    }

    /**
     * Takes one change of an ATOMIC request back; called in reverse order.
     *
     * @param kind    that was pushed, {@link UndoLog#FIRST_BOARD_KIND} or above.
     * @param id      that was pushed.
     * @param address of the words that were pushed.
     */
    void onUndo(final int kind, final int id, final long address)
    {
        throw new UnsupportedOperationException();
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
        return releaseDigest;
    }

    /**
     * Off-heap memory in use.
     *
     * @return bytes.
     */
    long bytes()
    {
        return 0;
    }

    /**
     * Finds a board.
     *
     * @param name of the board.
     * @return the board, or null.
     */
    public Board find(final DirectBuffer name)
    {
        return null;
    }

    /**
     * The board of a handle.
     *
     * @param handle of any kind.
     * @return the board, or null where it is dropped or the handle is no board's.
     */
    public Board byHandle(final long handle)
    {
        return null;
    }

    /**
     * The next board in id order, for lists.
     *
     * @param id first id to look at, from 1.
     * @return the first board of this id or a greater one, or null.
     */
    public Board next(final int id)
    {
        return null;
    }

    /**
     * Boards that exist.
     *
     * @return their number.
     */
    public long boardCount()
    {
        return 0;
    }

    /**
     * Members of all boards, those of dropped and reset boards counted until they are released.
     *
     * @return their number.
     */
    public long memberCount()
    {
        return 0;
    }

    /**
     * Members of dropped and reset boards that are not yet released.
     *
     * @return their number.
     */
    public long unreleasedCount()
    {
        return 0;
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
        throw new UnsupportedOperationException();
    }

    /**
     * A reader of boards.
     *
     * @return a new one, to be kept and reused.
     */
    public Standings newStandings()
    {
        return new Standings();
    }

    /**
     * Takes a board off the list of those with a published view ({@code feedRows} above 0) that changed since they were last
     * taken, in the order in which they changed first. Not to be called within a request.
     *
     * @return the board, or null when none is left.
     */
    public Board takeChanged()
    {
        return null;
    }

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
        throw new UnsupportedOperationException();
    }

    /**
     * Drops a board in O(1); its members are released by {@link #release(int)}.
     *
     * @param sequence of the command.
     * @param board    to be dropped; null where it was not found.
     * @return OK or NO_SUCH_BOARD.
     */
    int drop(final long sequence, final Board board)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes all members of a board in O(1); they are released by {@link #release(int)}.
     *
     * @param sequence of the command.
     * @param board    to be emptied; null where it was not found.
     * @return OK or NO_SUCH_BOARD.
     */
    int reset(final long sequence, final Board board)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Scores for a member, which is created where it is missing. Answers the member's columns after it, also where it was refused
     * and the member exists.
     *
     * @param sequence    of the command.
     * @param board       null where it was not found.
     * @param member      its name.
     * @param values      one for each column.
     * @param columnCount how many of them are given.
     * @param ranked      whether old and new rank are wanted.
     * @return OK, NO_SUCH_BOARD, WRONG_COLUMNS, OVERFLOW, NOT_KEPT or REJECT_CAPACITY.
     */
    int score(
        final long sequence,
        final Board board,
        final DirectBuffer member,
        final long[] values,
        final int columnCount,
        final boolean ranked)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Scores for a member by its handle, on a board of one column.
     *
     * @param sequence of the command.
     * @param handle   of the member.
     * @param value    of the one column.
     * @param ranked   whether old and new rank are wanted.
     * @return OK, STALE_HANDLE, WRONG_COLUMNS or OVERFLOW.
     */
    int scoreByHandle(final long sequence, final long handle, final long value, final boolean ranked)
    {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * Releases members of dropped and reset boards, in the order in which that happened, each in board order, rank 1 first.
     *
     * @param steps at most so many.
     */
    void release(final long steps)
    {
        // nothing is ever dropped yet
    }

    /**
     * Columns answered by the last command.
     *
     * @return 0..4; 0 where it had none to answer.
     */
    int columnCount()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * A value answered by the last command.
     *
     * @param index 0..3.
     * @return the value, 0 where there is none.
     */
    long column(final int index)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Ordinal rank before the last command, if it was asked for.
     *
     * @return from 1; 0 when not ranked.
     */
    long oldRank()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Ordinal rank after the last command, if it was asked for.
     *
     * @return from 1; 0 when not ranked.
     */
    long newRank()
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close()
    {
        // nothing is held yet
    }
}

package io.quipu.engine.state;

/**
 * The boards with a published view that changed since they were last taken, in the order of their first change; each at most
 * once. Linked through the boards themselves, in a ring around a board that is none, so that a drop takes its board out in
 * O(1), and taking that back links it in again where it was.
 * <p>
 * For the feed: no logical state. One thread; nothing is allocated.
 */
final class ChangedBoards
{
    /** Undo of a board's coming to the list. */
    static final int UNDO_ADD = UndoLog.FIRST_BOARD_KIND + 8;

    private final UndoLog undo;
    private final Board ring = new Board(Handle.NULL_HANDLE, NameTable.NULL_NAME, new BoardDefinition());

    ChangedBoards(final UndoLog undo)
    {
        this.undo = undo;
        ring.changedBefore = ring;
        ring.changedBehind = ring;
    }

    /**
     * Adds a board behind the others, if it has a view and is not there.
     *
     * @param board that changed.
     */
    void add(final Board board)
    {
        if (board.isChanged || board.definition().feedRows() == 0)
        {
            return;
        }

        if (undo.isActive())
        {
            undo.push(UNDO_ADD, Handle.id(board.handle()));
        }
        board.isChanged = true;
        board.changedBefore = ring.changedBefore;
        board.changedBehind = ring;
        link(board);
    }

    /** Takes back the last {@link #add} that added a board. */
    void undoAdd(final Board board)
    {
        board.isChanged = false;
        unlink(board);
    }

    /** Takes the board that changed first, null for none. */
    Board take()
    {
        final Board board = ring.changedBehind;
        if (board == ring)
        {
            return null;
        }
        board.isChanged = false;
        unlink(board);

        return board;
    }

    /** Takes a dropped board out. */
    void hide(final Board board)
    {
        if (board.isChanged)
        {
            unlink(board);
        }
    }

    /** Takes back the last {@link #hide}; the board still knows its neighbours. */
    void undoHide(final Board board)
    {
        if (board.isChanged)
        {
            link(board);
        }
    }

    private static void link(final Board board)
    {
        board.changedBefore.changedBehind = board;
        board.changedBehind.changedBefore = board;
    }

    private static void unlink(final Board board)
    {
        board.changedBefore.changedBehind = board.changedBehind;
        board.changedBehind.changedBefore = board.changedBefore;
    }
}

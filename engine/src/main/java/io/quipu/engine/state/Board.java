package io.quipu.engine.state;

/**
 * A named ranking: its definition and the members ranked now. Changed by {@link Boards} alone; read through {@link Standings}.
 * The object is used again for a later board of the same id: keep {@link #handle()}, not the object, over commands.
 * One thread.
 */
public final class Board
{
    private final BoardDefinition definition = new BoardDefinition();
    private long handle;
    private int nameId;

    public long handle()
    {
        return handle;
    }

    /**
     * Its name, as interned.
     *
     * @return id in the name table.
     */
    int nameId()
    {
        return nameId;
    }

    public BoardDefinition definition()
    {
        return definition;
    }

    /**
     * The members ranked now.
     *
     * @return their number.
     */
    public long memberCount()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Definition and members in the digest.
     *
     * @return the board's share of {@link Boards#digest()}.
     */
    DigestPart digest()
    {
        throw new UnsupportedOperationException();
    }
}

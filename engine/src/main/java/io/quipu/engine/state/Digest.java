package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The 128-bit digest of all logical state: the sum, lane by lane, of its parts. Read on the writer's thread between two
 * calls of {@link StateMachine#apply}. It detects accidents and divergence, not malice. Not in it: sequence and time of
 * the last entry, which stand beside it, epoch, connections, layout of memory.
 */
public final class Digest
{
    /**
     * Hears the parts, so that a divergence can be localised.
     */
    @FunctionalInterface
    public interface PartHandler
    {
        /**
         * @param label of the part: {@code names}, {@code counters}, {@code boards}, {@code releases}, {@code sessions},
         *              {@code limits}, or {@code board:NAME}.
         * @param high  first lane.
         * @param low   second lane.
         */
        void onPart(CharSequence label, long high, long low);
    }

    private final NameTable nameTable;
    private final Boards boardTable;
    private final DigestPart names;
    private final DigestPart counters;
    private final DigestPart boards;
    private final DigestPart releases;
    private final DigestPart sessions;
    private final DigestPart limits;

    Digest(
        final NameTable names,
        final CounterTable counters,
        final Boards boards,
        final SessionTable sessions,
        final Limits limits)
    {
        nameTable = names;
        boardTable = boards;
        this.names = names.digest();
        this.counters = counters.digest();
        this.boards = boards.digest();
        releases = boards.releaseDigest();
        this.sessions = sessions.digest();
        this.limits = limits.digest();
    }

    /**
     * @return the first lane.
     */
    public long high()
    {
        return names.high() + counters.high() + boards.high() + releases.high() + sessions.high() + limits.high();
    }

    /**
     * @return the second lane.
     */
    public long low()
    {
        return names.low() + counters.low() + boards.low() + releases.low() + sessions.low() + limits.low();
    }

    /**
     * Hands over each part; together they sum up to the digest. Each board is a part of its own; what belongs to no
     * single board, such as free ids, is the part {@code boards}. For people: it allocates.
     *
     * @param handler that hears them.
     */
    public void forEachPart(final PartHandler handler)
    {
        handler.onPart("names", names.high(), names.low());
        handler.onPart("counters", counters.high(), counters.low());
        handler.onPart("sessions", sessions.high(), sessions.low());
        handler.onPart("limits", limits.high(), limits.low());
        handler.onPart("releases", releases.high(), releases.low());

        final DigestPart rest = new DigestPart();
        rest.add(boards);
        for (Board board = boardTable.next(1); board != null; board = boardTable.next(Handle.id(board.handle()) + 1))
        {
            rest.subtract(board.digest());
            handler.onPart("board:" + nameOf(board), board.digest().high(), board.digest().low());
        }
        handler.onPart("boards", rest.high(), rest.low());
    }

    private String nameOf(final Board board)
    {
        final byte[] bytes = new byte[nameTable.length(board.nameId())];
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = OffHeap.getByte(nameTable.address(board.nameId()) + i);
        }

        return new String(bytes, UTF_8);
    }
}

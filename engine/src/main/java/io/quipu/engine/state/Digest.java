package io.quipu.engine.state;

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
         *              {@code limits}, or {@code board:NAME}: each character is one byte (ISO 8859-1), for a name may
         *              be any bytes. Good until the handler returns.
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
    private final DigestPart rest = new DigestPart();
    private final PartLabel label = new PartLabel();

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
     * Whether an image's own digest, taken entry by entry, is this one.
     *
     * @param image all of whose chunks were read.
     * @return false when a value in the image is not what this digest has counted.
     */
    public boolean isOf(final StateImageDigest image)
    {
        return image.high() == high() - names.high() && image.low() == low() - names.low();
    }

    /**
     * Hands over each part; together they sum up to the digest. Each board is a part of its own; what belongs to no
     * single board, such as free ids, is the part {@code boards}.
     *
     * @param handler that hears them.
     */
    public void forEachPart(final PartHandler handler)
    {
        forEachPart(handler, Integer.MAX_VALUE);
    }

    /**
     * As {@link #forEachPart(PartHandler)}, with a bound on what it costs: boards beyond the first are left within the
     * part {@code boards}. Allocates nothing.
     *
     * @param handler   that hears the parts.
     * @param mostBoards that are parts of their own, by id.
     */
    public void forEachPart(final PartHandler handler, final int mostBoards)
    {
        handler.onPart("names", names.high(), names.low());
        handler.onPart("counters", counters.high(), counters.low());
        handler.onPart("sessions", sessions.high(), sessions.low());
        handler.onPart("limits", limits.high(), limits.low());
        handler.onPart("releases", releases.high(), releases.low());

        rest.clear();
        rest.add(boards);
        Board board = boardTable.next(1);
        for (int i = 0; i < mostBoards && board != null; i++)
        {
            rest.subtract(board.digest());
            label.wrap(nameTable.address(board.nameId()), nameTable.length(board.nameId()));
            handler.onPart(label, board.digest().high(), board.digest().low());
            board = boardTable.next(Handle.id(board.handle()) + 1);
        }
        handler.onPart("boards", rest.high(), rest.low());
    }
}

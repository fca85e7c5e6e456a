package io.quipu.transport.client;

import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.Limit;

import java.util.function.Consumer;

/**
 * The blocking client: any number of threads may call it. A thread of its own keeps the connection, drives the media driver and
 * sends what the callers hand over; calls that meet share a frame. A write is applied exactly once, over lost replies,
 * reconnections and restarts of the engine.
 * <pre>
 * try (QuipuClient client = QuipuClient.connect("localhost:7400"))
 * {
 *     long views = client.add("page:/home", 1);
 * }
 * </pre>
 * All calls throw {@link RefusedException} when the engine refuses, {@link TimeoutException} when there is no answer within
 * {@link ClientContext#requestTimeoutNs()}, {@link SessionEvictedException} when the engine no longer knows the session of a
 * write, and {@link QuipuException} when the client is closed. An interrupt ends the wait with a {@link QuipuException}; the
 * thread stays interrupted.
 */
public final class QuipuClient implements AutoCloseable
{
    private QuipuClient()
    {
    }

    /**
     * Connects to an engine.
     *
     * @param engine {@code HOST:PORT}.
     * @throws UnreachableException when no engine answers within 5 s.
     */
    public static QuipuClient connect(final String engine)
    {
        return connect(new ClientContext().engine(engine));
    }

    /**
     * Connects to the engine of a context.
     *
     * @throws UnreachableException when no engine answers in time.
     */
    public static QuipuClient connect(final ClientContext context)
    {
        throw new UnsupportedOperationException();
    }

    /** Adds to a counter, which is created at 0; returns its new value. */
    public long add(final String counter, final long delta)
    {
        throw new UnsupportedOperationException();
    }

    /** Adds within bounds: a sum outside is refused with {@code OUT_OF_BOUNDS}, or clamped with {@code saturate}. */
    public BoundedValue addBounded(
        final String counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        throw new UnsupportedOperationException();
    }

    /** Sets a counter. */
    public void set(final String counter, final long value)
    {
        throw new UnsupportedOperationException();
    }

    /** Deletes a counter; returns its last value; {@code NOT_FOUND} when there is none. */
    public long delete(final String counter)
    {
        throw new UnsupportedOperationException();
    }

    /** Creates a board, or finds the same one; returns its handle; {@code BOARD_EXISTS} when there is another of that name. */
    public long createBoard(final BoardDefinition definition)
    {
        throw new UnsupportedOperationException();
    }

    /** Drops a board of any size at once. */
    public void drop(final String board)
    {
        throw new UnsupportedOperationException();
    }

    /** Removes all members of a board at once. */
    public void reset(final String board)
    {
        throw new UnsupportedOperationException();
    }

    /** Scores a member by the board's operator; {@code NOT_KEPT} when a full board has no room for it. */
    public ScoreResult score(final String board, final String member, final long... columns)
    {
        throw new UnsupportedOperationException();
    }

    /** Removes a member; returns its last columns; {@code NOT_FOUND} when there is none. */
    public long[] remove(final String board, final String member)
    {
        throw new UnsupportedOperationException();
    }

    /** Changes a logical limit. */
    public void setLimit(final Limit which, final long value)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Submits a request of any commands.
     *
     * @return the reply, with its own bytes; commands of it may be refused.
     * @throws RefusedException when the request was refused as a whole before it was journaled.
     */
    public Reply submit(final Request request)
    {
        throw new UnsupportedOperationException();
    }

    /** Values of counters, in the order asked; missing ones are 0 and not {@code present}. */
    public Rows<CounterValue> get(final String... counters)
    {
        throw new UnsupportedOperationException();
    }

    /** All counters whose name starts with a prefix, in the order of their creation; the walk is not one moment. */
    public Rows<CounterValue> counters(final String prefix)
    {
        throw new UnsupportedOperationException();
    }

    /** The same walk, a row at a time. */
    public void counters(final String prefix, final Consumer<CounterValue> consumer)
    {
        throw new UnsupportedOperationException();
    }

    /** All boards whose name starts with a prefix. */
    public Rows<BoardInfo> boards(final String prefix)
    {
        throw new UnsupportedOperationException();
    }

    /** One board; {@code NO_SUCH_BOARD} when there is none. */
    public BoardInfo describe(final String board)
    {
        throw new UnsupportedOperationException();
    }

    /** Where members stand, in the order asked, missing ones kept. */
    public Rows<MemberRank> rank(final String board, final String... members)
    {
        throw new UnsupportedOperationException();
    }

    /** The first rows. */
    public Standings top(final String board, final int maxRows)
    {
        throw new UnsupportedOperationException();
    }

    /** Rows from rank {@code skip + 1} on; at most 1,000. */
    public Standings page(final String board, final long skip, final int maxRows)
    {
        throw new UnsupportedOperationException();
    }

    /** {@code maxRows} rows around a member, shifted at the ends so that the page is full. */
    public Standings around(final String board, final String member, final int maxRows)
    {
        throw new UnsupportedOperationException();
    }

    /** Rows between two tuples. */
    public Standings range(final String board, final ScoreRange range, final long skip, final int maxRows)
    {
        throw new UnsupportedOperationException();
    }

    /** How many stand between two tuples: {@link Standings#total()}; no rows. */
    public Standings count(final String board, final ScoreRange range)
    {
        throw new UnsupportedOperationException();
    }

    /** The engine's figures and digest. */
    public Status status()
    {
        throw new UnsupportedOperationException();
    }

    public Rows<LimitValue> limits()
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Handles of names, in the order asked, 0 for missing ones.
     *
     * @param board of members; null for counters and boards.
     */
    public Rows<Long> resolve(final Kind kind, final String board, final String... names)
    {
        throw new UnsupportedOperationException();
    }

    /** Directory of the media driver in use, for {@link ClientContext#aeronDirectory(String)} of a further client. */
    public String aeronDirectory()
    {
        throw new UnsupportedOperationException();
    }

    public boolean isConnected()
    {
        throw new UnsupportedOperationException();
    }

    /** Ends the session of this client's writes for ever, so that the engine forgets its kept replies at once. */
    public void closeSession()
    {
        throw new UnsupportedOperationException();
    }

    /** Waits briefly for what is under way, disconnects, ends the thread and the driver. Idempotent. */
    @Override
    public void close()
    {
    }
}

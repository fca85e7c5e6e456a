package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.CloseHelper;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private static final long NO_ROOM_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final Consumer<CounterValue> NOBODY = (row) -> {};

    private final ClientContext context;
    private final ClientAgent agent;
    private final String aeronDirectory;

    private QuipuClient(final ClientContext context, final MediaAccess media)
    {
        this.context = context;
        aeronDirectory = media.aeronDirectory();
        agent = new ClientAgent(context, media);
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
     * @throws UnreachableException     when no engine answers in time.
     * @throws IllegalArgumentException when the context is wrong.
     */
    public static QuipuClient connect(final ClientContext context)
    {
        context.conclude();
        final MediaAccess media = MediaAccess.open(context);
        boolean isStarted = false;
        final QuipuClient client;
        try
        {
            client = new QuipuClient(context, media);
            client.agent.start();
            isStarted = true;
        }
        finally
        {
            if (!isStarted)
            {
                CloseHelper.quietClose(media);
            }
        }
        client.awaitConnected();
        return client;
    }

    /** Adds to a counter, which is created at 0; returns its new value. */
    public long add(final String counter, final long delta)
    {
        return apply("add " + counter, new Request().add(counter, delta)).value(0);
    }

    /** Adds within bounds: a sum outside is refused with {@code OUT_OF_BOUNDS}, or clamped with {@code saturate}. */
    public BoundedValue addBounded(
        final String counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        final Reply reply =
            apply("add " + counter, new Request().addBounded(counter, delta, lower, upper, saturate));
        return new BoundedValue(reply.column(0, 0), reply.column(0, 1));
    }

    /** Sets a counter. */
    public void set(final String counter, final long value)
    {
        apply("set " + counter, new Request().set(counter, value));
    }

    /** Deletes a counter; returns its last value; {@code NOT_FOUND} when there is none. */
    public long delete(final String counter)
    {
        return apply("delete " + counter, new Request().delete(counter)).value(0);
    }

    /** Creates a board, or finds the same one; returns its handle; {@code BOARD_EXISTS} when there is another of that name. */
    public long createBoard(final BoardDefinition definition)
    {
        return apply("board " + definition.name(), new Request().createBoard(definition)).value(0);
    }

    /** Drops a board of any size at once. */
    public void drop(final String board)
    {
        apply("drop " + board, new Request().board(board).dropBoard());
    }

    /** Removes all members of a board at once. */
    public void reset(final String board)
    {
        apply("reset " + board, new Request().board(board).resetBoard());
    }

    /** Scores a member by the board's operator; {@code NOT_KEPT} when a full board has no room for it. */
    public ScoreResult score(final String board, final String member, final long... columns)
    {
        final Request request = new Request().form(ReplyForm.RANKS).board(board).score(member, columns);
        final Reply reply = apply("score " + member + " on board " + board, request);
        return new ScoreResult(columns(reply), reply.oldRank(0), reply.newRank(0));
    }

    /** Removes a member; returns its last columns; {@code NOT_FOUND} when there is none. */
    public long[] remove(final String board, final String member)
    {
        return columns(apply("remove " + member + " from board " + board, new Request().board(board).remove(member)));
    }

    /** Changes a logical limit. */
    public void setLimit(final Limit which, final long value)
    {
        apply("limit " + which + '=' + value, new Request().setLimit(which, value));
    }

    /**
     * Submits a request of any commands.
     *
     * @return the reply, with its own bytes; commands of it may be refused.
     * @throws RefusedException when the request was refused as a whole before it was journaled.
     */
    public Reply submit(final Request request)
    {
        if (0 == request.commandCount())
        {
            throw new IllegalArgumentException("the request has no commands");
        }
        final WriteCall call = new WriteCall(request);
        final long deadlineNs = System.nanoTime() + context.requestTimeoutNs();
        handOver(call, deadlineNs);
        if (!call.await(deadlineNs))
        {
            final boolean isWithdrawn = call.withdraw();
            if (isWithdrawn || !call.isDone())
            {
                throw unanswered(isWithdrawn ? "nothing was sent" : "it may or may not be applied, once");
            }
        }
        call.throwFailure();
        return call.reply();
    }

    /** Values of counters, in the order asked; missing ones are 0 and not {@code present}. */
    public Rows<CounterValue> get(final String... counters)
    {
        return new QueryAnswers().counterValues(ask(query().getCounters(counters)), counters);
    }

    /** All counters whose name starts with a prefix, in the order of their creation; the walk is not one moment. */
    public Rows<CounterValue> counters(final String prefix)
    {
        final List<CounterValue> rows = new ArrayList<>();
        final QueryCall last = walkCounters(prefix, rows, NOBODY);
        return last.rows(rows);
    }

    /** The same walk, a row at a time. */
    public void counters(final String prefix, final Consumer<CounterValue> consumer)
    {
        walkCounters(prefix, new ArrayList<>(), consumer);
    }

    /** All boards whose name starts with a prefix. */
    public Rows<BoardInfo> boards(final String prefix)
    {
        final List<BoardInfo> rows = new ArrayList<>();
        final QueryAnswers answers = new QueryAnswers();
        QueryCall call;
        long cursor = 0;
        do
        {
            call = ask(query().listBoards(prefix, cursor));
            cursor = answers.boardList(call, rows);
        }
        while (0 != cursor);
        return call.rows(rows);
    }

    /** One board; {@code NO_SUCH_BOARD} when there is none. */
    public BoardInfo describe(final String board)
    {
        final List<BoardInfo> rows = new ArrayList<>();
        new QueryAnswers().boardList(ask(query().describeBoard(board)), rows);
        return rows.get(0);
    }

    /** Where members stand, in the order asked, missing ones kept. */
    public Rows<MemberRank> rank(final String board, final String... members)
    {
        return new QueryAnswers().memberRanks(ask(query().getRanks(board, members)), members);
    }

    /** The first rows. */
    public Standings top(final String board, final int maxRows)
    {
        return page(board, 0, maxRows);
    }

    /** Rows from rank {@code skip + 1} on; at most 1,000. */
    public Standings page(final String board, final long skip, final int maxRows)
    {
        return new QueryAnswers().standings(ask(query().getPage(board, skip, maxRows)));
    }

    /** {@code maxRows} rows around a member, shifted at the ends so that the page is full. */
    public Standings around(final String board, final String member, final int maxRows)
    {
        return new QueryAnswers().standings(ask(query().getAround(board, member, maxRows)));
    }

    /** Rows between two tuples. */
    public Standings range(final String board, final ScoreRange range, final long skip, final int maxRows)
    {
        return new QueryAnswers().standings(ask(query().getRange(board, range, skip, maxRows)));
    }

    /** How many stand between two tuples: {@link Standings#total()}; no rows. */
    public Standings count(final String board, final ScoreRange range)
    {
        return range(board, range, 0, 0);
    }

    /** The engine's figures and digest. */
    public Status status()
    {
        return new QueryAnswers().status(ask(query().getStatus()));
    }

    /** The logical limits, and how much of them is used. */
    public Rows<LimitValue> limits()
    {
        return new QueryAnswers().limits(ask(query().getLimits()));
    }

    /**
     * Handles of names, in the order asked, 0 for missing ones.
     *
     * @param board of members; null for counters and boards.
     */
    public Rows<Long> resolve(final Kind kind, final String board, final String... names)
    {
        return new QueryAnswers().handles(ask(query().resolve(kind, board, names)));
    }

    /** Directory of the media driver in use, for {@link ClientContext#aeronDirectory(String)} of a further client. */
    public String aeronDirectory()
    {
        return aeronDirectory;
    }

    public boolean isConnected()
    {
        return agent.isConnected();
    }

    /**
     * Ends the session of this client's writes, so that the engine forgets its kept replies at once; a later write starts
     * another. Does not wait. {@link #close()} does the same.
     */
    public void closeSession()
    {
        agent.endSession();
    }

    /** Waits briefly for what is under way, ends the session, disconnects, ends the thread and the driver. Idempotent. */
    @Override
    public void close()
    {
        agent.close();
    }

    private void awaitConnected()
    {
        boolean isConnected = false;
        QuipuException failure = null;
        try
        {
            isConnected = agent.awaitFirstConnection();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            failure = new QuipuException("interrupted while connecting to " + context.engine(), ex);
        }
        if (!isConnected)
        {
            failure = null == failure ? agent.unreachable() : failure;
            close();
            throw failure;
        }
    }

    private QueryFrames query()
    {
        return new QueryFrames(context.queryAck());
    }

    private QueryCall walkCounters(
        final String prefix, final List<CounterValue> rows, final Consumer<CounterValue> consumer)
    {
        final QueryAnswers answers = new QueryAnswers();
        QueryCall call;
        long cursor = 0;
        do
        {
            if (NOBODY != consumer)
            {
                rows.clear();
            }
            call = ask(query().listCounters(prefix, cursor));
            cursor = answers.counterList(call, rows);
            if (NOBODY != consumer)
            {
                rows.forEach(consumer);
            }
        }
        while (0 != cursor);
        return call;
    }

    /** One command; its refusal is an exception. */
    private Reply apply(final String what, final Request request)
    {
        final Reply reply = submit(request);
        final ResultCode code = reply.code(0);
        if (ResultCode.OK != code)
        {
            throw Refusals.refused(what, code, 0, 0);
        }
        return reply;
    }

    private QueryCall ask(final QueryCall call)
    {
        final long deadlineNs = System.nanoTime() + context.requestTimeoutNs();
        handOver(call, deadlineNs);
        if (!call.await(deadlineNs))
        {
            call.abandon();
            throw unanswered(call.what());
        }
        call.throwFailure();
        if (ResultCode.OK != call.code())
        {
            throw Refusals.refused(call.what(), call.code(), 0, 0);
        }
        return call;
    }

    private void handOver(final Call call, final long deadlineNs)
    {
        while (!agent.handOver(call))
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw unanswered("nothing was sent");
            }
            LockSupport.parkNanos(NO_ROOM_PARK_NS);
        }
    }

    private QuipuException unanswered(final String consequence)
    {
        if (Thread.currentThread().isInterrupted())
        {
            return new QuipuException("interrupted while waiting for " + context.engine() + ": " + consequence);
        }
        return new TimeoutException(
            "no answer from " + context.engine() + " within " +
            TimeUnit.NANOSECONDS.toMillis(context.requestTimeoutNs()) + " ms: " + consequence);
    }

    private static long[] columns(final Reply reply)
    {
        final long[] columns = new long[reply.columnCount(0)];
        for (int i = 0; i < columns.length; i++)
        {
            columns[i] = reply.column(0, i);
        }
        return columns;
    }
}

package io.quipu.perf.apply;

import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.engine.state.QueryHandler;
import io.quipu.perf.NumberedNames;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Targets c1, c2 and d: what a move on a board costs inside {@code apply}, and what a rank costs to read, by the
 * number of members. Ties {@code first}, scores uniform below {@code range}, members uniform and drawn anew for each
 * request, outside the time that is measured; 512 commands a request. At the end some 100,000 members are read and
 * compared.
 * <p>
 * A small increment is 1 to 10, so 5.5: with 10 M members and scores below a million, ten on each score, it passes over
 * 55 members; with scores below 1,000 million, over one in eighteen times. A jump is one to a new uniform score. {@code
 * -p form=VALUES} is c1, {@code -p form=RANKS} is c2, which also tells the rank before and after.
 *
 * <pre>java -jar perf/target/quipu-perf-*.jar BoardBenchmark -p members=10000000 -prof gc</pre>
 */
public class BoardBenchmark extends ApplyBenchmark
{
    private static final int LIST = 64;
    private static final int POLL = 32;
    private static final int TOP = 10;
    private static final int SMALL = 10;
    private static final int MEMBER_OFFSET = 2;

    /** The filled board, and each member's score. Of the benchmark: JMH makes several of a thread's own. */
    @State(Scope.Benchmark)
    public static class Board
    {
        /** How many. */
        @Param({"1000", "100000", "1000000"})
        public int members;

        /** First scores, and those that members jump to, are uniform below this. */
        @Param("1000000")
        public int range;

        private final NumberedNames names = new NumberedNames("m:");
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final Rows rows = new Rows();
        private AppliedState state;
        private int[] scores;

        /** Scores every member once. */
        @Setup(Level.Trial)
        public void fill()
        {
            state = new AppliedState();
            scores = new int[members];
            for (int i = 0; i < members; i++)
            {
                scores[i] = random.nextInt(range);
            }
            state.createBoard(Operator.SUM);
            state.createMembers(names, 0, members, (member) -> scores[member]);
        }

        /** Compares, and gives the memory back. */
        @TearDown(Level.Trial)
        public void close()
        {
            state.verifyMembers(names, scores);
            state.close();
        }

        private long query(final UnsafeBuffer query)
        {
            state.query(query, rows);
            return rows.bytes;
        }
    }

    /** The next request of moves. */
    @State(Scope.Thread)
    public static class Moves
    {
        /** What each reply tells. */
        @Param({"VALUES", "RANKS"})
        public ReplyForm form;

        protected RecordBody body;

        /** Builds its form. */
        @Setup(Level.Trial)
        public void build(final Board board)
        {
            body = RecordBody.scores(AppliedState.BOARD, board.names, COMMANDS, form);
        }

        final void move(final Board board, final int command, final int member, final int delta)
        {
            body.put(command, member, delta);
            board.scores[member] += delta;
        }
    }

    /** Increments of 1 to 10. */
    @State(Scope.Thread)
    public static class Increments extends Moves
    {
        /** Draws it. */
        @Setup(Level.Invocation)
        public void draw(final Board board)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                move(board, i, board.random.nextInt(board.members), 1 + board.random.nextInt(SMALL));
            }
        }
    }

    /** Moves to a new uniform score. */
    @State(Scope.Thread)
    public static class Jumps extends Moves
    {
        /** Draws it. */
        @Setup(Level.Invocation)
        public void draw(final Board board)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                final int member = board.random.nextInt(board.members);
                move(board, i, member, board.random.nextInt(board.range) - board.scores[member]);
            }
        }
    }

    /** The next queries for ranks. */
    @State(Scope.Thread)
    public static class Ranks
    {
        private final int[] drawn = new int[LIST];
        private final UnsafeBuffer[] singles = new UnsafeBuffer[LIST];
        private UnsafeBuffer list;

        /** Builds their form. */
        @Setup(Level.Trial)
        public void build(final Board board)
        {
            list = query(board, LIST);
            Arrays.setAll(singles, (i) -> query(board, 1));
        }

        /** Draws 64 members, for the list and for each single query. */
        @Setup(Level.Invocation)
        public void draw(final Board board)
        {
            final int length = MEMBER_OFFSET + board.names.length();
            final int first = list.capacity() - LIST * length + MEMBER_OFFSET;
            for (int i = 0; i < LIST; i++)
            {
                drawn[i] = board.random.nextInt(board.members);
                board.names.rewrite(list, first + i * length, drawn[i]);
                board.names.rewrite(singles[i], singles[i].capacity() - board.names.length(), drawn[i]);
            }
        }

        private static UnsafeBuffer query(final Board board, final int members)
        {
            final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
            return new UnsafeBuffer(scratch, 0, AppliedState.ranksQuery(scratch, board.names, new int[members]));
        }
    }

    /** The query for the first rows. */
    @State(Scope.Thread)
    public static class Top
    {
        private final UnsafeBuffer query;

        /** Builds it. */
        public Top()
        {
            final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
            final GetPageEncoder page = new GetPageEncoder();
            page.wrapAndApplyHeader(
                scratch, RecordBody.onBoard(scratch, 0, AppliedState.BOARD), new MessageHeaderEncoder());
            page.skip(0).maxRows(TOP);
            query = new UnsafeBuffer(scratch, 0, page.limit());
        }
    }

    /** Small increments: c1, c2. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long increment(final Board board, final Increments request)
    {
        return board.state.request(request.body);
    }

    /** Jumps to a random score: c1, c2. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long jump(final Board board, final Jumps request)
    {
        return board.state.request(request.body);
    }

    /** Target d: all rank modes of a member, one a query; 32 queries are announced at once, as the queries of one poll are. */
    @Benchmark
    @OperationsPerInvocation(LIST)
    public long rankOfOne(final Board board, final Ranks ranks)
    {
        long bytes = 0;
        for (int first = 0; first < LIST; first += POLL)
        {
            for (int i = first; i < first + POLL; i++)
            {
                board.state.announce(ranks.singles[i]);
            }
            board.state.readAhead();
            for (int i = first; i < first + POLL; i++)
            {
                bytes += board.query(ranks.singles[i]);
            }
        }
        return bytes;
    }

    /** Target d: all rank modes of a member, 64 a query. */
    @Benchmark
    @OperationsPerInvocation(LIST)
    public long rankOfMany(final Board board, final Ranks ranks)
    {
        return board.query(ranks.list);
    }

    /** Target d: a row of the first ten. */
    @Benchmark
    @OperationsPerInvocation(TOP)
    public long top(final Board board, final Top top)
    {
        return board.query(top.query);
    }

    private static final class Rows implements QueryHandler
    {
        private long bytes;

        @Override
        public void onChunk(
            final DirectBuffer buffer, final int offset, final int length, final boolean last)
        {
            bytes += length;
        }
    }
}

package io.quipu.perf;

import io.quipu.codecs.egress.HandlesDecoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResolveEncoder;
import io.quipu.engine.state.QueryHandler;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What one command costs inside {@link StateMachine#apply}, and one query, by the number of names: no network, no journal;
 * digest, sessions and kept replies on. The score per second is that of commands, not of requests.
 *
 * <pre>java -jar perf/target/quipu-perf-*.jar ApplyBenchmark -p names=1000,1000000 -prof gc</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
    "-XX:MaxDirectMemorySize=20g"})
public class ApplyBenchmark
{
    private static final int COMMANDS = 512;
    private static final int BODIES = 512;
    private static final int LIST = 64;
    private static final String BOARD = "board";

    /** Counters, and members of the board. */
    @Param({"1000", "100000", "1000000"})
    public int names;

    private final ReplyHandler replies = new Replies();
    private final Rows rows = new Rows();
    private final SplittableRandom random = new SplittableRandom(20_260_101L);
    private StateMachine state;
    private long requestSequence;
    private long[] handles;
    private RecordBody[] byHandle;
    private RecordBody[] byName;
    private RecordBody[] smallMoves;
    private RecordBody[] ranked;
    private UnsafeBuffer[] rankQueries;
    private UnsafeBuffer topQuery;
    private int next;

    /** Fills the state, then prepares requests over uniformly random names. */
    @Setup(Level.Trial)
    public void fill()
    {
        state = new StateMachine();
        apply(RecordBody.sessionOpen(1));
        request(RecordBody.createBoard(BOARD, Operator.SUM));
        for (int from = 0; from < names; from += COMMANDS)
        {
            final int first = from;
            final int count = Math.min(COMMANDS, names - from);
            request(RecordBody.adds(count, ReplyForm.ACK, i -> counter(first + i), () -> 1));
            request(RecordBody.scores(
                BOARD, count, ReplyForm.ACK, i -> member(first + i), () -> random.nextLong(1_000_000)));
        }

        handles = resolveAll();
        byHandle = new RecordBody[BODIES];
        byName = new RecordBody[BODIES];
        smallMoves = new RecordBody[BODIES];
        ranked = new RecordBody[BODIES];
        rankQueries = new UnsafeBuffer[BODIES];
        for (int i = 0; i < BODIES; i++)
        {
            byHandle[i] = RecordBody.addsByHandle(
                COMMANDS, ReplyForm.ACK, () -> handles[random.nextInt(names)], () -> random.nextLong(100));
            byName[i] = RecordBody.adds(
                COMMANDS, ReplyForm.VALUES, c -> counter(random.nextInt(names)), () -> random.nextLong(100));
            smallMoves[i] = RecordBody.scores(
                BOARD, COMMANDS, ReplyForm.VALUES, c -> member(random.nextInt(names)), () -> random.nextLong(10));
            ranked[i] = RecordBody.scores(
                BOARD, COMMANDS, ReplyForm.RANKS, c -> member(random.nextInt(names)), () -> random.nextLong(10));
            rankQueries[i] = rankQuery();
        }
        topQuery = topQuery();
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void close()
    {
        state.close();
    }

    /** Adds by 64-bit handle, ACK. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long addByHandle()
    {
        return request(byHandle[next = (next + 1) & (BODIES - 1)]);
    }

    /** Adds by 14-byte name, VALUES. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long addByName()
    {
        return request(byName[next = (next + 1) & (BODIES - 1)]);
    }

    /** Small increments of members by 14-byte name, VALUES. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long score()
    {
        return request(smallMoves[next = (next + 1) & (BODIES - 1)]);
    }

    /** The same with the ordinal rank before and after each. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long scoreWithRanks()
    {
        return request(ranked[next = (next + 1) & (BODIES - 1)]);
    }

    /** All rank modes of 64 members a query. */
    @Benchmark
    @OperationsPerInvocation(LIST)
    public long rank()
    {
        return query(rankQueries[next = (next + 1) & (BODIES - 1)]);
    }

    /** The first ten, with all rank modes. */
    @Benchmark
    public long top()
    {
        return query(topQuery);
    }

    private long request(final RecordBody body)
    {
        return apply(body.renumber(++requestSequence));
    }

    private long apply(final RecordBody body)
    {
        return state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, state.timeNs() + 1_000, replies);
    }

    private long query(final UnsafeBuffer buffer)
    {
        state.queries().run(buffer, 0, buffer.capacity(), rows);
        return rows.bytes;
    }

    private long[] resolveAll()
    {
        final long[] resolved = new long[names];
        final UnsafeBuffer scratch = new UnsafeBuffer(new byte[64 * 1024]);
        for (int from = 0; from < names; from += COMMANDS)
        {
            final int first = from;
            final int count = Math.min(COMMANDS, names - from);
            final ResolveEncoder resolve = new ResolveEncoder();
            resolve.wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder()).kind(Kind.COUNTER);
            final ResolveEncoder.NamesEncoder group = resolve.namesCount(count);
            for (int i = 0; i < count; i++)
            {
                final byte[] name = RecordBody.bytes(counter(first + i));
                group.next().reserved((short)0).putNamed(name, 0, name.length);
            }
            state.queries().run(scratch, 0, resolve.limit(), (buffer, offset, length, last) ->
            {
                final HandlesDecoder decoder = new HandlesDecoder();
                decoder.wrapAndApplyHeader(buffer, offset, new io.quipu.codecs.egress.MessageHeaderDecoder());
                int row = first;
                for (final HandlesDecoder.RowsDecoder handle : decoder.rows())
                {
                    resolved[row++] = handle.handle();
                }
            });
        }
        return resolved;
    }

    private UnsafeBuffer rankQuery()
    {
        final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
        final int start = onBoard(scratch);
        final GetRanksEncoder ranks = new GetRanksEncoder();
        ranks.wrapAndApplyHeader(scratch, start, new MessageHeaderEncoder());
        final GetRanksEncoder.MembersEncoder group = ranks.membersCount(LIST);
        for (int i = 0; i < LIST; i++)
        {
            final byte[] name = RecordBody.bytes(member(random.nextInt(names)));
            group.next().reserved((short)0).putMember(name, 0, name.length);
        }
        scratch.wrap(scratch, 0, ranks.limit());
        return scratch;
    }

    private UnsafeBuffer topQuery()
    {
        final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
        final GetPageEncoder page = new GetPageEncoder();
        page.wrapAndApplyHeader(scratch, onBoard(scratch), new MessageHeaderEncoder()).skip(0).maxRows(10);
        scratch.wrap(scratch, 0, page.limit());
        return scratch;
    }

    private static int onBoard(final UnsafeBuffer scratch)
    {
        final OnBoardEncoder onBoard = new OnBoardEncoder();
        onBoard.wrapAndApplyHeader(scratch, 0, new MessageHeaderEncoder()).handle(0)
            .putBoard(RecordBody.bytes(BOARD), 0, BOARD.length());
        return onBoard.limit();
    }

    private static String counter(final int i)
    {
        return String.format("counter:%06d", i);
    }

    private static String member(final int i)
    {
        return String.format("member:%07d", i);
    }

    private static final class Replies implements ReplyHandler
    {
        @Override
        public void onReply(
            final int sessionId,
            final long requestSequence,
            final long lastSequence,
            final DirectBuffer buffer,
            final int offset,
            final int length)
        {
        }

        @Override
        public void onSessionOpened(final int sessionId)
        {
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            throw new IllegalStateException("session " + sessionId + " is gone at request " + requestSequence);
        }
    }

    private static final class Rows implements QueryHandler
    {
        private long bytes;

        @Override
        public void onChunk(final DirectBuffer buffer, final int offset, final int length, final boolean last)
        {
            bytes += length;
        }
    }
}

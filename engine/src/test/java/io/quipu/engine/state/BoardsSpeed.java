package io.quipu.engine.state;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.SplittableRandom;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * How fast a board of a million members is, or of as many as the first argument says: a quick look by hand, before and after a
 * change of the rank tree; the benchmarks proper are in the perf module. Calls {@link Boards} directly, without names where a
 * handle does: no journal, no network, digest on.
 */
final class BoardsSpeed
{
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 3;
    private static final long SCORES = 1L << 40;

    /** One operation, given its number. */
    private interface Operation
    {
        void run(int number);
    }

    private final int memberCount;
    private final NameTable names = new NameTable();
    private final Boards boards = new Boards(names, new Limits(), new UndoLog());
    private final Sighting unseen = new Sighting();
    private final Standings standings = boards.newStandings();
    private final SplittableRandom random = new SplittableRandom(20261122);
    private final UnsafeBuffer name = new UnsafeBuffer(new byte["member:000000000000".length()]);
    private final long[] values = new long[BoardDefinition.MAX_COLUMNS];
    private final long[] handles;
    private Board board;
    private long sequence;
    private long sum;

    private BoardsSpeed(final int memberCount)
    {
        this.memberCount = memberCount;
        handles = new long[memberCount];
    }

    public static void main(final String[] args)
    {
        new BoardsSpeed(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000).run();
    }

    private void run()
    {
        final UnsafeBuffer column = new UnsafeBuffer("points".getBytes());
        boards.create(
            ++sequence,
            column,
            new BoardDefinition().set(BoardSpec.SUM, BoardSpec.FIRST, 1, 0, 0, 0).columnNames(column));
        board = boards.find(column);

        measure("insert, random score, by name", memberCount, this::insert);
        System.out.printf(
            Locale.ROOT,
            "members %,d  leaves %.1f %% full  rank tree %.1f B, members %.1f B, names %.1f B each%n",
            memberCount,
            100.0 * memberCount / ((double)nodes().leafCount() * RankNode.CAPACITY),
            (double)boards.rankings().bytes() / memberCount,
            (double)boards.members().bytes() / memberCount,
            (double)names.bytes() / memberCount);
        for (int round = 0; round < ROUNDS; round++)
        {
            measure("small move, by handle", memberCount, ignored -> score(1 + random.nextInt(100), false));
            measure("small move, by handle, ranks", memberCount, ignored -> score(1 + random.nextInt(100), true));
            measure("jump, by handle", memberCount, ignored -> score(random.nextLong(SCORES), false));
            measure("jump, by handle, ranks", memberCount, ignored -> score(random.nextLong(SCORES), true));
            measure("all ranks of a member, by name", memberCount, ignored -> ranks());
            measure("top 10", memberCount / 10, ignored -> top());
        }
        System.out.printf(
            Locale.ROOT,
            "leaves %.1f %% full  checksum %d%n",
            100.0 * memberCount / ((double)nodes().leafCount() * RankNode.CAPACITY),
            sum);
    }

    private void insert(final int number)
    {
        write(number);
        values[0] = random.nextLong(SCORES);
        boards.score(++sequence, board, unseen, name, values, 1, false);
        handles[number] = boards.resolve(board, name);
    }

    private void score(final long delta, final boolean ranked)
    {
        boards.scoreByHandle(++sequence, handles[random.nextInt(memberCount)], unseen, delta, ranked);
        sum += boards.newRank();
    }

    private void ranks()
    {
        write(random.nextInt(memberCount));
        standings.member(board, name);
        sum += standings.ordinal() + standings.dense() + standings.competition() + standings.ties();
    }

    private void top()
    {
        standings.page(board, 0, 10);
        while (standings.next())
        {
            sum += standings.column(0) + standings.dense();
        }
    }

    private void write(final int number)
    {
        name.putStringWithoutLengthAscii(0, "member:");
        int rest = number;
        for (int i = name.capacity() - 1; i >= "member:".length(); i--)
        {
            name.putByte(i, (byte)('0' + rest % 10));
            rest /= 10;
        }
    }

    private RankNodes nodes()
    {
        return boards.rankings().nodes(1);
    }

    private static void measure(final String what, final int count, final Operation operation)
    {
        final long startNs = System.nanoTime();
        final long startCpuNs = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++)
        {
            operation.run(i);
        }
        final long cpuNs = THREADS.getCurrentThreadCpuTime() - startCpuNs;
        final long elapsedNs = System.nanoTime() - startNs;
        System.out.printf(
            Locale.ROOT,
            "%-34s %6.2f M/s of CPU time  %6.2f M/s elapsed%n",
            what,
            count * 1e3 / cpuNs,
            count * 1e3 / elapsedNs);
    }
}

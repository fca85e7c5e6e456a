package io.quipu.engine.state;

import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commands and reads of a board in its steady state leave the Java heap alone: the bytes that the thread allocates during 2N
 * rounds are those that it allocates during N.
 */
class BoardsAllocationTest
{
    private static final int ROUNDS = 10_000;
    private static final int MEMBERS = 5_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final NameTable names = new NameTable();
    private final UndoLog undo = new UndoLog();
    private final Boards boards = new Boards(names, new Limits(), undo);
    private final UndoLog.UndoHandler undoHandler = boards::onUndo;
    private final Sighting unseen = new Sighting();
    private final Standings standings = boards.newStandings();
    private final UnsafeBuffer name = new UnsafeBuffer(new byte[12]);
    private final UnsafeBuffer wrapped = new UnsafeBuffer();
    private final long[] values = new long[BoardDefinition.MAX_COLUMNS];
    private final SplittableRandom random = new SplittableRandom(20261122);
    private Board board;
    private long sequence;
    private long sum;

    @BeforeEach
    void create()
    {
        final UnsafeBuffer boardName = new UnsafeBuffer(new byte[]{ 'b' });
        final UnsafeBuffer columns = new UnsafeBuffer(new byte[]{ 'x', ',', 'y' });
        boards.create(
            ++sequence,
            boardName,
            new BoardDefinition().set(BoardSpec.LAST, BoardSpec.FIRST, 2, 0, 100, 0).columnNames(columns));
        board = boards.find(boardName);
    }

    @AfterEach
    void close()
    {
        boards.close();
        names.close();
        undo.close();
    }

    @Test
    void shouldAllocateNothing()
    {
        run(ROUNDS);
        final long start = threads.getCurrentThreadAllocatedBytes();
        run(ROUNDS);
        final long middle = threads.getCurrentThreadAllocatedBytes();
        run(2 * ROUNDS);
        final long end = threads.getCurrentThreadAllocatedBytes();

        assertThat((end - middle) - (middle - start)).isZero();
        assertThat(sum).isNotZero();
    }

    private void run(final int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            score();
            score();
            boards.remove(++sequence, board, member(), true);
            undo.begin();
            names.hold();
            score();
            boards.remove(++sequence, board, member(), false);
            undo.rollback(undoHandler);
            names.settle();

            if (standings.member(board, member()))
            {
                sum += standings.ordinal() + standings.dense() + standings.competition() + standings.percentile();
            }
            standings.page(board, 0, 10);
            while (standings.next())
            {
                standings.wrapName(wrapped);
                sum += wrapped.capacity() + standings.column(0);
            }
            if (i % 2_000 == 0)
            {
                boards.reset(++sequence, board);
            }
            boards.release(Boards.RELEASE_STEPS);
            sum += boards.takeChanged().memberCount();
        }
    }

    private void score()
    {
        values[0] = random.nextInt(50);
        values[1] = random.nextInt(50);
        boards.score(++sequence, board, unseen, member(), values, 2, true);
        sum += boards.newRank();
    }

    private UnsafeBuffer member()
    {
        name.putLong(0, random.nextInt(MEMBERS));
        return name;
    }
}

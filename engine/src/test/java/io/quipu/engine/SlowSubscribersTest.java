package io.quipu.engine;

import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.BoardView;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.FeedHandler;
import io.quipu.transport.client.FeedPosition;
import io.quipu.transport.client.FeedSubscriber;
import io.quipu.transport.client.QuipuClient;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Subscribers of large views under load: one dies, one polls once a second, a hundred come late. Whoever writes never
 * waits for them; who missed something is told so, and has the whole picture soon after.
 */
@Timeout(120)
class SlowSubscribersTest
{
    private static final int BOARDS = 3;
    private static final int ROWS = 500;
    private static final int LATE = 100;
    private static final int POLLS = 1_000;
    private static final long LONGEST_ANSWER_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path dir;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong longestAnswerNs = new AtomicLong();
    private volatile boolean isWriting = true;
    private volatile RuntimeException failure;

    /** What one subscriber knows. */
    private static final class Listener implements FeedHandler
    {
        private final Map<String, Long> views = new HashMap<>();
        private FeedSubscriber feed;
        private int gaps;

        @Override
        public void onBoardView(final FeedPosition position, final BoardView view)
        {
            assertThat(view.rows()).hasSize(ROWS);
            views.put(view.board(), position.sequence());
        }

        @Override
        public void onGap(final int epoch, final long missedPackets)
        {
            gaps++;
        }

        /** Whether it has a view of each board that is as new as this. */
        boolean knows(final long sequence)
        {
            return views.size() == BOARDS && views.values().stream().allMatch((each) -> each >= sequence);
        }
    }

    @Test
    void shouldNeverWaitForWhoIsSlowDeadOrLate() throws Exception
    {
        final EngineContext context = new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).shadow(false).log(line -> {});
        try (EngineNode engine = EngineNode.launch(context); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            createBoards(client);
            final Thread writer = new Thread(() -> write(engine.ingress()), "writer");
            writer.start();
            try
            {
                meet(engine, client);
            }
            finally
            {
                isWriting = false;
                writer.join();
                CloseHelper.closeAll(opened);
            }
            assertThat(failure).isNull();
            assertThat(longestAnswerNs.get()).isLessThan(LONGEST_ANSWER_NS);
        }
    }

    private void meet(final EngineNode engine, final QuipuClient client)
    {
        final Listener slow = subscribe(engine);
        final Listener dead = subscribe(engine);
        final long atStart = client.status().sequence();
        await("first views", () -> slow.knows(atStart) && dead.knows(atStart));

        listeners.clear();
        final long[] nextNs = new long[1];
        await("a gap", () -> slow.gaps > 0 || pollOnceASecond(slow, nextNs));
        final long answersBefore = answers.get();

        for (int i = 0; i < LATE; i++)
        {
            subscribe(engine);
        }
        final long atJoin = client.status().sequence();
        await("views of all who came late", () ->
        {
            pollOnceASecond(slow, nextNs);
            return listeners.stream().allMatch((late) -> late.knows(atJoin));
        });
        assertThat(answers.get()).isGreaterThan(answersBefore);

        listeners.add(slow);
        final long atEnd = client.status().sequence();
        await("the slow one to be up to date", () -> slow.knows(atEnd));
        assertThat(dead.knows(atEnd)).isFalse();
        final Map<String, Long> gauges = client.status().gauges();
        System.out.println("subscribers late " + LATE + ", gaps of the slow one " + slow.gaps + ", answers " + answers +
            ", longest in ms " + TimeUnit.NANOSECONDS.toMillis(longestAnswerNs.get()) +
            ", feed sent " + gauges.get("feedSent") + ", dropped " + gauges.get("feedDropped"));
    }

    private static void createBoards(final QuipuClient client)
    {
        for (int board = 0; board < BOARDS; board++)
        {
            client.createBoard(BoardDefinition.named("board" + board).feedRows(ROWS));
            for (int i = 0; i < ROWS; i++)
            {
                client.score("board" + board, member(i), i);
            }
        }
    }

    private static String member(final int i)
    {
        return "member ".repeat(10) + i;
    }

    private Listener subscribe(final EngineNode engine)
    {
        final Listener listener = new Listener();
        listener.feed = FeedSubscriber.subscribe(new ClientContext().engine(engine.ingress()), listener);
        opened.add(listener.feed);
        listeners.add(listener);
        return listener;
    }

    /** One command at a time, for ever. */
    private void write(final String ingress)
    {
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            for (int i = 0; isWriting; i++)
            {
                final long startNs = System.nanoTime();
                client.score("board" + i % BOARDS, member(i % ROWS), 1);
                longestAnswerNs.accumulateAndGet(System.nanoTime() - startNs, Math::max);
                answers.incrementAndGet();
            }
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
    }

    private static boolean pollOnceASecond(final Listener slow, final long[] nextNs)
    {
        if (System.nanoTime() - nextNs[0] >= 0)
        {
            nextNs[0] = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            boolean isMore = true;
            for (int i = 0; i < POLLS && isMore; i++)
            {
                isMore = slow.feed.poll() > 0;
            }
        }
        return false;
    }

    /** Polls those who listen until a condition holds. */
    private void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            int work = 0;
            for (final Listener listener : listeners)
            {
                work += listener.feed.poll();
            }
            if (0 == work)
            {
                Thread.yield();
            }
            assertThat(System.nanoTime() - deadlineNs).as("no " + what).isNegative();
        }
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class AsyncClientTest
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    /** So long that only replies end it. */
    private static final long COALESCE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SESSIONS = 4;

    @TempDir
    Path directory;

    private final Request request = new Request();
    private final List<List<String>> outcomes = new ArrayList<>();
    private final List<AsyncSession> sessions = new ArrayList<>();
    private TestPeer peer;
    private AsyncClient client;

    @BeforeEach
    void before()
    {
        peer = new TestPeer(directory);
    }

    @AfterEach
    void after()
    {
        if (null != client)
        {
            client.close();
        }
        peer.close();
    }

    @Test
    void shouldAnswerEachSessionOverOneConnection()
    {
        connect(new ClientContext());
        for (int i = 0; i < 800; i++)
        {
            offer(i % SESSIONS, i);
        }
        await(() -> 0 == client.unanswered());
        for (int i = 0; i < SESSIONS; i++)
        {
            assertThat(outcomes.get(i)).isEqualTo(applied(i, 800));
        }
        assertThat(client.counters().connections()).isEqualTo(1);
        assertThat(peer.applied).hasSize(800);
    }

    @Test
    void shouldGatherWhileAnotherSessionHasSomethingUnderWay()
    {
        connect(new ClientContext().coalesceNs(COALESCE_NS).resendIntervalNs(TIMEOUT_NS));
        peer.isSilent = true;
        offer(0, 0);
        client.poll();
        offer(1, 1);
        offer(1, 5);
        offer(2, 2);
        for (int i = 0; i < 100; i++)
        {
            client.poll();
        }
        assertThat(client.counters().framesSent()).isEqualTo(1);
        peer.isSilent = false;
        await(() -> 0 == client.unanswered());
        assertThat(peer.frames).containsExactly(1, 2, 1);
    }

    @Test
    void shouldFillFramesInABacklog()
    {
        connect(new ClientContext().coalesceNs(COALESCE_NS).queuedRequests(1024));
        for (int i = 0; i < 640; i++)
        {
            offer(0, 4 * i);
        }
        await(() -> 0 == client.unanswered());
        // A frame leaves with the last reply to the one before, or when 4 KiB have gathered.
        assertThat(peer.frames).hasSizeBetween(10, 13);
    }

    @Test
    void shouldGoOnWithAllSessionsAfterARestartOfTheEngine()
    {
        connect(new ClientContext());
        for (int i = 0; i < 400; i++)
        {
            if (200 == i)
            {
                peer.restart();
            }
            offer(i % SESSIONS, i);
            client.poll();
        }
        await(() -> 0 == client.unanswered());
        for (int i = 0; i < SESSIONS; i++)
        {
            assertThat(outcomes.get(i)).isEqualTo(applied(i, 400));
        }
        assertThat(client.counters().connections()).isEqualTo(2);
    }

    @Test
    void shouldGoOnWithoutASessionThatIsClosedOrEvicted()
    {
        connect(new ClientContext());
        sessions.get(0).close();
        assertThat(sessions.get(0).isClosed()).isTrue();
        assertThat(sessions.get(0).poll()).isZero();
        final SessionState state = sessions.get(1).state();
        final String token = state.tokenHigh() + ":" + state.tokenLow();
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isSessionEvicted(final String of)
            {
                return token.equals(of);
            }
        };
        peer.restart();
        await(() -> sessions.get(1).isClosed());
        offer(2, 2);
        offer(3, 3);
        await(() -> 0 == client.unanswered());
        assertThat(outcomes).containsExactly(List.of(), List.of(), List.of("2 ok"), List.of("3 ok"));
        assertThatThrownBy(() -> client.openSession(handler(0), state)).isInstanceOf(SessionEvictedException.class);
        client.close();
        assertThat(sessions.get(2).isClosed()).isTrue();
        assertThatThrownBy(() -> client.openSession(handler(0))).hasMessageContaining("closed");
    }

    private void connect(final ClientContext context)
    {
        client = AsyncClient.connect(context.engine(peer.address()));
        for (int i = 0; i < SESSIONS; i++)
        {
            outcomes.add(new ArrayList<>());
            sessions.add(client.openSession(handler(i)));
        }
    }

    private ReplyHandler handler(final int session)
    {
        return new ReplyHandler()
        {
            @Override
            public void onReply(final long correlation, final Reply reply)
            {
                outcomes.get(session).add(correlation + " ok");
            }

            @Override
            public void onRefused(
                final long correlation, final long requestSequence, final ResultCode code, final long detail)
            {
                outcomes.get(session).add(correlation + " " + code);
            }
        };
    }

    private void offer(final int session, final int correlation)
    {
        request.reset().add("c" + correlation, 1);
        await(() -> sessions.get(session).offer(request, correlation) > 0);
    }

    private void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            client.poll();
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
    }

    private static List<String> applied(final int session, final int to)
    {
        return IntStream.range(0, to).filter((i) -> i % SESSIONS == session).mapToObj((i) -> i + " ok").toList();
    }
}

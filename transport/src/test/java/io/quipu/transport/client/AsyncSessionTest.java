package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class AsyncSessionTest
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    private final List<String> outcomes = new ArrayList<>();
    private final Request request = new Request();
    private TestPeer peer;
    private AsyncSession session;

    @BeforeEach
    void before()
    {
        peer = new TestPeer(directory);
    }

    @AfterEach
    void after()
    {
        if (null != session)
        {
            session.close();
        }
        peer.close();
    }

    @Test
    void shouldAnswerEachRequestOnceInOrder()
    {
        connect(context());
        for (int i = 0; i < 1000; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        assertThat(outcomes).isEqualTo(applied(0, 1000));
        assertThat(peer.applied).isEqualTo(names(0, 1000));
        assertThat(session.repliesReceivedUpTo()).isEqualTo(1000);
        assertThat(session.counters().requestsResent()).isZero();
    }

    @Test
    void shouldLetRequestsShareAFrameWhileOthersAreUnderWay()
    {
        connect(context());
        for (int i = 0; i < 50; i++)
        {
            request.reset().add("c" + i, 1);
            assertThat(session.offer(request, i)).isEqualTo(i + 1);
        }
        flush();
        assertThat(peer.frames).containsExactly(50);
    }

    @Test
    void shouldTellBackPressureAndNeverSendBeyondTheWindow()
    {
        connect(context().queuedRequests(128));
        peer.isSilent = true;
        int offered = 0;
        long result;
        while ((result = session.offer(request.reset().add("c" + offered, 1), offered)) > 0)
        {
            offered++;
            session.poll();
        }
        assertThat(result).isEqualTo(AsyncSession.BACK_PRESSURED);
        assertThat(offered).isEqualTo(128);
        assertThat(session.counters().requestsSent()).isEqualTo(64);
        peer.isSilent = false;
        flush();
        assertThat(peer.applied).isEqualTo(names(0, 128));
    }

    @Test
    void shouldFetchLostRepliesFromTheKeptOnes()
    {
        final Set<Long> dropped = ConcurrentHashMap.newKeySet();
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isReplyDropped(final long requestSequence, final boolean isRetry)
            {
                return requestSequence % 3 == 0 && dropped.add(requestSequence);
            }
        };
        connect(context().resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(20)));
        for (int i = 0; i < 200; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        assertThat(dropped).hasSize(66);
        assertThat(outcomes).containsExactlyInAnyOrderElementsOf(applied(0, 200));
        assertThat(peer.applied).isEqualTo(names(0, 200));
        assertThat(session.counters().repliesRetried()).isGreaterThanOrEqualTo(66);
    }

    @Test
    void shouldSendAgainWhatIsRefusedForNow()
    {
        final AtomicInteger refusals = new AtomicInteger();
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public ResultCode refuse(final long requestSequence, final List<String> counters)
            {
                return requestSequence % 10 == 5 && refusals.incrementAndGet() % 4 != 0 ? ResultCode.BUSY : ResultCode.OK;
            }
        };
        connect(context());
        for (int i = 0; i < 100; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        assertThat(refusals.get()).isEqualTo(40);
        assertThat(outcomes).isEqualTo(applied(0, 100));
        assertThat(peer.applied).isEqualTo(names(0, 100));
    }

    @Test
    void shouldTakeOutARequestThatIsRefusedForGoodAndMoveTheOthersUp()
    {
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public ResultCode refuse(final long requestSequence, final List<String> counters)
            {
                return counters.get(0).endsWith("7") ? ResultCode.REPLY_TOO_LARGE : ResultCode.OK;
            }
        };
        connect(context());
        for (int i = 0; i < 200; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        final List<String> expected = IntStream.range(0, 200).filter((i) -> i % 10 != 7).mapToObj((i) -> "c" + i).toList();
        assertThat(peer.applied).isEqualTo(expected);
        assertThat(outcomes).hasSize(200);
        assertThat(outcomes).filteredOn((outcome) -> outcome.endsWith("REPLY_TOO_LARGE")).hasSize(20);
        assertThat(outcomes).filteredOn((outcome) -> !outcome.endsWith("REPLY_TOO_LARGE")).hasSize(180);
        assertThat(session.repliesReceivedUpTo()).isEqualTo(180);
    }

    @Test
    void shouldFindOutWhichRequestOfAFrameIsNotTaken()
    {
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isFrameRefused(final List<String> counters)
            {
                return counters.contains("c13");
            }
        };
        connect(context());
        for (int i = 0; i < 30; i++)
        {
            assertThat(session.offer(request.reset().add("c" + i, 1), i)).isPositive();
        }
        flush();
        assertThat(peer.frames.get(0)).isEqualTo(30);
        assertThat(outcomes).hasSize(30).contains("13 MALFORMED");
        assertThat(peer.applied).hasSize(29).doesNotContain("c13");
    }

    @Test
    void shouldEndWhenTheSessionIsEvicted()
    {
        connect(context());
        offer(0, "c0");
        flush();
        final SessionState state = session.state();
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isSessionEvicted(final String token)
            {
                return true;
            }
        };
        offer(1, "c1");
        peer.restart();
        offer(2, "c2");
        await(() -> session.isClosed());
        assertThat(outcomes).containsSubsequence("0 ok", "2 SESSION_EVICTED");
        assertThatThrownBy(() -> AsyncSession.connect(context().sessionState(state), handler()))
            .isInstanceOf(SessionEvictedException.class).hasMessageContaining("SESSION_EVICTED");
    }

    @Test
    void shouldGiveUpOnWhatIsRefusedForTooLong()
    {
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public ResultCode refuse(final long requestSequence, final List<String> counters)
            {
                return counters.get(0).equals("c3") ? ResultCode.REJECT_DISK : ResultCode.OK;
            }
        };
        connect(context().refusalTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100)));
        for (int i = 0; i < 6; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        assertThat(outcomes).containsExactly("0 ok", "1 ok", "2 ok", "3 REJECT_DISK", "4 ok", "5 ok");
        assertThat(peer.applied).containsExactly("c0", "c1", "c2", "c4", "c5");
    }

    @Test
    void shouldGoOnAfterRestartsOfTheEngine()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isReplyDropped(final long requestSequence, final boolean isRetry)
            {
                return !isRetry && requestSequence % 50 == 0;
            }
        };
        connect(context().resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(50)));
        for (int i = 0; i < 600; i++)
        {
            if (i % 200 == 150)
            {
                peer.restart();
            }
            offer(i, "c" + i);
            for (int turns = random.nextInt(20); turns > 0; turns--)
            {
                session.poll();
            }
        }
        flush();
        assertThat(peer.applied).as("seed " + seed).isEqualTo(names(0, 600));
        assertThat(new HashSet<>(outcomes)).as("seed " + seed).containsExactlyInAnyOrderElementsOf(applied(0, 600));
        assertThat(outcomes).hasSize(600);
        assertThat(session.counters().connections()).isEqualTo(4);
    }

    @Test
    void shouldConnectAnewWhenTheEngineIsSilent()
    {
        connect(context().silenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1100)));
        peer.isSilent = true;
        offer(0, "c0");
        await(() -> !session.isConnected());
        assertThat(session.disconnectedForNs()).isPositive();
        peer.isSilent = false;
        flush();
        assertThat(session.isConnected()).isTrue();
        assertThat(peer.applied).containsExactly("c0");
    }

    @Test
    void shouldResumeInAnotherProcessWithTheSameReplies()
    {
        connect(context().manualAcknowledge(true));
        for (int i = 0; i < 40; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        session.acknowledge(25);
        final SessionState state = session.state();
        assertThat(state.repliesReceivedUpTo()).isEqualTo(25);
        assertThat(state.toString()).doesNotContain(Long.toString(state.tokenHigh()));
        session.close();

        outcomes.clear();
        connect(context().sessionState(state));
        for (int i = 25; i < 60; i++)
        {
            offer(i, "c" + i);
        }
        flush();
        assertThat(outcomes).isEqualTo(applied(25, 60));
        assertThat(peer.applied).isEqualTo(names(0, 60));
        assertThat(session.counters().repliesRetried()).isEqualTo(15);
    }

    @Test
    void shouldEndWhenTheEngineHasLostWhatItAcknowledged()
    {
        connect(context());
        offer(0, "c0");
        flush();
        peer.stop();
        peer.forgetSessions();
        offer(1, "c1");
        peer.restart();
        await(() -> session.isClosed());
        assertThat(outcomes).containsExactly("0 ok", "1 ROLLED_BACK");
        assertThat(session.offer(request, 2)).isEqualTo(AsyncSession.CLOSED);
    }

    @Test
    void shouldEndTheSessionWhenAsked()
    {
        connect(context());
        offer(0, "c0");
        final SessionState state = session.state();
        session.closeSession();
        assertThat(outcomes).containsExactly("0 ok");
        assertThat(peer.closedTokens).containsExactly(state.tokenHigh() + ":" + state.tokenLow());
    }

    @Test
    void shouldThrowWhatAHandlerThrowsBeforeTheNumberOfARefusedRequestIsUsedAgain()
    {
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public ResultCode refuse(final long requestSequence, final List<String> counters)
            {
                return counters.get(0).equals("c1") ? ResultCode.REPLY_TOO_LARGE : ResultCode.OK;
            }
        };
        final long[] framesSent = new long[1];
        session = AsyncSession.connect(
            context(),
            new ReplyHandler()
            {
                @Override
                public void onReply(final long correlation, final Reply reply)
                {
                    outcomes.add(correlation + " ok");
                }

                @Override
                public void onRefused(
                    final long correlation, final long requestSequence, final ResultCode code, final long detail)
                {
                    framesSent[0] = session.counters().framesSent();
                    throw new IllegalStateException("cannot write down that " + correlation + " is refused");
                }
            });
        for (int i = 0; i < 4; i++)
        {
            assertThat(session.offer(request.reset().add("c" + i, 1), i)).isPositive();
        }
        assertThatThrownBy(this::flush).hasMessageContaining("cannot write down that 1 is refused");
        assertThat(session.counters().framesSent()).isEqualTo(framesSent[0]);
        assertThat(peer.applied).containsExactly("c0");
        flush();
        assertThat(outcomes).containsExactly("0 ok", "2 ok", "3 ok");
    }

    @Test
    void shouldSayWhoIsUnreachableAndWhy()
    {
        final String address = peer.address();
        peer.stop();
        assertThatThrownBy(() -> AsyncSession.connect(
            context().connectTimeoutNs(TimeUnit.MILLISECONDS.toNanos(300)), handler()))
            .isInstanceOf(UnreachableException.class)
            .hasMessageContaining(address).hasMessageContaining("300 ms").hasMessageContaining("nobody listens there");
        assertThatThrownBy(() -> AsyncSession.connect(
            context().engine("no.such.host.invalid:7400").connectTimeoutNs(TimeUnit.SECONDS.toNanos(2)), handler()))
            .isInstanceOf(UnreachableException.class)
            .hasMessageContaining("no.such.host.invalid:7400");
        assertThatThrownBy(() -> AsyncSession.connect(context().engine("localhost"), handler()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("engine=localhost");
        peer.restart();
    }

    private ClientContext context()
    {
        return new ClientContext().engine(peer.address());
    }

    private void connect(final ClientContext context)
    {
        session = AsyncSession.connect(context, handler());
    }

    private ReplyHandler handler()
    {
        return new ReplyHandler()
        {
            @Override
            public void onReply(final long correlation, final Reply reply)
            {
                outcomes.add(correlation + " ok");
            }

            @Override
            public void onRefused(
                final long correlation, final long requestSequence, final ResultCode code, final long detail)
            {
                outcomes.add(correlation + " " + code);
            }
        };
    }

    private void offer(final long correlation, final String counter)
    {
        request.reset().add(counter, 1);
        await(() -> session.offer(request, correlation) > 0);
    }

    private void flush()
    {
        assertThat(session.flush(TIMEOUT_NS)).isTrue();
    }

    private void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            session.poll();
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
    }

    private static List<String> names(final int from, final int to)
    {
        return IntStream.range(from, to).mapToObj((i) -> "c" + i).toList();
    }

    private static List<String> applied(final int from, final int to)
    {
        return IntStream.range(from, to).mapToObj((i) -> i + " ok").toList();
    }
}

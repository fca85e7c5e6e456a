package io.quipu.transport.client;

import io.aeron.Aeron;
import io.quipu.codecs.egress.ResultCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class QuipuClientTest
{
    @TempDir
    Path directory;

    private TestPeer peer;

    @BeforeEach
    void before()
    {
        peer = new TestPeer(directory);
    }

    @AfterEach
    void after()
    {
        peer.close();
    }

    @Test
    void shouldAddAndGet()
    {
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            assertThat(client.isConnected()).isTrue();
            assertThat(client.add("page:/home", 1)).isEqualTo(1);
            assertThat(client.add("page:/home", 41)).isEqualTo(42);
            final Rows<CounterValue> rows = client.get("page:/home", "other", "page:/home");
            assertThat(rows).containsExactly(
                new CounterValue("page:/home", 42, true),
                new CounterValue("other", 0, false),
                new CounterValue("page:/home", 42, true));
            assertThat(rows.sequence()).isEqualTo(2);
            assertThat(rows.epoch()).isEqualTo(1);
        }
        assertThat(peer.closedTokens).hasSize(1);
    }

    @Test
    void shouldServeManyThreadsAtOnce() throws InterruptedException
    {
        final int threadCount = 8;
        final int adds = 500;
        final List<Long> values = Collections.synchronizedList(new ArrayList<>());
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < threadCount; i++)
            {
                final Thread thread = new Thread(() ->
                {
                    for (int j = 0; j < adds; j++)
                    {
                        values.add(client.add("c", 1));
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (final Thread thread : threads)
            {
                thread.join();
            }
            assertThat(client.get("c").get(0).value()).isEqualTo(threadCount * adds);
        }
        assertThat(values).hasSize(threadCount * adds).doesNotHaveDuplicates();
        assertThat(peer.frames).anyMatch((requests) -> requests > 1);
    }

    @Test
    void shouldRideOverARestart()
    {
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        final ClientContext context = new ClientContext().engine(peer.address()).connectionListener(new ConnectionListener()
        {
            @Override
            public void onConnected(final int epoch, final long sequence)
            {
                events.add("epoch " + epoch);
            }

            @Override
            public void onDisconnected(final String reason)
            {
                events.add(reason);
            }
        });
        try (QuipuClient client = QuipuClient.connect(context))
        {
            assertThat(client.add("c", 1)).isEqualTo(1);
            peer.restart();
            assertThat(client.add("c", 1)).isEqualTo(2);
            peer.restart();
            assertThat(client.get("c").get(0).value()).isEqualTo(2);
        }
        assertThat(events).hasSize(5).contains("epoch 1", "epoch 2", "epoch 3");
    }

    @Test
    void shouldAskAgainWhenAChunkOfAnAnswerIsLost()
    {
        final AtomicInteger left = new AtomicInteger(1);
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public boolean isReplyDropped(final long requestSequence, final boolean isRetry)
            {
                return 0 == requestSequence && left.getAndDecrement() > 0;
            }
        };
        final ClientContext context =
            new ClientContext().engine(peer.address()).resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(20));
        try (QuipuClient client = QuipuClient.connect(context))
        {
            assertThat(client.get("a", "b", "c")).hasSize(3);
        }
    }

    @Test
    void shouldThrowWhatTheEngineRefuses()
    {
        peer.faults = new TestPeer.Faults()
        {
            @Override
            public ResultCode refuse(final long requestSequence, final List<String> counters)
            {
                return counters.contains("bad") ? ResultCode.ACK_UNAVAILABLE : ResultCode.OK;
            }
        };
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            assertThatThrownBy(() -> client.add("bad", 1))
                .isInstanceOfSatisfying(RefusedException.class, (refusal) ->
                    assertThat(refusal.code()).isEqualTo(ResultCode.ACK_UNAVAILABLE))
                .hasMessageContaining("ACK_UNAVAILABLE");
            assertThat(client.add("good", 1)).isEqualTo(1);
            assertThatThrownBy(() -> client.top("none", 10))
                .isInstanceOfSatisfying(RefusedException.class, (refusal) ->
                    assertThat(refusal.code()).isEqualTo(ResultCode.NO_SUCH_BOARD))
                .hasMessageContaining("board none");
            assertThatThrownBy(() -> client.add("", 1))
                .isInstanceOfSatisfying(RefusedException.class, (refusal) ->
                    assertThat(refusal.code()).isEqualTo(ResultCode.BAD_NAME));
            assertThatThrownBy(() -> client.page("b", 0, 1001)).hasMessageContaining("rows=1001");
            assertThatThrownBy(() -> client.submit(new Request())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldTimeOutAndStillDeliverOnce()
    {
        final ClientContext context =
            new ClientContext().engine(peer.address()).requestTimeoutNs(TimeUnit.MILLISECONDS.toNanos(300));
        try (QuipuClient client = QuipuClient.connect(context))
        {
            client.add("c", 1);
            peer.isSilent = true;
            assertThatThrownBy(() -> client.add("c", 1))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining(peer.address()).hasMessageContaining("may or may not");
            assertThatThrownBy(() -> client.get("c")).isInstanceOf(TimeoutException.class);
            peer.isSilent = false;
            assertThat(client.add("c", 1)).isEqualTo(3);
        }
    }

    @Test
    void shouldEndSessionsAndStartOthers()
    {
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            client.add("c", 1);
            client.closeSession();
            assertThat(client.add("c", 1)).isEqualTo(2);
            assertThat(peer.closedTokens).hasSize(1);
        }
        assertThat(peer.closedTokens).hasSize(2);
    }

    @Test
    void shouldTellThatASessionWasEvictedAndStartAnother()
    {
        final Set<String> evicted = ConcurrentHashMap.newKeySet();
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            client.add("c", 1);
            peer.faults = new TestPeer.Faults()
            {
                @Override
                public boolean isSessionEvicted(final String token)
                {
                    return evicted.isEmpty() && evicted.add(token);
                }
            };
            peer.restart();
            assertThatThrownBy(() -> client.add("c", 1)).isInstanceOf(SessionEvictedException.class);
            assertThat(client.add("c", 1)).isEqualTo(2);
        }
    }

    @Test
    void shouldReachAnEngineOnTheSameMachineByIpc()
    {
        final ClientContext context =
            new ClientContext().engine("aeron:ipc").aeronDirectory(peer.aeronDirectory().toString());
        try (QuipuClient client = QuipuClient.connect(context))
        {
            assertThat(client.add("c", 1)).isEqualTo(1);
            assertThat(client.get("c").get(0).value()).isEqualTo(1);
        }
        assertThatThrownBy(() -> QuipuClient.connect("aeron:ipc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldUseAnExistingAeron()
    {
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(peer.aeronDirectory().toString()));
            QuipuClient client = QuipuClient.connect(new ClientContext().engine(peer.address()).aeron(aeron)))
        {
            assertThat(client.add("c", 1)).isEqualTo(1);
            client.close();
            assertThat(aeron.isClosed()).isFalse();
        }
    }

    @Test
    void shouldNeedLittleSharedMemory() throws IOException
    {
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            client.add("c", 1);
            long bytes = 0;
            try (Stream<Path> files = Files.walk(Path.of(client.aeronDirectory())))
            {
                for (final Path file : files.filter(Files::isRegularFile).toList())
                {
                    bytes += Files.size(file);
                }
            }
            assertThat(bytes).isLessThan(18L << 20);
        }
    }

    @Test
    void shouldFailCallsOnceClosed()
    {
        final QuipuClient client = QuipuClient.connect(peer.address());
        client.close();
        client.close();
        assertThatThrownBy(() -> client.add("c", 1)).isInstanceOf(QuipuException.class).hasMessageContaining("closed");
        assertThatThrownBy(client::status).isInstanceOf(QuipuException.class).hasMessageContaining("closed");
        assertThat(client.isConnected()).isFalse();
    }

    @Test
    void shouldTellWhoIsUnreachableInTime()
    {
        final ClientContext context =
            new ClientContext().engine(peer.address()).connectTimeoutNs(TimeUnit.MILLISECONDS.toNanos(300));
        peer.stop();
        assertThatThrownBy(() -> QuipuClient.connect(context))
            .isInstanceOf(UnreachableException.class).hasMessageContaining(peer.address());
        peer.restart();
    }

    @Test
    void shouldShareADriverAndLeaveNothing()
    {
        final String aeronDirectory;
        try (QuipuClient client = QuipuClient.connect(peer.address()))
        {
            aeronDirectory = client.aeronDirectory();
            assertThat(Path.of(aeronDirectory)).exists();
            try (QuipuClient other = QuipuClient.connect(
                new ClientContext().engine(peer.address()).aeronDirectory(aeronDirectory)))
            {
                assertThat(other.aeronDirectory()).isEqualTo(aeronDirectory);
                assertThat(other.add("c", 1)).isEqualTo(1);
            }
            assertThat(client.add("c", 1)).isEqualTo(2);
        }
        assertThat(Path.of(aeronDirectory).getParent()).doesNotExist();
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("quipu-client");
    }
}

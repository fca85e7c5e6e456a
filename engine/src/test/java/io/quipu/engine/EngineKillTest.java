package io.quipu.engine;

import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real engine process is killed with SIGKILL eight times, at random moments of a load that goes on over all of
 * them, while some of its replies are lost on their way. In the end every request was applied once, what was answered
 * from the kept replies is what was computed first, byte for byte, and a replay has the live digest.
 */
class EngineKillTest
{
    private static final int COUNTERS = 50;

    @TempDir
    private Path dir;

    private final TotalLoad load = new TotalLoad(COUNTERS);
    private int retriedAfterRestart;

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    int kills()
    {
        return 8;
    }

    @Test
    void shouldLoseNothingAndCountNothingTwice() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Path drops = dir.resolve("drops");
        final String data = dir.resolve("engine").toString();
        final long startNs = System.nanoTime();
        EngineProcess engine = new EngineProcess(threads(), data, "localhost:0", "drop", drops.toString(), "1");
        try
        {
            engine.awaitReady();
            final String ingress = engine.ready("ingress");
            final ClientContext context = new ClientContext().engine(ingress)
                .resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(200))
                .silenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500));
            try (AsyncSession session = AsyncSession.connect(context, load))
            {
                load.start(session);
                for (int kill = 1; kill <= kills(); kill++)
                {
                    final long ackedBefore = load.acked();
                    load.runUntil(() -> load.acked() > ackedBefore);
                    load.runFor(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
                    final long ackedAtKill = load.acked();
                    engine.kill();
                    engine = new EngineProcess(threads(), data, ingress, "drop", drops.toString(), Integer.toString(kill));
                    final EngineProcess next = engine;
                    load.runUntil(next::isReady);
                    load.runUntil(() -> load.acked() > ackedAtKill);
                    assertThat(ackedAtKill).isGreaterThan(ackedBefore);
                    assertThat(load.acked()).isGreaterThan(ackedAtKill);
                }

                load.finish();
            }

            final Status live = verifyTotals(ingress);
            assertThat(engine.terminate()).isZero();
            verifyReplay(data, live);
            verifyRetries(drops);
            System.out.println(
                "requests " + load.acked() + ", answered from kept replies " + load.retried().size() +
                ", after a restart " + retriedAfterRestart +
                ", seconds " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs));
        }
        finally
        {
            engine.close();
        }
    }

    private Status verifyTotals(final String ingress)
    {
        assertThat(load.refused()).isZero();
        assertThat(load.acked()).isEqualTo(load.offered());
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            assertThat(client.get("total").get(0).value()).isEqualTo(load.acked());
            for (int i = 0; i < COUNTERS; i++)
            {
                assertThat(client.get("counter:" + i).get(0).value()).isEqualTo(load.count(i));
            }

            return client.status();
        }
    }

    private void verifyReplay(final String data, final Status live)
    {
        try (Replay replay = Replay.of(Path.of(data), Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(replay.state().sequence()).isEqualTo(live.sequence());
            assertThat(replay.digest()).isEqualTo(live.digest());
            assertThat(replay.found().epoch()).isEqualTo(kills() + 1);
        }
    }

    /** The file of drops says what a reply said when it was computed first, and in which epoch that was. */
    private void verifyRetries(final Path drops) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(drops));
        final Map<Long, Integer> firstEpoch = new HashMap<>();
        final Map<Long, byte[]> firstResult = new HashMap<>();
        while (bytes.remaining() > 0)
        {
            final int epoch = bytes.getInt();
            final byte[] result = new byte[bytes.getInt()];
            bytes.get(result);
            final long requestSequence = requestSequence(result);
            firstEpoch.putIfAbsent(requestSequence, epoch);
            final byte[] first = firstResult.putIfAbsent(requestSequence, result);
            assertThat(first == null || Arrays.equals(first, result)).isTrue();
        }

        load.retried().forEach((requestSequence, reply) ->
        {
            final byte[] first = firstResult.get(requestSequence);
            if (first != null)
            {
                assertThat(reply.result()).isEqualTo(first);
                retriedAfterRestart += reply.epoch() > firstEpoch.get(requestSequence) ? 1 : 0;
            }
        });
        assertThat(retriedAfterRestart).isGreaterThanOrEqualTo(kills() / 2);
    }

    /** First field behind the header of every result message. */
    private static long requestSequence(final byte[] result)
    {
        return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    }
}

package io.quipu.engine;

import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real engine process ends on the spot at each of its named places, in the middle of a load; the next one goes on, and each
 * request has counted once.
 */
@Timeout(120)
class EngineCrashPointTest
{
    private static final int PASSES = 25;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {
        "journal.append.before",
        "journal.append.after",
        "engine.apply.before",
        "engine.apply.after",
        "engine.reply.before",
        "engine.reply.after"})
    void shouldCountEachRequestOnceOverACrashAt(final String point) throws Exception
    {
        final String data = dir.resolve("engine").toString();
        EngineProcess engine =
            new EngineProcess(data, "localhost:0", "crash", point, Integer.toString(PASSES));
        try
        {
            engine.awaitReady();
            final String ingress = engine.ready("ingress");
            final ClientContext context = new ClientContext().engine(ingress)
                .silenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500));
            final TotalLoad load = new TotalLoad(1);
            try (AsyncSession session = AsyncSession.connect(context, load))
            {
                load.start(session);
                load.runUntil(engine::hasEnded);
                assertThat(engine.awaitExit()).isEqualTo(EngineMain.CRASHED);
                final long ackedBefore = load.acked();
                engine = new EngineProcess(data, ingress);
                load.runUntil(() -> load.acked() > ackedBefore + 100);
                load.finish();
            }

            try (QuipuClient client = QuipuClient.connect(ingress))
            {
                assertThat(load.refused()).isZero();
                assertThat(client.get("total").get(0).value()).isEqualTo(load.offered());
            }

            assertThat(engine.terminate()).isZero();
        }
        finally
        {
            engine.close();
        }
    }
}

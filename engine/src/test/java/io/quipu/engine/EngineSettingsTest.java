package io.quipu.engine;

import io.quipu.codecs.ingress.Ack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No setting changes a result: what can do so is an entry of the journal. What was written under some settings is replayed
 * to the same digest under others, and goes on there.
 */
@Timeout(120)
class EngineSettingsTest
{
    private static final int REQUESTS = 300;

    @TempDir
    private Path dir;

    private EngineContext usual()
    {
        return new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").feed(EngineContext.FEED_OFF).freeBytesFloor(0).shadow(false)
            .log(line -> {});
    }

    private EngineContext other()
    {
        return new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feedCounters(List.of("c"))
            .freeBytesFloor(1 << 20)
            .threads(Threads.SPLIT)
            .idle(Idle.SPIN)
            .defaultAck(Ack.DURABLE)
            .syncIntervalNs(TimeUnit.MILLISECONDS.toNanos(1))
            .rollLength(128 << 10)
            .ring(1 << 10, 1 << 20)
            .shadow(false)
            .log(line -> {});
    }

    @Test
    void shouldReplayToTheSameDigestUnderOtherSettings()
    {
        final String first = serve(usual(), 1, null);
        final String second = serve(other(), REQUESTS + 1, first);
        serve(usual(), 2 * REQUESTS + 1, second);
    }

    /** From the state that the one before left, told by its digest, to the next. */
    private String serve(final EngineContext context, final int firstRequest, final String before)
    {
        try (EngineNode engine = EngineNode.launch(context);
            RawClient client = new RawClient(engine.ingress(), dir.resolve("client")))
        {
            assertThat(client.status()).isEqualTo(null == before ? client.status() : before);
            final long attachment = client.attach(1);
            for (int i = firstRequest; i < firstRequest + REQUESTS; i++)
            {
                client.submit(attachment, i == 1 ? new Frames.Body(i).createBoard("b", 10) : new Frames.Body(i)
                    .receivedUpTo(i - 1)
                    .ack(i % 50 == 0 ? Ack.ENGINE_DEFAULT : Ack.JOURNALED)
                    .adds(i % 40, "c" + i % 7, i)
                    .score("b", "m" + i % 31, i));
            }
            return client.status();
        }
    }
}

package io.quipu.engine;

import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.journal.Verdict;
import io.quipu.transport.client.QuipuClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever reads a directory without its lock while engines start and stop there, and roll: a journal that is whole is
 * never called damaged, and never seems to have become shorter.
 */
@Timeout(120)
class ReadersBesideStartsTest
{
    private static final int STARTS = 4;
    private static final int COMMANDS = 300;

    @TempDir
    private Path dir;

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean isReading = true;

    @Test
    void shouldNeverCallAWholeJournalDamaged() throws InterruptedException
    {
        start();
        final Thread reader = new Thread(this::read, "reader");
        reader.start();
        try
        {
            for (int i = 1; i < STARTS; i++)
            {
                start();
            }
        }
        finally
        {
            isReading = false;
            reader.join(TimeUnit.MINUTES.toMillis(1));
        }

        assertThat(failure.get()).isNull();
        assertThat(reads.get()).isPositive();
        System.out.println("starts " + STARTS + ", reads beside them " + reads);
    }

    private void start()
    {
        final EngineContext context = new EngineContext()
            .dir(dir)
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(128 << 10)
            .shadow(false)
            .log(line -> {});
        try (EngineNode engine = EngineNode.launch(context); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                client.add("a".repeat(100) + i, 1);
            }
        }
    }

    private void read()
    {
        long last = 0;
        try
        {
            while (isReading)
            {
                try (Replay replay = Replay.of(dir, Replayer.TO_END, RecoveryProgress.NONE))
                {
                    assertThat(replay.found().verdict()).as(replay.found().describe()).isEqualTo(Verdict.CLEAN);
                    assertThat(replay.state().sequence()).isGreaterThanOrEqualTo(last);
                    last = replay.state().sequence();
                }
                reads.incrementAndGet();
            }
        }
        catch (final RuntimeException | AssertionError ex)
        {
            failure.set(ex);
        }
    }
}

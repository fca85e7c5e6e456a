package io.quipu.engine.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

import io.quipu.engine.ManualClock;
import org.junit.jupiter.api.Test;

/**
 * When the journal is forced.
 */
class SyncerTest
{
    private final ManualClock clock = new ManualClock();
    private final ResultRing ring = new ResultRing(64, 1 << 10);
    private final DiskRoom room = new DiskRoom(clock, () -> Long.MAX_VALUE, () -> false, 0);
    private int forced;
    private final Syncer syncer = new Syncer(clock, ring, () -> forced++, () -> { }, room, Long.MAX_VALUE, 0);

    @Test
    void shouldForceOnceMoreASecondBehindTheLastSync()
    {
        syncer.turn();
        assertThat(forced).isZero();
        syncer.onAppended(1);
        for (int i = 0; i < 30; i++)
        {
            syncer.turn();
            assertThat(forced).as("at %s ms", 100 * i).isEqualTo(i < 10 ? 1 : 2);
            clock.monotonicNs += TimeUnit.MILLISECONDS.toNanos(100);
        }
        assertThat(syncer.syncCount()).isEqualTo(1);
    }
}

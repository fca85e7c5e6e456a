package io.quipu.engine.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;

import io.quipu.engine.EngineFailedException;
import io.quipu.engine.ManualClock;
import org.junit.jupiter.api.Test;

/**
 * A sync that hangs is told from a process that slept.
 */
class SyncWatchTest
{
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TIMEOUT_NS = 1_000 * MS;

    private final ManualClock clock = new ManualClock();
    private final ResultRing ring = new ResultRing(64, 1 << 10);
    private Runnable duringSync = () -> { };
    private final DiskRoom room = new DiskRoom(clock, () -> Long.MAX_VALUE, () -> false, 0);
    private final Syncer syncer =
        new Syncer(clock, ring, () -> duringSync.run(), () -> { }, room, Long.MAX_VALUE, 0);
    private final SyncWatch watch = new SyncWatch(clock, syncer, TIMEOUT_NS);

    private void turns(final int count, final long eachNs)
    {
        for (int i = 0; i < count; i++)
        {
            watch.check();
            clock.monotonicNs += eachNs;
        }
    }

    @Test
    void shouldStopWhenASyncTakesLongerThanAllowed()
    {
        duringSync = () ->
        {
            turns(100, 10 * MS);
            assertThatThrownBy(() -> turns(2, 10 * MS))
                .isInstanceOf(EngineFailedException.class).hasMessageContaining("did not come back");
        };
        syncer.onAppended(1);

        assertThat(syncer.turn()).isTrue();
    }

    @Test
    void shouldNotTakeTheSleepOfTheProcessForTheDisks()
    {
        duringSync = () -> turns(3, TimeUnit.MINUTES.toNanos(2));
        syncer.onAppended(1);

        assertThat(syncer.turn()).isTrue();
        turns(1, 0);
    }

    @Test
    void shouldBeginAnewWithEachSync()
    {
        duringSync = () -> turns(80, 10 * MS);
        for (int i = 1; i <= 10; i++)
        {
            syncer.onAppended(i);
            assertThat(syncer.turn()).isTrue();
        }
    }
}

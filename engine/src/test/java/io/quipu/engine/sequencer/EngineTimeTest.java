package io.quipu.engine.sequencer;

import io.quipu.engine.ManualClock;
import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class EngineTimeTest
{
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = 1_700_000_000L * SECOND;

    private final ManualClock clock = new ManualClock();

    @Test
    void shouldStartAtTheWallClock()
    {
        clock.wallNs = START;
        assertThat(new EngineTime(clock, START - SECOND).nowNs()).isEqualTo(START);
    }

    @Test
    void shouldStartAtTheJournalsTimeWhenTheWallClockIsBehind()
    {
        clock.wallNs = START - 3600 * SECOND;
        assertThat(new EngineTime(clock, START).nowNs()).isEqualTo(START);
    }

    @Test
    void shouldFollowAWallClockThatRunsLikeTheMonotonicOne()
    {
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        for (int i = 1; i <= 1000; i++)
        {
            clock.pass(SECOND / 1000, SECOND / 1000);
            assertThat(time.nowNs()).isEqualTo(START + i * (SECOND / 1000));
        }
    }

    @Test
    void shouldGainAtMostATenthOnAClockThatWasSetForward()
    {
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        clock.wallNs += 365 * 86_400 * SECOND;
        clock.pass(10 * SECOND, 10 * SECOND);

        assertThat(time.nowNs()).isEqualTo(START + 11 * SECOND);
    }

    @Test
    void shouldLoseAtMostATenthOnAClockThatWasSetBack()
    {
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        clock.wallNs -= 365 * 86_400 * SECOND;
        clock.pass(10 * SECOND, 10 * SECOND);

        assertThat(time.nowNs()).isEqualTo(START + 9 * SECOND);
    }

    @Test
    void shouldMeetAClockThatWasSetForwardALittle()
    {
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        clock.wallNs += SECOND;
        clock.pass(20 * SECOND, 20 * SECOND);

        assertThat(time.nowNs()).isEqualTo(START + 21 * SECOND);
    }

    @Test
    void shouldStayWhileTheMonotonicClockStandsOrGoesBack()
    {
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        clock.pass(-SECOND, 5 * SECOND);

        assertThat(time.nowNs()).isEqualTo(START);
    }

    @Test
    void shouldNeverGoBackNorRunAwayWhateverTheClocksDo()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        clock.wallNs = START;
        final EngineTime time = new EngineTime(clock, 0);
        long last = time.nowNs();
        for (int i = 0; i < 100_000; i++)
        {
            final long elapsed = random.nextInt(8) == 0 ? 0 : random.nextLong(10 * SECOND);
            clock.pass(elapsed, random.nextLong(-3_650L * 86_400 * SECOND, 3_650L * 86_400 * SECOND));
            final long now = time.nowNs();

            assertThat(now).isBetween(last, last + elapsed + elapsed / 10);
            last = now;
        }
    }
}

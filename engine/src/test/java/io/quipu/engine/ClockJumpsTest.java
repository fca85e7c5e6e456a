package io.quipu.engine;

import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.NoLock;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A wall clock that jumps by 1 ms to 10 years, forth and back, while an engine serves, while it is down, or that stands:
 * journaled time goes on as the monotonic clock does, nothing else is different, and a start far ahead asks first.
 */
class ClockJumpsTest
{
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);
    private static final long[] JUMPS_NS = {
        TimeUnit.MILLISECONDS.toNanos(1),
        TimeUnit.SECONDS.toNanos(1),
        TimeUnit.MINUTES.toNanos(1),
        TimeUnit.HOURS.toNanos(1),
        DAY_NS,
        31 * DAY_NS,
        365 * DAY_NS,
        3_652 * DAY_NS};
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ManualClock clock = new ManualClock();
    private final FailingDisk disk = new FailingDisk();

    private SteppedEngine engine(final boolean acceptClock)
    {
        return disk.engine(new EngineContext().clock(clock).acceptClock(acceptClock).log((line) -> { }));
    }

    @Test
    void shouldGoOnAsIfNothingHadHappened() throws Exception
    {
        clock.wallNs = 20_000 * DAY_NS;
        final long startNs = clock.wallNs;
        try (SteppedEngine engine = engine(false).start())
        {
            final long attachment = engine.attach(1).attachment();
            long number = 0;
            for (final long jumpNs : JUMPS_NS)
            {
                for (final long direction : new long[]{ 1, -1, 0 })
                {
                    clock.pass(STEP_NS, direction * jumpNs);
                    engine.submit(attachment, new Frames.Body(++number).receivedUpTo(number - 1).add("a", 1));
                    engine.turn();
                    assertThat(engine.replies()).hasSize((int)number);
                }
            }
            engine.stop();
        }

        final List<Long> times = times();
        long lastNs = startNs;
        for (final long timeNs : times.subList(1, times.size()))
        {
            // A clock that leans towards another goes a tenth faster or slower.
            assertThat(timeNs - lastNs).isBetween(STEP_NS * 9 / 10, STEP_NS * 11 / 10);
            lastNs = timeNs;
        }
    }

    private List<Long> times()
    {
        final List<Long> times = new ArrayList<>();
        Journal.scan(
            new JournalContext().store(disk.journal()).lock(new NoLock()),
            (record) -> times.add(record.timestampNs()),
            JournalScanner.TO_END);
        return times;
    }

    @Test
    void shouldStartBehindAnyJumpButAskForOneFarAhead() throws Exception
    {
        clock.wallNs = 20_000 * DAY_NS;
        String digest = run(false, null);
        for (final long jumpNs : JUMPS_NS)
        {
            clock.wallNs -= jumpNs;
            digest = run(false, digest);
            clock.wallNs += 2 * jumpNs;
            if (jumpNs > 30 * DAY_NS)
            {
                try (SteppedEngine refused = engine(false))
                {
                    assertThat(catchThrowableOfType(JournalException.class, refused::start).verdict())
                        .isEqualTo(Verdict.CLOCK_AHEAD);
                }
            }
            digest = run(true, digest);
        }

        assertThat(times()).isSorted();
    }

    /** One more command; a new session each time, so that none is too old. */
    private String run(final boolean acceptClock, final String expectedDigest) throws Exception
    {
        try (SteppedEngine engine = engine(acceptClock).start())
        {
            assertThat(engine.digest()).isEqualTo(expectedDigest == null ? engine.digest() : expectedDigest);
            final var attached = engine.attach(clock.wallNs);
            engine.submit(attached.attachment(), new Frames.Body(1).add("a", 1));
            engine.turn();
            assertThat(engine.replies()).hasSize(1);
            final String digest = engine.digest();
            engine.stop();
            return digest;
        }
    }
}

package io.quipu.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/**
 * Thousands of seeds, and what they have been through; one line of figures. The same seeds in each build, so that a
 * build fails for what it builds; others each time in a soak run. A seed that fails says how to run it alone:
 * {@code -Dquipu.sim.seed=SEED}.
 */
class SimulatorTest
{
    private static final boolean IS_SOAK = Boolean.getBoolean("quipu.soak");
    private static final int SEEDS = Integer.getInteger("quipu.sim.seeds", IS_SOAK ? 50_000 : 2_000);
    private static final long BASE =
        Long.getLong("quipu.sim.base", IS_SOAK ? new Random().nextLong() : 20_261_123L);
    /** One in so many runs twice. */
    private static final int TWICE_EVERY = 20;

    @Test
    void shouldKeepAllPromisesUnderEverySeed()
    {
        final Long only = Long.getLong("quipu.sim.seed");
        if (null != only)
        {
            new Simulation(only, new Figures()).run();
            return;
        }

        final Figures figures = new Figures();
        final Random seeds = new Random(BASE);
        final long startedNs = System.nanoTime();
        while (figures.seeds < SEEDS)
        {
            run(seeds.nextLong(), figures);
        }

        System.out.println("simulator: base=" + BASE + " " + figures + " seconds=" +
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNs));
        assertThat(figures.commands).isGreaterThanOrEqualTo(SEEDS * (long)Simulation.COMMANDS);
        assertThat(figures.recoveries).isGreaterThanOrEqualTo(SEEDS * (long)Simulation.RECOVERIES);
        assertThat(figures.faults).containsOnlyKeys(EnumSet.complementOf(EnumSet.of(Fault.DELAY)));
    }

    private static void run(final long seed, final Figures figures)
    {
        final boolean isTwice = 0 == figures.seeds % TWICE_EVERY;
        final long trace = new Simulation(seed, figures).run();
        if (isTwice)
        {
            figures.twice++;
            assertThat(new Simulation(seed, new Figures()).run()).as("trace of seed %d", seed).isEqualTo(trace);
        }
    }
}

package io.quipu.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;

/**
 * The simulator must find what is planted: some of the bugs, others each time; all of them in a soak run.
 */
class PlantedBugsTest
{
    private static final int A_RUN = 6;
    private static final boolean IS_SOAK = Boolean.getBoolean("quipu.soak");
    /** A build tries the same seeds each time, among which each bug shows; the long form takes others. */
    private static final long BUILD_SEED = 20_261_123;
    private static final int MAX_SEEDS = IS_SOAK ? 4000 : 400;
    private static final Path ROOT = Path.of(System.getProperty("quipu.root", ".."));

    @Test
    void shouldFindEachPlantedBug() throws Exception
    {
        final long start = Long.getLong("quipu.sim.seed", IS_SOAK ? System.nanoTime() : BUILD_SEED);
        final int first = Integer.getInteger("quipu.sim.bug", new Random().nextInt(PlantedBug.ALL.size()));
        final int count = IS_SOAK ? PlantedBug.ALL.size() : Integer.getInteger("quipu.sim.bugs", A_RUN);
        System.out.println("planted bugs from " + first + ", seed " + start);
        final List<String> missed = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final PlantedBug bug = PlantedBug.ALL.get((first + i) % PlantedBug.ALL.size());
            if (!find(bug, start))
            {
                missed.add(bug.name());
            }
        }

        System.out.println("planted bugs found=" + (count - missed.size()) + " of=" + count);
        assertThat(missed).as("planted, but not found in %d seeds from %d", MAX_SEEDS, start).isEmpty();
    }

    private static boolean find(final PlantedBug bug, final long start) throws Exception
    {
        @SuppressWarnings("unchecked")
        final LongFunction<String> run = (LongFunction<String>)EditedClasses.with(ROOT, bug)
            .loadClass(SeedRun.class.getName()).getDeclaredConstructor().newInstance();
        for (int seeds = 1; seeds <= MAX_SEEDS; seeds++)
        {
            final String found = run.apply(start + seeds);
            if (null != found)
            {
                System.out.println("  " + bug + ": seed " + seeds + ": " + finding(found));
                return true;
            }
        }
        return false;
    }

    private static String finding(final String message)
    {
        return message.lines().findFirst().orElse("").replaceFirst(".*\\]: ", "");
    }
}

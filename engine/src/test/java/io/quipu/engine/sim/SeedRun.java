package io.quipu.engine.sim;

import java.util.function.LongFunction;

/**
 * Runs a seed for someone who has loaded us by another class loader: only types of the JDK are crossed.
 */
public final class SeedRun implements LongFunction<String>
{
    /**
     * @param seed to run.
     * @return what it found wrong, or null.
     */
    @Override
    public String apply(final long seed)
    {
        try
        {
            new Simulation(seed, new Figures()).run();
            return null;
        }
        catch (final AssertionError ex)
        {
            return ex.getMessage();
        }
    }
}

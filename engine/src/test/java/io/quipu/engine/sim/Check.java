package io.quipu.engine.sim;

import java.util.Locale;

/**
 * Assertions of the simulation: cheap while they hold.
 */
final class Check
{
    private Check()
    {
    }

    static void that(final boolean holds, final String format, final Object... arguments)
    {
        if (!holds)
        {
            throw new AssertionError(String.format(Locale.ROOT, format, arguments));
        }
    }
}

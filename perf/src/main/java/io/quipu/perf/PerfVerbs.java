package io.quipu.perf;

import io.quipu.engine.cli.VerbProvider;

import java.util.List;

/**
 * Adds {@code bench} to the launcher.
 */
public final class PerfVerbs implements VerbProvider
{
    @Override
    public List<?> verbs()
    {
        return List.of(new BenchVerb());
    }
}

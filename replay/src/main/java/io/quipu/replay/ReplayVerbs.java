package io.quipu.replay;

import io.quipu.engine.cli.VerbProvider;
import java.util.List;

/**
 * Adds {@code replay} to the launcher.
 */
public final class ReplayVerbs implements VerbProvider
{
    @Override
    public List<?> verbs()
    {
        return List.of(new ReplayVerb());
    }
}

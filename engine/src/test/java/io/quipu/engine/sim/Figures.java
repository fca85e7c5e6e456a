package io.quipu.engine.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the seeds of a run came to, added up.
 */
final class Figures
{
    final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    /** Starts that were refused, by verdict. */
    final Map<String, Long> refusals = new TreeMap<>();
    long seeds;
    long commands;
    long recoveries;
    long twice;
    long views;
    long checkpoints;

    void onFault(final Fault fault)
    {
        faults.merge(fault, 1L, Long::sum);
    }

    void onRefused(final String verdict)
    {
        refusals.merge(verdict, 1L, Long::sum);
    }

    void onView()
    {
        views++;
    }

    @Override
    public String toString()
    {
        return "seeds=" + seeds + " twice=" + twice + " commands=" + commands +
            " recoveries=" + recoveries + " checkpoints=" + checkpoints + " views=" + views +
            " faults=" + faults + " refused=" + refusals;
    }
}

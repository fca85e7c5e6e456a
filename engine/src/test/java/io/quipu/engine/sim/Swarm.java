package io.quipu.engine.sim;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * Which faults are on in a seed: a random half of them. A fault that always happens hides others behind it, so seeds
 * must differ in what they do not do (Groce and others, Swarm Testing, ISSTA 2012).
 */
final class Swarm
{
    private final Set<Fault> on = EnumSet.noneOf(Fault.class);
    private boolean isCalm;

    Swarm(final Random random)
    {
        for (final Fault fault : Fault.values())
        {
            if (random.nextBoolean())
            {
                on.add(fault);
            }
        }

        on.add(random.nextBoolean() ? Fault.KILL : Fault.POWER_LOSS);
    }

    boolean isOn(final Fault fault)
    {
        return !isCalm && on.contains(fault);
    }

    /** Whether the fault happens on this occasion. */
    boolean happens(final Fault fault, final Random random)
    {
        return isOn(fault) && 0 == random.nextInt(fault.rarity());
    }

    /** No fault happens any more. */
    void calm()
    {
        isCalm = true;
    }

    @Override
    public String toString()
    {
        return on.toString();
    }
}

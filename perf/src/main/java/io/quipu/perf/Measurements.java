package io.quipu.perf;

import java.io.IOException;

/**
 * Which measurement a target has.
 */
final class Measurements
{
    private final BenchPlan plan;

    Measurements(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome measure(final BenchTarget target) throws IOException
    {
        return switch (target)
        {
            case E1, E2, F, G, N -> new EndToEnd(plan).measure(target);
            case H -> new FixedRate(plan).measure();
            case I -> new DurableLoad(plan).measure();
            case K -> new ReplaySpeed(plan).measure();
            case O -> new IdleConnections(plan).measure();
            case A, B, C1, C2, D -> new InProcess(plan).apply(target);
            case L -> new InProcess(plan).allocation();
            case J -> new InProcess(plan).memory();
            case M -> new InProcess(plan).growth();
        };
    }
}

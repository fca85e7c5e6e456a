package io.quipu.perf;

import io.quipu.transport.client.QuipuClient;

import java.io.IOException;

/**
 * An engine filled with all names of a workload, warmed up, and the generator that loads it. One thread.
 */
final class LoadedEngine implements AutoCloseable
{
    private final BenchTarget target;
    private final EngineUnderTest engine;
    private final LoadGenerator generator;
    private final Workload workload;

    private LoadedEngine(
        final BenchTarget target, final EngineUnderTest engine, final LoadGenerator generator, final Workload workload)
    {
        this.target = target;
        this.engine = engine;
        this.generator = generator;
        this.workload = workload;
    }

    /** Starts, fills and warms up. */
    static LoadedEngine open(final BenchPlan plan, final BenchTarget target) throws IOException
    {
        final EngineUnderTest engine = EngineUnderTest.start(plan.base(), plan.ack(), target.isSpinning() ? "spin" : "backoff");
        boolean isOpen = false;
        try
        {
            final Workload workload = target.workload(plan.names(), BenchPlan.SEED);
            final LoadGenerator generator = new LoadGenerator(engine.client(), workload);
            final LoadedEngine loaded = new LoadedEngine(target, engine, generator, workload);
            final long startNs = System.nanoTime();
            generator.fill();
            plan.note(target.id() + ": " + BenchPlan.size(plan.names()) + " names filled in " +
                OutcomeWriter.number((System.nanoTime() - startNs) / 1e9) + " s");
            try (QuipuClient client = QuipuClient.connect(engine.client()))
            {
                workload.prepare(client);
            }
            generator.measure(BenchPlan.WARM_UP_NS, target.window());
            isOpen = true;
            return loaded;
        }
        finally
        {
            if (!isOpen)
            {
                engine.close();
            }
        }
    }

    EngineUnderTest engine()
    {
        return engine;
    }

    void keepAlive()
    {
        generator.keepAlive();
    }

    /** One round without a look at processes and devices. */
    LoadResult load(final long durationNs)
    {
        return generator.measure(durationNs, target.window());
    }

    /** Where the engine stands. */
    long sequence()
    {
        try (QuipuClient client = QuipuClient.connect(engine.client()))
        {
            return client.status().sequence();
        }
    }

    /** The engine's digest there. */
    String digest()
    {
        try (QuipuClient client = QuipuClient.connect(engine.client()))
        {
            return client.status().digest();
        }
    }

    /** One round. */
    Round measure(final long durationNs)
    {
        final EngineUnderTest.Usage before = engine.usage();
        final LoadResult result = generator.measure(durationNs, target.window());
        return new Round(result, engine.usage().since(before));
    }

    /** Reads everything back. */
    long verify()
    {
        try (QuipuClient client = QuipuClient.connect(engine.client()))
        {
            return workload.verifyAll(client);
        }
    }

    @Override
    public void close() throws IOException
    {
        generator.close();
        engine.close();
    }

    /**
     * One round.
     *
     * @param load  what came of it.
     * @param usage of processes and devices meanwhile.
     */
    record Round(LoadResult load, EngineUnderTest.Usage usage)
    {
        /** Share of a core. */
        double share(final long cpuNs)
        {
            return cpuNs / (load.seconds() * 1e9);
        }

        double perSecond(final long bytes)
        {
            return bytes / load.seconds();
        }
    }
}

package io.quipu.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Durable adds by name beside Redis with its append-only file on the same file system: synced before each answer
 * ({@code appendfsync always}, what durable means here), and once a second ({@code everysec}, which may lose that
 * second).
 */
final class FsyncComparison
{
    private final BenchPlan plan;

    FsyncComparison(final BenchPlan plan)
    {
        this.plan = plan;
    }

    List<Outcome> measure() throws IOException
    {
        final List<Outcome> outcomes = new ArrayList<>();
        for (final String policy : List.of("always", "everysec"))
        {
            try (RedisServer redis = RedisServer.start(
                plan.base(), "--save", "", "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"))
            {
                redis.insert(plan.names(), (stream) -> RedisPrefill.counters(stream, plan.names()));
                redis.appendfsync(policy);
                final Outcome outcome = new Disk(plan.base()).beside(new EndToEnd(plan.beside(redis)).measure(BenchTarget.E2))
                    .condition("redisPersistence", "appendonly yes, appendfsync " + policy);
                outcomes.add(outcome);
                new OutcomeWriter(plan.out()).write(outcome);
            }
        }
        return outcomes;
    }
}

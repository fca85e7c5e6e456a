package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.transport.client.QuipuClient;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Target i: one durable add at a time by a caller that is blocked until its answer, in turn with the bare fdatasync
 * of a small record on the same file system; then durable adds by handle, many at once.
 */
final class DurableLoad
{
    private static final double MOST = 1.3;
    private static final double BATCHED = 5_000_000;
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(1);

    private final BenchPlan plan;

    DurableLoad(final BenchPlan plan)
    {
        this.plan = plan.acknowledged(Ack.DURABLE);
    }

    Outcome measure() throws IOException
    {
        final List<Histogram> bare = new ArrayList<>();
        final List<Histogram> blocked = new ArrayList<>();
        final Outcome outcome = plan.outcome(BenchTarget.I);
        try (EngineUnderTest engine = EngineUnderTest.start(plan.base(), Ack.DURABLE, "backoff");
            QuipuClient client = QuipuClient.connect(engine.client()))
        {
            final Disk disk = new Disk(plan.base());
            long total = blocked(client, WARM_UP_NS, new Histogram(LoadGenerator.HIGHEST_NS, 3), 0);
            for (int i = 0; i < plan.rounds(); i++)
            {
                bare.add(disk.syncNs(plan.roundNs() / 2));
                final Histogram histogram = new Histogram(LoadGenerator.HIGHEST_NS, 3);
                total = blocked(client, plan.roundNs() / 2, histogram, total);
                blocked.add(histogram);
            }
        }
        final Outcome batched = new EndToEnd(plan).measure(BenchTarget.E1);
        final double bareUs = Medians.of(bare, (histogram) -> us(histogram, 50));
        final double blockedUs = Medians.of(blocked, (histogram) -> us(histogram, 50));
        return outcome
            .figure(Figure.atMost("p50 to bare fdatasync", blockedUs / bareUs, "", MOST))
            .figure(Figure.of("p50", blockedUs, "us"))
            .figure(Figure.of("p99", Medians.of(blocked, (histogram) -> us(histogram, 99)), "us"))
            .figure(Figure.of("bare fdatasync p50", bareUs, "us"))
            .figure(Figure.of("bare fdatasync p99", Medians.of(bare, (histogram) -> us(histogram, 99)), "us"))
            .figure(Figure.atLeast("batched", batched.figures().get(0).value(), "commands/s", BATCHED))
            .condition("engineIdle", "backoff")
            .condition("verified", "every reply; batched: " + batched.conditions().get("verified"))
            .histogram("i blocked", blocked.get(0))
            .histogram("i bare fdatasync", bare.get(0));
    }

    private static long blocked(
        final QuipuClient client, final long durationNs, final Histogram histogram, final long before)
    {
        long total = before;
        final long startNs = System.nanoTime();
        long fromNs = startNs;
        while (fromNs - startNs < durationNs)
        {
            final long value = client.add("durable", 1);
            final long toNs = System.nanoTime();
            histogram.recordValue(Math.min(LoadGenerator.HIGHEST_NS, toNs - fromNs));
            total++;
            if (value != total)
            {
                Workload.same("the counter", value, total);
            }
            fromNs = toNs;
        }
        return total;
    }

    private static double us(final Histogram histogram, final double percentile)
    {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }
}

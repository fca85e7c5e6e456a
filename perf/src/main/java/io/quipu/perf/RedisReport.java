package io.quipu.perf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What redis-benchmark says at the end of a run.
 *
 * @param requestsPerSecond as it reckons them.
 * @param p50Us             of a request, in us; with a pipeline, of the whole pipeline.
 * @param p99Us             likewise.
 */
record RedisReport(double requestsPerSecond, double p50Us, double p99Us)
{
    private static final double US_A_MS = 1_000;
    private static final Pattern RATE = Pattern.compile("throughput summary: ([0-9.]+) requests per second");
    private static final Pattern LATENCY = Pattern.compile(
        "avg +min +p50 +p95 +p99 +max\\s+([0-9.]+) +([0-9.]+) +(?<p50>[0-9.]+) +([0-9.]+) +(?<p99>[0-9.]+)");

    /**
     * Reads it.
     *
     * @throws IllegalStateException when the output is not what redis-benchmark 6 and 7 print.
     */
    static RedisReport parse(final String output)
    {
        final Matcher rate = RATE.matcher(output);
        final Matcher latency = LATENCY.matcher(output);
        if (!rate.find() || !latency.find())
        {
            throw new IllegalStateException("redis-benchmark printed no summary: " + output.strip());
        }
        return new RedisReport(
            Double.parseDouble(rate.group(1)),
            Double.parseDouble(latency.group("p50")) * US_A_MS,
            Double.parseDouble(latency.group("p99")) * US_A_MS);
    }
}

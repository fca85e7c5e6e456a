package io.quipu.perf;

import org.HdrHistogram.Histogram;

/**
 * One measured run: every reply was verified.
 *
 * @param commands       answered.
 * @param seconds        from the first send to the last reply.
 * @param latencyNs      of requests, from the intended send to the reply.
 * @param requestsResent since no reply came for long.
 */
record LoadResult(long commands, double seconds, Histogram latencyNs, long requestsResent)
{
    double commandsPerSecond()
    {
        return commands / seconds;
    }

    double latencyUs(final double percentile)
    {
        return latencyNs.getValueAtPercentile(percentile) / 1_000.0;
    }
}

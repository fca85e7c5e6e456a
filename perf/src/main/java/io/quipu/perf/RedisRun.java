package io.quipu.perf;

/**
 * One run of redis-benchmark.
 *
 * @param report    what it printed.
 * @param serverCpu share of a core that redis-server took meanwhile, 1 for all of it.
 * @param clientCpu likewise redis-benchmark.
 */
record RedisRun(RedisReport report, double serverCpu, double clientCpu)
{
}

package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Targets e1, e2, f and g: UDP, journal, state, reply, one session as fast as the engine takes it, and beside it
 * redis-benchmark, one round each in turn. While Redis runs, the engine waits without its core, or is gone when it
 * must not leave it.
 */
final class EndToEnd
{
    private static final int MILLION = 1_000_000;
    private static final double WHOLE = 100;

    private final BenchPlan plan;

    EndToEnd(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome measure(final BenchTarget target) throws IOException
    {
        final List<LoadedEngine.Round> rounds = new ArrayList<>();
        final List<RedisRun> redisRuns = new ArrayList<>();
        long compared = 0;
        LoadedEngine loaded = null;
        try
        {
            for (int i = 0; i < plan.rounds(); i++)
            {
                loaded = loaded == null ? LoadedEngine.open(plan, target) : loaded;
                rounds.add(loaded.measure(plan.roundNs()));
                final boolean isLast = i == plan.rounds() - 1;
                if (isLast || plan.redis() != null && target.isSpinning())
                {
                    compared += loaded.verify();
                    loaded.close();
                    loaded = null;
                }
                if (plan.redis() != null)
                {
                    redisRuns.add(plan.redis().benchmark(
                        redisArguments(target, plan.names(), plan.ack()), loaded == null ? () -> {} : loaded::keepAlive));
                }
            }
        }
        finally
        {
            if (loaded != null)
            {
                loaded.close();
            }
        }
        return outcome(target, rounds, redisRuns, compared);
    }

    /** The arguments of redis-benchmark behind its port. One that syncs is slow: it gets fewer requests. */
    static List<String> redisArguments(final BenchTarget target, final int names, final Ack ack)
    {
        final String range = Integer.toString(names);
        final int increments = ack == Ack.DURABLE ? 2 * MILLION : 10 * MILLION;
        return switch (target)
        {
            case F -> List.of(
                "-r", range, "-n", Integer.toString(Math.min(names, 2 * MILLION)), "-P", "64", "-c", "16",
                "ZINCRBY", BoardWorkload.BOARD, "1", BoardWorkload.PREFIX + "__rand_int__");
            case G -> List.of("-t", "incr", "-r", range, "-n", Integer.toString(Math.min(names, 200_000)), "-P", "1", "-c", "1");
            default -> List.of(
                "-t", "incr", "-r", range, "-n", Integer.toString(Math.min(names, increments)), "-P", "64", "-c", "16");
        };
    }

    private Outcome outcome(
        final BenchTarget target, final List<LoadedEngine.Round> rounds, final List<RedisRun> redisRuns, final long compared)
    {
        final Outcome outcome = plan.outcome(target);
        final double rate = Medians.of(rounds, (round) -> round.load().commandsPerSecond());
        final double p50Us = Medians.of(rounds, (round) -> round.load().latencyUs(50));
        switch (target)
        {
            case E1 -> outcome.figure(Figure.atLeast("rate", rate, "commands/s", 20 * MILLION));
            case F -> outcome.figure(Figure.atLeast("rate", rate, "commands/s", 2 * MILLION));
            case G -> latency(outcome, rounds, p50Us);
            case N -> outcome.figure(Figure.atMost("journal", journalBytes(rounds), "bytes/command", 17));
            default -> outcome.figure(Figure.of("rate", rate, "commands/s"));
        }
        if (!redisRuns.isEmpty())
        {
            besideRedis(outcome, redisRuns, rate, p50Us);
        }
        conditions(outcome, rounds);
        final Histogram all = new Histogram(LoadGenerator.HIGHEST_NS, 3);
        rounds.forEach((round) -> all.add(round.load().latencyNs()));
        return outcome
            .condition("verified", "every reply, and " + compared + " values read back")
            .histogram(target.id() + " request", all);
    }

    private static void latency(final Outcome outcome, final List<LoadedEngine.Round> rounds, final double p50Us)
    {
        outcome
            .figure(Figure.atMost("p50", p50Us, "us", 10))
            .figure(Figure.atMost("p99", Medians.of(rounds, (round) -> round.load().latencyUs(99)), "us", 30))
            .figure(Figure.atMost("p99.9", Medians.of(rounds, (round) -> round.load().latencyUs(99.9)), "us", 100));
    }

    private void besideRedis(
        final Outcome outcome, final List<RedisRun> runs, final double rate, final double p50Us)
    {
        final BenchTarget target = outcome.target();
        final String redis = plan.redis().label();
        final double redisRate = Medians.of(runs, (run) -> run.report().requestsPerSecond());
        switch (target)
        {
            case G ->
            {
                final double redisP50Us = Medians.of(runs, (run) -> run.report().p50Us());
                outcome.beside(
                    redis + " INCR p50, us", redisP50Us, Figure.atMost("part of " + redis, p50Us / redisP50Us, "", 0.5));
            }
            case F -> outcome.beside(
                redis + " ZINCRBY/s", redisRate, Figure.atLeast("times " + redis, rate / redisRate, "", 15));
            default -> outcome.beside(
                redis + " INCR/s", redisRate, plan.ack() == Ack.DURABLE ?
                    Figure.of("times " + redis, rate / redisRate, "") :
                    Figure.atLeast("times " + redis, rate / redisRate, "", target == BenchTarget.E1 ? 30 : 10));
        }
        final List<String> command = plan.redis().commandLine(redisArguments(target, plan.names(), plan.ack()));
        outcome
            .condition("redisCommand", String.join(" ", command))
            .condition("redisServerCpuPercent", WHOLE * Medians.of(runs, RedisRun::serverCpu))
            .condition("redisBenchmarkCpuPercent", WHOLE * Medians.of(runs, RedisRun::clientCpu));
    }

    private static double journalBytes(final List<LoadedEngine.Round> rounds)
    {
        return Medians.of(rounds, (round) -> round.usage().journalBytes() / (double)round.load().commands());
    }

    private static void conditions(final Outcome outcome, final List<LoadedEngine.Round> rounds)
    {
        final BenchTarget target = outcome.target();
        outcome
            .condition("batch", target.batch())
            .condition("requestsUnderWay", target.window())
            .condition("engineIdle", target.isSpinning() ? "spin" : "backoff")
            .condition("commands", rounds.stream().mapToLong((round) -> round.load().commands()).sum())
            .condition("requestsResent", rounds.stream().mapToLong((round) -> round.load().requestsResent()).sum())
            .condition("repliesDropped", rounds.stream().mapToLong((round) -> round.usage().repliesDropped()).sum())
            .condition("requestP50Us", Medians.of(rounds, (round) -> round.load().latencyUs(50)))
            .condition("requestP99Us", Medians.of(rounds, (round) -> round.load().latencyUs(99)))
            .condition("engineCpuPercent", WHOLE * Medians.of(rounds, (round) -> round.share(round.usage().engineCpuNs())))
            .condition("clientCpuPercent", WHOLE * Medians.of(rounds, (round) -> round.share(round.usage().clientCpuNs())))
            .condition("wireBytesPerSecond", Medians.of(rounds, (round) -> round.perSecond(round.usage().loopbackBytes())))
            .condition("diskBytesPerSecond", Medians.of(rounds, (round) -> round.perSecond(round.usage().journalBytes())))
            .condition("journalBytesPerCommand", journalBytes(rounds));
    }
}

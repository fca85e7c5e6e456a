package io.quipu.perf;

import io.quipu.perf.apply.BoardBenchmark;
import io.quipu.perf.apply.CounterBenchmark;
import io.quipu.perf.apply.DigestBenchmark;
import io.quipu.perf.apply.GrowthBenchmark;
import io.quipu.perf.apply.MemoryBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Targets a to d and l by JMH, and j and m: the state machine alone, each in a JVM of its own. No network and no
 * journal, which flatters, and says so in the name of the work.
 */
final class InProcess
{
    private static final int MILLION = 1_000_000;
    private static final int SMALL = 1_000;
    private static final int MOVES_A_NAME = 10;
    private static final int GROWTH = 50;
    private static final int DECADE = 10;
    private static final double ALLOCATION_NOISE = 0.05;
    private static final double LEAST_PART = 0.6;
    private static final double NS_A_SECOND = 1e9;
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    /** First scores of the board are uniform below these: the first is what is quoted. */
    private static final int[] RANGES = {MILLION, 1000 * MILLION};
    private static final double MEAN_INCREMENT = 5.5;

    private final BenchPlan plan;

    InProcess(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome apply(final BenchTarget target) throws IOException
    {
        final Outcome outcome = plan.outcome(target);
        switch (target)
        {
            case A -> byHandle(outcome);
            case B -> rates(outcome, CounterBenchmark.class, "addByName", Map.of(), "adds by name", 6 * MILLION);
            case C1 -> moves(outcome, "VALUES", 3 * MILLION, 1.5 * MILLION);
            case C2 -> moves(outcome, "RANKS", 1.5 * MILLION, 0.8 * MILLION);
            case D ->
            {
                rates(outcome, BoardBenchmark.class, "rankOfOne", Map.of(), "one member a query", 2 * MILLION);
                rates(outcome, BoardBenchmark.class, "rankOfMany", Map.of(), "64 members a query", 4 * MILLION);
                rates(outcome, BoardBenchmark.class, "top", Map.of(), "rows of the first ten", 8 * MILLION);
            }
            default -> throw new IllegalStateException(target.id());
        }
        return outcome.condition("verified", "100,000 names read back from each state");
    }

    private void byHandle(final Outcome outcome) throws IOException
    {
        final double rate = rates(outcome, CounterBenchmark.class, "addByHandle", Map.of(), "adds by handle", 25 * MILLION);
        final RunResult digest = run(DigestBenchmark.class, "digestOfAdds", Map.of(), 0);
        final double digestNs = NS_A_SECOND / digest.getPrimaryResult().getScore();
        outcome.figure(Figure.of("digest's arithmetic alone, part of it", digestNs * rate / NS_A_SECOND, ""));
        outcome.condition("digestNs", digestNs).condition("addNs", NS_A_SECOND / rate);
    }

    private void moves(final Outcome outcome, final String form, final double increments, final double jumps) throws IOException
    {
        for (final int range : RANGES)
        {
            final Map<String, String> parameters = Map.of("form", form, "range", Integer.toString(range));
            final String what = String.format(Locale.ROOT, "increments, scores below %,d", range);
            rates(outcome, BoardBenchmark.class, "increment", parameters, what, range == RANGES[0] ? increments : Double.NaN);
            outcome.condition(what + ", members passed on average", plan.names() * MEAN_INCREMENT / range);
        }
        rates(outcome, BoardBenchmark.class, "jump", Map.of("form", form), "jumps", jumps);
    }

    /**
     * Measures one kind of work at all sizes.
     *
     * @param goal of the largest; not a number where there is none.
     * @return the rate of the largest.
     */
    private double rates(
        final Outcome outcome,
        final Class<?> benchmark,
        final String method,
        final Map<String, String> parameters,
        final String name,
        final double goal) throws IOException
    {
        double rate = 0;
        for (final int size : sizes())
        {
            final double smaller = rate;
            final RunResult result = run(benchmark, method, parameters, size);
            rate = result.getPrimaryResult().getScore();
            outcome.cost(outcome.target().id() + ' ' + name, size, NS_A_SECOND / rate);
            if (size < plan.names())
            {
                outcome.condition(name + " at " + BenchPlan.size(size), rate);
                continue;
            }
            outcome.figure(Double.isNaN(goal) ?
                Figure.of(name, rate, "commands/s") : Figure.atLeast(name, rate, "commands/s", goal));
            if (outcome.target() == BenchTarget.A && size > BenchPlan.PUBLISHED_NAMES)
            {
                outcome.figure(Figure.atLeast(
                    "part of that at " + BenchPlan.size(size / DECADE), rate / smaller, "", LEAST_PART));
            }
            outcome.condition(name + ", heap bytes a command", allocated(result));
        }
        return rate;
    }

    /** Before all names some fewer, to see what size costs; with a curve, all powers of ten. */
    private List<Integer> sizes()
    {
        final List<Integer> sizes = new ArrayList<>();
        if (plan.isCurve())
        {
            for (int size = SMALL; size < plan.names(); size *= DECADE)
            {
                sizes.add(size);
            }
        }
        else if (plan.names() > BenchPlan.PUBLISHED_NAMES)
        {
            sizes.add(plan.names() / DECADE);
        }
        else if (plan.names() > SMALL)
        {
            sizes.add(Math.max(SMALL, plan.names() / (DECADE * DECADE)));
        }
        sizes.add(plan.names());
        return sizes;
    }

    /**
     * Runs a method of a benchmark in a JVM of its own.
     *
     * @param size names or members; 0 where it has no size.
     */
    private RunResult run(
        final Class<?> benchmark, final String method, final Map<String, String> parameters, final int size) throws IOException
    {
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .include(benchmark.getName() + "\\." + method + '$')
            .addProfiler(GCProfiler.class)
            .warmupIterations(2)
            .warmupTime(TimeValue.seconds(2))
            .measurementIterations(plan.rounds())
            .measurementTime(TimeValue.milliseconds(plan.roundNs() / MILLION / 2))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
        if (size > 0)
        {
            options.param(benchmark == CounterBenchmark.class ? "names" : "members", Integer.toString(size));
        }
        parameters.forEach(options::param);
        try
        {
            return new Runner(options.build()).runSingle();
        }
        catch (final RunnerException ex)
        {
            throw new IOException("JMH: " + ex.getMessage(), ex);
        }
    }

    /** The median of the iterations: the last one reads everything back, too. */
    private static double allocated(final RunResult result)
    {
        final Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
        return bytes.getStatistics().getPercentile(50);
    }

    Outcome allocation() throws IOException
    {
        final Outcome outcome = plan.outcome(BenchTarget.L);
        allocation(outcome, CounterBenchmark.class, "addByHandle", Map.of());
        allocation(outcome, CounterBenchmark.class, "addByName", Map.of());
        for (final String form : List.of("VALUES", "RANKS"))
        {
            allocation(outcome, BoardBenchmark.class, "increment", Map.of("form", form));
            allocation(outcome, BoardBenchmark.class, "jump", Map.of("form", form));
        }
        for (final String method : List.of("rankOfOne", "rankOfMany", "top"))
        {
            allocation(outcome, BoardBenchmark.class, method, Map.of());
        }
        return outcome.condition("names", SMALL).condition(
            "goal", "0; JMH itself allocates some kB an iteration, which is what shows; the whole engine: AllocationTest");
    }

    private void allocation(
        final Outcome outcome, final Class<?> benchmark, final String method, final Map<String, String> parameters)
        throws IOException
    {
        outcome.figure(Figure.atMost(
            parameters.isEmpty() ? method : method + ", " + parameters.get("form"),
            allocated(run(benchmark, method, parameters, SMALL)), "bytes/command", ALLOCATION_NOISE));
    }

    Outcome memory() throws IOException
    {
        final Outcome outcome = plan.outcome(BenchTarget.J);
        memory(outcome, MemoryBenchmark.Kind.MEMBERS_8, "member, 8-byte name", 40);
        memory(outcome, MemoryBenchmark.Kind.MEMBERS_14, "member, 14-byte name", 56);
        memory(outcome, MemoryBenchmark.Kind.COUNTERS_14, "counter, 14-byte name", 40);
        return outcome.condition("moves", (long)plan.names() * MOVES_A_NAME);
    }

    private void memory(final Outcome outcome, final MemoryBenchmark.Kind kind, final String what, final double goal)
        throws IOException
    {
        final Map<String, Double> found =
            JavaTool.run(MemoryBenchmark.class, kind, plan.names(), (long)plan.names() * MOVES_A_NAME);
        outcome.figure(Figure.atMost(what, found.get("stateBytesPerName"), "bytes", goal));
        outcome.figure(Figure.of(what + ", resident", found.get("residentBytesPerName"), "bytes"));
        outcome.condition(what + ", before the moves", found.get("filledBytesPerName"));
    }

    Outcome growth() throws IOException
    {
        final int from = Math.max(SMALL, plan.names() / 10);
        final Map<String, Double> found = JavaTool.run(GrowthBenchmark.class, from, from * GROWTH, plan.names());
        final Outcome outcome = plan.outcome(BenchTarget.M);
        for (final String what : List.of("counters", "members", "drop", "reset"))
        {
            final double aboveUs = found.get(what + "MedianUs") - found.get(what + "HiccupMedianUs");
            outcome.figure(Figure.atMost(what + ", above the hiccups", Math.max(0, aboveUs), "us", SMALL));
            outcome.condition(what + ", longest median of a request", found.get(what + "MedianUs"));
            outcome.condition(what + ", the same of the clock alone", found.get(what + "HiccupMedianUs"));
            outcome.condition(what + ", longest of all", found.get(what + "WorstUs"));
            outcome.condition(what + ", the same of the clock alone, of all", found.get(what + "HiccupUs"));
            outcome.condition(what + ", most names rehashed by a request of 64", found.get(what + "MostRehashed"));
        }
        return outcome.condition(
            "growth", String.format(Locale.ROOT, "%,d to %,d names; board of %,d", from, from * GROWTH, plan.names()));
    }
}

package io.quipu.perf;

import io.quipu.perf.apply.BoardBenchmark;
import io.quipu.perf.apply.CounterBenchmark;
import io.quipu.perf.apply.GrowthBenchmark;
import io.quipu.perf.apply.MemoryBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
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
    private static final double ALLOCATION_NOISE = 0.05;

    private final BenchPlan plan;

    InProcess(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome apply(final BenchTarget target) throws IOException
    {
        return switch (target)
        {
            case A -> jmh(target, CounterBenchmark.class, "addByHandle", Map.of(), List.of(Goal.of("addByHandle", 25 * MILLION)));
            case B -> jmh(target, CounterBenchmark.class, "addByName", Map.of(), List.of(Goal.of("addByName", 6 * MILLION)));
            case C1 -> jmh(target, BoardBenchmark.class, "(increment|jump)", Map.of("form", "VALUES"),
                List.of(Goal.of("increment", 3 * MILLION), Goal.of("jump", 1.5 * MILLION)));
            case C2 -> jmh(target, BoardBenchmark.class, "(increment|jump)", Map.of("form", "RANKS"),
                List.of(Goal.of("increment", 1.5 * MILLION), Goal.of("jump", 0.8 * MILLION)));
            case D -> jmh(target, BoardBenchmark.class, "(rankOfOne|rankOfMany|top)", Map.of(),
                List.of(Goal.of("rankOfOne", 2 * MILLION), Goal.of("rankOfMany", 4 * MILLION), Goal.of("top", 8 * MILLION)));
            default -> throw new IllegalStateException(target.id());
        };
    }

    Outcome allocation() throws IOException
    {
        final Outcome outcome = plan.outcome(BenchTarget.L);
        final List<RunResult> results = new ArrayList<>(run(CounterBenchmark.class, ".*", Map.of(), SMALL));
        results.addAll(run(BoardBenchmark.class, ".*", Map.of(), SMALL));
        for (final RunResult result : results)
        {
            final double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            outcome.figure(Figure.atMost(name(result) + form(result), bytes, "bytes/command", ALLOCATION_NOISE));
        }
        return outcome.condition("names", SMALL).condition(
            "goal", "0; JMH itself allocates some tens of kB an iteration, which is what shows; whole engine: AllocationTest");
    }

    private Outcome jmh(
        final BenchTarget target,
        final Class<?> benchmark,
        final String methods,
        final Map<String, String> parameters,
        final List<Goal> goals) throws IOException
    {
        final Outcome outcome = plan.outcome(target);
        final List<Integer> sizes = sizes();
        for (final int size : sizes)
        {
            for (final RunResult result : run(benchmark, methods, parameters, size))
            {
                final double rate = result.getPrimaryResult().getScore();
                final String name = name(result);
                outcome.cost(target.id() + ' ' + name, size, 1e9 / rate);
                if (size == plan.names())
                {
                    final Goal goal = goals.stream().filter((one) -> one.method.equals(name)).findFirst().orElseThrow();
                    outcome.figure(Figure.atLeast(name, rate, "commands/s", goal.value));
                    outcome.condition(name + "HeapBytes", result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
                }
                else
                {
                    outcome.condition(name + " at " + BenchPlan.size(size), rate);
                }
            }
        }
        return outcome.condition("verified", "100,000 names read back from each state");
    }

    /** One hundredth of the names, to see what size costs, and all. */
    private List<Integer> sizes()
    {
        final int few = Math.max(SMALL, plan.names() / 100);
        return few == plan.names() ? List.of(few) : List.of(few, plan.names());
    }

    private Collection<RunResult> run(
        final Class<?> benchmark, final String methods, final Map<String, String> parameters, final int size) throws IOException
    {
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .include(benchmark.getName() + "\\." + methods + '$')
            .param(benchmark == CounterBenchmark.class ? "names" : "members", Integer.toString(size))
            .addProfiler(GCProfiler.class)
            .warmupIterations(2)
            .warmupTime(TimeValue.seconds(2))
            .measurementIterations(plan.rounds())
            .measurementTime(TimeValue.milliseconds(plan.roundNs() / MILLION / 2))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        try
        {
            return new Runner(options.build()).run();
        }
        catch (final RunnerException ex)
        {
            throw new IOException("JMH: " + ex.getMessage(), ex);
        }
    }

    private static String name(final RunResult result)
    {
        return result.getPrimaryResult().getLabel();
    }

    private static String form(final RunResult result)
    {
        final String form = result.getParams().getParam("form");
        return form == null ? "" : ", " + form;
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
        outcome.condition(what + ", before the moves", found.get("filledBytesPerName"));
        outcome.condition(what + ", resident", found.get("residentBytesPerName"));
    }

    Outcome growth() throws IOException
    {
        final int from = Math.max(SMALL, plan.names() / 10);
        final Map<String, Double> found = JavaTool.run(GrowthBenchmark.class, from, from * GROWTH, plan.names());
        final Outcome outcome = plan.outcome(BenchTarget.M);
        for (final String what : List.of("counters", "members", "drop", "reset"))
        {
            final double aboveUs = found.get(what + "WorstUs") - found.get(what + "HiccupUs");
            outcome.figure(Figure.atMost(what + ", above the hiccups", Math.max(0, aboveUs), "us", SMALL));
            outcome.condition(what + "HiccupUs", found.get(what + "HiccupUs"));
        }
        return outcome.condition(
            "growth", String.format(Locale.ROOT, "%,d to %,d names; board of %,d", from, from * GROWTH, plan.names()));
    }

    private record Goal(String method, double value)
    {
        static Goal of(final String method, final double value)
        {
            return new Goal(method, value);
        }
    }
}

package io.quipu.perf.apply;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.perf.NumberedNames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.SplittableRandom;

/**
 * Targets a and b: what one add costs inside {@code apply}, by the number of counters, all of them drawn uniformly
 * and anew for each request, outside the time that is measured. Commands per second, 512 a request; no network, no
 * journal. At the end some 100,000 counters are read and compared.
 *
 * <pre>java -jar perf/target/quipu-perf-*.jar CounterBenchmark -p names=10000000,100000000 -prof gc</pre>
 */
public class CounterBenchmark extends ApplyBenchmark
{
    private static final int DELTAS = 100;

    /** The filled state, and what each counter must hold. Of the benchmark: JMH makes several of a thread's own. */
    @State(Scope.Benchmark)
    public static class Counters
    {
        /** How many. */
        @Param({"1000", "100000", "1000000"})
        public int names;

        private final NumberedNames bearers = new NumberedNames("c:");
        private final SplittableRandom random = new SplittableRandom(SEED);
        private AppliedState state;
        private int[] totals;
        private long firstHandle;

        /** Creates all counters, by name. */
        @Setup(Level.Trial)
        public void fill()
        {
            state = new AppliedState();
            totals = new int[names];
            state.createCounters(bearers, 0, names);
            firstHandle = state.firstHandle(bearers, names);
        }

        /** Compares, and gives the memory back. */
        @TearDown(Level.Trial)
        public void close()
        {
            state.verifyCounters(bearers, totals);
            state.close();
        }

        private int draw()
        {
            return random.nextInt(names);
        }

        private int delta(final int counter)
        {
            final int delta = 1 + random.nextInt(DELTAS);
            totals[counter] += delta;
            return delta;
        }
    }

    /** The next request of adds by handle, ACK. */
    @State(Scope.Thread)
    public static class ByHandle
    {
        private final RecordBody body = RecordBody.addsByHandle(COMMANDS, ReplyForm.ACK);

        /** Draws it. */
        @Setup(Level.Invocation)
        public void draw(final Counters counters)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                final int counter = counters.draw();
                body.putHandle(i, counters.firstHandle + counter, counters.delta(counter));
            }
        }
    }

    /** The next request of adds by 14-byte name, VALUES. */
    @State(Scope.Thread)
    public static class ByName
    {
        private RecordBody body;

        /** Builds its form. */
        @Setup(Level.Trial)
        public void build(final Counters counters)
        {
            body = RecordBody.adds(counters.bearers, COMMANDS, ReplyForm.VALUES);
        }

        /** Draws it. */
        @Setup(Level.Invocation)
        public void draw(final Counters counters)
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                final int counter = counters.draw();
                body.put(i, counter, counters.delta(counter));
            }
        }
    }

    /** Target a. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long addByHandle(final Counters counters, final ByHandle request)
    {
        return counters.state.request(request.body);
    }

    /** Target b. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long addByName(final Counters counters, final ByName request)
    {
        return counters.state.request(request.body);
    }
}

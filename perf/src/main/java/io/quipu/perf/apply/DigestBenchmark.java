package io.quipu.perf.apply;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.perf.NumberedNames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.SplittableRandom;

/**
 * What the digest has to compute for an add by handle, alone: two weights and two multiplications, straight from the
 * request that is applied for target a. No memory but that request is touched, so it is the least that the digest's
 * share can be; inside {@code apply} some of it hides behind reads of memory. Before anything is timed, an engine's
 * state applies the same request and its digest must have changed by just that.
 * <pre>
 *   weight(handle) = mix64(handle + SEED[lane]) | 1          digest[lane] += weight(handle) * delta
 * </pre>
 */
public class DigestBenchmark extends ApplyBenchmark
{
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FIRST_STATE = 0x7175697075L;
    private static final long SEED_HIGH = mix64(FIRST_STATE + GOLDEN_GAMMA);
    private static final long SEED_LOW = mix64(FIRST_STATE + 1 + GOLDEN_GAMMA);

    /** Requests of adds by handle, each drawn anew. */
    @State(Scope.Thread)
    public static class Adds
    {
        private static final int COUNTERS = 100_000;
        private static final int DELTAS = 100;

        private final RecordBody body = RecordBody.addsByHandle(COMMANDS, ReplyForm.ACK);
        private final SplittableRandom random = new SplittableRandom(SEED);
        private long firstHandle;
        private long high;
        private long low;

        /** Compares with a state. */
        @Setup(Level.Trial)
        public void compare()
        {
            final NumberedNames names = new NumberedNames("c:");
            try (AppliedState state = new AppliedState())
            {
                state.createCounters(names, 0, COUNTERS);
                firstHandle = state.firstHandle(names, COUNTERS);
                draw();
                final long[] before = state.digestOfCounters();
                state.request(body);
                final long[] after = state.digestOfCounters();
                digest();
                if (after[0] - before[0] != high || after[1] - before[1] != low)
                {
                    throw new IllegalStateException("this is not what the digest computes");
                }
            }
        }

        /** Draws it. */
        @Setup(Level.Invocation)
        public void draw()
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                body.putHandle(i, firstHandle + random.nextInt(COUNTERS), 1 + random.nextInt(DELTAS));
            }
        }

        private long digest()
        {
            for (int i = 0; i < COMMANDS; i++)
            {
                final long handle = body.handle(i);
                final long delta = body.valueOfHandle(i);
                high += (mix64(handle + SEED_HIGH) | 1) * delta;
                low += (mix64(handle + SEED_LOW) | 1) * delta;
            }
            return high ^ low;
        }
    }

    /** Of the adds of target a. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long digestOfAdds(final Adds adds)
    {
        return adds.digest();
    }

    private static long mix64(final long value)
    {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

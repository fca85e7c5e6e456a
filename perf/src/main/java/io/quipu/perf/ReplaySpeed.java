package io.quipu.perf;

import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Target k: the loads of e1 and f, the engine stopped in order, and its journal replayed from the first byte: read,
 * checked, applied, the digest of every record compared. The rate counts what came behind the filling, and so does
 * the time.
 */
final class ReplaySpeed
{
    private static final double LEAST = 1.5;

    private final BenchPlan plan;

    ReplaySpeed(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome measure() throws IOException
    {
        final Outcome outcome = plan.outcome(BenchTarget.K);
        replay(outcome, BenchTarget.E1);
        replay(outcome, BenchTarget.F);
        return outcome;
    }

    private void replay(final Outcome outcome, final BenchTarget load) throws IOException
    {
        try (LoadedEngine loaded = LoadedEngine.open(plan, load))
        {
            final long filled = loaded.sequence();
            final double live = loaded.load(plan.roundNs()).commandsPerSecond();
            loaded.verify();
            final String digest = loaded.digest();
            loaded.engine().stop();

            final long[] fromNs = new long[1];
            final long[] fromSequence = new long[1];
            try (Replay replay = Replay.of(loaded.engine().dir(), Replayer.TO_END, (sequence, bytes, totalBytes) ->
            {
                if (fromNs[0] == 0 && sequence >= filled)
                {
                    fromNs[0] = System.nanoTime();
                    fromSequence[0] = sequence;
                }
            }))
            {
                final double seconds = (System.nanoTime() - fromNs[0]) / (double)TimeUnit.SECONDS.toNanos(1);
                final double rate = (replay.state().sequence() - fromSequence[0]) / seconds;
                if (!replay.digest().equals(digest))
                {
                    throw new IllegalStateException("replayed to digest " + replay.digest() + ", it was " + digest);
                }
                outcome
                    .figure(Figure.atLeast("replay to live, " + load.id(), rate / live, "", LEAST))
                    .figure(Figure.of("replay, " + load.id(), rate, "commands/s"))
                    .figure(Figure.of("live, " + load.id(), live, "commands/s"))
                    .condition("verified", "every reply, the values read back, and the digest at the end of each replay");
            }
        }
    }
}

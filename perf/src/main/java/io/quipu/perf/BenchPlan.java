package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.cli.EngineProcess;
import io.quipu.engine.cli.Output;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What was asked for.
 *
 * @param names   to work on.
 * @param isCurve whether what is inside apply is measured at all powers of ten below, too.
 * @param seconds measured for each target, warm-up apart, over all rounds.
 * @param rounds  that this time is divided into; beside a peer the two take turns. The median of the rounds is printed.
 * @param ack     of the requests.
 * @param base    where engines and peers keep their files.
 * @param redis   beside which it is measured; null for nobody.
 * @param out     hears what is under way.
 */
record BenchPlan(
    int names, boolean isCurve, int seconds, int rounds, Ack ack, Path base, RedisServer redis, Output out)
{
    /** Of everything that is drawn. */
    static final long SEED = 20_260_101L;

    /** Conditions that are the same for all targets: told once to people, and with every object. */
    static final Set<String> SHARED = Set.of(
        "names", "size", "published", "seconds", "rounds", "ack", "machine", "flags", "engineFlags", "date", "commit",
        "journalFileSystem");

    static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);

    /** Names at which a figure is published; below, it is a look. */
    static final int PUBLISHED_NAMES = 10_000_000;

    /** The same beside a peer. */
    BenchPlan beside(final RedisServer newRedis)
    {
        return new BenchPlan(names, isCurve, seconds, rounds, ack, base, newRedis, out);
    }

    /** The same with another ack level, beside nobody. */
    BenchPlan acknowledged(final Ack newAck)
    {
        return new BenchPlan(names, isCurve, seconds, rounds, newAck, base, null, out);
    }

    long roundNs()
    {
        return TimeUnit.SECONDS.toNanos(seconds) / rounds;
    }

    void note(final String text)
    {
        out.note("bench: " + text);
    }

    /** The conditions that all targets share. */
    Outcome outcome(final BenchTarget target)
    {
        return new Outcome(target)
            .condition("names", names)
            .condition("size", size(names))
            .condition("published", names >= PUBLISHED_NAMES ? "yes" : "no, a look at " + size(names) + " names")
            .condition("seconds", seconds)
            .condition("rounds", rounds)
            .condition("ack", name(ack))
            .condition("machine", Machine.describe())
            .condition("flags", Machine.flags())
            .condition("engineFlags", String.join(" ", EngineProcess.JVM_FLAGS))
            .condition("date", LocalDate.now().toString())
            .condition("commit", Machine.commit());
    }

    /** An ack level as people write it. */
    static String name(final Ack ack)
    {
        return ack.name().toLowerCase(Locale.ROOT);
    }

    /** A number of names as people write it. */
    static String size(final long names)
    {
        return names % 1_000_000 == 0 ? names / 1_000_000 + "M" : names % 1_000 == 0 ? names / 1_000 + "k" : Long.toString(names);
    }
}

package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.cli.Verb;
import io.quipu.engine.cli.VerbException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures engines of its own, in processes of their own. A figure is printed only after every reply, and everything
 * read back, was what it had to be.
 */
@Command(
    name = "bench",
    description = {
        "Measure what Quipu promises: each target by its id in perf/README.md, every reply verified.",
        "Starts an engine process for each target and stops it again. Two cores are kept busy; nothing else should run.",
        "Without options: e1, e2, f and g on 1M names, a look that takes less than three minutes."})
final class BenchVerb extends Verb
{
    private static final int LOOK_SECONDS = 9;
    private static final int PUBLISHED_SECONDS = 30;
    private static final int ROUNDS = 3;

    @Option(
        names = "--size", paramLabel = "NAMES", defaultValue = "1M",
        description = "Names to work on, as 1000, 100k or 10M. Default: 1M; figures are published from 10M on.")
    private String size;

    @Option(
        names = "--targets", paramLabel = "IDS", defaultValue = "e1,e2,f,g", split = ",",
        description = {
            "a, b: adds inside apply; c1, c2: moves on a board inside apply; d: ranks; e1: adds by handle, end to end;",
            "e2: by name; f: board increments; g: one at a time; h: fixed rate; i: durable; j: memory; k: replay;",
            "l: allocation; m: pauses of growth and release; n: journal bytes; o: idle connections; all.",
            "Default: e1,e2,f,g."})
    private List<String> targets;

    @Option(
        names = "--against", paramLabel = "PEER",
        description = "redis: start redis-server and run redis-benchmark in turn with e1, e2, f and g.")
    private String against;

    @Option(
        names = "--fsync",
        description = "Instead: durable adds by name beside Redis with appendfsync always, and with everysec.")
    private boolean fsync;

    @Option(
        names = "--curve",
        description = "a to d at every power of ten from 1k up to --size, for the plot of cost against size in the report.")
    private boolean curve;

    @Option(
        names = "--report", paramLabel = "DIR",
        description = "Write an HTML page with plots, and the raw histograms, into this directory.")
    private Path reportDir;

    @Option(
        names = "--seconds", paramLabel = "N",
        description = "Measured time of each target, warm-up apart. Default: 9, from 10M names on 30.")
    private Integer seconds;

    @Option(
        names = "--ack", paramLabel = "LEVEL", defaultValue = "journaled",
        description = "journaled (survives a killed process) or durable (survives power loss). Default: journaled.")
    private String ack;

    @Option(
        names = "--dir", paramLabel = "DIR",
        description = "Where the journals are written, and removed again. Default: the directory for temporary files.")
    private Path dir;

    @Override
    protected int run() throws Exception
    {
        final List<BenchTarget> chosen = targets();
        final int names = names(size);
        final int measured = seconds();
        final Ack level = fsync ? Ack.DURABLE : level();
        final Path base = dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : Files.createDirectories(dir);
        final boolean besideRedis = besideRedis();
        final Report report = reportDir == null ? null : new Report(reportDir);
        Leftovers.clearAtExit();
        out().note("bench: " + Machine.describe() + ", " + Machine.flags() + ", commit " + Machine.commit() + ", " +
            LocalDate.now());
        out().note("bench: " + BenchPlan.size(names) + " names" + (names < BenchPlan.PUBLISHED_NAMES ? ", a look" : "") +
            ", ack " + BenchPlan.name(level) + ", " + measured + " s each in " + ROUNDS + " rounds, journals on " +
            new Disk(base).fileSystem());

        final BenchPlan plan = new BenchPlan(names, curve, measured, ROUNDS, level, base, null, out());
        final List<Outcome> outcomes = fsync ? new FsyncComparison(plan).measure() : measure(chosen, plan, besideRedis);
        new OutcomeWriter(out()).table(outcomes);
        if (report != null)
        {
            report.write(outcomes);
            out().note("bench: report in " + reportDir.resolve("index.html"));
        }
        return 0;
    }

    private List<Outcome> measure(final List<BenchTarget> chosen, final BenchPlan alone, final boolean besideRedis)
        throws IOException
    {
        final List<Outcome> outcomes = new ArrayList<>();
        final Disk disk = new Disk(alone.base());
        try (RedisServer redis = besideRedis ? RedisServer.start(alone.base(), "--save", "", "--appendonly", "no") : null)
        {
            final BenchPlan plan = alone.beside(redis);
            if (redis != null)
            {
                fill(redis, plan, chosen);
            }
            for (final BenchTarget target : chosen)
            {
                final Outcome outcome = new Measurements(plan).measure(target);
                outcomes.add(target.isJournaled() ? disk.beside(outcome) : outcome);
                new OutcomeWriter(out()).write(outcome);
            }
        }
        return outcomes;
    }

    private static void fill(final RedisServer redis, final BenchPlan plan, final List<BenchTarget> chosen) throws IOException
    {
        final long startNs = System.nanoTime();
        redis.insert(plan.names(), (stream) -> RedisPrefill.counters(stream, plan.names()));
        if (chosen.contains(BenchTarget.F))
        {
            redis.insert(
                RedisPrefill.memberCommands(plan.names()),
                (stream) -> RedisPrefill.members(stream, plan.names(), BenchPlan.SEED));
        }
        plan.note(redis.version() + ", filled in " + OutcomeWriter.number((System.nanoTime() - startNs) / 1e9) + " s, " +
            OutcomeWriter.number(ProcFiles.residentBytes(redis.pid()) / 1e6) + " MB resident");
    }

    static int names(final String size)
    {
        final String text = size.toLowerCase(Locale.ROOT);
        final int scale = text.endsWith("m") ? 1_000_000 : text.endsWith("k") ? 1_000 : 1;
        final String digits = scale == 1 ? text : text.substring(0, text.length() - 1);
        if (!digits.matches("[0-9]{1,9}") || Long.parseLong(digits) * scale < 1_000 ||
            Long.parseLong(digits) * scale > 100_000_000)
        {
            throw VerbException.usage("--size=" + size + ": write 1000 to 100M, as 1000, 100k or 10M");
        }
        return Integer.parseInt(digits) * scale;
    }

    private int seconds()
    {
        if (seconds == null)
        {
            return names(size) < BenchPlan.PUBLISHED_NAMES ? LOOK_SECONDS : PUBLISHED_SECONDS;
        }
        if (seconds < 1)
        {
            throw VerbException.usage("--seconds=" + seconds + ": at least 1");
        }
        return seconds;
    }

    private Ack level()
    {
        return switch (ack)
        {
            case "journaled" -> Ack.JOURNALED;
            case "durable" -> Ack.DURABLE;
            default -> throw VerbException.usage("--ack=" + ack + ": choose journaled or durable");
        };
    }

    private boolean besideRedis()
    {
        if (against != null && !"redis".equals(against))
        {
            throw VerbException.usage("--against=" + against + ": choose redis");
        }
        if (against != null || fsync)
        {
            RedisServer.requireInstalled(System.getenv("PATH"));
        }
        return against != null;
    }

    private List<BenchTarget> targets()
    {
        try
        {
            return BenchTarget.of(targets);
        }
        catch (final IllegalArgumentException ex)
        {
            throw VerbException.usage(ex.getMessage());
        }
    }
}

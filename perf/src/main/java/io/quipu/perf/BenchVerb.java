package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.cli.EngineProcess;
import io.quipu.engine.cli.Verb;
import io.quipu.engine.cli.VerbException;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures an engine of its own, in a process of its own, from end to end: UDP, journal, state, reply. A figure is printed only
 * after every reply, and everything read back, was what it had to be.
 */
@Command(
    name = "bench",
    description = {
        "Measure an engine from end to end: UDP, journal, state, reply; every reply is verified.",
        "Starts an engine process for each target and stops it again. Two cores are kept busy."})
final class BenchVerb extends Verb
{
    private static final long SEED = 20_260_101L;
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);

    @Option(
        names = "--size", paramLabel = "NAMES", defaultValue = "1M",
        description = "Names to work on, as 1000, 100k or 10M. Default: 1M.")
    private String size;

    @Option(
        names = "--targets", paramLabel = "IDS", defaultValue = "e1,e2,f,g", split = ",",
        description = {
            "e1 adds by handle, e2 adds by name, f board increments by name,",
            "g latency of one add at a time. Default: all."})
    private List<String> targets;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "Measured time of each. Default: 10.")
    private int seconds;

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
        final int names = names();
        final Ack level = level();
        final List<BenchTarget> chosen = targets();
        if (seconds < 1)
        {
            throw VerbException.usage("--seconds=" + seconds + ": at least 1");
        }
        out().note("bench: " + Machine.describe() + ", " + LocalDate.now() + ", " + size + " names, ack " + ack);
        for (final BenchTarget target : chosen)
        {
            measure(target, names, level);
        }
        return 0;
    }

    private void measure(final BenchTarget target, final int names, final Ack level) throws IOException
    {
        final Path base = dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : Files.createDirectories(dir);
        final Path run = Files.createTempDirectory(base, "quipu-bench-");
        try (EngineProcess engine = EngineProcess.start(
            run.resolve("engine"), "localhost:0", run.resolve("engine.log"), "--idle", "spin", "--feed", "off"))
        {
            final ClientContext context = new ClientContext().engine(engine.ingress()).defaultAck(level);
            final Workload workload = target.workload(names, SEED);
            try (LoadGenerator generator = new LoadGenerator(context.clone(), workload))
            {
                generator.fill();
                try (QuipuClient client = QuipuClient.connect(context.clone()))
                {
                    workload.prepare(client);
                }
                generator.measure(WARM_UP_NS, target.window(), LoadGenerator.FULL_SPEED);
                final long journalBefore = journalBytes(context);
                final LoadResult result = generator.measure(
                    TimeUnit.SECONDS.toNanos(seconds), target.window(), LoadGenerator.FULL_SPEED);
                final double journalBytes = (journalBytes(context) - journalBefore) / (double)result.commands();
                try (QuipuClient client = QuipuClient.connect(context.clone()))
                {
                    print(target, names, result, journalBytes, workload.verifyAll(client));
                }
            }
            engine.stop();
        }
        finally
        {
            remove(run);
        }
    }

    private static long journalBytes(final ClientContext context)
    {
        try (QuipuClient client = QuipuClient.connect(context.clone()))
        {
            return client.status().gauges().get("journalBytes");
        }
    }

    private void print(
        final BenchTarget target,
        final int names,
        final LoadResult result,
        final double journalBytes,
        final long compared)
    {
        if (json())
        {
            if (target == BenchTarget.G)
            {
                figure(target, "p50", result.latencyUs(50), "us", names, result);
                figure(target, "p99", result.latencyUs(99), "us", names, result);
                figure(target, "p99.9", result.latencyUs(99.9), "us", names, result);
            }
            else
            {
                figure(target, "rate", result.commandsPerSecond(), "commands/s", names, result);
            }
            figure(target, "journal", journalBytes, "bytes/command", names, result);
            return;
        }

        out().line(String.format(
            Locale.ROOT,
            "%-3s %-34s %,14.0f commands/s   request p50 %,.1f us, p99 %,.1f us, p99.9 %,.1f us",
            target.id(),
            target.title(),
            result.commandsPerSecond(),
            result.latencyUs(50),
            result.latencyUs(99),
            result.latencyUs(99.9)));
        out().line(String.format(
            Locale.ROOT,
            "    %,d commands in %.1f s, %d a request, %.1f journal bytes each, ack %s; " +
                "every reply and %,d values read back were right",
            result.commands(),
            result.seconds(),
            target.batch(),
            journalBytes,
            ack,
            compared));
    }

    private void figure(
        final BenchTarget target,
        final String figure,
        final double value,
        final String unit,
        final int names,
        final LoadResult result)
    {
        out().object(json ->
        {
            json.writeStringField("target", target.id());
            json.writeStringField("figure", figure);
            json.writeNumberField("value", Math.round(value * 10) / 10.0);
            json.writeStringField("unit", unit);
            json.writeStringField("ack", ack);
            json.writeNumberField("batch", target.batch());
            json.writeNumberField("names", names);
            json.writeStringField("size", size);
            json.writeNumberField("seconds", Math.round(result.seconds() * 10) / 10.0);
            json.writeNullField("peer");
            json.writeNullField("peerValue");
            json.writeNullField("ratio");
        });
    }

    private int names()
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

    private Ack level()
    {
        return switch (ack)
        {
            case "journaled" -> Ack.JOURNALED;
            case "durable" -> Ack.DURABLE;
            default -> throw VerbException.usage("--ack=" + ack + ": choose journaled or durable");
        };
    }

    private List<BenchTarget> targets()
    {
        try
        {
            return targets.stream().map(BenchTarget::of).toList();
        }
        catch (final IllegalArgumentException ex)
        {
            throw VerbException.usage(ex.getMessage());
        }
    }

    private static void remove(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }
}

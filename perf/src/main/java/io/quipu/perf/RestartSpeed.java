package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.engine.cli.EngineProcess;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an engine takes to be ready, and the most memory that it has resident, by hand: {@code RestartSpeed DIR COUNTERS
 * MEMBERS ADDS [name]}. What is made in DIR stays there, and is not filled again.
 * <pre>
 *   fill, end in order     the checkpoint is written
 *   start, adds, SIGKILL   by handle, or by name: the tail
 *   start                  the checkpoint is loaded, the tail applied
 *   start                  with a shadow, until it has done the same
 * </pre>
 */
final class RestartSpeed
{
    private static final int BY_HANDLE = 512;
    private static final int BY_NAME = 64;
    private static final int WINDOW = 32;
    private static final long LOAD_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path dir;
    private final CounterWorkload counters;
    private final BoardWorkload members;

    private RestartSpeed(final Path dir, final int counters, final int members, final boolean byName)
    {
        this.dir = dir;
        this.counters = new CounterWorkload(
            counters, byName ? BY_NAME : BY_HANDLE, !byName, ReplyForm.ACK, BenchPlan.SEED);
        this.members = new BoardWorkload(members, BY_NAME, ReplyForm.ACK, BenchPlan.SEED);
    }

    public static void main(final String[] args) throws IOException
    {
        final RestartSpeed speed = new RestartSpeed(
            Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), args.length > 4);
        if (!Files.exists(speed.dir))
        {
            speed.fill();
        }
        speed.addTail(Long.parseLong(args[3]));
        speed.startAlone();
        speed.startBesideShadow();
    }

    private void fill() throws IOException
    {
        try (EngineProcess engine = start("off"))
        {
            for (final Workload workload : new Workload[] { counters, members })
            {
                try (LoadGenerator generator = new LoadGenerator(client(engine), workload))
                {
                    generator.fill();
                }
            }
            final long startNs = System.nanoTime();
            if (engine.stop() != 0)
            {
                throw new IllegalStateException("the engine ended with a failure, see " + log());
            }
            say("filled; ended in order, with its checkpoint, in %.1f s", seconds(startNs));
        }
    }

    private void addTail(final long adds) throws IOException
    {
        try (EngineProcess engine = start("off"))
        {
            try (QuipuClient client = QuipuClient.connect(client(engine)))
            {
                counters.prepare(client);
            }
            final long startNs = System.nanoTime();
            try (LoadGenerator generator = new LoadGenerator(client(engine), counters))
            {
                for (long added = 0; added < adds; )
                {
                    added += generator.measure(LOAD_NS, WINDOW).commands();
                }
            }
            say("%,d adds in %.1f s, then SIGKILL", adds, seconds(startNs));
            engine.kill();
        }
    }

    /** Killed, so that the tail is a tail for the next one too. */
    private void startAlone() throws IOException
    {
        try (EngineProcess engine = start("off"))
        {
            engine.kill();
        }
    }

    private void startBesideShadow() throws IOException
    {
        final long startNs = System.nanoTime();
        try (EngineProcess engine = start("on"); QuipuClient client = QuipuClient.connect(client(engine)))
        {
            Map<String, Long> gauges = client.status().gauges();
            while (gauges.get("shadowStateBytes") == 0 || gauges.get("shadowLag") > 0)
            {
                LockSupport.parkNanos(PAUSE_NS);
                gauges = client.status().gauges();
            }
            say("with its shadow, which was level after %.1f s: peak %,d MB; state %,d MB, the shadow's %,d MB",
                seconds(startNs),
                ProcFiles.peakResidentBytes(engine.pid()) >> 20,
                gauges.get("stateBytes") >> 20,
                gauges.get("shadowStateBytes") >> 20);
        }
    }

    private EngineProcess start(final String shadow) throws IOException
    {
        final long startNs = System.nanoTime();
        final EngineProcess engine = EngineProcess.start(
            dir, "localhost:0", log(), "--idle", "spin", "--feed", "off", "--shadow", shadow);
        say("ready in %.1f s: peak %,d MB", seconds(startNs), ProcFiles.peakResidentBytes(engine.pid()) >> 20);

        return engine;
    }

    private Path log() throws IOException
    {
        return Files.createDirectories(dir.toAbsolutePath().getParent()).resolve(dir.getFileName() + ".log");
    }

    private static ClientContext client(final EngineProcess engine)
    {
        return new ClientContext()
            .engine(engine.ingress())
            .defaultAck(Ack.JOURNALED)
            .requestTimeoutNs(TimeUnit.MINUTES.toNanos(1));
    }

    private static double seconds(final long startNs)
    {
        return (System.nanoTime() - startNs) / (double)TimeUnit.SECONDS.toNanos(1);
    }

    private static void say(final String format, final Object... values)
    {
        System.out.printf(format + "%n", values);
    }
}

package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.cli.EngineProcess;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An engine process with a directory of its own, both gone at the end. One thread.
 */
final class EngineUnderTest implements AutoCloseable
{
    private final EngineProcess process;
    private final Path dir;
    private final Ack ack;

    private EngineUnderTest(final EngineProcess process, final Path dir, final Ack ack)
    {
        this.process = process;
        this.dir = dir;
        this.ack = ack;
    }

    /**
     * Starts one.
     *
     * @param base where its directory is made.
     * @param ack  of the requests that are sent.
     * @param idle what it does with nothing to do: {@code spin} or {@code backoff}.
     */
    static EngineUnderTest start(final Path base, final Ack ack, final String idle) throws IOException
    {
        final Path dir = Leftovers.createDirectory(base, "quipu-bench-");
        boolean isStarted = false;
        try
        {
            final EngineProcess process = EngineProcess.start(
                dir.resolve("engine"), "localhost:0", dir.resolve("engine.log"),
                "--idle", idle, "--feed", "off", "--shadow", "off");
            isStarted = true;
            return new EngineUnderTest(process, dir, ack);
        }
        finally
        {
            if (!isStarted)
            {
                Leftovers.remove(dir);
            }
        }
    }

    /** A client's configuration, a new one each time. */
    ClientContext client()
    {
        return new ClientContext()
            .engine(process.ingress())
            .defaultAck(ack)
            .requestTimeoutNs(TimeUnit.MINUTES.toNanos(1));
    }

    /** The directory that holds the journal. */
    Path dir()
    {
        return dir.resolve("engine");
    }

    /** What the processes and the devices have done so far. */
    Usage usage()
    {
        final Map<String, Long> gauges;
        try (QuipuClient client = QuipuClient.connect(client()))
        {
            gauges = client.status().gauges();
        }
        return new Usage(
            System.nanoTime(),
            ProcFiles.cpuNs(process.pid()),
            ProcFiles.cpuNs(ProcessHandle.current().pid()),
            ProcFiles.loopbackBytes(),
            gauges.get("journalBytes"),
            gauges.get("repliesDropped"));
    }

    /** Resident memory of the engine's process. */
    long residentBytes()
    {
        return ProcFiles.residentBytes(process.pid());
    }

    /** Ends it in order; the journal stays until {@link #close()}. */
    void stop() throws IOException
    {
        if (process.stop() != 0)
        {
            final List<String> log = Files.readAllLines(dir.resolve("engine.log"));
            throw new IllegalStateException("the engine ended with a failure: " + String.join(" | ", log));
        }
    }

    @Override
    public void close() throws IOException
    {
        process.close();
        Leftovers.remove(dir);
    }

    /**
     * Counts so far.
     *
     * @param timeNs        when they were taken.
     * @param engineCpuNs   time on a core of the engine's process.
     * @param clientCpuNs   likewise of this one.
     * @param loopbackBytes over the loopback device.
     * @param journalBytes  in the journal.
     * @param repliesDropped by the engine for want of room, to be asked for again.
     */
    record Usage(
        long timeNs, long engineCpuNs, long clientCpuNs, long loopbackBytes, long journalBytes, long repliesDropped)
    {
        /** What was added since an earlier one. */
        Usage since(final Usage earlier)
        {
            return new Usage(
                timeNs - earlier.timeNs,
                engineCpuNs - earlier.engineCpuNs,
                clientCpuNs - earlier.clientCpuNs,
                loopbackBytes - earlier.loopbackBytes,
                journalBytes - earlier.journalBytes,
                repliesDropped - earlier.repliesDropped);
        }
    }
}

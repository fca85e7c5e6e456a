package io.quipu.perf;

import io.quipu.engine.cli.EngineProcess;
import io.quipu.engine.cli.VerbException;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A redis-server on a loopback port, in a directory of its own, stopped by its pid and removed at the end; and
 * redis-benchmark against it. One thread.
 */
final class RedisServer implements AutoCloseable
{
    static final String HOW_TO_INSTALL =
        "redis-server and redis-benchmark are not on the PATH: apt-get install redis-server, then start again";

    private static final long START_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long STOP_SECONDS = 30;
    private static final long BENCHMARK_NS = TimeUnit.MINUTES.toNanos(5);
    private static final long TURN_MS = 20;

    private final Process process;
    private final int port;
    private final Path dir;
    private String label = "Redis";

    private RedisServer(final Process process, final int port, final Path dir)
    {
        this.process = process;
        this.port = port;
        this.dir = dir;
    }

    /**
     * Starts one.
     *
     * @param base    where its directory is made.
     * @param options on persistence, as redis-server takes them.
     * @throws VerbException when it is not installed or does not start.
     */
    static RedisServer start(final Path base, final String... options) throws IOException
    {
        requireInstalled(System.getenv("PATH"));
        final Path dir = Leftovers.createDirectory(base, "quipu-bench-redis-");
        final int port = freePort();
        final List<String> command = new ArrayList<>(List.of(
            "redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", dir.toString(),
            "--daemonize", "no"));
        command.addAll(List.of(options));
        final Process process = new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("redis.log").toFile())
            .start();
        final RedisServer server = new RedisServer(process, port, dir);
        server.awaitPort();
        return server;
    }

    /** Fails with the line that says how to install it. */
    static void requireInstalled(final String path)
    {
        for (final String program : List.of("redis-server", "redis-benchmark", "redis-cli"))
        {
            boolean found = false;
            for (final String directory : (path == null ? "" : path).split(File.pathSeparator))
            {
                found |= !directory.isEmpty() && Files.isExecutable(Path.of(directory, program));
            }
            if (!found)
            {
                throw VerbException.refused("NO_REDIS", HOW_TO_INSTALL);
            }
        }
    }

    int port()
    {
        return port;
    }

    long pid()
    {
        return process.pid();
    }

    /** First line of {@code redis-server --version}. */
    String version() throws IOException
    {
        return run(List.of("redis-server", "--version"), () -> {}, new long[1]).strip();
    }

    /** What it is called beside a figure: its policy of syncing is said when it was set. */
    String label()
    {
        return label;
    }

    /** Sets when it syncs its append-only file, which must be on: {@code always}, {@code everysec} or {@code no}. */
    void appendfsync(final String policy) throws IOException
    {
        final String answer = run(
            List.of("redis-cli", "-p", Integer.toString(port), "CONFIG", "SET", "appendfsync", policy), () -> {}, new long[1]);
        if (!"OK".equals(answer.strip()))
        {
            throw new IllegalStateException("appendfsync " + policy + ": " + answer);
        }
        label = "Redis, appendfsync " + policy;
    }

    /**
     * Sends commands in the protocol of Redis through {@code redis-cli --pipe}, its way of mass insertion.
     *
     * @param count  of the replies that must come, without an error.
     * @param writer of the commands.
     */
    void insert(final long count, final RedisPrefill.Writer writer) throws IOException
    {
        final Path output = dir.resolve("pipe.log");
        final Process pipe = new ProcessBuilder("redis-cli", "-p", Integer.toString(port), "--pipe")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        try (OutputStream stream = new BufferedOutputStream(pipe.getOutputStream(), 1 << 16))
        {
            writer.writeTo(stream);
        }
        await(pipe, () -> {}, new long[1]);
        final String said = Files.readString(output, StandardCharsets.UTF_8);
        if (!said.contains("errors: 0, replies: " + count))
        {
            throw new IllegalStateException("filling Redis: " + said.strip());
        }
    }

    /** The command line that {@link #benchmark} runs. */
    List<String> commandLine(final List<String> arguments)
    {
        final List<String> command = new ArrayList<>(List.of("redis-benchmark", "-p", Integer.toString(port)));
        command.addAll(arguments);
        return command;
    }

    /**
     * Runs redis-benchmark.
     *
     * @param arguments behind the port.
     * @param meanwhile called again and again while it runs.
     * @return its summary, with the share of a core that each side took.
     */
    RedisRun benchmark(final List<String> arguments, final Runnable meanwhile) throws IOException
    {
        final long[] clientNs = new long[1];
        final long beforeNs = ProcFiles.cpuNs(pid());
        final long startNs = System.nanoTime();
        final String output = run(commandLine(arguments), meanwhile, clientNs);
        final double elapsedNs = System.nanoTime() - startNs;
        return new RedisRun(
            RedisReport.parse(output), (ProcFiles.cpuNs(pid()) - beforeNs) / elapsedNs, clientNs[0] / elapsedNs);
    }

    private String run(final List<String> command, final Runnable meanwhile, final long[] cpuNs) throws IOException
    {
        final Path output = dir.resolve("output.txt");
        final Process client = new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        await(client, meanwhile, cpuNs);
        final String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        if (client.exitValue() != 0)
        {
            throw new IllegalStateException(String.join(" ", command) + ": " + text.strip());
        }
        return text;
    }

    /** Samples the time on a core, since nobody can ask for it once the process is gone. */
    private static void await(final Process process, final Runnable meanwhile, final long[] cpuNs) throws IOException
    {
        final long deadlineNs = System.nanoTime() + BENCHMARK_NS;
        try
        {
            while (!process.waitFor(TURN_MS, TimeUnit.MILLISECONDS))
            {
                cpuNs[0] = Math.max(cpuNs[0], ProcFiles.cpuNs(process.pid()));
                meanwhile.run();
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new IOException("process " + process.pid() + " takes too long");
                }
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        finally
        {
            process.destroy();
        }
    }

    private void awaitPort() throws IOException
    {
        final long deadlineNs = System.nanoTime() + START_NS;
        while (System.nanoTime() - deadlineNs < 0 && process.isAlive())
        {
            try (Socket socket = new Socket())
            {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int)TURN_MS);
                return;
            }
            catch (final IOException notYet)
            {
                Thread.onSpinWait();
            }
        }
        final String log = Files.readString(dir.resolve("redis.log"), StandardCharsets.ISO_8859_1).strip();
        close();
        throw VerbException.refused("REDIS", "redis-server did not start: " + log.replaceAll("\\R", " | "));
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException
    {
        EngineProcess.end(process, STOP_SECONDS);
        Leftovers.remove(dir);
    }
}

package io.quipu.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@link EngineMain} in a JVM of its own, its output read by a thread.
 */
final class EngineProcess implements AutoCloseable
{
    /** System property of the process. */
    static final String THREADS = "quipu.test.threads";

    private static final String READY = "ready ";

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Process process;
    private final Thread reader;

    EngineProcess(final String... args)
    {
        this(Threads.COMPACT, args);
    }

    EngineProcess(final Threads threads, final String... args)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("quipu.jvm.args").trim().split("\\s+")));
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-D" + THREADS + '=' + threads);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(EngineMain.class.getName());
        command.addAll(Arrays.asList(args));
        try
        {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        reader = new Thread(this::read, "engine-output");
        reader.start();
    }

    private void read()
    {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream())))
        {
            String line = output.readLine();
            while (null != line)
            {
                lines.add(line);
                line = output.readLine();
            }
        }
        catch (final IOException ex)
        {
            lines.add(ex.toString());
        }
    }

    boolean isReady()
    {
        return null != readyLine();
    }

    /** The ready line, or null while there is none. */
    String readyLine()
    {
        synchronized (lines)
        {
            return lines.stream().filter(line -> line.startsWith(READY)).findFirst().orElse(null);
        }
    }

    /** Waits for the ready line. */
    String awaitReady() throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isReady())
        {
            if (!process.isAlive() || System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("not ready: " + lines);
            }

            Thread.sleep(5);
        }

        return readyLine();
    }

    /** A field of the ready line. */
    String ready(final String field)
    {
        return Arrays.stream(readyLine().split(" "))
            .filter(part -> part.startsWith(field + "="))
            .map(part -> part.substring(field.length() + 1))
            .findFirst()
            .orElseThrow();
    }

    boolean hasEnded()
    {
        return !process.isAlive();
    }

    List<String> lines()
    {
        return List.copyOf(lines);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException
    {
        process.destroyForcibly();
        process.waitFor();
        reader.join();
    }

    /** SIGTERM, and the exit code. */
    int terminate() throws InterruptedException
    {
        // The handle's, since that of the process would close its output first.
        process.toHandle().destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException
    {
        if (!process.waitFor(60, TimeUnit.SECONDS))
        {
            throw new AssertionError("does not end: " + lines);
        }

        reader.join();
        return process.exitValue();
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
        try
        {
            process.waitFor();
            reader.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}

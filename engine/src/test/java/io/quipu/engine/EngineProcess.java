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
 * {@link EngineMain}, or another program of the tests, in a JVM of its own, its output read by a thread.
 */
public final class EngineProcess implements AutoCloseable
{
    /** System properties of the process. */
    static final String THREADS = "quipu.test.threads";
    public static final String FLOOR = "quipu.test.floor";
    public static final String ROLL_LENGTH = "quipu.test.roll";
    public static final String CHECKPOINT_BYTES = "quipu.test.checkpoint";

    private static final String READY = "ready ";

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Process process;
    private final Thread reader;

    public EngineProcess(final String... args)
    {
        this(Threads.COMPACT, args);
    }

    EngineProcess(final Threads threads, final String... args)
    {
        this(List.of(), List.of("-D" + THREADS + '=' + threads), EngineMain.class, args);
    }

    /**
     * Starts it.
     *
     * @param wrapper program, with arguments, that is given the command line; none for none.
     * @param options more options for the JVM.
     * @param main    class to run.
     * @param args    of the program.
     */
    public EngineProcess(
        final List<String> wrapper, final List<String> options, final Class<?> main, final String... args)
    {
        final List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("quipu.jvm.args").trim().split("\\s+")));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
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

    public boolean isReady()
    {
        return null != readyLine();
    }

    /** The ready line, or null while there is none. */
    public String readyLine()
    {
        synchronized (lines)
        {
            return lines.stream().filter(line -> line.startsWith(READY)).findFirst().orElse(null);
        }
    }

    /** Waits for the ready line. */
    public String awaitReady() throws InterruptedException
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
    public String ready(final String field)
    {
        return Arrays.stream(readyLine().split(" "))
            .filter(part -> part.startsWith(field + "="))
            .map(part -> part.substring(field.length() + 1))
            .findFirst()
            .orElseThrow();
    }

    public boolean hasEnded()
    {
        return !process.isAlive();
    }

    public List<String> lines()
    {
        return List.copyOf(lines);
    }

    /**
     * Sends a signal.
     *
     * @param name as STOP or CONT.
     */
    public void signal(final String name) throws IOException, InterruptedException
    {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    public long pid()
    {
        return process.pid();
    }

    /** Ends its standard input. */
    public void endInput() throws IOException
    {
        process.getOutputStream().close();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException
    {
        process.destroyForcibly();
        process.waitFor();
        reader.join();
    }

    /** SIGTERM, and the exit code. */
    public int terminate() throws InterruptedException
    {
        // The handle's, since that of the process would close its output first.
        process.toHandle().destroy();
        return awaitExit();
    }

    /** Waits for its end, so long. */
    public void awaitEnd(final long timeoutNs) throws InterruptedException
    {
        process.waitFor(timeoutNs, TimeUnit.NANOSECONDS);
    }

    public int awaitExit() throws InterruptedException
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

package io.quipu.engine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/**
 * An engine in a process of its own, on the Java and the class path of this one: it can be killed as a crash would, and
 * is stopped at the latest when this process ends. Used by one thread.
 */
public final class EngineProcess implements AutoCloseable
{
    /** Of its JVM: those that bear on memory and speed. */
    public static final List<String> JVM_FLAGS = List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 10;
    /** For an end that is waited for: it may write a checkpoint of tens of millions of names. */
    private static final long END_SECONDS = 60;
    private static final int LOG_TAIL = 3;

    private final Process process;
    private final Path log;
    private final Thread hook;
    private String ingress;
    private long sequence;
    private String digest;

    private EngineProcess(final Process process, final Path log)
    {
        this.process = process;
        this.log = log;
        hook = new Thread(() -> end(process, STOP_SECONDS), "quipu-stop-engine");
    }

    /**
     * Starts an engine and waits until it accepts commands.
     *
     * @param dir     of the engine.
     * @param ingress HOST:PORT; port 0 picks one.
     * @param log     takes what it writes to standard error.
     * @param options further options of the {@code engine} verb.
     * @return the running engine.
     * @throws IOException   when no process can be started.
     * @throws VerbException when the engine does not start.
     */
    public static EngineProcess start(final Path dir, final String ingress, final Path log, final String... options)
        throws IOException
    {
        final List<String> command = command("engine", "--dir", dir.toString(), "--ingress", ingress);
        command.addAll(List.of(options));
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        final EngineProcess engine = new EngineProcess(builder.start(), log);
        boolean isReady = false;
        try
        {
            Runtime.getRuntime().addShutdownHook(engine.hook);
            engine.awaitReady();
            isReady = true;
            return engine;
        }
        finally
        {
            if (!isReady)
            {
                engine.close();
            }
        }
    }

    /** The command that runs a verb as this process would. */
    static List<String> command(final String... verb)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String option : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            // What the libraries need of the JVM; not this process's memory, agents or debugger.
            if (option.startsWith("--add-") || option.startsWith("--enable-native") || option.startsWith("--sun-misc") ||
                option.startsWith("-Dchronicle.") || option.startsWith("-Daeron.") || option.startsWith("-Dsystem.properties"))
            {
                command.add(option);
            }
        }
        command.addAll(List.of(
            "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"));
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), QuipuTool.class.getName()));
        command.addAll(List.of(verb));
        return command;
    }

    /** HOST:PORT that clients are given. */
    public String ingress()
    {
        return ingress;
    }

    /** Where it stood when it became ready. */
    long sequence()
    {
        return sequence;
    }

    /** Digest of that. */
    String digest()
    {
        return digest;
    }

    public long pid()
    {
        return process.pid();
    }

    /**
     * SIGKILL: no instruction of it runs after this.
     *
     * @throws IOException when it does not end.
     */
    public void kill() throws IOException
    {
        process.destroyForcibly();
        awaitEnd();
    }

    /**
     * SIGTERM: stops it in order.
     *
     * @return its exit code.
     * @throws IOException when it does not end.
     */
    public int stop() throws IOException
    {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    @Override
    public void close()
    {
        end(process, STOP_SECONDS);
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ignore)
        {
            // This process is ending: the hook runs already.
        }
    }

    /** SIGTERM, and SIGKILL to one that has not ended some seconds later. */
    public static void end(final Process process, final long patienceSeconds)
    {
        process.destroy();
        try
        {
            if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() throws IOException
    {
        try
        {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS))
            {
                throw new IOException("engine process " + process.pid() + " does not end");
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while engine process " + process.pid() + " ends", ex);
        }
    }

    private void awaitReady() throws IOException
    {
        final BlockingQueue<String> lines = new ArrayBlockingQueue<>(1);
        final Thread reader = new Thread(() -> readLines(lines), "quipu-engine-output");
        reader.setDaemon(true);
        reader.start();
        try
        {
            final String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
            final Matcher matcher = EngineVerb.READY.matcher(line == null ? "" : line);
            if (!matcher.matches())
            {
                throw VerbException.refused("ENGINE", "the engine did not become ready" + lastOfLog());
            }
            ingress = matcher.group("ingress");
            sequence = Long.parseLong(matcher.group("sequence"));
            digest = matcher.group("digest");
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the engine starts", ex);
        }
    }

    /** Hands over the first line, or an empty one at the end, and drops the rest. */
    private void readLines(final BlockingQueue<String> lines)
    {
        try (BufferedReader reader = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)))
        {
            final String first = reader.readLine();
            lines.add(first == null ? "" : first);
            while (reader.readLine() != null)
            {
                // An engine says one thing on standard output.
            }
        }
        catch (final IOException ex)
        {
            lines.offer("");
        }
    }

    private String lastOfLog() throws IOException
    {
        final List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return lines.isEmpty() ? "" :
            ": " + String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
    }
}

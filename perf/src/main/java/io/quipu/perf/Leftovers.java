package io.quipu.perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What must not outlive a measurement: its directories and, when this process is told to end in the middle of it (Ctrl-C,
 * SIGTERM), the processes that it started. One hook does both in order, so that no directory goes while a process still
 * writes into it. Safe from any thread.
 */
final class Leftovers
{
    private static final Set<Path> DIRECTORIES = new LinkedHashSet<>();
    private static final long PATIENCE_SECONDS = 20;
    private static boolean isEnding;

    private Leftovers()
    {
    }

    /** Has everything cleared when this process ends, whichever way but SIGKILL. */
    static void clearAtExit()
    {
        Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::clear, "quipu-bench-clear"));
    }

    /** Makes a directory for as long as a measurement. */
    static synchronized Path createDirectory(final Path base, final String prefix) throws IOException
    {
        if (isEnding)
        {
            throw new IOException("this process is ending");
        }
        final Path directory = Files.createTempDirectory(base, prefix);
        DIRECTORIES.add(directory);
        return directory;
    }

    /** Removes such a directory and all in it, unless it is gone. */
    static synchronized void remove(final Path directory) throws IOException
    {
        if (DIRECTORIES.remove(directory))
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

    private static void clear()
    {
        endChildren();
        try
        {
            for (final Path directory : ending())
            {
                remove(directory);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static synchronized List<Path> ending()
    {
        isEnding = true;
        return List.copyOf(DIRECTORIES);
    }

    /** SIGTERM to all, SIGKILL to those that do not care. */
    private static void endChildren()
    {
        final List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroy);
        try
        {
            CompletableFuture.allOf(children.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        catch (final ExecutionException | TimeoutException ex)
        {
            children.forEach(ProcessHandle::destroyForcibly);
        }
        catch (final InterruptedException ex)
        {
            children.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}

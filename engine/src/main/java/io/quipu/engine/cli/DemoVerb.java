package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Shows the main job in one command: real football results counted and ranked by an engine that is killed twice.
 */
@Command(
    name = "demo",
    description = {
        "Real football results, an engine killed twice, recovery, replay.",
        "Counts and ranks 6,508 results over UDP, compares every table and every digest.",
        "Exit code 0 only when every table and every digest is as it must be."})
final class DemoVerb extends Verb
{
    private static final int REMOVE_TRIES = 50;
    private static final long REMOVE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @Option(names = "--dir", paramLabel = "DIR", description = "Keep the journal here (default: a temporary directory, removed).")
    private Path dir;

    @Override
    protected int run() throws Exception
    {
        if (dir != null && Files.exists(dir) && !isEmpty(dir))
        {
            throw VerbException.usage("--dir=" + dir + ": not empty; name a new directory");
        }
        final Path base = dir == null ? Files.createTempDirectory("quipu-demo-") : Files.createDirectories(dir);
        if (dir == null)
        {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> removeWhenLeft(base), "quipu-remove-demo"));
        }
        try
        {
            return new Demo(out(), base).run() ? ExitCodes.GOOD : ExitCodes.REFUSED;
        }
        finally
        {
            if (dir == null)
            {
                remove(base);
            }
        }
    }

    private static boolean isEmpty(final Path directory) throws IOException
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.findAny().isEmpty();
        }
    }

    /** At the end of the process, while an engine may still be told to stop, and write. */
    private static void removeWhenLeft(final Path directory)
    {
        for (int i = 0; i < REMOVE_TRIES && Files.exists(directory); i++)
        {
            try
            {
                remove(directory);
            }
            catch (final UncheckedIOException ex)
            {
                LockSupport.parkNanos(REMOVE_PAUSE_NS);
            }
        }
    }

    private static void remove(final Path directory)
    {
        if (!Files.exists(directory))
        {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory))
        {
            final List<Path> paths = tree.sorted(Comparator.reverseOrder()).toList();
            for (final Path path : paths)
            {
                Files.deleteIfExists(path);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}

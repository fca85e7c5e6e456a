package io.quipu.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
        final Thread hook = new Thread(() -> remove(base), "quipu-remove-demo");
        if (dir == null)
        {
            // An engine's own hook runs at the same time: what it still writes is removed by the second look.
            Runtime.getRuntime().addShutdownHook(hook);
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

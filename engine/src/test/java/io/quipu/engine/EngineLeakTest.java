package io.quipu.engine;

import io.quipu.transport.client.QuipuClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What an engine opened is closed again, also where its start was refused half way: threads, files, mappings, shared memory.
 */
@Timeout(120)
class EngineLeakTest
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @TempDir
    private Path dir;

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    @Test
    void shouldLeaveNothingBehind() throws IOException
    {
        assumeTrue(Files.isDirectory(OPEN_FILES), "skipped: needs /proc");
        run();
        final Set<String> threads = threadNames();
        final Set<String> sharedMemory = driversOfOurs();
        final Set<String> files = openFiles();
        for (int i = 0; i < 3; i++)
        {
            run();
            refuse();
        }

        assertThat(threadNames()).isSubsetOf(threads);
        assertThat(driversOfOurs()).isSubsetOf(sharedMemory);
        assertThat(openFiles()).isSubsetOf(files);
        assertThat(mappingsOfOurs()).isEmpty();
    }

    private void run()
    {
        try (EngineNode engine = EngineNode.launch(context("localhost:0"));
            QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            client.add("a", 1);
        }
    }

    private void refuse() throws IOException
    {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("localhost")))
        {
            assertThatThrownBy(() -> EngineNode.launch(context("localhost:" + socket.getLocalPort())))
                .isInstanceOf(StartRefusedException.class);
        }
    }

    private EngineContext context(final String ingress)
    {
        return new EngineContext().dir(dir.resolve("engine")).ingress(ingress).freeBytesFloor(0).threads(threads())
            .log(line -> {});
    }

    private static Set<String> threadNames()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> !name.startsWith("ForkJoin") && !name.startsWith("surefire"))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Directories of media drivers name the process that they belong to; others' come and go beside this test. */
    private static Set<String> driversOfOurs() throws IOException
    {
        final String process = "-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> paths = Files.list(SHARED_MEMORY))
        {
            return paths.map(Path::toString)
                .filter((name) -> name.contains(process))
                .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Set<String> openFiles() throws IOException
    {
        final Set<String> files = new TreeSet<>();
        try (Stream<Path> paths = Files.list(OPEN_FILES))
        {
            for (final Path path : (Iterable<Path>)paths::iterator)
            {
                final String target = target(path);
                if (target.startsWith(dir.toString()) || target.startsWith(SHARED_MEMORY.toString()))
                {
                    files.add(target);
                }
            }
        }

        return files;
    }

    private static String target(final Path link)
    {
        try
        {
            return Files.readSymbolicLink(link).toString();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    private Set<String> mappingsOfOurs() throws IOException
    {
        return Files.readAllLines(MAPPINGS).stream()
            .filter(line -> line.contains(dir.toString()))
            .collect(Collectors.toCollection(TreeSet::new));
    }
}

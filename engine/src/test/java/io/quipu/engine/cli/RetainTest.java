package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.engine.StartRefusedException;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An engine that keeps no more of its journal than it needs, and what starts and verbs make of what is left. */
@Timeout(120)
class RetainTest
{
    private static final String FIRST_FILE = "19700102F.cq4";
    private static final int COMMANDS = 2000;

    @TempDir
    private Path directory;

    private final Captured captured = new Captured();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private String ready;

    private Path dir()
    {
        return directory.resolve("engine");
    }

    private EngineNode launch(final Path dir)
    {
        log.clear();
        return EngineNode.launch(new EngineContext()
            .dir(dir)
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(1 << 20)
            .checkpointBytes(1 << 20)
            .retainBytes(0)
            .log(log::add));
    }

    private boolean isSaid(final String line)
    {
        synchronized (log)
        {
            return log.stream().anyMatch(said -> said.startsWith(line));
        }
    }

    /** Until files were removed while the engine served; then some more. */
    @BeforeEach
    void fill() throws IOException
    {
        try (EngineNode engine = launch(dir()); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            while (!isSaid("removed "))
            {
                submit(client);
            }
            for (int i = 0; i < 30; i++)
            {
                submit(client);
            }
        }
        assertThat(dir().resolve("journal").resolve(FIRST_FILE)).doesNotExist();
        assertThat(files(dir().resolve("checkpoints"), "checkpoint-")).hasSize(3);
        try (EngineNode engine = launch(dir()))
        {
            ready = place(engine);
        }
    }

    private static void submit(final QuipuClient client)
    {
        final Request request = new Request();
        for (int command = 0; command < COMMANDS; command++)
        {
            request.add("counter-" + command, 1);
        }
        client.submit(request);
    }

    private static String place(final EngineNode engine)
    {
        return engine.readyLine().replaceAll(".* sequence=", "sequence=");
    }

    private static List<Path> files(final Path directory, final String part) throws IOException
    {
        try (Stream<Path> paths = Files.list(directory))
        {
            return paths.filter(path -> path.getFileName().toString().contains(part)).sorted().toList();
        }
    }

    private static void damage(final Path file, final long offset) throws IOException
    {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw"))
        {
            bytes.seek(offset);
            bytes.write(new byte[4096]);
        }
    }

    private void assertGood(final String... args)
    {
        assertThat(captured.run(args)).as(captured.err()).isZero();
    }

    /** One after the other on one directory, as each needs an engine that ran for long. */
    @Test
    void shouldStartAndRepairWithoutWhatWasRemoved() throws IOException
    {
        final List<Path> checkpoints = files(dir().resolve("checkpoints"), "checkpoint-");
        final String oldest = checkpoints.get(0).getFileName().toString().replaceAll("checkpoint-0*", "");
        final String backup = directory.resolve("backup").toString();
        assertRestored(backup);

        damage(checkpoints.get(2), 100);
        damage(checkpoints.get(1), 100);
        assertRepaired(Path.of(backup));
        final String begun = " checkpoint=" + oldest + " ";
        assertThat(log).as("the oldest one finds its tail").anyMatch(line -> line.contains(begun));

        assertGood("repair", "--dir", dir().toString(), "--accept-loss", oldest);
        assertThat(captured.out()).isEqualTo("given up behind sequence " + oldest + ": CLEAN\n");
        try (EngineNode engine = launch(dir()); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            assertThat(place(engine)).startsWith("sequence=" + oldest + " ");
            client.add("again", 1);
        }
        assertThat(captured.run("repair", "--dir", dir().toString(), "--accept-loss", "1")).isEqualTo(66);
        assertThat(captured.err()).contains("nothing was changed");
        assertRefusedWithoutCheckpoints();
    }

    private void assertStands(final Path dir, final String place)
    {
        try (EngineNode engine = launch(dir))
        {
            assertThat(place(engine)).isEqualTo(place);
        }
    }

    private void assertRestored(final String backup)
    {
        final String restored = directory.resolve("restored").toString();
        assertGood("backup", "--dir", dir().toString(), "--to", backup);
        assertGood("restore", "--from", backup, "--dir", restored);
        assertStands(Path.of(restored), ready);
    }

    private void assertRepaired(final Path backup) throws IOException
    {
        final List<Path> journal = files(dir().resolve("journal"), "F.cq4");
        final Path last = journal.get(journal.size() - 1);
        damage(last, Files.size(backup.resolve("journal").resolve(last.getFileName())) - 4096);
        assertThatThrownBy(() -> launch(dir())).isInstanceOf(StartRefusedException.class);
        assertGood("repair", "--dir", dir().toString(), "--from", backup.toString());
        final String there = ready.replace('=', ' ').replace(" digest", ", digest");
        assertThat(captured.out()).startsWith("1 files taken from the backup: CLEAN, " + there);
        assertStands(dir(), ready);
    }

    private void assertRefusedWithoutCheckpoints() throws IOException
    {
        for (final Path checkpoint : files(dir().resolve("checkpoints"), "checkpoint-"))
        {
            Files.delete(checkpoint);
        }
        assertThatThrownBy(() -> launch(dir())).isInstanceOfSatisfying(
            StartRefusedException.class,
            ex ->
            {
                assertThat(ex.exitCode()).isEqualTo(66);
                assertThat(ex).hasMessageContaining("were removed behind a checkpoint");
            });
    }
}

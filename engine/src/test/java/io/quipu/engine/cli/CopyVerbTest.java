package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.SessionEvictedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Backups of a running engine, and engines started on them. */
@Timeout(120)
class CopyVerbTest
{
    @TempDir
    private Path directory;

    private final Captured captured = new Captured();

    private EngineNode launch(final Path dir, final String ingress)
    {
        return EngineNode.launch(new EngineContext()
            .dir(dir)
            .ingress(ingress)
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(1 << 20)
            .log(line -> {}));
    }

    @Test
    void shouldCopyARunningEngineUnderLoad() throws Exception
    {
        final Path dir = directory.resolve("engine");
        final Path backup = directory.resolve("backup");
        final AtomicBoolean isEnding = new AtomicBoolean();
        try (EngineNode engine = launch(dir, "localhost:0"))
        {
            final Thread load = new Thread(() -> load(engine.ingress(), isEnding));
            load.start();
            try (QuipuClient client = QuipuClient.connect(engine.ingress()))
            {
                long before = 0;
                for (int i = 1; i <= 3; i++)
                {
                    before = client.add("before", 100);
                    assertThat(captured.run("backup", "--dir", dir.toString(), "--to", backup + "-" + i))
                        .as(captured.err()).isZero();
                    assertThat(captured.out()).startsWith("backed up to " + backup + "-" + i + ": sequence ");
                    assertStandsAt(backup + "-" + i, before);
                }
            }
            finally
            {
                isEnding.set(true);
                load.join();
            }
        }
        assertThat(directory.resolve("backup-1.partial")).doesNotExist();
    }

    private static void load(final String ingress, final AtomicBoolean isEnding)
    {
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            while (!isEnding.get())
            {
                client.add("load", 1);
            }
        }
    }

    /** An engine that starts on it holds what was acknowledged before it was made, and the digest that was told. */
    private void assertStandsAt(final String backup, final long before)
    {
        final String digest = captured.out().replaceAll("(?s).*digest (\\w+),.*", "$1");
        final String restored = backup + "-restored";
        assertThat(captured.run("restore", "--from", backup, "--dir", restored)).as(captured.err()).isZero();
        assertThat(captured.out()).contains(digest);
        try (EngineNode engine = launch(Path.of(restored), "localhost:0");
            QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            assertThat(engine.readyLine()).endsWith("digest=" + digest);
            assertThat(client.get("before").get(0).value()).isEqualTo(before);
        }
    }

    @Test
    void shouldTellAClientThatKnowsMoreThanTheBackup()
    {
        final Path dir = directory.resolve("engine");
        final EngineNode engine = launch(dir, "localhost:0");
        try (QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            client.add("a", 1);
            run("backup", "--dir", dir.toString(), "--to", directory.resolve("backup").toString());
            client.add("a", 1);
            client.add("a", 1);
            engine.close();
            run("restore", "--from", directory.resolve("backup").toString(), "--dir", directory.resolve("b").toString());
            try (EngineNode older = launch(directory.resolve("b"), engine.ingress()))
            {
                assertThatThrownBy(() -> client.add("a", 1))
                    .isInstanceOf(SessionEvictedException.class).hasMessageContaining("lost what it had acknowledged");
            }
        }
        finally
        {
            engine.close();
        }
    }

    @Test
    void shouldRefuseDamageAndDirectoriesThatAreThere() throws IOException
    {
        final Path dir = directory.resolve("engine");
        final Path backup = directory.resolve("backup");
        try (EngineNode engine = launch(dir, "localhost:0"); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            for (int i = 0; i < 20; i++)
            {
                client.add("counter-" + i, 1);
            }
        }
        run("backup", "--dir", dir.toString(), "--to", backup.toString());
        assertThat(captured.run("backup", "--dir", dir.toString(), "--to", backup.toString())).isEqualTo(1);
        assertThat(captured.err()).contains("name a new directory");
        assertThat(captured.run("backup", "--dir", directory + "/none", "--to", directory + "/other")).isEqualTo(1);

        flipInCheckpointAndJournal(backup);
        assertThat(captured.run("restore", "--from", backup.toString(), "--dir", directory + "/other")).isEqualTo(65);
        assertThat(captured.err()).contains("the CRC of a record does not agree");
        assertThat(directory.resolve("other")).doesNotExist();
        assertThat(directory.resolve("other.partial")).doesNotExist();
    }

    /** A name of each file is damaged wherever it stands. */
    private static void flipInCheckpointAndJournal(final Path backup) throws IOException
    {
        try (Stream<Path> paths = Files.walk(backup))
        {
            for (final Path path : paths.filter(Files::isRegularFile).toList())
            {
                final byte[] bytes = Files.readAllBytes(path);
                final int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("counter-5");
                if (at >= 0)
                {
                    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw"))
                    {
                        file.seek(at);
                        file.write('C');
                    }
                }
            }
        }
    }

    private void run(final String... args)
    {
        assertThat(captured.run(args)).as(captured.err()).isZero();
    }
}

package io.quipu.engine;

import io.quipu.engine.cli.QuipuTool;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.transport.client.QuipuClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Checkpoints of a whole engine, on real files: made at its orderly end and by its shadow, used by the next start.
 */
@Timeout(120)
class EngineCheckpointTest
{
    private static final long TOKEN = 0x5EC2E7L;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path dir;

    private int clients;
    private long requests;

    private EngineContext context()
    {
        return new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .log(log::add);
    }

    private String add(final EngineNode engine, final int times)
    {
        try (RawClient client = new RawClient(engine.ingress(), dir.resolve("client-" + ++clients)))
        {
            final long attachment = client.attach(TOKEN);
            for (int i = 0; i < times; i++)
            {
                client.submit(attachment, new Frames.Body(++requests).add("page:" + i, i));
            }
            return Long.toString(client.counter("page:3"));
        }
    }

    private static String digest(final EngineNode engine)
    {
        return engine.readyLine().replaceAll(".* sequence=", "sequence=");
    }

    @Test
    void shouldWriteACheckpointAtTheEndAndStartFromIt() throws IOException
    {
        try (EngineNode engine = EngineNode.launch(context()))
        {
            add(engine, 20);
        }
        assertThat(checkpoints()).hasSize(1);

        log.clear();
        final String withCheckpoint;
        try (EngineNode engine = EngineNode.launch(context().shadow(false)))
        {
            assertThat(log).anyMatch(line -> line.contains("checkpoint=21 records=0 sequence=21"));
            withCheckpoint = digest(engine);
            assertThat(add(engine, 0)).isEqualTo("3");
        }
        assertThat(log).anyMatch(line -> line.startsWith("no checkpoint: nothing new"));

        Files.delete(checkpoints().get(0));
        try (EngineNode engine = EngineNode.launch(context()))
        {
            assertThat(log).anyMatch(line -> line.contains("checkpoint=0 records=2"));
            assertThat(digest(engine)).isEqualTo(withCheckpoint);
        }
    }

    @Test
    void shouldLeaveTheRoomAboveTheFloorToTheNextStart()
    {
        final EngineContext context = context().shadow(false);
        try (EngineNode engine = EngineNode.launch(context))
        {
            add(engine, 5);
            context.freeBytesFloor(Long.MAX_VALUE / 2);
        }
        assertThat(log).anyMatch(line -> line.contains("too little room"));
        assertThat(dir.resolve("engine").resolve(FileCheckpointStore.DIRECTORY)).doesNotExist();
    }

    @Test
    void shouldFallBackWhenACheckpointIsDamaged() throws IOException
    {
        for (int i = 0; i < 5; i++)
        {
            try (EngineNode engine = EngineNode.launch(context()))
            {
                add(engine, 5);
            }
        }
        final List<Path> checkpoints = checkpoints();
        assertThat(checkpoints).hasSize(3);
        Files.write(checkpoints.get(2), new byte[1_000]);
        Files.write(checkpoints.get(1), Arrays.copyOf(Files.readAllBytes(checkpoints.get(1)), 1_000));

        log.clear();
        try (EngineNode engine = EngineNode.launch(context()))
        {
            assertThat(engine.readyLine()).contains(" sequence=26 ");
            assertThat(log).filteredOn(line -> line.startsWith("damaged checkpoint")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(log).anyMatch(line -> line.contains("checkpoint=16 "));
        }
    }

    @Test
    void shouldReplaceADamagedCheckpointAlthoughNothingIsNew() throws IOException
    {
        try (EngineNode engine = EngineNode.launch(context()))
        {
            add(engine, 5);
        }
        final Path checkpoint = checkpoints().get(0);
        Files.write(checkpoint, new byte[1_000]);
        EngineNode.launch(context().shadow(false)).close();

        log.clear();
        EngineNode.launch(context().shadow(false)).close();
        assertThat(log).anyMatch(line -> line.contains("checkpoint=6 records=0"));
    }

    @Test
    void shouldRefuseAnOlderJournal() throws IOException
    {
        final Path journal = dir.resolve("engine").resolve("journal");
        final Path older = dir.resolve("older");
        try (EngineNode engine = EngineNode.launch(context()))
        {
            add(engine, 5);
        }
        copy(journal, older);
        try (EngineNode engine = EngineNode.launch(context()))
        {
            add(engine, 5);
        }
        copy(older, journal);

        final StartRefusedException refusal =
            catchThrowableOfType(StartRefusedException.class, () -> EngineNode.launch(context()).close());
        assertThat(refusal.exitCode()).as(refusal.getMessage()).isEqualTo(67);
        assertThat(refusal.verdict()).isEqualTo("CHECKPOINT_AHEAD");

        // By explicit order, which the next epoch records: what the checkpoint knew is given up.
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(out, "repair", "--dir", dir.resolve("engine").toString(), "--accept-loss", "6"))
            .as(out.toString(StandardCharsets.UTF_8)).isZero();
        log.clear();
        try (EngineNode engine = EngineNode.launch(context()))
        {
            assertThat(engine.readyLine()).contains(" sequence=6 ");
            assertThat(log).anyMatch(line -> line.contains("gave up entries 7 to 11: "));
        }
    }

    @Test
    void shouldMakeCheckpointsWhileItServesAndShowTheShadow()
    {
        try (EngineNode engine = EngineNode.launch(context().checkpointBytes(10_000));
            QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            while (log.stream().noneMatch(line -> line.startsWith("checkpoint sequence=")))
            {
                client.add("page", 1);
            }
            assertThat(client.status().gauges()).containsKeys("shadowLag", "shadowStateBytes");
        }
    }

    @Test
    void shouldMakeOneByAVerbBesideARunningEngine()
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EngineNode engine = EngineNode.launch(context().shadow(false)))
        {
            add(engine, 5);
            assertThat(checkpoint(out, "--once")).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("checkpoint sequence=6 bytes=");
            assertThat(checkpoint(out, "--once")).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("nothing new since the checkpoint at sequence 6");
            add(engine, 5);
        }
        assertThat(log).as("what another process made is no hindrance").anyMatch(line -> line.startsWith("checkpoint "));
        assertThat(checkpoint(out)).as("neither --once nor --follow").isEqualTo(2);
    }

    private int checkpoint(final ByteArrayOutputStream out, final String... how)
    {
        final List<String> args = new ArrayList<>(List.of("checkpoint", "--dir", dir.resolve("engine").toString()));
        args.addAll(List.of(how));
        return run(out, args.toArray(String[]::new));
    }

    private static int run(final ByteArrayOutputStream out, final String... args)
    {
        out.reset();
        final PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new QuipuTool(InputStream.nullInputStream(), print, print, Map.of()).execute(args);
    }

    private List<Path> checkpoints() throws IOException
    {
        try (Stream<Path> paths = Files.list(dir.resolve("engine").resolve(FileCheckpointStore.DIRECTORY)))
        {
            return paths.filter(path -> path.getFileName().toString().startsWith("checkpoint-")).sorted().toList();
        }
    }

    private static void copy(final Path from, final Path to) throws IOException
    {
        Files.createDirectories(to);
        try (Stream<Path> paths = Files.list(from))
        {
            for (final Path path : (Iterable<Path>)paths.filter(Files::isRegularFile)::iterator)
            {
                Files.write(to.resolve(path.getFileName()), Files.readAllBytes(path));
            }
        }
    }
}

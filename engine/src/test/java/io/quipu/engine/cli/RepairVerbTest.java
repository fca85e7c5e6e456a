package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.engine.StartRefusedException;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Request;
import org.agrona.IoUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A directory that an engine refuses, a backup, and what {@code repair} makes of both. */
@Timeout(120)
class RepairVerbTest
{
    private static final int REQUESTS = 400;
    private static final int COMMANDS = 300;

    @TempDir
    private Path directory;

    private final Captured captured = new Captured();
    private String ready;

    private Path dir()
    {
        return directory.resolve("engine");
    }

    private Path backup()
    {
        return directory.resolve("backup");
    }

    private EngineNode launch()
    {
        return EngineNode.launch(new EngineContext()
            .dir(dir())
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(1 << 20)
            .log(line -> {}));
    }

    /** Several files; the backup ends within one of them, and the journal goes on. */
    @BeforeEach
    void fillAndBackUp() throws IOException
    {
        fill();
        assertThat(captured.run("backup", "--dir", dir().toString(), "--to", backup().toString())).isZero();
        fill();
        try (EngineNode engine = launch())
        {
            ready = engine.readyLine().replaceAll(".*sequence=", "");
        }
        assertThat(files()).hasSizeGreaterThan(3);
        // With a checkpoint an engine needs nothing of what stands before it.
        IoUtil.delete(dir().resolve("checkpoints").toFile(), false);
    }

    private void fill()
    {
        try (EngineNode engine = launch(); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            final Request request = new Request();
            for (int i = 0; i < REQUESTS; i++)
            {
                request.reset();
                for (int command = 0; command < COMMANDS; command++)
                {
                    request.add("counter-" + command, 1);
                }
                client.submit(request);
            }
        }
    }

    private List<Path> files() throws IOException
    {
        return files(dir());
    }

    private static List<Path> files(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.list(directory.resolve("journal")))
        {
            return paths.filter(path -> path.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    private static void damage(final Path file) throws IOException
    {
        damage(file, 300_000);
    }

    private static void damage(final Path file, final long offset) throws IOException
    {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw"))
        {
            bytes.seek(offset);
            bytes.write(new byte[4096]);
        }
    }

    private void repair(final int files)
    {
        assertThatThrownBy(this::launch).isInstanceOf(StartRefusedException.class);
        assertThat(captured.run("repair", "--dir", dir().toString(), "--from", backup().toString()))
            .as(captured.err()).isZero();
        assertThat(captured.out()).startsWith(files + " files taken from the backup: CLEAN, sequence ");
        assertThat(dir().resolve("repair")).doesNotExist();
        try (EngineNode engine = launch())
        {
            assertThat(engine.readyLine()).endsWith("sequence=" + ready);
        }
    }

    @Test
    void shouldReplaceADamagedFile() throws IOException
    {
        damage(files().get(0));
        repair(1);
        assertThat(dir().resolve("quarantine").resolve("1").resolve(files().get(0).getFileName())).exists();
    }

    @Test
    void shouldReplaceADamagedAndAMissingFile() throws IOException
    {
        damage(files().get(0));
        Files.delete(files().get(1));
        repair(2);
    }

    @Test
    void shouldChangeNothingWhereTheBackupDoesNotReach() throws IOException
    {
        final List<Path> files = files();
        damage(files.get(files.size() - 1));
        final Map<Path, Long> before = contents();
        assertThat(captured.run("repair", "--dir", dir().toString(), "--from", backup().toString())).isEqualTo(65);
        assertThat(captured.err()).contains("CORRUPT", "nothing was changed");
        assertThat(contents()).isEqualTo(before);
    }

    /** A directory of an older program, where no superblock says how far the journal was durable. */
    @Test
    void shouldGiveNothingUpForTheShorterFileOfAnOlderBackup() throws IOException
    {
        final List<Path> theirs = files(backup());
        final Path last = theirs.get(theirs.size() - 1);
        for (final Path file : files())
        {
            if (file.getFileName().compareTo(last.getFileName()) > 0)
            {
                Files.delete(file);
            }
        }
        Files.delete(dir().resolve("superblock"));
        damage(dir().resolve("journal").resolve(last.getFileName()), Files.size(last) - 8192);
        assertThatThrownBy(this::launch).isInstanceOf(StartRefusedException.class);
        final Map<Path, Long> before = contents();
        assertThat(captured.run("repair", "--dir", dir().toString(), "--from", backup().toString())).isEqualTo(65);
        assertThat(captured.err()).contains("nothing was changed", "try a newer backup");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void shouldRefuseBesideARunningEngine()
    {
        try (EngineNode engine = launch())
        {
            assertThat(engine.readyLine()).isNotEmpty();
            assertThat(captured.run("repair", "--dir", dir().toString(), "--from", backup().toString())).isEqualTo(69);
        }
    }

    /** Explicitly, up to a place that the verdict names; who was acknowledged more is told. */
    @Test
    void shouldGiveUpWhatIsBehindASequence() throws IOException
    {
        final List<Path> files = files();
        damage(files.get(files.size() - 1));
        assertThatThrownBy(this::launch).isInstanceOf(StartRefusedException.class);
        assertThat(captured.run("repair", "--dir", dir().toString(), "--accept-loss", "1000000000")).isEqualTo(65);
        final String valid = captured.err().replaceAll("(?s).*valid up to (\\d+),.*", "$1");
        assertThat(captured.run("repair", "--dir", dir().toString(), "--accept-loss", valid)).as(captured.err()).isZero();
        assertThat(captured.out()).isEqualTo("given up behind sequence " + valid + ": CLEAN\n");
        assertThat(dir().resolve("quarantine")).isNotEmptyDirectory();
        for (int start = 0; start < 2; start++)
        {
            try (EngineNode engine = launch(); QuipuClient client = QuipuClient.connect(engine.ingress()))
            {
                assertThat(start > 0 || engine.readyLine().contains("sequence=" + valid + " ")).isTrue();
                client.add("again", 1);
            }
        }
    }

    private Map<Path, Long> contents() throws IOException
    {
        final Map<Path, Long> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(dir()))
        {
            for (final Path path : paths.filter(Files::isRegularFile).toList())
            {
                contents.put(path, Files.getLastModifiedTime(path).toMillis());
            }
        }
        return contents;
    }
}

package io.quipu.perf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole verb on thousands of names, as a user starts it: what it prints, and that it leaves nothing behind.
 */
class BenchVerbIT
{
    private static final Path ROOT = Path.of(System.getProperty("quipu.root"));

    @TempDir
    private Path dir;

    @Test
    void shouldMeasureATinyEngineAndLeaveNothingBehind() throws Exception
    {
        final Path journals = Files.createDirectory(dir.resolve("journals"));
        final Path out = dir.resolve("out");
        final Path err = dir.resolve("err");
        final Process process = new ProcessBuilder(
            ROOT.resolve("quipu").toString(), "bench", "--size", "2000", "--seconds", "1", "--targets", "e2,f", "--json",
            "--dir", journals.toString(), "--report", dir.resolve("report").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
        try
        {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        }
        finally
        {
            process.destroy();
        }

        assertThat(process.exitValue()).as(read(err)).isZero();
        final List<String> lines = read(out).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("{\"target\":\"e2\"")
            .contains("\"size\":\"2k\"", "\"published\":\"no", "\"verified\"");
        assertThat(lines.get(1)).startsWith("{\"target\":\"f\"").contains("\"goal\":2000000", "\"diskBytesPerSecond\"");
        assertThat(dir.resolve("report/index.html")).isNotEmptyFile();
        assertThat(dir.resolve("report/f-request.hlog")).isNotEmptyFile();
        assertThat(filesIn(journals)).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsToldToEnd() throws Exception
    {
        final Path journals = Files.createDirectory(dir.resolve("journals"));
        final Process process = new ProcessBuilder(
            ROOT.resolve("quipu").toString(), "bench", "--size", "2000", "--seconds", "100", "--targets", "e2",
            "--dir", journals.toString())
            .redirectOutput(dir.resolve("out").toFile())
            .start();
        try (BufferedReader notes = process.errorReader(StandardCharsets.UTF_8))
        {
            assertThat(notes.lines().anyMatch((note) -> note.contains("names filled"))).isTrue();
            final List<ProcessHandle> children = process.descendants().toList();
            assertThat(children).isNotEmpty();
            assertThat(filesIn(journals)).isNotEmpty();

            // Not Process.destroy(), which would close what it writes to.
            process.toHandle().destroy();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(filesIn(journals)).isEmpty();
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    private static List<Path> filesIn(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.toList();
        }
    }

    private static String read(final Path file) throws IOException
    {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}

package io.quipu.engine.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The demo as a program reads it, with an engine in a process of its own that is killed twice. */
class DemoTest
{
    private static final Pattern TABLE = Pattern.compile(
        "\\{\"table\":\"([^\"]+)\",\"season\":\"(\\d{4}-\\d{2})\",\"standings\":\\[(.*)]}");
    private static final Pattern LAST = Pattern.compile(
        "\\{\"matches\":6504,\"skipped\":4,\"sequence\":(\\d+),\"digest\":\"([0-9a-f]{32})\"," +
            "\"recoveredDigest\":\"\\2\",\"replayDigest\":\"\\2\",\"equal\":true}");

    @TempDir
    private Path directory;

    private final Captured captured = new Captured();

    @Test
    void shouldShowTheSameTablesAndDigestAfterEachKill() throws IOException
    {
        final Path dir = directory.resolve("demo");

        assertThat(captured.run("demo", "--json", "--dir", dir.toString())).as(captured.err()).isZero();

        final List<String> lines = captured.out().lines().toList();
        assertThat(lines).hasSize(21);
        final Set<String> seasons = new HashSet<>();
        for (final String line : lines.subList(0, 20))
        {
            final Matcher table = TABLE.matcher(line);
            assertThat(table.matches()).as(line).isTrue();
            seasons.add(table.group(1) + ' ' + table.group(2));
            assertThat(table.group(3).split("(?<=}),")).hasSizeBetween(10, 20).allMatch(row -> row.matches(
                "\\{\"rank\":\\d+,\"team\":\"[^\"]+\",\"points\":\\d+,\"diff\":-?\\d+,\"for\":\\d+}"));
        }
        assertThat(seasons).hasSize(20);
        assertThat(lines).anyMatch(line -> line.startsWith(
            "{\"table\":\"English Premier League\",\"season\":\"2015-16\",\"standings\":[{\"rank\":1," +
                "\"team\":\"Leicester City\",\"points\":81,\"diff\":32,\"for\":68},"));
        assertThat(lines.get(20)).matches(LAST);
        assertThat(captured.err()).contains("head-to-head rules are not applied");
        assertThat(dir.resolve("engine/journal")).isDirectory();
    }

    @Test
    void shouldRefuseADirectoryThatIsInUse() throws IOException
    {
        Files.writeString(directory.resolve("precious"), "");

        assertThat(captured.run("demo", "--dir", directory.toString())).isEqualTo(ExitCodes.USAGE);

        assertThat(captured.err()).contains("not empty");
        try (Stream<Path> left = Files.list(directory))
        {
            assertThat(left).hasSize(1);
        }
    }
}

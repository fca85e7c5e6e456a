package io.quipu.engine.exhaustive;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.journal.JournalContext;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every format ever released replays to the digest that was recorded with it, and an engine of today goes on behind it.
 * What stands under {@code golden} is never changed; a new format adds a directory.
 */
class GoldenTest
{
    private static final Path GOLDEN =
        Path.of(System.getProperty("quipu.root", ".."), "journal", "src", "test", "resources", "golden");

    @TempDir
    private Path dir;

    static Stream<String> formats() throws IOException
    {
        try (Stream<Path> formats = Files.list(GOLDEN))
        {
            return formats.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldReplayToTheRecordedDigestAndGoOn(final String format) throws IOException
    {
        final Properties recorded = copy(GOLDEN.resolve(format));
        final long sequence = Long.parseLong(recorded.getProperty("sequence"));
        final long records = Long.parseLong(recorded.getProperty("records"));
        assertReplays(sequence, recorded.getProperty("digest"), records);

        final Start start = Start.of(new JournalContext().directory(dir).aheadLength(0), true);
        assertThat(start.verdict()).as(start.line()).isEqualTo(Verdict.CLEAN);
        assertThat(start.sequence()).isEqualTo(sequence);
        assertThat(start.digest()).isEqualTo(recorded.getProperty("digest"));
        final Start next = Start.of(new JournalContext().directory(dir).aheadLength(0));
        assertThat(next.verdict()).as(next.line()).isEqualTo(Verdict.CLEAN);
        assertThat(next.sequence()).isEqualTo(sequence + 1);
    }

    private void assertReplays(final long sequence, final String digest, final long records)
    {
        try (Replay replay = Replay.of(dir, Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(replay.found().verdict()).as(replay.found().describe()).isEqualTo(Verdict.CLEAN);
            assertThat(replay.found().records()).isEqualTo(records);
            assertThat(replay.state().sequence()).isEqualTo(sequence);
            assertThat(DigestText.of(replay.state().digest().high(), replay.state().digest().low())).isEqualTo(digest);
        }
    }

    private Properties copy(final Path golden) throws IOException
    {
        try (Stream<Path> paths = Files.walk(golden))
        {
            for (final Path path : (Iterable<Path>)paths.filter(Files::isRegularFile)::iterator)
            {
                final Path target = dir.resolve(golden.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
        final Properties recorded = new Properties();
        try (Reader reader = Files.newBufferedReader(dir.resolve("golden.properties")))
        {
            recorded.load(reader);
        }
        return recorded;
    }
}

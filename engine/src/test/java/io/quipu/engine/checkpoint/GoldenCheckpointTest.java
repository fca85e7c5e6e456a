package io.quipu.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.state.StateMachine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Every checkpoint format ever released is read to the digest that was recorded with it. What stands under {@code golden} is
 * never changed; a new format adds a directory.
 */
class GoldenCheckpointTest
{
    @ParameterizedTest
    @ValueSource(strings = "checkpoint-1")
    void shouldReadToTheRecordedDigest(final String format) throws IOException
    {
        final Properties recorded = new Properties();
        try (InputStream properties = open(format, "golden.properties"))
        {
            recorded.load(properties);
        }
        final long sequence = Long.parseLong(recorded.getProperty("sequence"));
        final MemoryCheckpointStore store = new MemoryCheckpointStore();
        try (InputStream bytes = open(format, "checkpoint"))
        {
            store.published.put(sequence, bytes.readAllBytes());
        }

        final Checkpoints.Restored restored =
            new Checkpoints(store, line -> assertThat(line).isNull()).restore(RecoveryProgress.NONE);
        try (StateMachine state = restored.state())
        {
            assertThat(state.sequence()).isEqualTo(sequence);
            assertThat(GrowingJournal.digestOf(state)).isEqualTo(recorded.getProperty("digest"));
            assertThat(restored.place().sequence()).isEqualTo(sequence);
            assertThat(Integer.toHexString(restored.place().chain())).isEqualTo(recorded.getProperty("chain"));
            assertThat(state.boards().unreleasedCount())
                .isEqualTo(Long.parseLong(recorded.getProperty("unreleasedMembers")));
        }
    }

    private static InputStream open(final String format, final String file)
    {
        return GoldenCheckpointTest.class.getResourceAsStream("/golden/" + format + "/" + file);
    }
}

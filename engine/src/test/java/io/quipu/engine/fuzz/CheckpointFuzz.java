package io.quipu.engine.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.checkpoint.MemoryCheckpointStore;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.JournalException;
import io.quipu.journal.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The loader on a checkpoint of any bytes: a state with exactly the sequence that the checkpoint is named by, or passed
 * over for an empty one, or refused as of a newer program; nothing thrown but that.
 */
class CheckpointFuzz
{
    private static final long SEQUENCE = 22;

    @FuzzTest(maxDuration = "3m")
    void restore(final byte[] bytes)
    {
        final MemoryCheckpointStore store = new MemoryCheckpointStore();
        store.published.put(SEQUENCE, bytes);
        final Checkpoints checkpoints = new Checkpoints(store, line -> {});
        try (StateMachine state = checkpoints.restore(RecoveryProgress.NONE).state())
        {
            assertThat(state.sequence()).isIn(0L, SEQUENCE);
        }
        catch (final JournalException ex)
        {
            assertThat(ex.verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW);
        }
    }
}

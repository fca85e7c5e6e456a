package io.quipu.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.engine.RecoveryProgress;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * The shadow, turn by turn, on a journal that grows.
 */
class ShadowTest
{
    private static final long EVERY_BYTES = 50_000;

    private final GrowingJournal journal = new GrowingJournal(System.nanoTime(), 60, JournalContext.MIN_ROLL_LENGTH);
    private final MemoryCheckpointStore store = new MemoryCheckpointStore();
    private final List<String> log = new ArrayList<>();
    private long durable;
    private boolean hasRoom = true;
    private Shadow shadow = newShadow();

    private Shadow newShadow()
    {
        return new Shadow(
            new Checkpoints(store, log::add), journal.store, () -> durable, EVERY_BYTES, (bytes) -> hasRoom, log::add);
    }

    @AfterEach
    void close()
    {
        shadow.close();
        journal.close();
    }

    @Test
    void shouldFollowToTheDurableSequenceAndNoFurther()
    {
        assertThat(shadow.turn()).isZero();
        journal.write(30);
        assertThat(shadow.turn()).isZero();
        durable = journal.state.sequence();
        assertThat(shadow.lag()).isEqualTo(durable);
        assertThat(shadow.turn()).isEqualTo((int)durable);
        journal.write(30);
        assertThat(shadow.turn()).isZero();
        assertThat(shadow.sequence()).isEqualTo(durable);
        assertThat(shadow.lag()).isZero();
        assertThat(shadow.stateBytes()).isPositive();
    }

    @Test
    void shouldMakeACheckpointEachTimeTheJournalHasGrownBySoMuch()
    {
        while (journal.store.cycles.size() < 4)
        {
            journal.write(10);
            durable = journal.state.sequence();
            shadow.turn();
            assertThat(shadow.failure()).isNull();
        }
        assertThat(store.sequences()).hasSize(Checkpoints.GENERATIONS);
        assertThat(log).hasSizeGreaterThan(5).allMatch(line -> line.startsWith("checkpoint sequence="));
        assertThat(shadow.checkpointSequence()).isEqualTo(store.sequences()[2]);

        shadow.close();
        shadow = newShadow();
        shadow.turn();
        assertThat(shadow.sequence()).as("goes on behind the last checkpoint").isEqualTo(durable);
        shadow.checkpointNow();
        shadow.close();
        shadow = newShadow();
        assertThat(shadow.turn()).as("nothing behind the checkpoint").isZero();
        assertThat(shadow.stateBytes()).isPositive();
        final Checkpoints.Restored restored = new Checkpoints(store, log::add).restore(RecoveryProgress.NONE);
        restored.state().close();
        assertThat(restored.place().cycle()).isGreaterThan(1);
    }

    @Test
    void shouldStopOnADigestThatIsNotItsOwn()
    {
        journal.write(20);
        final long before = journal.state.sequence();
        journal.write(journal.state.digest().high() + 1);
        durable = journal.state.sequence();
        assertThat(shadow.turn()).isZero();
        assertThat(shadow.failure())
            .isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.DIVERGED))
            .hasMessageContaining("sequence " + (before + 1));
        assertThat(shadow.turn()).isZero();
        assertThat(store.sequences()).isEmpty();
    }

    @Test
    void shouldStopOnDamageOfWhatIsDurable()
    {
        journal.write(20);
        durable = journal.state.sequence();
        final byte[] bytes = journal.store.cycles.get(1);
        bytes[journal.store.ends.get(1) / 2] ^= 1;
        shadow.turn();
        assertThat(shadow.failure()).isInstanceOfSatisfying(
            JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.CORRUPT));
        assertThat(store.sequences()).isEmpty();
    }

    @Test
    void shouldStopWhenWhatIsDurableIsGone()
    {
        journal.write(20);
        durable = journal.state.sequence();
        journal.store.cycles.clear();
        journal.store.ends.clear();
        shadow.turn();
        assertThat(shadow.failure()).isInstanceOfSatisfying(
            JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.CORRUPT));
    }

    @Test
    void shouldLeaveTheRoomOfAShortDiskToTheJournal()
    {
        hasRoom = false;
        growByACheckpoint();
        assertThat(store.sequences()).isEmpty();
        assertThat(log).hasSize(1).first().asString().contains("too little room");
        hasRoom = true;
        growByACheckpoint();
        assertThat(store.sequences()).hasSize(1);
        assertThat(shadow.failure()).isNull();
    }

    private void growByACheckpoint()
    {
        final int lines = log.size();
        while (log.size() == lines && shadow.failure() == null)
        {
            journal.write(5);
            durable = journal.state.sequence();
            shadow.turn();
        }
    }
}

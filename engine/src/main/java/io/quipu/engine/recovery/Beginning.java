package io.quipu.engine.recovery;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalStore;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where a reader of a directory begins who wants all of the journal: before the first record; where the first files are
 * not there any more, behind a checkpoint. A start of the engine is no such reader: it begins with the newest checkpoint
 * anyway. Reads only.
 */
public final class Beginning
{
    private Beginning()
    {
    }

    /**
     * @param dir the engine's directory.
     * @return true when the first file is there, or none at all.
     */
    public static boolean isThere(final Path dir)
    {
        try (JournalStore store = new JournalContext().directory(dir).conclude().store())
        {
            final int[] cycles = store.cycles();
            return cycles.length == 0 || cycles[0] == JournalStore.FIRST_CYCLE;
        }
    }

    /**
     * The state at the beginning, and its place.
     *
     * @param dir      the engine's directory.
     * @param upTo     highest sequence that it may stand at.
     * @param progress told how far a checkpoint was read.
     * @param log      hears about checkpoints that are no good.
     * @return an empty state before the first record; where the first file is not there, the newest checkpoint that is good
     * and not behind {@code upTo}, if there is one.
     */
    public static Checkpoints.Restored state(
        final Path dir, final long upTo, final RecoveryProgress progress, final Consumer<String> log)
    {
        return isThere(dir) ? empty() : checkpoints(dir, log).restore(progress, upTo);
    }

    /**
     * The state to prove all of the journal from, and its place.
     *
     * @param dir      the engine's directory.
     * @param progress told how far a checkpoint was read.
     * @param log      hears about checkpoints that are no good.
     * @return an empty state before the first record; where the first file is not there, the oldest good checkpoint, if
     * there is one.
     */
    public static Checkpoints.Restored oldestState(
        final Path dir, final RecoveryProgress progress, final Consumer<String> log)
    {
        return isThere(dir) ? empty() : checkpoints(dir, log).restoreOldest(progress);
    }

    /**
     * The place at the beginning, without a state.
     *
     * @param dir the engine's directory.
     * @param log hears about checkpoints that are no good.
     * @return before the first record; where the first file is not there, the oldest checkpoint, if there is one.
     */
    public static JournalPlace place(final Path dir, final Consumer<String> log)
    {
        return isThere(dir) ? JournalPlace.START : checkpoints(dir, log).oldestPlace();
    }

    private static Checkpoints.Restored empty()
    {
        return new Checkpoints.Restored(new StateMachine(), JournalPlace.START);
    }

    private static Checkpoints checkpoints(final Path dir, final Consumer<String> log)
    {
        return new Checkpoints(new FileCheckpointStore(dir, CrashPoint.NONE), log);
    }
}

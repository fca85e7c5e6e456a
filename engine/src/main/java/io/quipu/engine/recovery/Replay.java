package io.quipu.engine.recovery;

import io.quipu.engine.HugePages;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.ScanResult;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The state of a directory at a sequence, made anew from its journal: for verbs that look back. Reads only, takes no
 * lock, also beside a running engine. One thread; closed by its user.
 */
public final class Replay implements AutoCloseable
{
    private final StateMachine state;
    private final ScanResult found;
    private final long timeNs;

    private Replay(final StateMachine state, final ScanResult found, final long timeNs)
    {
        this.state = state;
        this.found = found;
        this.timeNs = timeNs;
    }

    /** As {@link #of(Path, long, RecoveryProgress, Consumer)}; which checkpoints are no good is not told. */
    public static Replay of(final Path dir, final long toSequence, final RecoveryProgress progress)
    {
        return of(dir, toSequence, progress, (line) -> { });
    }

    /**
     * Replays a directory's journal.
     *
     * @param dir        the engine's directory.
     * @param toSequence last entry wanted, or {@link Replayer#TO_END}; the request that holds it is applied whole.
     * @param progress   told how far it got.
     * @param log        hears about checkpoints that are no good, where the journal has lost its beginning.
     * @return the state, and what the scan found: damage is in {@link #found()}, the state stands before it.
     * @throws JournalException when a digest or an apply is wrong, or the directory cannot be read.
     */
    public static Replay of(
        final Path dir, final long toSequence, final RecoveryProgress progress, final Consumer<String> log)
    {
        HugePages.install();
        final Checkpoints.Restored restored = Beginning.state(dir, toSequence, progress, log);
        final StateMachine state = restored.state();
        final JournalPlace start = restored.place();
        boolean isGood = false;
        try
        {
            final Replayer replayer = new Replayer(state, start.timestampNs(), toSequence, progress, ReplyHandler.NONE);
            final ScanResult found = Journal.scan(new JournalContext().directory(dir), replayer, toSequence, start);
            replayer.finish();
            isGood = true;
            return new Replay(state, found, replayer.timeNs());
        }
        finally
        {
            if (!isGood)
            {
                state.close();
            }
        }
    }

    /** The state behind the last record replayed. */
    public StateMachine state()
    {
        return state;
    }

    /** What the scan concluded, also when it is a refusal. */
    public ScanResult found()
    {
        return found;
    }

    /** Journaled time of the last record replayed. */
    public long timeNs()
    {
        return timeNs;
    }

    /** The digest of the state, as people and programs read it. */
    public String digest()
    {
        return DigestText.of(state.digest().high(), state.digest().low());
    }

    @Override
    public void close()
    {
        state.close();
    }
}

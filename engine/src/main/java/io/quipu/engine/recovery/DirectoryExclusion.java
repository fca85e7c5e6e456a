package io.quipu.engine.recovery;

import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.storage.ExcludedFrameEncoder;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.engine.EngineVersion;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Takes a request out whose apply fails, by explicit order. In the journal's last record an ExcludedFrame takes its
 * place, and its sequences: so every later replay passes over it and comes to the same digest. Its session ends there; who
 * sent it is told that the session was evicted. Nothing else is given up, and the journal as it was is in quarantine.
 * <p>
 * Only a request that fails indeed is excluded, and only in the last record: an engine stops at such a request, so that
 * nothing is behind it. Under the lock of the directory; one thread.
 */
public final class DirectoryExclusion implements RecordHandler
{
    private final StorageFrames frames = new StorageFrames();
    private final MutableDirectBuffer body = new ExpandableArrayBuffer();
    private final ExcludedFrameEncoder excluded = new ExcludedFrameEncoder();

    private Replayer replayer;
    private int cycleBefore;
    private JournalRecord failing;
    private JournalException failure;
    private long behind;

    /**
     * What was excluded.
     *
     * @param firstSequence of the request.
     * @param lastSequence  of the request.
     * @param sequence      of the journal's last entry.
     * @param digest        of the state there.
     * @param quarantine    holds the journal as it was.
     */
    public record Excluded(long firstSequence, long lastSequence, long sequence, String digest, String quarantine)
    {
    }

    private DirectoryExclusion()
    {
    }

    /**
     * Excludes the request that holds an entry.
     *
     * @param dir      of an engine that does not run.
     * @param sequence that APPLY_FAILED names.
     * @param progress told how far the replay got.
     * @param log      hears about checkpoints that are no good.
     * @return what was done.
     * @throws JournalException with the verdict, when the journal is not valid, or when it is not this request that fails;
     *                          nothing was changed then.
     */
    public static Excluded exclude(
        final Path dir, final long sequence, final RecoveryProgress progress, final Consumer<String> log)
    {
        try (FileCheckpointStore store = new FileCheckpointStore(dir, CrashPoint.NONE);
            Journal journal = Journal.open(
                new JournalContext().directory(dir).engineVersion(EngineVersion.version())))
        {
            return new DirectoryExclusion().exclude(journal, new Checkpoints(store, log), sequence, progress);
        }
    }

    private Excluded exclude(
        final Journal journal, final Checkpoints checkpoints, final long sequence, final RecoveryProgress progress)
    {
        final String quarantine;
        final Checkpoints.Restored restored = checkpoints.restore(progress);
        try (StateMachine state = restored.state())
        {
            replayer = new Replayer(
                state, restored.place().timestampNs(), Replayer.TO_END, progress, ReplyHandler.NONE);
            cycleBefore = restored.place().cycle();
            final ScanResult found = journal.read(this, restored.place());
            if (found.verdict().isRefusal())
            {
                throw new JournalException(found.verdict(), found.describe());
            }
            check(sequence);
            quarantine = journal.replaceLast(failing, cycleBefore, body, rewrite());
        }

        final Checkpoints.Restored again = checkpoints.restore(progress);
        try (StateMachine state = again.state())
        {
            final Replayer proof = new Replayer(
                state, again.place().timestampNs(), Replayer.TO_END, progress, ReplyHandler.NONE);
            final ScanResult found = journal.read(proof, again.place());
            if (found.verdict() != Verdict.CLEAN || found.lastSequence() != failing.lastSequence())
            {
                throw new JournalException(
                    Verdict.IO_FAULT,
                    "what was written is " + found.describe() + "; put back the journal from " + quarantine);
            }
            return new Excluded(
                replayer.failedFirst(),
                replayer.failedLast(),
                state.sequence(),
                DigestText.of(state.digest().high(), state.digest().low()),
                quarantine);
        }
    }

    /** Applies until it fails; what is behind that is only counted. */
    @Override
    public void onRecord(final JournalRecord record)
    {
        if (failing != null)
        {
            behind++;
            return;
        }

        try
        {
            replayer.onRecord(record);
            cycleBefore = record.cycle();
        }
        catch (final JournalException ex)
        {
            if (ex.verdict() != Verdict.APPLY_FAILED)
            {
                throw ex;
            }
            failing = record.copy();
            failure = ex;
        }
    }

    private void check(final long sequence)
    {
        if (failing == null)
        {
            throw new JournalException(
                Verdict.APPLY_FAILED, "all of the journal is applied: there is nothing to exclude; nothing was changed");
        }
        if (sequence < replayer.failedFirst() || sequence > replayer.failedLast())
        {
            throw new JournalException(
                Verdict.APPLY_FAILED, "it is not sequence " + sequence + " that fails: " + failure.getMessage());
        }
        if (behind > 0)
        {
            throw new JournalException(
                Verdict.APPLY_FAILED,
                behind + " records behind it were written on its result, so it did not fail where they were written; " +
                "nothing was changed: " + failure.getMessage());
        }
    }

    /** The failing record's frames, but for one, which gets no longer; length of the new body. */
    private int rewrite()
    {
        int length = 0;
        long first = failing.firstSequence();
        final int limit = failing.bodyOffset() + failing.bodyLength();
        frames.wrap(failing.buffer(), failing.bodyOffset(), failing.bodyLength());
        boolean more = frames.next();
        while (more)
        {
            final int start = frames.frameOffset();
            final int entries = frames.entryCount();
            final int sessionId = frames.sessionId();
            more = frames.next();
            if (first == replayer.failedFirst())
            {
                excluded.wrapAndApplyHeader(body, length, new MessageHeaderEncoder())
                    .sessionId(sessionId).entryCount(entries);
                length = excluded.limit();
            }
            else
            {
                final int frameLength = (more ? frames.frameOffset() : limit) - start;
                body.putBytes(length, failing.buffer(), start, frameLength);
                length += frameLength;
            }
            first += entries;
        }

        return length;
    }
}

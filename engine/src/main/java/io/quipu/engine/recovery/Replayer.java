package io.quipu.engine.recovery;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalRecord;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.Verdict;
import org.agrona.DirectBuffer;

/**
 * Takes the records of a scan through the one {@code apply}, comparing the digest in every record header with the
 * state before it. Recovery, verification and every verb that asks for a past state run this; it reads what it is
 * handed and writes nothing.
 * <pre>
 *   try (StateMachine state = new StateMachine())
 *   {
 *       final Replayer replayer = new Replayer(state, toSequence, progress);
 *       final ScanResult found = Journal.scan(context, replayer, toSequence);
 *       ...
 *   }
 * </pre>
 * It stops behind the frame that holds {@code toSequence}, also within a record, but never within a request, which
 * may be ATOMIC. One thread.
 */
public final class Replayer implements RecordHandler
{
    /** Replays to the end. */
    public static final long TO_END = Long.MAX_VALUE;

    private static final int RECORDS_PER_PROGRESS_CHECK = 256;
    private static final long PROGRESS_INTERVAL_NS = 200_000_000L;

    private final StateMachine state;
    private final long toSequence;
    private final RecoveryProgress progress;
    private final ReplyHandler replies;
    private final StorageFrames frames = new StorageFrames();

    private long totalBytes;
    private long bytes;
    private long records;
    private long progressNs = System.nanoTime();
    private long timeNs;
    private long failedFirst;
    private long failedLast;

    /**
     * @param state      empty, or applied to where the scan starts.
     * @param toSequence last entry wanted, or {@link #TO_END}.
     * @param progress   told how far it got.
     */
    public Replayer(final StateMachine state, final long toSequence, final RecoveryProgress progress)
    {
        this(state, 0, toSequence, progress, ReplyHandler.NONE);
    }

    /**
     * @param state      empty, or applied to where the scan starts.
     * @param toSequence last entry wanted, or {@link #TO_END}.
     * @param progress   told how far it got.
     * @param replies    hears what apply answered the first time too.
     */
    public Replayer(
        final StateMachine state,
        final long toSequence,
        final RecoveryProgress progress,
        final ReplyHandler replies)
    {
        this(state, 0, toSequence, progress, replies);
    }

    /**
     * @param state      applied to where the scan starts.
     * @param timeNs     of the last record before the scan's start, 0 for none.
     * @param toSequence last entry wanted, or {@link #TO_END}.
     * @param progress   told how far it got.
     * @param replies    hears what apply answered the first time too.
     */
    public Replayer(
        final StateMachine state,
        final long timeNs,
        final long toSequence,
        final RecoveryProgress progress,
        final ReplyHandler replies)
    {
        this.state = state;
        this.timeNs = timeNs;
        this.toSequence = toSequence;
        this.progress = progress;
        this.replies = replies;
    }

    @Override
    public void onStart(final long bytes)
    {
        totalBytes = bytes;
    }

    /**
     * Applies one record.
     *
     * @throws JournalException {@link Verdict#DIVERGED} when the state before it is not the one that wrote it, {@link
     *                          Verdict#CORRUPT} when its body is not what its lengths say, or {@link
     *                          Verdict#APPLY_FAILED}; each names the sequence.
     */
    @Override
    public void onRecord(final JournalRecord record)
    {
        if (state.sequence() >= toSequence)
        {
            return;
        }

        checkDigest(record);
        timeNs = record.timestampNs();
        if (!record.isEpoch())
        {
            checkBody(record);
            apply(record);
        }

        bytes = record.bytesBefore() + record.length();
        if (0 == ++records % RECORDS_PER_PROGRESS_CHECK)
        {
            tellProgress();
        }
    }

    private void checkDigest(final JournalRecord record)
    {
        final long high = state.digest().high();
        final long low = state.digest().low();
        if (record.digestHigh() != high || record.digestLow() != low)
        {
            throw new JournalException(
                Verdict.DIVERGED,
                "the state before sequence " + record.firstSequence() + " has digest " + DigestText.of(high, low) +
                ", the record in cycle " + record.cycle() + " at " + record.position() + " was written on " +
                DigestText.of(record.digestHigh(), record.digestLow()) +
                "; nothing was changed: run the version of the program that wrote it");
        }
    }

    /** The decoders trust the lengths in a body as they do on the wire, and a checksum proves only that it is as written. */
    private static void checkBody(final JournalRecord record)
    {
        final int code = FrameValidator.validateEntries(
            record.buffer(), record.bodyOffset(), record.bodyLength(), record.entryCount());
        if (FrameValidator.OK != code)
        {
            throw new JournalException(
                Verdict.CORRUPT,
                "the record of sequence " + record.firstSequence() + " in cycle " + record.cycle() + " at " +
                record.position() + " is " + ResultCode.get((short)code) +
                " although its checksum is right; nothing was changed: keep the directory and report this");
        }
    }

    /** Frame by frame, so that a failure is told with its place; for the state that is the same as the whole body at once. */
    private void apply(final JournalRecord record)
    {
        final DirectBuffer buffer = record.buffer();
        final int limit = record.bodyOffset() + record.bodyLength();
        long last = record.firstSequence() - 1;
        frames.wrap(buffer, record.bodyOffset(), record.bodyLength());
        boolean more = frames.next();
        while (more && last < toSequence)
        {
            final long first = last + 1;
            final int start = frames.frameOffset();
            last += frames.entryCount();
            more = frames.next();
            apply(record, buffer, start, (more ? frames.frameOffset() : limit) - start, first, last);
        }
    }

    private void apply(
        final JournalRecord record,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long first,
        final long last)
    {
        try
        {
            final long applied = state.apply(buffer, offset, length, first, record.timestampNs(), replies);
            if (applied != last)
            {
                throw new IllegalStateException("applied to " + applied + " instead of " + last);
            }
        }
        catch (final RuntimeException | Error ex)
        {
            failedFirst = first;
            failedLast = last;
            throw new JournalException(
                Verdict.APPLY_FAILED,
                "applying sequence " + first + (first == last ? "" : ".." + last) + ", in cycle " + record.cycle() +
                " at " + record.position() + ", failed (" + ex +
                "); nothing was changed: keep the directory and report this; quipu repair --exclude " + first +
                " takes it out",
                ex);
        }
    }

    private void tellProgress()
    {
        final long nowNs = System.nanoTime();
        if (nowNs - progressNs >= PROGRESS_INTERVAL_NS)
        {
            progressNs = nowNs;
            progress.onProgress(state.sequence(), bytes, totalBytes);
        }
    }

    /** Tells the progress a last time. */
    public void finish()
    {
        progress.onProgress(state.sequence(), bytes, Math.max(bytes, totalBytes));
    }

    /** Journaled time of the last record, epoch records too; 0 before the first. */
    public long timeNs()
    {
        return timeNs;
    }

    /** First entry of the frame whose apply failed, 0 when none did. */
    long failedFirst()
    {
        return failedFirst;
    }

    /** Its last entry. */
    long failedLast()
    {
        return failedLast;
    }

    /** Records taken. */
    public long records()
    {
        return records;
    }
}

package io.quipu.engine.checkpoint;

import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.state.StateImageDigest;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.CheckpointStore;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.Verdict;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;

/**
 * The checkpoints of one engine: makes them, proves them, keeps the newest three, and brings a state back from the newest that
 * is good. One thread at a time.
 * <pre>
 *   save      write aside --> force, rename --> read back, digest from scratch --> older ones go
 *   restore   newest: CRCs, image, digest --> good, or the one before it --> ... --> an empty state and the whole journal
 * </pre>
 */
public final class Checkpoints
{
    /** How many are kept. */
    public static final int GENERATIONS = 3;

    private final CheckpointStore store;
    private final Consumer<String> log;
    /** Null where the journal is kept whole. */
    private IntConsumer onCovered;
    private LongPredicate hasRoom = (bytes) -> true;
    private long proven;

    /**
     * A state and where in the journal it stands.
     *
     * @param state to be closed by its owner.
     * @param place of the record that was applied to it last; {@link JournalPlace#START} for an empty one.
     */
    public record Restored(StateMachine state, JournalPlace place)
    {
    }

    /**
     * @param store of the bytes.
     * @param log   hears a line about each checkpoint that is no good.
     */
    public Checkpoints(final CheckpointStore store, final Consumer<String> log)
    {
        this.store = store;
        this.log = log;
    }

    /**
     * Sequence of the checkpoint that was last made or restored here.
     *
     * @return 0 for none.
     */
    public long proven()
    {
        return proven;
    }

    /**
     * Writes a checkpoint, publishes it, reads it back whole, and only then removes those that are older than the newest three.
     *
     * @param state           between two records.
     * @param place           of the record that was applied to it last.
     * @param durableSequence of the journal, at or behind the state's.
     * @return bytes of the checkpoint.
     * @throws JournalException {@link Verdict#IO_FAULT} when it cannot be written or is not there as it was written, {@link
     *                          Verdict#DIVERGED} when the state holds values that its digest has not counted: memory is
     *                          damaged. The checkpoint is gone then, older ones stand.
     */
    public long save(final StateMachine state, final JournalPlace place, final long durableSequence)
    {
        final long sequence = state.sequence();
        if (sequence > durableSequence)
        {
            throw new IllegalArgumentException("sequence=" + sequence + " is ahead of durable=" + durableSequence);
        }

        // Where that is refused, whatever stands under this sequence is another process' own.
        final WritableByteChannel channel = store.create(sequence);
        try
        {
            write(channel, state, place);
            store.publish(sequence);
            readBack(state, place);
        }
        catch (final RuntimeException ex)
        {
            discard(sequence, ex);
            throw ex;
        }

        final long length = store.length(sequence);
        proven = sequence;
        // One of a higher sequence is damaged, or a start would have begun with it: it takes no generation's place.
        final long[] upToThis = sequences(sequence);
        for (int i = 0; i < upToThis.length - GENERATIONS; i++)
        {
            store.delete(upToThis[i]);
        }

        return length;
    }

    /**
     * How long a checkpoint becomes is known only when it is written: a name stands in it with each who bears it.
     *
     * @param hasRoom asked again and again while one is written, whether the disk has room for so many bytes more; where it has
     *                not, there is no checkpoint.
     * @return this.
     */
    public Checkpoints whileRoom(final LongPredicate hasRoom)
    {
        this.hasRoom = hasRoom;
        return this;
    }

    /**
     * @param onCovered told by {@link #releaseJournal()} of the first cycle that is still needed; what it throws is thrown
     *                  there. Without it all of the journal is kept.
     */
    public void onCovered(final IntConsumer onCovered)
    {
        this.onCovered = onCovered;
    }

    /**
     * Says which cycles of the journal are covered by the one just saved and the two before it, when there are so many:
     * each of them still finds its tail when the others turn out to be damaged.
     */
    public void releaseJournal()
    {
        final long[] upToProven = onCovered == null ? new long[0] : sequences(proven);
        if (upToProven.length >= GENERATIONS)
        {
            final JournalPlace oldest = place(upToProven[upToProven.length - GENERATIONS]);
            if (oldest != null)
            {
                onCovered.accept(oldest.cycle());
            }
        }
    }

    /**
     * @return where the oldest checkpoint was made that has a good header; {@link JournalPlace#START} when there is none.
     * What is behind the header is not looked at.
     */
    public JournalPlace oldestPlace()
    {
        for (final long sequence : store.sequences())
        {
            final JournalPlace place = place(sequence);
            if (place != null)
            {
                return place;
            }
        }

        return JournalPlace.START;
    }

    private JournalPlace place(final long sequence)
    {
        try (ReadableByteChannel channel = store.open(sequence);
            CheckpointReader reader = new CheckpointReader(channel, (bytes) -> { }))
        {
            return reader.readHeader();
        }
        catch (final JournalException ex)
        {
            if (ex.verdict() != Verdict.IO_FAULT)
            {
                throw ex;
            }
            return unreadable(sequence, ex);
        }
        catch (final IOException | DamagedCheckpointException ex)
        {
            return unreadable(sequence, ex);
        }
    }

    private JournalPlace unreadable(final long sequence, final Exception why)
    {
        log.accept("damaged checkpoint " + store.name(sequence) + ": " + why.getMessage());
        return null;
    }

    private long[] sequences(final long upTo)
    {
        return Arrays.stream(store.sequences()).filter(sequence -> sequence <= upTo).toArray();
    }

    /**
     * Makes a state of the newest checkpoint that is good. Changes nothing.
     *
     * @param progress told how far it got.
     * @return the state; an empty one at the journal's start when no checkpoint is good.
     * @throws JournalException {@link Verdict#FORMAT_TOO_NEW} when the newest was written by a newer program.
     */
    public Restored restore(final RecoveryProgress progress)
    {
        return restore(progress, Long.MAX_VALUE);
    }

    /**
     * As {@link #restore(RecoveryProgress)}, of the newest that does not stand behind a sequence.
     *
     * @param progress told how far it got.
     * @param upTo     highest sequence wanted.
     * @return the state; an empty one at the journal's start when no such checkpoint is good.
     */
    public Restored restore(final RecoveryProgress progress, final long upTo)
    {
        final long[] sequences = sequences(upTo);
        for (int i = sequences.length - 1; i >= 0; i--)
        {
            final Restored restored =
                restore(sequences[i], progress, i == 0 ? "the journal from its start" : "the one before it");
            if (restored != null)
            {
                return restored;
            }
        }

        return new Restored(new StateMachine(), JournalPlace.START);
    }

    /**
     * As {@link #restore(RecoveryProgress)}, of the oldest that is good.
     *
     * @param progress told how far it got.
     * @return the state; an empty one at the journal's start when no checkpoint is good.
     */
    public Restored restoreOldest(final RecoveryProgress progress)
    {
        for (final long sequence : store.sequences())
        {
            final Restored restored = restore(sequence, progress, "the one behind it");
            if (restored != null)
            {
                return restored;
            }
        }

        return new Restored(new StateMachine(), JournalPlace.START);
    }

    /** Null when it is damaged. */
    private Restored restore(final long sequence, final RecoveryProgress progress, final String next)
    {
        final StateMachine state = new StateMachine();
        boolean isGood = false;
        try
        {
            final JournalPlace place = load(sequence, state, progress);
            isGood = true;
            proven = sequence;
            return new Restored(state, place);
        }
        catch (final DamagedCheckpointException ex)
        {
            log.accept("damaged checkpoint " + store.name(sequence) + ": " + ex.getMessage() + "; trying " + next);
            return null;
        }
        finally
        {
            if (!isGood)
            {
                state.close();
            }
        }
    }

    private JournalPlace load(final long sequence, final StateMachine state, final RecoveryProgress progress)
        throws DamagedCheckpointException
    {
        final long length = length(sequence);
        try (ReadableByteChannel channel = store.open(sequence);
            CheckpointReader reader =
                new CheckpointReader(channel, (bytes) -> progress.onProgress(0, bytes, length)))
        {
            final JournalPlace place = reader.read(state.newImageReader(length));
            if (place.sequence() != sequence || state.sequence() != sequence)
            {
                throw new DamagedCheckpointException("it stands at sequence " + state.sequence());
            }
            if (state.digest().high() != reader.digestHigh() || state.digest().low() != reader.digestLow())
            {
                throw new DamagedCheckpointException(
                    "its state has digest " + DigestText.of(state.digest().high(), state.digest().low()) +
                    ", it was written with " + DigestText.of(reader.digestHigh(), reader.digestLow()));
            }

            return place;
        }
        catch (final IOException ex)
        {
            throw new DamagedCheckpointException("it cannot be closed: " + ex, ex);
        }
        catch (final JournalException ex)
        {
            if (ex.verdict() != Verdict.IO_FAULT)
            {
                throw ex;
            }
            throw new DamagedCheckpointException(ex.getMessage(), ex);
        }
    }

    private long length(final long sequence) throws DamagedCheckpointException
    {
        try
        {
            return store.length(sequence);
        }
        catch (final JournalException ex)
        {
            throw new DamagedCheckpointException(ex.getMessage(), ex);
        }
    }

    /** What is no good goes; why it is no good is what counts. */
    private void discard(final long sequence, final RuntimeException reason)
    {
        try
        {
            store.delete(sequence);
        }
        catch (final JournalException ex)
        {
            reason.addSuppressed(ex);
        }
    }

    private void write(final WritableByteChannel channel, final StateMachine state, final JournalPlace place)
    {
        try (channel)
        {
            CheckpointWriter.write(new RoomChannel(channel, hasRoom), state, place);
        }
        catch (final IOException ex)
        {
            throw new JournalException(
                Verdict.IO_FAULT, "cannot close " + store.name(state.sequence()) + ": " + ex, ex);
        }
    }

    /** All of it, as a start would, but that no table is built: the digest is taken from scratch, entry by entry. */
    private void readBack(final StateMachine state, final JournalPlace place)
    {
        final String name = store.name(state.sequence());
        try (ReadableByteChannel channel = store.open(state.sequence());
            CheckpointReader reader = new CheckpointReader(channel, (bytes) -> { }))
        {
            final StateImageDigest image = new StateImageDigest();
            final JournalPlace placeRead = reader.read(image.newReader(store.length(state.sequence())));
            if (!place.equals(placeRead) ||
                reader.digestHigh() != state.digest().high() ||
                reader.digestLow() != state.digest().low())
            {
                throw new JournalException(Verdict.IO_FAULT, "another checkpoint was read back from " + name);
            }
            if (!state.digest().isOf(image))
            {
                throw new JournalException(
                    Verdict.DIVERGED,
                    "at sequence " + state.sequence() + " the state holds values that its digest has not counted: memory " +
                    "was altered; the journal is right, start again, and test this machine's memory");
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(Verdict.IO_FAULT, "cannot close " + name + ": " + ex, ex);
        }
        catch (final DamagedCheckpointException ex)
        {
            throw new JournalException(
                Verdict.IO_FAULT, "what was written to " + name + " is not what is read: " + ex.getMessage(), ex);
        }
    }
}

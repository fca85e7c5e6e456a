package io.quipu.engine.sim;

import static io.quipu.journal.JournalRecordDescriptor.DIGEST_HIGH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.DIGEST_LOW_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.DURABLE_SEQUENCE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.ENTRY_COUNT_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.EPOCH_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.FIRST_SEQUENCE_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.HEADER_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_EPOCH;
import static io.quipu.journal.JournalRecordDescriptor.KIND_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.TIMESTAMP_OFFSET;
import static io.quipu.journal.JournalRecordDescriptor.TRAILER_LENGTH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.quipu.codecs.StorageFrames;
import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.engine.state.Twin;
import io.quipu.journal.JournalException;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What must be true, worked out from the journal alone by a naive twin of the state: maps, lists and BigInteger. It
 * sees each record as it is appended and each reply before it leaves, and it knows from the disk what would survive a
 * loss of power. So it needs no luck: a reply that is sent too early is wrong although nothing crashes.
 */
final class Oracle
{
    /** Digests are computed from scratch, so not behind each record. */
    private static final int DIGEST_EVERY = 24;

    private record Journaled(int epoch, long lastSequence, long timeNs, long namedDurable, byte[] body)
    {
    }

    private record RequestKey(int sessionId, long requestSequence)
    {
    }

    final Twin twin = new Twin();
    /** Requests that clients have sent, by their commands: nothing else may ever be journaled. */
    private final Set<ByteBuffer> sent = new HashSet<>();
    private final List<Journaled> records = new ArrayList<>();
    private final Map<RequestKey, byte[]> replies = new HashMap<>();
    private final StorageFrames frames = new StorageFrames();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private Journaled appending;
    private long durable;
    private long timeNs;
    private long commands;
    private int epoch;
    private int startedEpoch;
    private int digestCount;
    private int durableCount;
    private long acknowledgedJournaled;
    private long acknowledgedDurable;

    /** Commands journaled so far, those too that were lost with the power. */
    long commands()
    {
        return commands;
    }

    /** The last entry that survives a loss of power. */
    long durable()
    {
        return durable;
    }

    /** Records appended. */
    int recordCount()
    {
        return records.size();
    }

    long lastAppended()
    {
        return records.isEmpty() ? 0 : records.get(records.size() - 1).lastSequence();
    }

    void onSent(final byte[] requestCommands)
    {
        sent.add(ByteBuffer.wrap(requestCommands));
    }

    /** A record is about to be written; whether it survives until then is the disk's to decide. */
    void onAppending(final byte[] record)
    {
        final ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        final long first = in.getLong(FIRST_SEQUENCE_OFFSET);
        final long recordTimeNs = in.getLong(TIMESTAMP_OFFSET);
        Check.that(first == lastAppended() + 1, "record begins at %d behind %d", first, lastAppended());
        Check.that(recordTimeNs >= timeNs, "time went back from %d to %d", timeNs, recordTimeNs);
        final long namedDurable = in.getLong(DURABLE_SEQUENCE_OFFSET);
        Check.that(namedDurable <= durable, "a record says durable=%d, the disk has %d", namedDurable, durable);
        if (0 == digestCount++ % DIGEST_EVERY || KIND_EPOCH == in.getShort(KIND_OFFSET))
        {
            checkDigest(in.getLong(DIGEST_HIGH_OFFSET), in.getLong(DIGEST_LOW_OFFSET));
        }

        final int newEpoch = in.getInt(EPOCH_OFFSET);
        if (KIND_EPOCH == in.getShort(KIND_OFFSET))
        {
            Check.that(newEpoch > startedEpoch, "epoch %d again or older, after %d", newEpoch, startedEpoch);
            appending = new Journaled(newEpoch, first - 1, recordTimeNs, namedDurable, new byte[0]);
        }
        else
        {
            Check.that(newEpoch == epoch, "a record of epoch %d in epoch %d", newEpoch, epoch);
            final int entries = in.getInt(ENTRY_COUNT_OFFSET);
            final byte[] body = Arrays.copyOfRange(record, HEADER_LENGTH, record.length - TRAILER_LENGTH);
            appending = new Journaled(newEpoch, first + entries - 1, recordTimeNs, namedDurable, body);
            checkSent(body);
        }

        epoch = newEpoch;
        records.add(appending);
    }

    private void checkSent(final byte[] body)
    {
        view.wrap(body);
        frames.wrap(view, 0, body.length);
        while (frames.next())
        {
            if (RequestFrameDecoder.TEMPLATE_ID == frames.templateId())
            {
                commands += frames.commandCount();
                final int from = frames.commandsOffset();
                final byte[] journaled = Arrays.copyOfRange(body, from, from + frames.commandsLength());
                Check.that(
                    sent.contains(ByteBuffer.wrap(journaled)),
                    "request %d of session %d was journaled, but never sent so",
                    frames.requestSequence(), frames.sessionId());
            }
        }
    }

    void onAppended()
    {
        apply(appending);
        appending = null;
    }

    private void apply(final Journaled record)
    {
        timeNs = record.timeNs();
        for (final Twin.Event event : twin.apply(record.body(), record.timeNs()))
        {
            if (null != event.reply())
            {
                replies.put(new RequestKey(event.sessionId(), event.requestSequence()), event.reply());
            }
        }
        Check.that(
            twin.sequence() == record.lastSequence(),
            "the record says %d, its frames %d", record.lastSequence(), twin.sequence());
    }

    /** So many records, from the first on, survive a loss of power. */
    void onSynced(final int count)
    {
        durableCount = count;
        durable = 0 == count ? 0 : records.get(count - 1).lastSequence();
    }

    /** A request's reply leaves the engine: it is the one that the journal gives, and as durable as it says. */
    void onReply(final EgressReply reply)
    {
        final byte[] expected = replies.get(new RequestKey(reply.sessionId(), reply.requestSequence()));
        Check.that(
            null != expected,
            "a reply to request %d of session %d, which is not in the journal",
            reply.requestSequence(), reply.sessionId());
        Check.that(
            Arrays.equals(expected, reply.result()),
            "another reply to request %d of session %d than the journal gives",
            reply.requestSequence(), reply.sessionId());
        checkDurable(reply.ackReached(), reply.lastSequence());
        checkEpoch(reply.epoch());
    }

    void checkDurable(final AckReached ack, final long sequence)
    {
        Check.that(
            ack != AckReached.DURABLE || sequence <= durable,
            "told that %d is durable, the disk has %d", sequence, durable);
    }

    void checkEpoch(final int told)
    {
        Check.that(told == epoch, "told epoch %d in epoch %d", told, epoch);
    }

    /** A client has it black on white: from now on it may not be lost. */
    void onAcknowledged(final AckReached ack, final long sequence)
    {
        acknowledgedJournaled = Math.max(acknowledgedJournaled, sequence);
        if (ack == AckReached.DURABLE)
        {
            acknowledgedDurable = Math.max(acknowledgedDurable, sequence);
        }
    }

    /**
     * A start was refused, of a journal that has one bit turned over. What the superblock, a checkpoint or another
     * record names as durable is damaged then, no torn tail; and where a record or the superblock says that the
     * checkpoint's sequence was durable, the journal is damaged, not older than the checkpoint.
     *
     * @param found the journal alone, from its first record.
     * @param disk  as it is.
     */
    void checkRefusal(final JournalException refusal, final ScanResult found, final SimDisk disk)
    {
        final long superblock = SimSuperblockStore.durableSequence(disk);
        final long checkpoint = SimCheckpointStore.newest(disk);
        final long most = Math.max(named(records.size(), -1), Math.max(superblock, checkpoint));
        final long least = Math.max(named(durableCount, found.records()), superblock);
        final Verdict verdict = refusal.verdict();
        Check.that(
            Verdict.CORRUPT == verdict || Verdict.GAP == verdict ?
            found.lastSequence() <= most : Verdict.CHECKPOINT_AHEAD == verdict && least < checkpoint,
            "readable to %d, durable %d to %d, checkpoint %d: %s",
            found.lastSequence(), least, most, checkpoint, refusal.getMessage());
    }

    /** The highest durable sequence that one of the first records names, but for one. */
    private long named(final int count, final long except)
    {
        long highest = 0;
        for (int i = 0; i < count; i++)
        {
            highest = Math.max(highest, i == except ? 0 : records.get(i).namedDurable());
        }
        return highest;
    }

    /**
     * A record was damaged by other than a crash, and the start was not refused. What an engine can know to have been
     * durable is what the superblock names, and the records behind the damage that are on the disk themselves; what it
     * cannot know may be lost with it.
     *
     * @param sequence that was recovered.
     * @param disk     as it is.
     */
    void onDamage(final long sequence, final SimDisk disk)
    {
        final long named = SimSuperblockStore.durableSequence(disk);
        Check.that(
            sequence >= named,
            "damage was taken for a torn tail: recovered %d, the superblock names %d durable", sequence, named);
        boolean isBehindDamaged = false;
        for (final Journaled record : records.subList(0, durableCount))
        {
            Check.that(
                !isBehindDamaged || record.namedDurable() <= sequence,
                "damage was taken for a torn tail: recovered %d, a record names %d durable",
                sequence, record.namedDurable());
            isBehindDamaged |= record.lastSequence() > sequence;
        }
        durable = Math.min(durable, sequence);
        acknowledgedDurable = Math.min(acknowledgedDurable, sequence);
    }

    /**
     * An engine has recovered.
     *
     * @param sequence   that it stands at.
     * @param foundEpoch of the last record.
     * @param mayForget  whether the disk may have lost what was not synced.
     * @return whether anything that was appended was lost.
     */
    boolean onRecovered(
        final long sequence,
        final int foundEpoch,
        final long digestHigh,
        final long digestLow,
        final boolean mayForget)
    {
        final long appended = lastAppended();
        Check.that(sequence <= appended, "recovered %d, of which only %d were ever appended", sequence, appended);
        Check.that(sequence >= durable, "recovered %d, the disk had %d durable", sequence, durable);
        Check.that(
            sequence >= acknowledgedDurable,
            "recovered %d, told a client that %d is durable", sequence, acknowledgedDurable);
        Check.that(
            mayForget || sequence >= acknowledgedJournaled,
            "recovered %d after a mere kill, told a client that %d is journaled", sequence, acknowledgedJournaled);

        while (!records.isEmpty() && isBehind(records.get(records.size() - 1), sequence, foundEpoch))
        {
            records.remove(records.size() - 1);
        }
        durableCount = Math.min(durableCount, records.size());
        Check.that(lastAppended() == sequence, "recovered %d, which no record ends with", sequence);
        if (null != appending || twin.sequence() != sequence)
        {
            rebuild();
        }
        timeNs = records.isEmpty() ? 0 : records.get(records.size() - 1).timeNs();
        acknowledgedJournaled = Math.min(acknowledgedJournaled, sequence);
        checkDigest(digestHigh, digestLow);
        return sequence < appended;
    }

    private static boolean isBehind(final Journaled record, final long sequence, final int foundEpoch)
    {
        return record.lastSequence() > sequence || record.epoch() > foundEpoch;
    }

    /** The engine takes frames in: its epoch is known to the world from now on. */
    void onStarted()
    {
        startedEpoch = epoch;
    }

    private void rebuild()
    {
        appending = null;
        twin.clear();
        replies.clear();
        records.forEach(this::apply);
    }

    void checkDigest(final long high, final long low)
    {
        final String digest = String.format("%016x%016x", high, low);
        final String expected = twin.digest();
        Check.that(digest.equals(expected), "digest %s at %d, the twin's is %s", digest, twin.sequence(), expected);
    }
}

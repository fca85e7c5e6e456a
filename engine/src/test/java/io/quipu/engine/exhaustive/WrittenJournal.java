package io.quipu.engine.exhaustive;

import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.state.RecordBodies;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalRecord;
import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes a journal of random commands as an engine does, and then knows of each record where it stands, what it names
 * as durable, and the digest of the state behind it.
 */
final class WrittenJournal
{
    static final long FIRST_TIME_NS = 1_700_000_000_000_000_000L;
    private static final long STEP_NS = 1_000_000L;

    /** A record: its document stands at position, with a header word in front of length bytes. */
    record Place(
        int cycle,
        long position,
        int length,
        long firstSequence,
        long lastSequence,
        long durableSequence,
        String digest)
    {
        static final int WORD_LENGTH = 4;

        long end()
        {
            return position + WORD_LENGTH + length;
        }
    }

    /** What is written. Every so many records the durable sequence follows, a roll comes, another start. */
    record Shape(
        int records, int commands, int nameLength, int recordsPerSync, int recordsPerCycle, int recordsPerEpoch)
    {
    }

    private final List<Place> places = new ArrayList<>();
    private String emptyDigest;

    private WrittenJournal()
    {
    }

    /**
     * @param context gives one of the same empty journal for each start.
     * @param shape   of what is written.
     * @param seed    of the commands.
     * @return what was written.
     */
    static WrittenJournal write(final Supplier<JournalContext> context, final Shape shape, final long seed)
    {
        final WrittenJournal written = new WrittenJournal();
        final RecordBodies bodies = new RecordBodies(seed, 1, shape.nameLength());
        int records = 0;
        while (records < shape.records())
        {
            written.places.clear();
            try (StateMachine state = new StateMachine(); Journal journal = Journal.open(context.get()))
            {
                journal.recover(record -> written.take(record, state));
                final int until = Math.min(shape.records(), records + shape.recordsPerEpoch());
                records = append(journal, state, bodies, shape, records, until);
            }
        }

        written.places.clear();
        try (StateMachine state = new StateMachine(); Journal journal = Journal.open(context.get()))
        {
            written.emptyDigest = digest(state);
            journal.recover(record -> written.take(record, state));
        }

        return written;
    }

    private static int append(
        final Journal journal,
        final StateMachine state,
        final RecordBodies bodies,
        final Shape shape,
        final int from,
        final int until)
    {
        final JournalAppender appender =
            journal.startEpoch(timeNs(from), state.digest().high(), state.digest().low());
        long durable = state.sequence();
        for (int i = from; i < until; i++)
        {
            final DirectBuffer body = bodies.next(shape.commands());
            if (i > 0 && i % shape.recordsPerCycle() == 0)
            {
                journal.store().roll();
            }
            appender.buffer().putBytes(appender.bodyOffset(), body, 0, bodies.length());
            appender.append(
                bodies.length(),
                bodies.entryCount(),
                timeNs(i),
                durable,
                state.digest().high(),
                state.digest().low());
            state.apply(body, 0, bodies.length(), state.sequence() + 1, timeNs(i), ReplyHandler.NONE);
            if (i % shape.recordsPerSync() == 0)
            {
                journal.sync();
                durable = state.sequence();
            }
        }
        journal.sync();

        return until;
    }

    private static long timeNs(final int record)
    {
        return FIRST_TIME_NS + record * STEP_NS;
    }

    private void take(final JournalRecord record, final StateMachine state)
    {
        if (!record.isEpoch())
        {
            state.apply(
                record.buffer(),
                record.bodyOffset(),
                record.bodyLength(),
                record.firstSequence(),
                record.timestampNs(),
                ReplyHandler.NONE);
        }
        places.add(new Place(
            record.cycle(),
            record.position(),
            record.length(),
            record.firstSequence(),
            record.lastSequence(),
            record.durableSequence(),
            digest(state)));
    }

    private static String digest(final StateMachine state)
    {
        return DigestText.of(state.digest().high(), state.digest().low());
    }

    /**
     * @return of all records, in their order; those that start an epoch too.
     */
    List<Place> places()
    {
        return places;
    }

    /**
     * @param records how many of the first.
     * @return the digest behind these.
     */
    String digest(final int records)
    {
        return records == 0 ? emptyDigest : places.get(records - 1).digest();
    }

    /**
     * @param records how many of the first.
     * @return the last sequence of these.
     */
    long sequence(final int records)
    {
        return records == 0 ? 0 : places.get(records - 1).lastSequence();
    }
}

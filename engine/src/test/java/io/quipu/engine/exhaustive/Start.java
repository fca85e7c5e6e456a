package io.quipu.engine.exhaustive;

import io.quipu.engine.Clock;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.recovery.Recovery;
import io.quipu.engine.state.RecordBodies;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.Verdict;
import org.agrona.DirectBuffer;

/**
 * What a start of the engine does with a directory, up to the point where it would serve: lock, scan, replay, judge,
 * repair.
 *
 * @param verdict  of the start.
 * @param records  applied.
 * @param sequence of the state that would be served.
 * @param digest   of it.
 * @param line     of the refusal, empty when there is none.
 */
record Start(Verdict verdict, long records, long sequence, String digest, String line)
{
    private static final Clock CLOCK = new Clock()
    {
        @Override
        public long monotonicNs()
        {
            return 0;
        }

        @Override
        public long wallNs()
        {
            return WrittenJournal.FIRST_TIME_NS;
        }
    };

    /**
     * @param context of the journal.
     * @return what the start concluded.
     */
    static Start of(final JournalContext context)
    {
        return of(context, false);
    }

    /**
     * @param context of the journal.
     * @param goesOn  whether an epoch is started and a record appended, durable, as the engine would at once.
     * @return what the start concluded.
     */
    static Start of(final JournalContext context, final boolean goesOn)
    {
        try (Journal journal = Journal.open(context);
            Recovery recovery = new Recovery(null, CLOCK, true, RecoveryProgress.NONE))
        {
            recovery.run(journal);
            final StateMachine state = recovery.state();
            final Start start = new Start(
                journal.verdict(),
                recovery.records(),
                state.sequence(),
                DigestText.of(state.digest().high(), state.digest().low()),
                "");
            if (goesOn)
            {
                append(journal, state, recovery.timeNs());
            }
            return start;
        }
        catch (final JournalException ex)
        {
            return new Start(ex.verdict(), 0, 0, "", ex.getMessage());
        }
    }

    private static void append(final Journal journal, final StateMachine state, final long timeNs)
    {
        final JournalAppender appender =
            journal.startEpoch(timeNs, state.digest().high(), state.digest().low());
        final RecordBodies bodies = new RecordBodies(state.sequence(), state.sessions().nextSessionId(), 2);
        final DirectBuffer body = bodies.next(1);
        appender.buffer().putBytes(appender.bodyOffset(), body, 0, bodies.length());
        appender.append(
            bodies.length(),
            bodies.entryCount(),
            timeNs,
            state.sequence(),
            state.digest().high(),
            state.digest().low());
        journal.sync();
        state.apply(body, 0, bodies.length(), state.sequence() + 1, timeNs, ReplyHandler.NONE);
    }

    boolean isRefused()
    {
        return verdict.isRefusal();
    }
}

package io.quipu.engine.checkpoint;

import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.state.RandomBodies;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.DirectoryLock;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.MemoryJournalStore;
import org.agrona.DirectBuffer;

/**
 * A journal in memory that random commands are appended to, as an engine would, with the state that they lead to.
 */
final class GrowingJournal implements AutoCloseable
{
    private static final DirectoryLock NO_LOCK = new DirectoryLock()
    {
        @Override
        public void acquire()
        {
        }

        @Override
        public boolean isHeld()
        {
            return true;
        }

        @Override
        public void close()
        {
        }
    };

    final MemoryJournalStore store = new MemoryJournalStore();
    final StateMachine state = new StateMachine();
    private final RandomBodies bodies;
    private final JournalAppender appender;
    private long timeNs = 1;

    GrowingJournal(final long seed, final int names, final long rollLength)
    {
        bodies = new RandomBodies(seed, names);
        final Journal journal =
            Journal.open(new JournalContext().store(store).lock(NO_LOCK).rollLength(rollLength));
        journal.recover(record -> { });
        appender = journal.startEpoch(timeNs, state.digest().high(), state.digest().low());
    }

    /** The journal of a store, not yet recovered. */
    static Journal open(final MemoryJournalStore store)
    {
        return Journal.open(new JournalContext().store(store).lock(NO_LOCK));
    }

    GrowingJournal write(final int records)
    {
        for (int i = 0; i < records; i++)
        {
            write(state.digest().high());
        }
        return this;
    }

    /** Appends a record whose header says that it was written on a digest with this first lane. */
    void write(final long digestHigh)
    {
        timeNs++;
        final DirectBuffer body = bodies.next(timeNs);
        appender.buffer().putBytes(appender.bodyOffset(), body, 0, bodies.length());
        appender.append(bodies.length(), bodies.entryCount(), timeNs, 0, digestHigh, state.digest().low());
        state.apply(body, 0, bodies.length(), state.sequence() + 1, timeNs, ReplyHandler.NONE);
    }

    long timeNs()
    {
        return timeNs;
    }

    String digest()
    {
        return digestOf(state);
    }

    static String digestOf(final StateMachine state)
    {
        return DigestText.of(state.digest().high(), state.digest().low());
    }

    @Override
    public void close()
    {
        state.close();
    }
}

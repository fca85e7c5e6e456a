package io.quipu.engine.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quipu.engine.Clock;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.Recovery;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.MemoryJournalStore;
import io.quipu.journal.NoLock;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A start on a record whose checksum is right and whose body is any bytes: applied, or refused with a verdict, and nothing
 * thrown but that.
 */
class RecordFuzz
{
    private static final int MAX_LENGTH = 1 << 16;

    @FuzzTest(maxDuration = "3m")
    void replay(final byte[] body)
    {
        if (body.length == 0 || body.length > MAX_LENGTH)
        {
            return;
        }

        final MemoryJournalStore store = new MemoryJournalStore();
        write(store, body);
        try (Recovery recovery = new Recovery(null, Clock.system(), true, RecoveryProgress.NONE);
            Journal journal = Journal.open(context(store)))
        {
            recovery.run(journal);
            assertThat(recovery.state().sequence()).isEqualTo(entries(body));
        }
        catch (final JournalException ex)
        {
            assertThat(ex.verdict()).isIn(Verdict.CORRUPT, Verdict.APPLY_FAILED);
            assertThat(ex.getMessage()).contains("sequence 1");
        }
    }

    private static JournalContext context(final MemoryJournalStore store)
    {
        return new JournalContext().store(store).lock(new NoLock()).engineVersion("fuzz");
    }

    /** As many as the first byte says, so that the fuzzer chooses. */
    private static int entries(final byte[] body)
    {
        return Math.max(1, body[0] & 0x7F);
    }

    private static void write(final MemoryJournalStore store, final byte[] body)
    {
        try (StateMachine state = new StateMachine(); Journal journal = Journal.open(context(store)))
        {
            journal.recover(RecordHandler.NONE);
            final long high = state.digest().high();
            final long low = state.digest().low();
            final JournalAppender appender = journal.startEpoch(1, high, low);
            appender.buffer().putBytes(appender.bodyOffset(), body, 1, body.length - 1);
            appender.append(body.length - 1, entries(body), 1, 0, high, low);
            journal.sync();
        }
    }
}

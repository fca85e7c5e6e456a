package io.quipu.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quipu.engine.Clock;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.Recovery;
import io.quipu.engine.recovery.Replayer;
import io.quipu.engine.state.StateImage;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.DirectoryLockedException;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.MemoryJournalStore;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Checkpoints of a journal of random commands, in memory: that each leads, with the records behind it, to where the journal
 * alone leads; and what is done with those that are no good.
 */
class CheckpointsTest
{
    private final MemoryCheckpointStore store = new MemoryCheckpointStore();
    private final List<String> log = new ArrayList<>();
    private final Checkpoints checkpoints = new Checkpoints(store, log::add);
    private final List<AutoCloseable> opened = new ArrayList<>();

    private MemoryJournalStore journalStore;
    /** Of the state behind all of the journal. */
    private String digest;
    private long lastSequence;

    @AfterEach
    void close() throws Exception
    {
        for (final AutoCloseable resource : opened)
        {
            resource.close();
        }
    }

    @Test
    void shouldLeadWithTheTailToWhereTheJournalAloneLeads()
    {
        final long seed = System.nanoTime();
        System.out.println("CheckpointsTest seed " + seed);
        writeJournal(seed, 600, 40, 1 << 17);
        for (long sequence = 1; sequence < lastSequence; sequence += lastSequence / 40)
        {
            try (State state = stateAt(sequence))
            {
                checkpoints.save(state.machine, state.place, state.machine.sequence());
                final long length = store.length(state.machine.sequence());
                final Recovery recovery = recover();
                assertThat(recovery.checkpointSequence()).isEqualTo(state.machine.sequence());
                assertThat(GrowingJournal.digestOf(recovery.state())).isEqualTo(digest);
                assertThat(recovery.state().sequence()).isEqualTo(lastSequence);
                assertThat(recovery.timeNs()).isEqualTo(601);
                assertThat(length).isPositive();
            }
        }
        assertThat(log).isEmpty();
        assertThat(store.sequences()).hasSize(Checkpoints.GENERATIONS);
    }

    @Test
    void shouldNeverNeedWhatStandsBeforeTheCheckpoint()
    {
        writeJournal(7, 900, 200, JournalContext.MIN_ROLL_LENGTH);
        try (State state = stateAt(lastSequence - 100))
        {
            assertThat(state.place.cycle()).as("cycles").isGreaterThan(1);
            checkpoints.save(state.machine, state.place, state.machine.sequence());
            journalStore.cycles.headMap(state.place.cycle(), false).clear();
            journalStore.ends.headMap(state.place.cycle(), false).clear();
            assertThat(GrowingJournal.digestOf(recover().state())).isEqualTo(digest);
        }
    }

    @Test
    void shouldFallBackToAnOlderCheckpointAndThenToTheJournal()
    {
        writeJournal(11, 300, 40, 1 << 17);
        final long[] sequences = { save(100), save(200), save(300), save(400) };
        assertThat(store.sequences()).containsExactly(sequences[1], sequences[2], sequences[3]);

        flip(sequences[3], store.published.get(sequences[3]).length / 2, 0);
        assertThat(recover().checkpointSequence()).isEqualTo(sequences[2]);
        store.published.put(sequences[2], new byte[0]);
        assertThat(recover().checkpointSequence()).isEqualTo(sequences[1]);
        store.published.put(sequences[1], Arrays.copyOf(store.published.get(sequences[1]), 5_000));
        final Recovery recovery = recover();
        assertThat(recovery.checkpointSequence()).isZero();
        assertThat(GrowingJournal.digestOf(recovery.state())).isEqualTo(digest);
        assertThat(log).hasSize(6).allMatch(line -> line.startsWith("damaged checkpoint checkpoint-"));
    }

    @Test
    void shouldNoticeEveryFlippedBitAndEveryTruncation()
    {
        writeJournal(13, 40, 12, 1 << 17);
        final long sequence = save(Math.min(60, lastSequence));
        final byte[] whole = store.published.get(sequence).clone();
        System.out.println("CheckpointsTest: every bit of " + whole.length + " bytes");
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++)
        {
            store.published.put(sequence, whole.clone());
            flip(sequence, bit / Byte.SIZE, bit % Byte.SIZE);
            assertDamaged("bit " + bit);
        }
        for (int length = 0; length < whole.length; length++)
        {
            store.published.put(sequence, Arrays.copyOf(whole, length));
            assertDamaged("length " + length);
        }
        store.published.put(sequence, Arrays.copyOf(whole, whole.length + 1));
        assertDamaged("one byte more");
    }

    @Test
    void shouldRefuseACheckpointOfANewerProgram()
    {
        writeJournal(17, 40, 12, 1 << 17);
        final long sequence = save(50);
        final byte[] bytes = store.published.get(sequence);
        bytes[CheckpointDescriptor.VERSION_OFFSET]++;
        assertDamaged("a version without its CRC");
        TestBytes.renewHeaderCrc(bytes);
        assertThatThrownBy(() -> checkpoints.restore(RecoveryProgress.NONE))
            .isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW));
    }

    @Test
    void shouldRefuseAJournalThatEndsBeforeTheCheckpoint()
    {
        writeJournal(19, 100, 40, 1 << 17);
        final MemoryJournalStore older = journalStore.copy();
        final byte[] bytes = older.cycles.get(1);
        final long sequence = save(lastSequence);
        try (State state = stateAt(lastSequence / 2))
        {
            Arrays.fill(bytes, (int)state.place.position(), bytes.length, (byte)0);
        }
        assertThatThrownBy(() -> recover(older))
            .isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.CHECKPOINT_AHEAD))
            .hasMessageContaining(Long.toString(sequence));
    }

    @Test
    void shouldNeverPublishAheadOfTheDurableSequence()
    {
        writeJournal(23, 50, 40, 1 << 17);
        try (State state = stateAt(30))
        {
            assertThatThrownBy(() -> checkpoints.save(state.machine, state.place, state.machine.sequence() - 1))
                .isInstanceOf(IllegalArgumentException.class);
            assertThat(store.sequences()).isEmpty();
        }
    }

    @Test
    void shouldLeaveNoMemoryToTheCollector()
    {
        writeJournal(43, 100, 40, 1 << 17);
        try (State state = stateAt(50))
        {
            final long before = directBytes();
            for (int i = 0; i < 4; i++)
            {
                checkpoints.save(state.machine, state.place, state.machine.sequence());
            }
            assertThat(directBytes() - before).isLessThan(StateImage.MAX_CHUNK_LENGTH);
        }
    }

    private static long directBytes()
    {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> "direct".equals(pool.getName()))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    }

    @Test
    void shouldMakeNoneWhereThereIsNoRoom()
    {
        writeJournal(47, 100, 40, 1 << 17);
        final long before = save(50);
        checkpoints.whileRoom(bytes -> false);
        assertThatThrownBy(() -> save(100))
            .isInstanceOfSatisfying(
                JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT))
            .hasMessageContaining("too little room");
        assertThat(store.sequences()).containsExactly(before);
    }

    @Test
    void shouldAskForRoomAgainAsItWrites() throws IOException
    {
        final long[] room = { 3 * RoomChannel.STEP };
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final RoomChannel channel = new RoomChannel(
            Channels.newChannel(out), bytes -> room[0] - out.size() >= bytes);
        final ByteBuffer part = ByteBuffer.allocate((int)RoomChannel.STEP / 3);
        while (out.size() + part.capacity() <= room[0])
        {
            assertThat(channel.write(part.clear())).isEqualTo(part.capacity());
        }
        assertThatThrownBy(() -> channel.write(part.clear())).isInstanceOf(IOException.class);
        room[0] += RoomChannel.STEP;
        assertThat(channel.write(part.clear())).isEqualTo(part.capacity());
    }

    @Test
    void shouldReadBackBeforeOlderOnesGo()
    {
        writeJournal(29, 300, 40, 1 << 17);
        final long[] sequences = { save(100), save(200), save(300) };
        final MemoryCheckpointStore failing = new MangledStore();
        failing.published.putAll(store.published);
        try (State state = stateAt(400))
        {
            final Checkpoints unlucky = new Checkpoints(failing, log::add);
            assertThatThrownBy(() -> unlucky.save(state.machine, state.place, state.machine.sequence()))
                .isInstanceOfSatisfying(
                    JournalException.class, ex -> assertThat(ex.verdict()).isEqualTo(Verdict.IO_FAULT));
            assertThat(failing.sequences()).isEqualTo(sequences);
        }
    }

    @Test
    void shouldLeaveAloneWhatAnotherProcessMakes()
    {
        writeJournal(31, 100, 40, 1 << 17);
        final long sequence = save(50);
        final MemoryCheckpointStore locked = new MemoryCheckpointStore()
        {
            @Override
            public WritableByteChannel create(final long sequence)
            {
                throw new DirectoryLockedException("held");
            }
        };
        locked.published.putAll(store.published);
        try (State state = stateAt(50))
        {
            assertThatThrownBy(() -> new Checkpoints(locked, log::add).save(state.machine, state.place, sequence))
                .isInstanceOf(DirectoryLockedException.class);
        }
        assertThat(locked.sequences()).containsExactly(sequence);
    }

    @Test
    void shouldKeepWhatItMadeBesideADamagedOneOfAHigherSequence()
    {
        writeJournal(31, 300, 40, 1 << 17);
        final long damaged = lastSequence + 1;
        store.published.put(damaged, new byte[100]);
        final long[] sequences = { save(100), save(200), save(300), save(400) };
        assertThat(store.sequences()).containsExactly(sequences[1], sequences[2], sequences[3], damaged);
        assertThat(recover().checkpointSequence()).isEqualTo(sequences[3]);
    }

    private void assertDamaged(final String what)
    {
        log.clear();
        try (StateMachine state = checkpoints.restore(RecoveryProgress.NONE).state())
        {
            assertThat(state.sequence()).as(what).isZero();
            assertThat(log).as(what).hasSize(1);
        }
    }

    private void flip(final long sequence, final int offset, final int bit)
    {
        store.published.get(sequence)[offset] ^= (byte)(1 << bit);
    }

    private long save(final long sequence)
    {
        try (State state = stateAt(sequence))
        {
            checkpoints.save(state.machine, state.place, state.machine.sequence());
            return state.machine.sequence();
        }
    }

    /** A state of the journal's own records, without a checkpoint. */
    private State stateAt(final long sequence)
    {
        final StateMachine machine = new StateMachine();
        final Replayer replayer = new Replayer(machine, Replayer.TO_END, RecoveryProgress.NONE);
        final ScanResult found = new JournalScanner(journalStore, false).scan(replayer, sequence);
        return new State(machine, found.place());
    }

    private record State(StateMachine machine, JournalPlace place) implements AutoCloseable
    {
        @Override
        public void close()
        {
            machine.close();
        }
    }

    private Recovery recover()
    {
        return recover(journalStore.copy());
    }

    private Recovery recover(final MemoryJournalStore from)
    {
        final Journal journal = GrowingJournal.open(from);
        final Recovery recovery = new Recovery(checkpoints, Clock.system(), true, RecoveryProgress.NONE);
        opened.add(recovery);
        recovery.run(journal);
        return recovery;
    }

    private void writeJournal(final long seed, final int records, final int names, final long rollLength)
    {
        try (GrowingJournal journal = new GrowingJournal(seed, names, rollLength).write(records))
        {
            journalStore = journal.store;
            digest = journal.digest();
            lastSequence = journal.state.sequence();
        }
    }
}

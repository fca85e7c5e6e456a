package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What stands behind the last valid record, or at a start, that is not what it looks like.
 */
class HostileTailTest
{
    private static final int MIN_LENGTH = JournalRecordDescriptor.MIN_RECORD_LENGTH;

    private final MemoryJournalStore store = new MemoryJournalStore();

    /** A record without a body, right in every checksum, that names everything durable. */
    private static byte[] forged(final int version, final int mark)
    {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(MIN_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(JournalRecordDescriptor.MAGIC_OFFSET, JournalRecordDescriptor.MAGIC);
        bytes.putShort(JournalRecordDescriptor.VERSION_OFFSET, (short)version);
        bytes.putShort(JournalRecordDescriptor.KIND_OFFSET, (short)JournalRecordDescriptor.KIND_ENTRIES);
        bytes.putInt(JournalRecordDescriptor.LENGTH_OFFSET, MIN_LENGTH);
        bytes.putInt(JournalRecordDescriptor.ENTRY_COUNT_OFFSET, 1);
        bytes.putLong(JournalRecordDescriptor.FIRST_SEQUENCE_OFFSET, 1_000_000);
        bytes.putLong(JournalRecordDescriptor.DURABLE_SEQUENCE_OFFSET, 999_999);
        bytes.putInt(JournalRecordDescriptor.MARK_OFFSET, mark);
        final int chain = JournalRecordDescriptor.computeChain(new CRC32C(), bytes, 0, MIN_LENGTH, 0);
        bytes.putInt(MIN_LENGTH - 4, chain);
        final byte[] record = new byte[MIN_LENGTH];
        bytes.get(0, record);
        return record;
    }

    private static JournalContext context(final JournalStore store)
    {
        return new JournalContext().store(store).lock(new NoLock());
    }

    @Test
    void shouldNotTakeTheBytesOfAClientForARecord()
    {
        for (int version = 1; version <= JournalRecordDescriptor.VERSION + 1; version++)
        {
            store.cycles.clear();
            store.ends.clear();
            final byte[] name = forged(version, 12345);
            try (Journal journal = Writing.start(context(store), RecordHandler.NONE))
            {
                Writing.append(journal.appender(), 40, 3, 0);
                final JournalAppender appender = journal.appender();
                appender.buffer().setMemory(appender.bodyOffset(), 512, (byte)7);
                appender.buffer().putBytes(appender.bodyOffset() + 200, name);
                appender.append(512, 1, 1, 0, 0, 0);
            }
            final SmallJournal journal = SmallJournal.read(store);
            final Place last = journal.places.get(journal.places.size() - 1);
            final byte[] bytes = store.cycles.get(last.cycle());
            Arrays.fill(bytes, (int)last.position() + 4 + 400, (int)last.position() + 4 + last.length(), (byte)0);

            final ScanResult result =
                new JournalScanner(store, false).scan(RecordHandler.NONE, JournalScanner.TO_END);
            assertThat(result.verdict()).as("version " + version).isEqualTo(Verdict.TORN_TAIL);
            assertThat(result.lastSequence()).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseANewerLogic()
    {
        try (Journal journal = Writing.start(context(store).logicVersion(2), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), 8, 1, 0);
        }
        final MemoryJournalStore before = store.copy();
        assertThatThrownBy(() -> Writing.start(context(store), RecordHandler.NONE)).isInstanceOfSatisfying(
            JournalException.class,
            ex ->
            {
                assertThat(ex.verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW);
                assertThat(ex).hasMessageContaining("logic version 2");
            });
        assertThat(store.cycles.get(1)).isEqualTo(before.cycles.get(1));
        try (Journal journal = Writing.start(context(store).logicVersion(3), RecordHandler.NONE))
        {
            assertThat(journal.recovered().lastSequence()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotMoveAHealthyJournalWhenTheDiskFailsAtTheStart()
    {
        try (Journal journal = Writing.start(context(store), RecordHandler.NONE))
        {
            Writing.append(journal.appender(), 8, 1, 0);
        }
        final JournalStore failing = (JournalStore)Proxy.newProxyInstance(
            JournalStore.class.getClassLoader(),
            new Class<?>[]{ JournalStore.class },
            (proxy, method, arguments) ->
            {
                if (method.getName().equals("append"))
                {
                    throw new JournalException(
                        Verdict.IO_FAULT, "no room", new IOException("No space left on device"));
                }
                return method.invoke(store, arguments);
            });
        assertThatThrownBy(() -> Writing.start(context(failing), RecordHandler.NONE)).hasMessage("no room");
        assertThat(store.cuts).isZero();
    }

    @Test
    void shouldMakeMarksThatFollowFromTheJournalAndTheSequence()
    {
        final long key = JournalRecordDescriptor.markKey(1, 2);
        assertThat(JournalRecordDescriptor.markKey(2, 1)).isNotEqualTo(key);
        assertThat(JournalRecordDescriptor.mark(key, 1)).isNotEqualTo(JournalRecordDescriptor.mark(key, 2));
        // Stored journals hold them: they never change.
        assertThat(JournalRecordDescriptor.mark(key, 1)).isEqualTo(-1_983_465_570);

        try (Journal journal = Writing.start(context(store).journalIds(() -> new long[]{ 1, 2 }), RecordHandler.NONE))
        {
            final JournalRecord record = new JournalRecord();
            new JournalScanner(store, false).scan(
                read ->
                {
                    record.wrap(new UnsafeBuffer(read.buffer(), 0, read.length()), 0, read.length());
                    assertThat(record.mark()).isEqualTo(JournalRecordDescriptor.mark(key, 1));
                },
                JournalScanner.TO_END);
            assertThat(journal.appender().nextSequence()).isEqualTo(1);
        }
    }
}

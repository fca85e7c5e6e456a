package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;
import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import static io.quipu.journal.SuperblockStore.COPIES;
import static io.quipu.journal.SuperblockStore.COPY_LENGTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * When the superblock is written, what is left of it by a torn write, and what a start concludes from it.
 */
class SuperblockTest
{
    @TempDir
    Path directory;

    private final MemoryJournalStore store = new MemoryJournalStore();
    private final MemorySuperblockStore superblocks = new MemorySuperblockStore();
    private final AtomicLong nowNs = new AtomicLong();

    private JournalContext context()
    {
        return new JournalContext()
            .store(store).superblockStore(superblocks).lock(new NoLock()).nanoClock(nowNs::get).engineVersion("1.2.3");
    }

    private static Superblock newest(final SuperblockStore store)
    {
        return new SuperblockCopies(store).read().newest();
    }

    private ScanResult scan(final JournalStore bytes, final SuperblockStore superblock)
    {
        return new JournalScanner(bytes, new SuperblockCopies(superblock).read(), 1, false)
            .scan(RecordHandler.NONE, JournalScanner.TO_END);
    }

    /** Twelve records in three cycles; durable up to the eighth, which no header says. */
    private void write()
    {
        final Journal journal = Writing.start(context(), RecordHandler.NONE);
        for (int i = 1; i <= 12; i++)
        {
            if (i == 5 || i == 8)
            {
                store.roll();
            }
            Writing.append(journal.appender(), i * 8, 1, 0);
            if (i == 8)
            {
                nowNs.addAndGet(SuperblockKeeper.INTERVAL_NS);
                journal.sync();
            }
        }
    }

    @Test
    void shouldSayWhatWasWritten()
    {
        final Superblock written = new Superblock(7, -1, 2, 3, -4, 5, 6, 7, 8, true, 9, "äöü");
        final ByteBuffer bytes = ByteBuffer.wrap(written.encode(3).array()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Superblock.decode(bytes, 0)).isEqualTo(written);
        assertThat(bytes.getInt(4092)).isEqualTo(Superblock.crc(bytes.array(), 0));
        assertThat(bytes.getShort(6)).isEqualTo((short)3);
    }

    @Test
    void shouldBeWrittenWhenAnEpochBeginsAndEndsAndASecondBehindASync()
    {
        final Journal journal = Writing.start(context(), RecordHandler.NONE);
        assertThat(newest(superblocks).epoch()).isEqualTo(1);
        assertThat(newest(superblocks).durableChain()).isEqualTo(journal.appender().chain());
        assertThat(newest(superblocks).engineVersion()).isEqualTo("1.2.3");
        assertThat(newest(superblocks).isClean()).isFalse();

        Writing.append(journal.appender(), 8, 5, 0);
        journal.sync();
        assertThat(journal.durableSequence()).isEqualTo(5);
        assertThat(newest(superblocks).durableSequence()).isZero();
        nowNs.addAndGet(SuperblockKeeper.INTERVAL_NS - 1);
        journal.sync();
        assertThat(newest(superblocks).durableSequence()).isZero();
        nowNs.addAndGet(1);
        journal.sync();
        assertThat(newest(superblocks).durableSequence()).isEqualTo(5);
        final int writes = superblocks.writes;
        nowNs.addAndGet(10 * SuperblockKeeper.INTERVAL_NS);
        journal.sync();
        assertThat(superblocks.writes).as("nothing new").isEqualTo(writes);

        Writing.append(journal.appender(), 8, 1, 5);
        journal.sync();
        assertThat(newest(superblocks).durableSequence()).isEqualTo(6);
        store.roll();
        Writing.append(journal.appender(), 8, 1, 6);
        journal.sync();
        assertThat(newest(superblocks).durableSequence()).as("another cycle").isEqualTo(7);
        assertThat(newest(superblocks).durableCycle()).isEqualTo(2);

        Writing.append(journal.appender(), 8, 1, 7);
        journal.sync();
        journal.close();
        assertThat(newest(superblocks).durableSequence()).isEqualTo(8);
        assertThat(newest(superblocks).durableChain()).isEqualTo(journal.appender().chain());
        assertThat(newest(superblocks).isClean()).isTrue();
        assertThat(superblocks.durable).isEqualTo(superblocks.bytes);

        try (Journal again = Writing.start(context(), RecordHandler.NONE))
        {
            assertThat(again.appender().epoch()).isEqualTo(2);
            assertThat(newest(superblocks).isClean()).isFalse();
            Writing.append(again.appender(), 8, 1, 8);
        }
        assertThat(newest(superblocks).isClean()).as("the last record was not synced").isFalse();
        assertThat(newest(superblocks).durableSequence()).isEqualTo(8);
    }

    @Test
    void shouldKeepTheNewestDurableGenerationWhateverATornWriteLeaves()
    {
        write();
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Superblock before = newest(superblocks);
        final MemorySuperblockStore next = superblocks.copy();
        final SuperblockCopies copies = new SuperblockCopies(next).read();
        copies.write(before.withDurable(new AppendedPlace.Copy(9, 1, 3)));
        for (int i = 0; i < 2_000; i++)
        {
            final MemorySuperblockStore torn = superblocks.copy();
            for (int sector = 0; sector < torn.bytes.length; sector += 512)
            {
                final int kind = random.nextInt(3);
                final boolean isWritten =
                    !Arrays.equals(next.bytes, sector, sector + 512, superblocks.bytes, sector, sector + 512);
                if (isWritten && kind == 1)
                {
                    System.arraycopy(next.bytes, sector, torn.bytes, sector, 512);
                }
                else if (isWritten && kind == 2)
                {
                    for (int at = sector; at < sector + 512; at++)
                    {
                        torn.bytes[at] = (byte)random.nextInt();
                    }
                }
            }
            assertThat(newest(torn)).as("seed " + seed).isIn(before, copies.newest());
        }
    }

    @Test
    void shouldKnowTheSameWhenAnyBitOfItIsFlipped()
    {
        write();
        final Superblock before = newest(superblocks);
        for (int bit = 0; bit < COPIES * COPY_LENGTH * 8; bit++)
        {
            superblocks.bytes[bit / 8] ^= (byte)(1 << bit % 8);
            assertThat(newest(superblocks)).isEqualTo(before);
            superblocks.bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    @Test
    void shouldNeverTakeWhatItKnowsToBeDurableForATornTail()
    {
        write();
        final SmallJournal journal = SmallJournal.read(store);
        for (final Place place : journal.places)
        {
            final MemoryJournalStore damaged = store.copy();
            damaged.cycles.get(place.cycle())[(int)place.position() + 30] ^= 4;
            assertThat(scan(damaged, null).verdict()).as("without " + place).isEqualTo(Verdict.TORN_TAIL);
            assertThat(scan(damaged, superblocks).verdict()).as(place.toString())
                .isEqualTo(place.firstSequence() <= 8 ? Verdict.CORRUPT : Verdict.TORN_TAIL);

            final MemoryJournalStore cut = store.copy();
            cut.cut(place.cycle(), place.position());
            final Verdict verdict = scan(cut, superblocks).verdict();
            final boolean isWhole = place.firstSequence() > 8;
            assertThat(verdict).as("cut before " + place).isEqualTo(isWhole ? Verdict.CLEAN :
                place.cycle() < 3 ? Verdict.GAP : Verdict.CORRUPT);
        }
        final MemoryJournalStore none = new MemoryJournalStore();
        assertThat(scan(none, superblocks).verdict()).isEqualTo(Verdict.GAP);
    }

    @Test
    void shouldRefuseWithAWordWhatDoesNotBelongTogether()
    {
        write();
        final MemorySuperblockStore zeros = superblocks.copy();
        Arrays.fill(zeros.bytes, (byte)0);
        assertThat(scan(store, zeros).describe()).startsWith("CORRUPT at superblock")
            .contains("no copy", "sequence 12");

        final MemorySuperblockStore other = new MemorySuperblockStore();
        try (Journal journal = Writing.start(
            new JournalContext().store(new MemoryJournalStore()).superblockStore(other).lock(new NoLock()),
            RecordHandler.NONE))
        {
            assertThat(scan(store, other).describe()).startsWith("CORRUPT at superblock").contains("another journal");
        }

        final MemorySuperblockStore newer = superblocks.copy();
        newer.bytes[4] = 2;
        ByteBuffer.wrap(newer.bytes).order(ByteOrder.LITTLE_ENDIAN)
            .putInt(Superblock.CRC_OFFSET, Superblock.crc(newer.bytes, 0));
        assertThat(scan(store, newer).verdict()).isEqualTo(Verdict.FORMAT_TOO_NEW);

        // Another history: the same sequences, written by somebody who started from an older copy.
        final MemoryJournalStore forked = store.copy();
        forked.cut(2, SmallJournal.read(store).places.get(7).position());
        try (Journal journal = Writing.start(
            new JournalContext().store(forked).lock(new NoLock()), RecordHandler.NONE))
        {
            for (int i = 0; i < 9; i++)
            {
                Writing.append(journal.appender(), 16, 1, 0);
            }
        }
        assertThat(scan(forked, superblocks).describe()).startsWith("CORRUPT").contains("another chain");
    }

    @Test
    void shouldBeMadeForAJournalOfAnOlderProgram() throws Exception
    {
        final Path golden = Path.of(getClass().getResource("/golden/journal-1/journal").toURI());
        final Path copy = Files.createDirectory(directory.resolve("journal"));
        try (var files = Files.list(golden))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(directory.resolve(FileSuperblockStore.FILE_NAME)).doesNotExist();

        try (Journal journal = Writing.start(directory))
        {
            assertThat(journal.recovered().lastSequence()).isEqualTo(4971);
            assertThat(journal.appender().epoch()).isEqualTo(4);
            Writing.append(journal.appender(), 8, 1, 4971);
            journal.sync();
        }
        assertThat(newest(new FileSuperblockStore(directory, CrashPoint.NONE)).durableSequence()).isEqualTo(4972);
        assertThat(Files.size(directory.resolve(FileSuperblockStore.FILE_NAME))).isEqualTo(COPIES * COPY_LENGTH);

        final Collector all = new Collector();
        assertThat(Writing.scan(directory, all).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(all.records).hasSize(412);
        Files.delete(directory.resolve(FileSuperblockStore.FILE_NAME));
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CLEAN);
        Files.write(directory.resolve(FileSuperblockStore.FILE_NAME), new byte[COPIES * COPY_LENGTH]);
        assertThat(Writing.scan(directory, RecordHandler.NONE).verdict()).isEqualTo(Verdict.CORRUPT);
        assertThatThrownBy(() -> Writing.start(directory)).isInstanceOf(JournalException.class);
        assertThat(Files.readAllBytes(directory.resolve(FileSuperblockStore.FILE_NAME))).containsOnly(0);
    }

    @Test
    void shouldGiveUpWhenItCannotBeWritten()
    {
        final MemorySuperblockStore failing = new MemorySuperblockStore();
        final Journal journal = Writing.start(context().superblockStore(failing), RecordHandler.NONE);
        Writing.append(journal.appender(), 8, 1, 0);
        nowNs.addAndGet(SuperblockKeeper.INTERVAL_NS);
        failing.fails = true;
        assertThatThrownBy(journal::sync).hasMessageContaining("by order");
        failing.fails = false;
        final int writes = failing.writes;
        assertThatThrownBy(journal::sync).hasMessageContaining("a sync failed before");
        journal.close();
        assertThat(failing.writes).isEqualTo(writes);
    }

    @Test
    void shouldOutliveLossesOfPowerInTheWritesBehindWritesThatWereKilled()
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++)
        {
            final MemoryJournalStore bytes = new MemoryJournalStore();
            final MemorySuperblockStore disk = new MemorySuperblockStore();
            for (int life = 0; life < 5; life++)
            {
                live(bytes, new DyingSuperblockStore(disk, random.nextInt(16)));
                if (random.nextBoolean())
                {
                    losePower(disk, random);
                }
            }
            assertThat(live(bytes, new DyingSuperblockStore(disk, Integer.MAX_VALUE))).isTrue();
        }
    }

    /** A process on a journal that loses nothing; false when it died in a call of the superblock's store. */
    private boolean live(final MemoryJournalStore bytes, final DyingSuperblockStore superblock)
    {
        try
        {
            final Journal journal = Writing.start(context().store(bytes).superblockStore(superblock), RecordHandler.NONE);
            Writing.append(journal.appender(), 8, 1, 0);
            nowNs.addAndGet(SuperblockKeeper.INTERVAL_NS);
            journal.sync();
        }
        catch (final JournalException ex)
        {
            assertThat(ex).hasMessageContaining("killed");
        }
        return !superblock.isDead();
    }

    /** Each sector of a copy that was not forced is there or not, or is anything. */
    private static void losePower(final MemorySuperblockStore disk, final Random random)
    {
        final byte[] cached = disk.bytes;
        if (cached == null)
        {
            return;
        }
        final byte[] left = disk.durable == null ? new byte[cached.length] : Arrays.copyOf(disk.durable, cached.length);
        for (int copy = 0; copy < cached.length; copy += COPY_LENGTH)
        {
            final int fate = random.nextInt(3);
            for (int sector = copy; sector < copy + COPY_LENGTH; sector += 512)
            {
                if (fate == 0 || fate == 1 && random.nextBoolean())
                {
                    System.arraycopy(cached, sector, left, sector, 512);
                }
            }
        }
        disk.bytes = left;
        disk.durable = left.clone();
    }

    @Test
    void shouldHandOverThePlaceOfOneRecord() throws Exception
    {
        final AppendedPlace place = new AppendedPlace();
        final Thread writer = new Thread(() ->
        {
            for (int i = 1; i <= 3_000_000; i++)
            {
                place.set(i, i, i);
            }
        });
        writer.start();
        long last = 0;
        while (last < 3_000_000)
        {
            final AppendedPlace.Copy copy = place.read();
            assertThat(copy.chain() == copy.sequence() && copy.cycle() == copy.sequence()).isTrue();
            assertThat(copy.sequence() >= last).isTrue();
            last = copy.sequence();
        }
        writer.join();
    }

    /** Of a process that dies in one of its calls; a copy is half written then. */
    private static final class DyingSuperblockStore implements SuperblockStore
    {
        private final SuperblockStore store;
        private int callsLeft;

        DyingSuperblockStore(final SuperblockStore store, final int callsLeft)
        {
            this.store = store;
            this.callsLeft = callsLeft;
        }

        boolean isDead()
        {
            return callsLeft < 0;
        }

        private void dieOr(final Runnable call)
        {
            if (callsLeft-- <= 0)
            {
                throw new JournalException(Verdict.IO_FAULT, "killed");
            }
            call.run();
        }

        @Override
        public String name()
        {
            return store.name();
        }

        @Override
        public int read(final ByteBuffer target)
        {
            return store.read(target);
        }

        @Override
        public void write(final int copy, final ByteBuffer source)
        {
            if (!isDead())
            {
                final byte[] bytes = new byte[COPIES * COPY_LENGTH];
                store.read(ByteBuffer.wrap(bytes));
                final int from = copy * COPY_LENGTH;
                source.get(source.position(), bytes, from, COPY_LENGTH / 2);
                store.write(copy, ByteBuffer.wrap(bytes, from, COPY_LENGTH));
            }
            dieOr(() -> store.write(copy, source));
        }

        @Override
        public void force()
        {
            dieOr(store::force);
        }

        @Override
        public void close()
        {
            store.close();
        }
    }
}

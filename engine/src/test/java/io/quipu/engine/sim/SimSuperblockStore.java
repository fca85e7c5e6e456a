package io.quipu.engine.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

import io.quipu.journal.JournalException;
import io.quipu.journal.SuperblockStore;
import io.quipu.journal.Verdict;

/**
 * The superblock of one process on a {@link SimDisk}: a page for each copy, which a loss of power may mangle until it
 * is synced. The process may die in the middle of a copy.
 */
final class SimSuperblockStore implements SuperblockStore
{
    static final long NONE = -1;

    private static final String FILE = "superblock";
    private static final int GENERATION_OFFSET = 8;
    private static final int DURABLE_SEQUENCE_OFFSET = 32;
    private static final int CRC_OFFSET = COPY_LENGTH - Integer.BYTES;

    private final SimProcess process;
    private final SimDisk disk;
    private boolean isOpen;

    SimSuperblockStore(final SimProcess process, final SimDisk disk)
    {
        this.process = process;
        this.disk = disk;
    }

    /**
     * What the newest copy that is whole says to be durable, by a decoder of our own.
     *
     * @return a sequence; {@link #NONE} where no copy is whole.
     */
    static long durableSequence(final SimDisk disk)
    {
        final byte[] bytes = disk.exists(FILE) ? disk.bytes(FILE) : new byte[0];
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final CRC32C crc = new CRC32C();
        long newest = 0;
        long durable = NONE;
        for (int copy = 0; copy + COPY_LENGTH <= bytes.length; copy += COPY_LENGTH)
        {
            crc.reset();
            crc.update(bytes, copy, CRC_OFFSET);
            if (in.getInt(copy + CRC_OFFSET) == (int)crc.getValue() && in.getLong(copy + GENERATION_OFFSET) > newest)
            {
                newest = in.getLong(copy + GENERATION_OFFSET);
                durable = in.getLong(copy + DURABLE_SEQUENCE_OFFSET);
            }
        }
        return durable;
    }

    @Override
    public String name()
    {
        return FILE;
    }

    @Override
    public int read(final ByteBuffer target)
    {
        process.checkRead();
        if (!disk.exists(FILE))
        {
            return -1;
        }

        final byte[] bytes = disk.bytes(FILE);
        final int count = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, count);
        return count;
    }

    @Override
    public void write(final int copy, final ByteBuffer source)
    {
        process.checkWrite("superblock.write");
        process.onWriting();
        open();
        final byte[] bytes = new byte[COPY_LENGTH];
        source.get(bytes);
        final int half = COPY_LENGTH / 2;
        disk.write(FILE, copy * COPY_LENGTH, bytes, 0, half);
        process.step("superblock.half");
        disk.write(FILE, copy * COPY_LENGTH + half, bytes, half, half);
        process.step("superblock.written");
    }

    @Override
    public void force()
    {
        process.checkWrite("superblock.force");
        open();
        final List<SimDisk.Syncing> begun = disk.beginSync(FILE);
        process.whileSyncing();
        if (process.failsSync())
        {
            disk.failSync(begun);
            throw new JournalException(Verdict.IO_FAULT, "fsync of the superblock: input/output error");
        }

        disk.endSync(begun);
        process.step("superblock.forced");
    }

    private void open()
    {
        if (!isOpen)
        {
            disk.create(FILE);
            process.step("superblock.created");
            disk.syncDirectory();
            isOpen = true;
        }
    }

    @Override
    public void close()
    {
    }
}

package io.quipu.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a superblock in memory: as written, and as they are after a loss of power.
 */
public final class MemorySuperblockStore implements SuperblockStore
{
    /** As written; null when there is no superblock. */
    public byte[] bytes;
    /** As last forced; null when there was no force. */
    public byte[] durable;
    /** Calls so far. */
    public int writes;
    /** Calls so far. */
    public int forces;

    /** Whether the next force fails. */
    public boolean fails;

    /** A store with the same bytes. */
    public MemorySuperblockStore copy()
    {
        final MemorySuperblockStore copy = new MemorySuperblockStore();
        copy.bytes = bytes == null ? null : bytes.clone();
        copy.durable = durable == null ? null : durable.clone();
        return copy;
    }

    @Override
    public String name()
    {
        return "superblock";
    }

    @Override
    public int read(final ByteBuffer target)
    {
        if (bytes == null)
        {
            return -1;
        }
        final int count = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, count);
        return count;
    }

    @Override
    public void write(final int copy, final ByteBuffer source)
    {
        writes++;
        final int end = (copy + 1) * COPY_LENGTH;
        if (bytes == null || bytes.length < end)
        {
            bytes = bytes == null ? new byte[end] : Arrays.copyOf(bytes, end);
        }
        source.get(bytes, end - COPY_LENGTH, COPY_LENGTH);
    }

    @Override
    public void force()
    {
        if (fails)
        {
            throw new JournalException(Verdict.IO_FAULT, "failed by order of the test");
        }
        forces++;
        durable = bytes.clone();
    }

    @Override
    public void close()
    {
    }
}

package io.quipu.journal;

import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The journal's bytes in a Chronicle queue.
 */
final class ChronicleJournalStore implements JournalStore
{
    ChronicleJournalStore(final Path directory, final int blockLength, final int aheadLength, final CrashPoint crashPoint)
    {
    }

    @Override
    public int[] cycles()
    {
        return new int[0];
    }

    @Override
    public String name(final int cycle)
    {
        return "";
    }

    @Override
    public long length(final int cycle)
    {
        return 0;
    }

    @Override
    public int read(final int cycle, final long position, final ByteBuffer target)
    {
        return 0;
    }

    @Override
    public boolean openForAppend(final int cycle, final long end, final long records)
    {
        return false;
    }

    @Override
    public String cut(final int cycle, final long end)
    {
        return "";
    }

    @Override
    public void recover()
    {
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
    }

    @Override
    public int maxRecordLength()
    {
        return 0;
    }

    @Override
    public void roll()
    {
    }

    @Override
    public int cycle()
    {
        return 0;
    }

    @Override
    public long cycleLength()
    {
        return 0;
    }

    @Override
    public void sync()
    {
    }

    @Override
    public void delete(final int cycle)
    {
    }

    @Override
    public void close()
    {
    }
}

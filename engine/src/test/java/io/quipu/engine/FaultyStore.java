package io.quipu.engine;

import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalStore;
import io.quipu.journal.Verdict;
import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real Chronicle files with faults in front: syncs that wait or fail, appends that fail, a disk that fills.
 */
final class FaultyStore implements JournalStore
{
    final AtomicInteger syncs = new AtomicInteger();
    final AtomicInteger syncsDone = new AtomicInteger();
    volatile boolean failsSync;
    volatile boolean failsAppend;
    volatile boolean failsStartAndClose;
    /** Room of the disk but for what was appended. */
    volatile long capacity = Long.MAX_VALUE;
    final AtomicLong appendedBytes = new AtomicLong();
    volatile boolean isShort;
    private final Semaphore allowedSyncs = new Semaphore(Integer.MAX_VALUE / 2);
    private final JournalStore store;

    FaultyStore(final Path dir)
    {
        store = new JournalContext().directory(dir).conclude().store();
    }

    /** Syncs wait from now on. */
    void holdSyncs()
    {
        allowedSyncs.drainPermits();
    }

    void releaseSyncs()
    {
        allowedSyncs.release(Integer.MAX_VALUE / 2);
    }

    @Override
    public void sync()
    {
        syncs.incrementAndGet();
        allowedSyncs.acquireUninterruptibly();
        if (failsSync)
        {
            failsSync = false;
            throw new JournalException(Verdict.IO_FAULT, "fsync failed by order of the test");
        }

        store.sync();
        syncsDone.incrementAndGet();
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        if (failsAppend)
        {
            throw new JournalException(Verdict.IO_FAULT, "append failed by order of the test");
        }

        store.append(buffer, offset, length);
        appendedBytes.addAndGet(length);
    }

    @Override
    public long freeBytes()
    {
        return capacity - appendedBytes.get();
    }

    @Override
    public boolean isShort()
    {
        return isShort;
    }

    @Override
    public int[] cycles()
    {
        return store.cycles();
    }

    @Override
    public String name(final int cycle)
    {
        return store.name(cycle);
    }

    @Override
    public long length(final int cycle)
    {
        return store.length(cycle);
    }

    @Override
    public int read(final int cycle, final long position, final ByteBuffer target)
    {
        return store.read(cycle, position, target);
    }

    @Override
    public boolean openForAppend(final int cycle, final long end, final long records)
    {
        return store.openForAppend(cycle, end, records);
    }

    @Override
    public String cut(final int cycle, final long end)
    {
        return store.cut(cycle, end);
    }

    @Override
    public String wipe(final int cycle, final long end, final long to)
    {
        return store.wipe(cycle, end, to);
    }

    @Override
    public void recover()
    {
        if (failsStartAndClose)
        {
            throw new JournalException(Verdict.IO_FAULT, "recover failed by order of the test");
        }

        store.recover();
    }

    @Override
    public int maxRecordLength()
    {
        return store.maxRecordLength();
    }

    @Override
    public void roll()
    {
        store.roll();
    }

    @Override
    public int cycle()
    {
        return store.cycle();
    }

    @Override
    public long cycleLength()
    {
        return store.cycleLength();
    }

    @Override
    public void delete(final int cycle)
    {
        store.delete(cycle);
    }

    @Override
    public void close()
    {
        store.close();
        if (failsStartAndClose)
        {
            throw new JournalException(Verdict.IO_FAULT, "close failed by order of the test");
        }
    }
}

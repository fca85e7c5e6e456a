package io.quipu.engine;

import io.quipu.engine.checkpoint.MemoryCheckpointStore;
import io.quipu.journal.CheckpointStore;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalStore;
import io.quipu.journal.MemoryJournalStore;
import io.quipu.journal.MemorySuperblockStore;
import io.quipu.journal.NoLock;
import io.quipu.journal.SuperblockStore;
import io.quipu.journal.Verdict;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.Channel;
import java.util.Set;

/**
 * Journal, superblock and checkpoints of one engine in memory, in front of which the n-th call fails as a disk does:
 * that one alone, or all from there on. One thread.
 */
final class FailingDisk
{
    /** These ask for what is known without the disk. */
    private static final Set<String> IN_MEMORY =
        Set.of("name", "cycle", "cycleLength", "maxRecordLength", "isShort", "isOpen", "close", "toString");

    private final MemoryJournalStore journal;
    private final MemorySuperblockStore superblock;
    private final MemoryCheckpointStore checkpoints = new MemoryCheckpointStore();
    /** The journal as the last sync left it. */
    private MemoryJournalStore synced;
    private int callsLeft = Integer.MAX_VALUE;
    private boolean staysFailed;
    private String failed;
    private boolean isJournalFailed;

    FailingDisk()
    {
        this(new MemoryJournalStore(), new MemorySuperblockStore());
    }

    private FailingDisk(final MemoryJournalStore journal, final MemorySuperblockStore superblock)
    {
        this.journal = journal;
        this.superblock = superblock;
        synced = journal.copy();
    }

    /** As a process that was killed leaves it, whole again. */
    FailingDisk afterKill()
    {
        return with(journal.copy(), superblock.copy());
    }

    /** As a loss of power leaves it: of what was not synced, nothing. */
    FailingDisk afterPowerLoss()
    {
        final MemorySuperblockStore forced = new MemorySuperblockStore();
        forced.bytes = superblock.durable == null ? null : superblock.durable.clone();
        forced.durable = forced.bytes;
        return with(synced.copy(), forced);
    }

    private FailingDisk with(final MemoryJournalStore copiedJournal, final MemorySuperblockStore copiedSuperblock)
    {
        final FailingDisk copy = new FailingDisk(copiedJournal, copiedSuperblock);
        checkpoints.published.forEach((sequence, bytes) -> copy.checkpoints.published.put(sequence, bytes.clone()));
        return copy;
    }

    /**
     * @param call  the first to fail, counted from 1.
     * @param stays whether all later ones fail too.
     */
    FailingDisk failAt(final int call, final boolean stays)
    {
        callsLeft = call;
        staysFailed = stays;
        return this;
    }

    /** What failed first, null when nothing did. */
    String failed()
    {
        return failed;
    }

    /** Whether it was a call of journal or superblock: without a checkpoint an engine can do. */
    boolean isJournalFailed()
    {
        return isJournalFailed;
    }

    /** Half a record at the end, as a kill leaves it. */
    void tearTail()
    {
        final int cycle = journal.cycles.lastKey();
        journal.cycles.get(cycle)[journal.ends.get(cycle) - 100] ^= 1;
    }

    JournalStore journal()
    {
        return guard(JournalStore.class, journal, true);
    }

    /**
     * An engine on this disk, not started, with short cycles.
     *
     * @param context its clock and settings.
     */
    SteppedEngine engine(final EngineContext context)
    {
        return new SteppedEngine(
            context.freeBytesFloor(1).checkpointStore(guard(CheckpointStore.class, checkpoints, false)),
            new JournalContext()
                .store(journal())
                .superblockStore(guard(SuperblockStore.class, superblock, true))
                .lock(new NoLock())
                .nanoClock(context.clock()::monotonicNs)
                .rollLength(JournalContext.MIN_ROLL_LENGTH));
    }

    private <T> T guard(final Class<T> seam, final T store, final boolean isJournal)
    {
        return seam.cast(Proxy.newProxyInstance(
            seam.getClassLoader(), new Class<?>[]{ seam }, (proxy, method, args) -> call(store, method, args, isJournal)));
    }

    private Object call(final Object target, final Method method, final Object[] args, final boolean isJournal)
        throws Throwable
    {
        if (!IN_MEMORY.contains(method.getName()) && fails())
        {
            if (null == failed)
            {
                failed = method.getDeclaringClass().getSimpleName() + "." + method.getName();
            }
            isJournalFailed |= isJournal;
            throw target instanceof Channel ?
                new IOException("input/output error") :
                new JournalException(Verdict.IO_FAULT, method.getName() + ": input/output error");
        }

        try
        {
            final Object result = method.invoke(target, args);
            if (target == journal && "sync".equals(method.getName()))
            {
                synced = journal.copy();
            }
            final Class<?> type = method.getReturnType();
            return Channel.class.isAssignableFrom(type) ? guardChannel(type, result) : result;
        }
        catch (final InvocationTargetException ex)
        {
            throw ex.getCause();
        }
    }

    private Object guardChannel(final Class<?> type, final Object channel)
    {
        return Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[]{ type }, (proxy, method, args) -> call(channel, method, args, false));
    }

    private boolean fails()
    {
        if (callsLeft > 0)
        {
            callsLeft--;
        }
        return 0 == callsLeft && (staysFailed || null == failed);
    }
}

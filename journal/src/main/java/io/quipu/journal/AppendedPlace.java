package io.quipu.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last record appended, handed by the appending thread to the syncing one without a lock: a sequence lock. The
 * writer makes the version odd, stores, and makes it even again; a reader that saw two versions, or an odd one, reads
 * once more. (Boehm, Can Seqlocks Get Along With Programming Language Memory Models?, 2012.)
 */
final class AppendedPlace
{
    private static final VarHandle VERSION;

    static
    {
        try
        {
            VERSION = MethodHandles.lookup().findVarHandle(AppendedPlace.class, "version", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long version;
    private long sequence;
    private int chain;
    private int cycle;

    /** Appending thread, when the store has taken the record. */
    void set(final long newSequence, final int newChain, final int newCycle)
    {
        final long next = version + 1;
        VERSION.setOpaque(this, next);
        VarHandle.storeStoreFence();
        sequence = newSequence;
        chain = newChain;
        cycle = newCycle;
        VERSION.setRelease(this, next + 1);
    }

    /** Any thread: all three of one record, that of the last {@link #set} known to the caller or a later one. */
    Copy read()
    {
        while (true)
        {
            final long before = (long)VERSION.getAcquire(this);
            final Copy copy = new Copy(sequence, chain, cycle);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (long)VERSION.getOpaque(this))
            {
                return copy;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * What was read.
     *
     * @param sequence of the last entry up to and including the record.
     * @param chain    of the record.
     * @param cycle    that holds it, {@link JournalStore#NULL_CYCLE} before the first.
     */
    record Copy(long sequence, int chain, int cycle)
    {
    }
}

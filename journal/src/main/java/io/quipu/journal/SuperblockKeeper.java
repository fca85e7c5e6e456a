package io.quipu.journal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes the superblock of an open journal: when an epoch begins and when the process ends in order; when a sync made
 * another cycle durable, or anything, a second after the last write; before cycles are removed. Called by the syncing
 * thread, before and after it by the sequencer thread, and by the one that removes; never by one that appends. A write
 * that failed is the last one.
 */
final class SuperblockKeeper
{
    /** The durable sequence in the superblock is behind that of the last sync by so much at most. */
    static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SuperblockCopies copies;
    private final LongSupplier nanoClock;
    private AppendedPlace.Copy durable;
    private long writtenNs;
    private boolean isFailed;
    private volatile long durableSequence;

    SuperblockKeeper(final SuperblockCopies copies, final LongSupplier nanoClock)
    {
        this.copies = copies;
        this.nanoClock = nanoClock;
    }

    /**
     * The first superblock of a journal, before its first record that needs one; or the one that is there, durable whoever
     * wrote it.
     *
     * @param place         what is recovered, and synced.
     * @param journalIdHigh of the journal.
     * @param journalIdLow  of the journal.
     * @param engineVersion of this program.
     */
    synchronized void createIfMissing(
        final JournalPlace place, final long journalIdHigh, final long journalIdLow, final String engineVersion)
    {
        if (copies.newest() == null)
        {
            copies.write(new Superblock(
                1, journalIdHigh, journalIdLow, place.sequence(), place.chain(), place.cycle(), 0,
                1, place.epoch(), false, 0, engineVersion));
        }
        copies.force();
    }

    /**
     * @param epoch         whose record is durable.
     * @param place         of that record.
     * @param engineVersion of this program.
     */
    synchronized void onEpoch(final int epoch, final AppendedPlace.Copy place, final String engineVersion)
    {
        durable = place;
        durableSequence = place.sequence();
        write(copies.newest().withDurable(place).withEpoch(epoch, engineVersion));
    }

    /**
     * @param place everything up to which a sync has covered.
     */
    synchronized void onSynced(final AppendedPlace.Copy place)
    {
        durable = place;
        durableSequence = place.sequence();
        if (isOwed() && (place.cycle() != copies.newest().durableCycle() ||
            nanoClock.getAsLong() - writtenNs >= INTERVAL_NS))
        {
            write(copies.newest().withDurable(durable));
        }
    }

    /**
     * @param cycle that the journal begins with from now on; those before it are removed when this returns.
     */
    synchronized void onFirstCycle(final int cycle)
    {
        if (cycle > copies.newest().firstCycle())
        {
            write(copies.newest().withFirstCycle(cycle));
        }
    }

    /**
     * The end of a process that nothing failed in.
     *
     * @param place of the last record appended.
     */
    synchronized void onClose(final AppendedPlace.Copy place)
    {
        if (!isFailed)
        {
            final Superblock last = copies.newest().withDurable(durable);
            write(durable.equals(place) ? last.withClean() : last);
        }
    }

    private boolean isOwed()
    {
        return durable.chain() != copies.newest().durableChain() ||
            durable.sequence() != copies.newest().durableSequence();
    }

    private void write(final Superblock superblock)
    {
        if (isFailed)
        {
            throw new JournalException(Verdict.IO_FAULT, "a write of the superblock failed before");
        }
        isFailed = true;
        copies.write(superblock);
        isFailed = false;
        writtenNs = nanoClock.getAsLong();
    }

    /**
     * @return everything up to which a sync has covered; null before the first epoch.
     */
    synchronized AppendedPlace.Copy durable()
    {
        return durable;
    }

    /**
     * @return the last entry known to survive a loss of power. Any thread.
     */
    long durableSequence()
    {
        return durableSequence;
    }
}

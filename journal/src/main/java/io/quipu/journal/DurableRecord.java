package io.quipu.journal;

/**
 * The record that a superblock names as durable, and whether a scan has met it: until it has, nothing is a torn tail.
 * For one thread.
 */
final class DurableRecord
{
    private final SuperblockCopies copies;
    private boolean isMet;

    /**
     * @param copies as read before the scan begins.
     */
    DurableRecord(final SuperblockCopies copies)
    {
        this.copies = copies;
    }

    /**
     * @param start of the scan: a superblock of before that, or of there, is met.
     */
    void start(final JournalPlace start)
    {
        final Superblock superblock = copies.newest();
        isMet = superblock == null ||
            superblock.durableCycle() == JournalStore.NULL_CYCLE ||
            start.sequence() > superblock.durableSequence() ||
            start.sequence() == superblock.durableSequence() &&
                (start.chain() == superblock.durableChain() || start.epoch() > superblock.epoch());
    }

    /**
     * @param record that continues those before.
     * @return why it cannot be the next one, or null.
     */
    String verify(final JournalRecord record)
    {
        final Superblock superblock = copies.newest();
        if (isMet)
        {
            return null;
        }
        if (record.lastSequence() == superblock.durableSequence() && record.chain() == superblock.durableChain())
        {
            isMet = true;
        }

        return isMet || record.lastSequence() <= superblock.durableSequence() ? null :
            "a record behind durable sequence " + superblock.durableSequence() +
            ", which the superblock knows with another chain";
    }

    /**
     * @return true when the journal has the durable record, as far as it is known.
     */
    boolean isMet()
    {
        return isMet;
    }

    /**
     * @return sequence that is durable, 0 when none is known.
     */
    long sequence()
    {
        return copies.newest() == null ? 0 : copies.newest().durableSequence();
    }

    /**
     * @return cycle that holds the durable record.
     */
    int cycle()
    {
        return copies.newest() == null ? JournalStore.NULL_CYCLE : copies.newest().durableCycle();
    }

    /**
     * @return first cycle that must be there.
     */
    int firstCycle()
    {
        return copies.newest() == null ? JournalStore.FIRST_CYCLE : copies.newest().firstCycle();
    }

    /**
     * @return true when a newer program wrote the superblock.
     */
    boolean isTooNew()
    {
        return copies.isTooNew();
    }

    /**
     * @param record valid by itself, behind the stop of a scan.
     * @param links  of the records before the stop.
     * @return whether it can be one of this journal.
     */
    boolean canFollow(final JournalRecord record, final RecordLinks links)
    {
        final Superblock superblock = copies.newest();
        return superblock == null ? links.canFollow(record, 0, 0, false) :
            links.canFollow(record, superblock.journalIdHigh(), superblock.journalIdLow(), true);
    }

    /**
     * @param links of all records read.
     * @return what is wrong with the superblock itself beside these records, or null.
     */
    String fault(final RecordLinks links)
    {
        final Superblock superblock = copies.newest();
        if (superblock == null)
        {
            // Without marked records the process ended, or the machine, while the first superblock was written.
            final boolean isLost = copies.isThere() && links.version() >= JournalRecordDescriptor.MARKED_VERSION;
            return isLost ? "no copy of it is valid, so that nobody knows how far the journal was durable; its records reach " +
                "to sequence " + links.lastSequence() : null;
        }

        final boolean isOurs = links.records() == 0 ||
            superblock.journalIdHigh() == links.journalIdHigh() && superblock.journalIdLow() == links.journalIdLow();
        return isOurs ? null : "it is of another journal";
    }

    /**
     * @return what a person finds the superblock under.
     */
    String name()
    {
        return copies.name();
    }
}

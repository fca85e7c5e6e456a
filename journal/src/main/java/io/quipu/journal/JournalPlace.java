package io.quipu.journal;

/**
 * The end of a record, from where a scan goes on without the records before it: what stands in a checkpoint about the
 * journal. {@code position} is where the record's document was; a repair may have moved it within its cycle, and it is
 * then found by its sequence and chain.
 *
 * @param sequence      of the last entry up to and including the record.
 * @param chain         of the record.
 * @param epoch         that wrote it.
 * @param timestampNs   of the record.
 * @param journalIdHigh of the journal.
 * @param journalIdLow  of the journal.
 * @param cycle         that holds the record, {@link JournalStore#NULL_CYCLE} when there is none.
 * @param position      of the document that holds it.
 * @param cycleRecords  records in that cycle, this one counted; not looked at where the position does not hold.
 * @param records       in the journal, this one counted.
 * @param bytes         of all these records.
 */
public record JournalPlace(
    long sequence,
    int chain,
    int epoch,
    long timestampNs,
    long journalIdHigh,
    long journalIdLow,
    int cycle,
    long position,
    long cycleRecords,
    long records,
    long bytes)
{
    /** Before the first record. */
    public static final JournalPlace START = new JournalPlace(0, 0, 0, 0, 0, 0, JournalStore.NULL_CYCLE, 0, 0, 0, 0);

    /**
     * @return true before the first record.
     */
    public boolean isStart()
    {
        return cycle == JournalStore.NULL_CYCLE;
    }
}

package io.quipu.journal;

/**
 * What a scan found: the verdict, where the valid records end, what they say, and the place of the damage if there is
 * any.
 *
 * @param verdict          {@link Verdict#CLEAN}, {@link Verdict#TORN_TAIL}, {@link Verdict#CORRUPT}, {@link
 *                         Verdict#GAP}, {@link Verdict#CHECKPOINT_AHEAD} or {@link Verdict#FORMAT_TOO_NEW}.
 * @param lastSequence     of the last valid record, 0 when there is no entry.
 * @param chain            of the last valid record, 0 when there is none.
 * @param epoch            of the last valid record, 0 when there is none.
 * @param timestampNs      of the last valid record, 0 when there is none.
 * @param durableSequence  highest named by any valid record, also by one behind the damage; 0 when none is named.
 * @param journalIdHigh    of the journal, 0 when it is empty.
 * @param journalIdLow     of the journal, 0 when it is empty.
 * @param records          valid ones, epoch records too.
 * @param bytes            of all valid records.
 * @param cycles           files that were looked at.
 * @param endCycle         cycle of the last valid record, {@link JournalStore#NULL_CYCLE} when there is none.
 * @param lastPosition     of the document in that cycle that holds it.
 * @param endPosition      end of the valid documents in that cycle.
 * @param endRecords       valid records in that cycle.
 * @param remainsCycle     when clean, the cycle that holds what a process left that was killed within an append: bytes of
 *                         one document that was never committed; otherwise the end's.
 * @param remainsPosition  where that document begins in it; otherwise the end.
 * @param remainsEnd       end of these bytes; otherwise the end.
 * @param reachedTo        true when the scan ended because it reached the sequence that was asked for.
 * @param damage           the first thing that is wrong, null when nothing is.
 */
public record ScanResult(
    Verdict verdict,
    long lastSequence,
    int chain,
    int epoch,
    long timestampNs,
    long durableSequence,
    long journalIdHigh,
    long journalIdLow,
    long records,
    long bytes,
    int cycles,
    int endCycle,
    long lastPosition,
    long endPosition,
    long endRecords,
    int remainsCycle,
    long remainsPosition,
    long remainsEnd,
    boolean reachedTo,
    Damage damage)
{
    /**
     * The first thing that is wrong.
     *
     * @param file     where it stands.
     * @param offset   in the file.
     * @param sequence that was expected there, or {@link #NULL_SEQUENCE}.
     * @param reason   for people.
     */
    public record Damage(String file, long offset, long sequence, String reason)
    {
        /** No sequence is known to be expected. */
        public static final long NULL_SEQUENCE = 0;
    }

    /**
     * @return true when there is no record at all.
     */
    public boolean isEmpty()
    {
        return records == 0;
    }

    /**
     * @return true when a process was killed within an append.
     */
    boolean hasRemains()
    {
        return remainsEnd > remainsPosition;
    }

    /**
     * @return the end of the last valid record, from where a later scan may go on.
     */
    public JournalPlace place()
    {
        return isEmpty() ? JournalPlace.START : new JournalPlace(
            lastSequence,
            chain,
            epoch,
            timestampNs,
            journalIdHigh,
            journalIdLow,
            endCycle,
            lastPosition,
            endRecords,
            records,
            bytes);
    }

    /**
     * @return one line for people: the place of the damage and what to do next.
     */
    public String describe()
    {
        if (damage == null)
        {
            return verdict + ": " + records + " records to sequence " + lastSequence;
        }

        return verdict + " at " + damage.file() + " offset " + damage.offset() + " sequence " + damage.sequence() +
            ": " + damage.reason() + "; durable sequence " + durableSequence + "; " + advice();
    }

    private String advice()
    {
        switch (verdict)
        {
            case TORN_TAIL:
                return "the next start of the engine moves it to quarantine and goes on";

            case GAP:
                return "put the missing file back, or give up what is behind with quipu repair --accept-loss";

            case CHECKPOINT_AHEAD:
                return "put back the journal that the checkpoint was made from, or give up what it knows with quipu " +
                    "repair --accept-loss";

            case FORMAT_TOO_NEW:
                return "use the version of the program that wrote it";

            default:
                return "restore the file from a copy, or give up what is behind with quipu repair --accept-loss; " +
                    "nothing was changed";
        }
    }
}

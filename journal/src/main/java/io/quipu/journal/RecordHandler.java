package io.quipu.journal;

/**
 * Takes the records of a scan, in order, each proven by length, CRC, chain and sequence.
 */
@FunctionalInterface
public interface RecordHandler
{
    /** Takes nothing from any record: for a scan that only judges. */
    RecordHandler NONE = record -> { };

    /**
     * @param record valid during the call only. An exception ends the scan and passes through to its caller.
     */
    void onRecord(JournalRecord record);

    /**
     * Called once before the first record.
     *
     * @param bytes to come, of all cycles together; the last one counts with room that is not written yet, so a progress
     *              computed with {@link JournalRecord#bytesBefore()} may end early.
     */
    default void onStart(final long bytes)
    {
    }

    /**
     * Called once behind the last record when the journal may be opened for writing, before anything is repaired or
     * changed. An exception refuses the start and passes through to its caller.
     *
     * @param found what the scan concluded.
     */
    default void onEnd(final ScanResult found)
    {
    }
}

package io.quipu.journal;

/**
 * Reads a journal as bytes.
 */
public final class JournalScanner
{
    /** Scans to the end. */
    public static final long TO_END = Long.MAX_VALUE;

    private final JournalStore store;
    private final boolean isBesideWriter;

    /**
     * @param store          to read.
     * @param isBesideWriter true when an engine may be appending: an incomplete last document is then simply the end.
     */
    public JournalScanner(final JournalStore store, final boolean isBesideWriter)
    {
        this.store = store;
        this.isBesideWriter = isBesideWriter;
    }

    /**
     * Reads all records from the first, up to the end as it is when the scan starts, or up to a sequence.
     *
     * @param handler    takes each valid record.
     * @param toSequence the record that holds this sequence is the last one handed over; {@link #TO_END} for all.
     * @return what was found.
     */
    public ScanResult scan(final RecordHandler handler, final long toSequence)
    {
        throw new JournalException(Verdict.IO_FAULT, "not readable: " + store + isBesideWriter + handler + toSequence);
    }
}

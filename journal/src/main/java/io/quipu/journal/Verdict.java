package io.quipu.journal;

/**
 * What a start or a verification concludes about a directory, and the exit code of a process that is refused for it.
 */
public enum Verdict
{
    /** Every record is valid to the end, however the process ended. */
    CLEAN(0),
    /** Bytes behind the durable sequence are not a valid record; read-only verification leaves them. */
    TORN_TAIL(0),
    /** A torn tail was copied to quarantine and cut. */
    TORN_TAIL_REPAIRED(0),
    /** The directory cannot be created or written; nothing was read. */
    UNUSABLE(1),
    /** Damage at or before the durable sequence, or records that do not belong where they stand. */
    CORRUPT(65),
    /** A cycle file, or the records between two files, are missing. */
    GAP(66),
    /** A checkpoint is newer than the journal. */
    CHECKPOINT_AHEAD(67),
    /** Written by a newer program. */
    FORMAT_TOO_NEW(68),
    /** Another engine holds the directory. */
    LOCKED(69),
    /** The digest in a record header is not the one that replay gives. */
    DIVERGED(70),
    /** Applying an entry failed. */
    APPLY_FAILED(71),
    /** The clock is more than 30 days ahead of the journal. */
    CLOCK_AHEAD(72),
    /** The storage failed. */
    IO_FAULT(74);

    private final int exitCode;

    Verdict(final int exitCode)
    {
        this.exitCode = exitCode;
    }

    /**
     * @return what a process exits with when it concludes this; 0 where it goes on.
     */
    public int exitCode()
    {
        return exitCode;
    }

    /**
     * @return true when a start may not go on.
     */
    public boolean isRefusal()
    {
        return exitCode != 0;
    }
}

package io.quipu.engine;

/**
 * Told how a start gets on while it reads the journal. Called on the thread that recovers, a few times a second at
 * most and once at the end.
 */
@FunctionalInterface
public interface RecoveryProgress
{
    /** Hears nothing. */
    RecoveryProgress NONE = (sequence, bytes, totalBytes) -> {};

    /**
     * @param sequence   last entry applied.
     * @param bytes      of the journal read so far.
     * @param totalBytes that the journal has; an estimate while it is being read.
     */
    void onProgress(long sequence, long bytes, long totalBytes);
}

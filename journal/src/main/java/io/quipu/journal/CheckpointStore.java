package io.quipu.journal;

import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Durable images of the state, in bytes, each named by the sequence that it stands at. Bytes are written aside and
 * become visible only when published; what is published is complete and durable.
 * <p>
 * Called by one thread at a time, never by the sequencer thread while it serves. A failure is a {@link JournalException}
 * with {@link Verdict#IO_FAULT}; what was published before is untouched by it.
 */
public interface CheckpointStore extends AutoCloseable
{
    /**
     * @return the sequences of all published checkpoints, ascending.
     */
    long[] sequences();

    /**
     * @param sequence of a checkpoint.
     * @return what a person finds it under: a file name.
     */
    String name(long sequence);

    /**
     * @param sequence of a published checkpoint.
     * @return its length in bytes.
     */
    long length(long sequence);

    /**
     * Starts a checkpoint aside; an unpublished one of the same sequence is replaced.
     *
     * @param sequence that the image stands at.
     * @return where to write its bytes; closed by the caller before {@link #publish(long)}.
     */
    WritableByteChannel create(long sequence);

    /**
     * Makes a checkpoint durable and visible: its bytes, then its name. One published before under the same sequence is
     * replaced.
     *
     * @param sequence of the checkpoint, at or below the durable sequence of the journal.
     */
    void publish(long sequence);

    /**
     * @param sequence of a published checkpoint.
     * @return its bytes; closed by the caller.
     */
    ReadableByteChannel open(long sequence);

    /**
     * @param sequence of a checkpoint to remove, published or not; nothing happens when there is none.
     */
    void delete(long sequence);

    @Override
    void close();
}

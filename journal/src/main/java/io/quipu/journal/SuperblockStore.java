package io.quipu.journal;

import java.nio.ByteBuffer;

/**
 * The bytes of a superblock: a few copies, each of one length, that are written alone and become durable together. What
 * stands in them is {@code Superblock}'s.
 * <p>
 * Called by one thread at a time. A failure is a {@link JournalException} with {@link Verdict#IO_FAULT}, after which the
 * store is only good to be closed.
 */
public interface SuperblockStore extends AutoCloseable
{
    /** Copies that there are. */
    int COPIES = 4;
    /** Bytes of each. */
    int COPY_LENGTH = 4096;

    /**
     * @return what a person finds it under: a file name.
     */
    String name();

    /**
     * Reads all copies, one behind the other. Changes nothing.
     *
     * @param target with room for {@link #COPIES} times {@link #COPY_LENGTH} bytes, filled from its position on.
     * @return bytes read, fewer when what is there is shorter; -1 when there is no superblock.
     */
    int read(ByteBuffer target);

    /**
     * Writes one copy; creates what is missing. Not durable before {@link #force()}, and until then any part of it may be
     * lost or mangled, while the other copies stay as they are.
     *
     * @param copy   0 to {@link #COPIES} - 1.
     * @param source {@link #COPY_LENGTH} bytes, from its position on.
     */
    void write(int copy, ByteBuffer source);

    /**
     * Returns when all that was written survives a loss of power, with its name. Never tried again after a failure.
     */
    void force();

    @Override
    void close();
}

package io.quipu.engine.state;

/**
 * Off-heap memory that a {@link Slab} will use, or uses: announced to a {@link SegmentHandler} before it is needed, so that
 * another thread reserves it and touches its pages. It is not left to the thread of the state: reserving can wait for
 * milliseconds while the system clears a large page of the same process.
 * <pre>
 *   announced --&gt; reserved, by whoever comes first --&gt; touched, a few pages at a time --&gt; closed: given back
 *                                                  '--&gt; used by the slab, touched or not
 * </pre>
 * The state's thread takes and closes it; any thread may reserve and touch it. Closing waits for a step of touching.
 */
public final class Segment
{
    /** Segments begin on this boundary. */
    public static final int ALIGNMENT = 2 << 20;

    /** Of all segments of this process; guarded by the class. */
    private static long reservedBytes;

    /**
     * What is done to a part of a segment ahead of its use. Must leave the bytes as they are: the slab may be using it already.
     */
    @FunctionalInterface
    public interface Step
    {
        /**
         * @param address of the part.
         * @param length  of it, in bytes.
         */
        void run(long address, long length);
    }

    private final long length;
    private volatile long block;
    private boolean isClosed;

    Segment(final long length)
    {
        this.length = length;
    }

    /**
     * Reserves the memory, where nobody did so yet.
     *
     * @return false when it is not wanted any more.
     */
    public synchronized boolean reserve()
    {
        if (!isClosed && block == 0)
        {
            block = OffHeap.allocate(length + ALIGNMENT);
            countReserved(length);
        }

        return !isClosed;
    }

    /**
     * Does something to a part of it while it is reserved; it is not given back meanwhile.
     *
     * @param offset of the part.
     * @param count  of its bytes.
     * @param step   to do.
     * @return false when it is not reserved, or not any more.
     */
    public synchronized boolean prepare(final long offset, final long count, final Step step)
    {
        if (block != 0)
        {
            step.run(address() + offset, count);
        }

        return block != 0;
    }

    /** @return how long it is, in bytes. */
    public long length()
    {
        return length;
    }

    /** Bytes of all segments of this process that are reserved, used or not. */
    static synchronized long reservedBytes()
    {
        return reservedBytes;
    }

    /** Its address, a multiple of {@link #ALIGNMENT}; does not wait for a step of touching. */
    long take()
    {
        if (block == 0)
        {
            reserve();
        }

        return address();
    }

    synchronized void close()
    {
        if (block != 0)
        {
            OffHeap.free(block);
            countReserved(-length);
        }
        block = 0;
        isClosed = true;
    }

    private static synchronized void countReserved(final long bytes)
    {
        reservedBytes += bytes;
    }

    private long address()
    {
        return (block + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

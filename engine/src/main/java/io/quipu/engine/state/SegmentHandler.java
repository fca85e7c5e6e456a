package io.quipu.engine.state;

/**
 * Hears of off-heap segments before they are used. The state knows no system calls; whoever runs it may ask the system for
 * large pages there, or have another thread touch them ahead. What it does must leave the bytes as they are.
 */
@FunctionalInterface
public interface SegmentHandler
{
    /** Segments begin on this boundary. */
    int ALIGNMENT = 2 << 20;

    /**
     * Called by the thread of a state, which waits for it.
     *
     * @param address of the segment, a multiple of {@link #ALIGNMENT}. It may be given back at any time.
     * @param length  in bytes.
     */
    void onSegment(long address, long length);
}

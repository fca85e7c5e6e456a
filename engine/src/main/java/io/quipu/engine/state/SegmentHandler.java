package io.quipu.engine.state;

/**
 * Hears of off-heap segments before they are used. The state knows no system calls; whoever runs it may ask the system for
 * large pages there, or have another thread touch them ahead.
 */
@FunctionalInterface
public interface SegmentHandler
{
    /**
     * Called by the thread of a state, which waits for it: nothing is to be done here that takes long.
     *
     * @param segment that a state will use next.
     */
    void onSegment(Segment segment);
}

package io.quipu.engine;

/**
 * Which stages share a thread.
 */
public enum Threads
{
    /** All but the syncer on one thread, which also drives the media driver. */
    COMPACT,

    /** The sequencer on a core of its own. Not built yet: refused when the context is concluded. */
    SPLIT
}

package io.quipu.engine;

/**
 * Which stages share a thread.
 */
public enum Threads
{
    /** All but the syncer on one thread, which also drives the media driver. */
    COMPACT,

    /**
     * The sequencer on one thread, media driver, replies and feed on another, joined by rings: for a machine with a
     * core for each of them and for the clients.
     */
    SPLIT
}

package io.quipu.transport;

/**
 * What the transport tells clients of the engine in Connected and Heartbeat. Read on the thread that runs the transport.
 */
public interface EngineProgress
{
    /** Sequence of the last entry applied. */
    long sequence();

    /** Sequence of the last entry known to survive power loss. */
    long durableSequence();

    int epoch();

    /** Commands that one request may hold, by the limit in force now. */
    int maxRequestCommands();
}

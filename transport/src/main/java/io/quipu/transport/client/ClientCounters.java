package io.quipu.transport.client;

/**
 * Figures about one connection since it was made; read on the thread that polls.
 */
public final class ClientCounters
{
    long framesSent;
    long requestsSent;
    long requestsResent;
    long repliesReceived;
    long repliesRetried;
    long repliesRepeated;
    long refusals;
    long badFrames;
    long connections;

    ClientCounters()
    {
    }

    /** Submit frames. */
    public long framesSent()
    {
        return framesSent;
    }

    /** Requests in them, each time they were sent. */
    public long requestsSent()
    {
        return requestsSent;
    }

    /** Requests that were sent once more. */
    public long requestsResent()
    {
        return requestsResent;
    }

    /** Replies that brought an outcome. */
    public long repliesReceived()
    {
        return repliesReceived;
    }

    /** Of them, taken by the engine from its kept replies. */
    public long repliesRetried()
    {
        return repliesRetried;
    }

    /** Replies to requests that had their outcome already. */
    public long repliesRepeated()
    {
        return repliesRepeated;
    }

    /** Refusals before the append. */
    public long refusals()
    {
        return refusals;
    }

    /** Frames from the engine that are not what their lengths say. */
    public long badFrames()
    {
        return badFrames;
    }

    /** Times that a connection was made. */
    public long connections()
    {
        return connections;
    }
}

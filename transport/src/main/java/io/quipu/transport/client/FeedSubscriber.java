package io.quipu.transport.client;

/**
 * Subscribes to what the engine publishes to everybody. Driven by one thread through {@link #poll()}; needs no connection, and
 * goes on over restarts of the engine.
 */
public final class FeedSubscriber implements AutoCloseable
{
    private FeedSubscriber()
    {
    }

    /** Subscribes to the feed of {@link ClientContext#engine()}, or to {@link ClientContext#feedChannel()}. */
    public static FeedSubscriber subscribe(final ClientContext context, final FeedHandler handler)
    {
        throw new UnsupportedOperationException();
    }

    /** Delivers only views of this board; null for all. */
    public FeedSubscriber onlyBoard(final String board)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * One turn: receives, calls the handler.
     *
     * @return 0 when there was nothing to do.
     */
    public int poll()
    {
        throw new UnsupportedOperationException();
    }

    /** Whether somebody publishes. */
    public boolean isConnected()
    {
        throw new UnsupportedOperationException();
    }

    /** Idempotent. */
    @Override
    public void close()
    {
    }
}

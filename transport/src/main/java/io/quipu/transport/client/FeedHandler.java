package io.quipu.transport.client;

import java.util.List;

/**
 * Told what the feed publishes, inside {@link FeedSubscriber#poll()}. Views older than one already seen are not delivered.
 */
public interface FeedHandler
{
    /** The first rows of a board. */
    void onBoardView(FeedPosition position, BoardView view);

    /** The board is no more. */
    default void onBoardDropped(final FeedPosition position, final String board)
    {
    }

    /** Counters under a published prefix. */
    default void onCounterView(final FeedPosition position, final List<CounterValue> counters)
    {
    }

    /** The feed is alive. */
    default void onHeartbeat(final FeedPosition position, final long durableSequence)
    {
    }

    /** Messages were missed: views are whole, so the next one of each board repairs it. */
    default void onGap(final int epoch, final long missedPackets)
    {
    }

    /** The engine was started anew. */
    default void onEpoch(final int epoch)
    {
    }
}

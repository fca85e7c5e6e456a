package io.quipu.engine.publish;

import com.lmax.disruptor.EventPoller;
import io.quipu.transport.Feed;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends the feed messages of the ring to everybody who listens. Nobody who listens can hold it up: what the feed does
 * not take is dropped and counted, a subscriber sees the gap in the packet numbers, and a later view makes good for
 * it. One thread runs it; in compact the sequencer's, in split
 * the transport's.
 */
public final class FeedStage implements Agent
{
    private final Feed feed;
    private final UnsafeBuffer arena;
    private final EventPoller<Result> poller;
    private final EventPoller.Handler<Result> handler = this::onResult;

    private int work;
    private long sentCount;
    private long droppedCount;

    /**
     * @param ring to take results from.
     * @param feed to offer them to.
     */
    public FeedStage(final ResultRing ring, final Feed feed)
    {
        this.feed = feed;
        arena = ring.arena();
        poller = ring.newPoller();
    }

    @Override
    public int doWork() throws Exception
    {
        work = 0;
        poller.poll(handler);
        return work;
    }

    @Override
    public String roleName()
    {
        return "feed";
    }

    /** Messages that left. */
    public long sentCount()
    {
        return sentCount;
    }

    /** Messages that the feed had no room for. */
    public long droppedCount()
    {
        return droppedCount;
    }

    private boolean onResult(final Result result, final long slot, final boolean endOfBatch)
    {
        if (result.kind() == ResultKind.FEED)
        {
            work++;
            if (feed.offer(arena, result.bodyOffset(), result.bodyLength()))
            {
                sentCount++;
            }
            else
            {
                droppedCount++;
            }
        }

        return true;
    }
}

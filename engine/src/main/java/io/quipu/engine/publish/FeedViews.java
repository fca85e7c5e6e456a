package io.quipu.engine.publish;

import io.quipu.engine.Clock;
import io.quipu.engine.state.Board;
import io.quipu.engine.state.Boards;
import io.quipu.engine.state.StateMachine;
import io.quipu.engine.state.ViewReader;
import io.quipu.transport.Channels;
import io.quipu.transport.Feed;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Cuts views for the feed out of the state, on the sequencer thread between two records, and publishes them as
 * results of the ring. At most one message a turn, and none while nobody listens or the ring is busy: a view is late
 * rather than a command.
 * <pre>
 *   heartbeat      once a second
 *   changed board  at most four times a second each, in the order in which they changed: what changed often is conflated
 *   any board      when it was not cut for 1.8 s, the longest ago first
 *   dropped board  instead of its view, for 10 s
 *   counters       a step of a walk over their ids, four times a second, or every 1.8 s while nothing changes
 * </pre>
 * All together take no more than 1 MiB a second: a bucket is filled by the time that passes, and nothing is cut while
 * it is empty. Allocates only for a board that it has not seen before.
 */
public final class FeedViews implements Agent
{
    private static final long HEARTBEAT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CHANGED_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long REFRESH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1_800);
    private static final long DROPPED_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long BYTES_PER_SECOND = 1024 * 1024;
    private static final long MAX_CREDIT = Channels.MAX_FEED_MESSAGE_LENGTH;
    private static final int MAX_TAKEN_A_TURN = 8;
    /** Counter ids looked at in a turn. */
    private static final int WALK_STEP = 128;

    private final Clock clock;
    private final Feed feed;
    private final ResultRing ring;
    private final StateMachine state;
    private final Boards boards;
    private final ViewReader reader;
    private final FeedEncoder encoder;
    private final LongSequence durable;
    private final UnsafeBuffer[] prefixes;
    private final UnsafeBuffer name = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer droppedName = new UnsafeBuffer(0, 0);
    private final Long2ObjectHashMap<BoardFeed> byHandle = new Long2ObjectHashMap<>();

    /** All boards known, the one cut longest ago first; a ring through this sentinel. */
    private final BoardFeed cuts = new BoardFeed();
    private BoardFeed firstChanged;
    private BoardFeed lastChanged;

    private long creditAtNs;
    private long credit = MAX_CREDIT;
    private long heartbeatNs;
    private int prefix;
    private int counterId;
    private long walkStartedNs;
    private long walkSequence;
    private long longestCutNs;

    /** A number that another thread moves. */
    @FunctionalInterface
    public interface LongSequence
    {
        long get();
    }

    /**
     * @param clock    of the engine.
     * @param feed     asked whether anybody listens.
     * @param ring     to publish to.
     * @param state    to cut from.
     * @param epoch    of this start.
     * @param durable  the durable sequence.
     * @param prefixes counters whose names begin so are published.
     */
    public FeedViews(
        final Clock clock,
        final Feed feed,
        final ResultRing ring,
        final StateMachine state,
        final int epoch,
        final LongSequence durable,
        final List<String> prefixes)
    {
        this.clock = clock;
        this.feed = feed;
        this.ring = ring;
        this.state = state;
        this.durable = durable;
        boards = state.boards();
        reader = state.viewReader();
        encoder = new FeedEncoder(state, epoch);
        creditAtNs = clock.monotonicNs();
        cuts.previousCut = cuts;
        cuts.nextCut = cuts;
        this.prefixes = new UnsafeBuffer[prefixes.size()];
        for (int i = 0; i < this.prefixes.length; i++)
        {
            this.prefixes[i] = new UnsafeBuffer(prefixes.get(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public int doWork()
    {
        if (!feed.isConnected())
        {
            return 0;
        }

        final long nowNs = clock.monotonicNs();
        takeChanged();
        refill(nowNs);
        if (credit <= 0 || !ring.hasRoom(1, Channels.MAX_FEED_MESSAGE_LENGTH, Channels.MAX_FEED_MESSAGE_LENGTH))
        {
            return 0;
        }

        final int length = cut(nowNs);
        if (length > 0)
        {
            final Result result = ring.claim().kind(ResultKind.FEED).sequence(state.sequence());
            ring.copyBody(result, encoder.buffer(), 0, length);
            ring.publish(result);
            credit -= length;
            longestCutNs = Math.max(longestCutNs, clock.monotonicNs() - nowNs);
            return 1;
        }

        return 0;
    }

    @Override
    public String roleName()
    {
        return "views";
    }

    /** The longest that a turn took to cut and publish. */
    public long longestCutNs()
    {
        return longestCutNs;
    }

    /** A second fills the bucket anew; more, as after hours in which nobody listened, would overflow. */
    private void refill(final long nowNs)
    {
        final long elapsedNs = Math.min(nowNs - creditAtNs, TimeUnit.SECONDS.toNanos(1));
        final long earned = elapsedNs * BYTES_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
        if (earned > 0)
        {
            credit = Math.min(MAX_CREDIT, credit + earned);
            creditAtNs = nowNs;
        }
    }

    /** Notes boards that changed since they were taken last, a few a turn. */
    private void takeChanged()
    {
        for (int i = 0; i < MAX_TAKEN_A_TURN; i++)
        {
            final Board board = boards.takeChanged();
            if (null == board)
            {
                return;
            }

            final BoardFeed known = byHandle.get(board.handle());
            onChanged(null == known ? add(board) : known);
        }
    }

    private BoardFeed add(final Board board)
    {
        reader.wrapName(board, name);
        final BoardFeed added = new BoardFeed();
        added.init(board.handle(), name);
        byHandle.put(added.handle, added);
        linkFirst(added);
        return added;
    }

    private void onChanged(final BoardFeed changed)
    {
        if (!changed.isChanged)
        {
            changed.isChanged = true;
            changed.nextChanged = null;
            if (null == lastChanged)
            {
                firstChanged = changed;
            }
            else
            {
                lastChanged.nextChanged = changed;
            }

            lastChanged = changed;
        }
    }

    /** Encodes at most one message, and returns its length or 0. */
    private int cut(final long nowNs)
    {
        if (nowNs - heartbeatNs >= HEARTBEAT_NS)
        {
            heartbeatNs = nowNs;
            return encoder.heartbeat(durable.get());
        }

        if (null != firstChanged && nowNs - firstChanged.cutNs >= CHANGED_INTERVAL_NS)
        {
            final BoardFeed changed = firstChanged;
            firstChanged = changed.nextChanged;
            lastChanged = null == firstChanged ? null : lastChanged;
            changed.isChanged = false;
            return cutBoard(changed, nowNs);
        }

        final BoardFeed oldest = cuts.nextCut;
        if (oldest != cuts && !oldest.isChanged && nowNs - oldest.cutNs >= REFRESH_INTERVAL_NS)
        {
            return cutBoard(oldest, nowNs);
        }

        return walkCounters(nowNs);
    }

    private int cutBoard(final BoardFeed view, final long nowNs)
    {
        unlink(view);
        view.cutNs = nowNs;
        final Board board = boards.byHandle(view.handle);
        droppedName.wrap(view.name, 0, view.nameLength);
        if (null != board)
        {
            linkLast(view);
            return encoder.board(board, droppedName);
        }

        view.droppedNs = 0 == view.droppedNs ? nowNs : view.droppedNs;
        if (nowNs - view.droppedNs >= DROPPED_NS || isPublished(droppedName))
        {
            byHandle.remove(view.handle);
            return 0;
        }

        linkLast(view);
        return encoder.dropped(droppedName);
    }

    /** Whether a board of this name has views again: they tell all that a subscriber needs to know. */
    private boolean isPublished(final UnsafeBuffer boardName)
    {
        final Board board = boards.find(boardName);
        return null != board && board.definition().feedRows() > 0;
    }

    private int walkCounters(final long nowNs)
    {
        if (0 == prefixes.length || !isWalkDue(nowNs))
        {
            return 0;
        }

        final int last = Math.min(reader.highestCounter(), counterId + WALK_STEP - 1);
        encoder.beginCounters();
        while (counterId <= last)
        {
            if (reader.isCounter(counterId, prefixes[prefix]))
            {
                reader.wrapCounterName(counterId, name);
                encoder.counter(reader.counterValue(counterId), name);
            }

            counterId++;
        }

        if (counterId > reader.highestCounter())
        {
            counterId = 0;
            prefix = prefix + 1 == prefixes.length ? 0 : prefix + 1;
            if (prefix > 0)
            {
                counterId = 1;
            }
        }

        return encoder.endCounters();
    }

    /** Whether a walk is under way, or it is time to begin one. */
    private boolean isWalkDue(final long nowNs)
    {
        if (counterId > 0)
        {
            return true;
        }

        final long interval = walkSequence == state.sequence() ? REFRESH_INTERVAL_NS : CHANGED_INTERVAL_NS;
        if (nowNs - walkStartedNs < interval)
        {
            return false;
        }

        walkStartedNs = nowNs;
        walkSequence = state.sequence();
        counterId = 1;
        return true;
    }

    private void linkFirst(final BoardFeed view)
    {
        view.previousCut = cuts;
        view.nextCut = cuts.nextCut;
        view.nextCut.previousCut = view;
        cuts.nextCut = view;
    }

    private void linkLast(final BoardFeed view)
    {
        view.nextCut = cuts;
        view.previousCut = cuts.previousCut;
        view.previousCut.nextCut = view;
        cuts.previousCut = view;
    }

    private static void unlink(final BoardFeed view)
    {
        view.previousCut.nextCut = view.nextCut;
        view.nextCut.previousCut = view.previousCut;
    }
}

package io.quipu.transport.client;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.Header;
import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.feed.BoardDroppedDecoder;
import io.quipu.codecs.feed.BoardViewDecoder;
import io.quipu.codecs.feed.CounterViewDecoder;
import io.quipu.codecs.feed.FeedHeaderDecoder;
import io.quipu.codecs.feed.FeedHeartbeatDecoder;
import io.quipu.codecs.feed.MessageHeaderDecoder;
import io.quipu.transport.Channels;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Subscribes to what the engine publishes to everybody. Driven by one thread through {@link #poll()}; needs no connection, and
 * goes on over restarts of the engine.
 * <p>
 * Each message names its epoch and its number within it: what is missing is told as a gap, what is late is left out.
 */
public final class FeedSubscriber implements AutoCloseable
{
    private static final int FRAGMENT_LIMIT = 64;

    private final MediaAccess media;
    private final FeedHandler handler;
    private final Subscription subscription;
    private final FragmentAssembler assembler = new FragmentAssembler(this::onFragment);

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final BoardViewDecoder boardView = new BoardViewDecoder();
    private final BoardDroppedDecoder boardDropped = new BoardDroppedDecoder();
    private final CounterViewDecoder counterView = new CounterViewDecoder();
    private final FeedHeartbeatDecoder heartbeat = new FeedHeartbeatDecoder();
    private final byte[] scratch = new byte[Names.MAX_LENGTH];

    private byte[] onlyBoard;
    private int epoch;
    private long packet;
    /** Aeron's session of whoever sent the last message. */
    private int publisherId;
    private long badFrames;
    private boolean isClosed;

    private FeedSubscriber(final MediaAccess media, final FeedHandler handler, final Subscription subscription)
    {
        this.media = media;
        this.handler = handler;
        this.subscription = subscription;
    }

    /**
     * Subscribes to the feed of {@link ClientContext#engine()}, or to {@link ClientContext#feedChannel()}.
     *
     * @throws UnreachableException     when the channel cannot be listened on.
     * @throws IllegalArgumentException when the context is wrong.
     */
    public static FeedSubscriber subscribe(final ClientContext context, final FeedHandler handler)
    {
        context.conclude();
        final String channel = null == context.feedChannel() ? Channels.feed(context.port()) : context.feedChannel();
        final MediaAccess media = MediaAccess.open(context);
        boolean isSubscribed = false;
        try
        {
            final Subscription subscription = media.aeron().addSubscription(channel, Channels.FEED_STREAM_ID);
            isSubscribed = true;
            return new FeedSubscriber(media, handler, subscription);
        }
        catch (final RegistrationException ex)
        {
            throw new UnreachableException("feed " + channel + ": " + ex.getMessage(), ex);
        }
        finally
        {
            if (!isSubscribed)
            {
                CloseHelper.quietClose(media);
            }
        }
    }

    /** Delivers only views of this board; null for all. */
    public FeedSubscriber onlyBoard(final String board)
    {
        onlyBoard = null == board ? null : board.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /**
     * One turn: receives, calls the handler.
     *
     * @return 0 when there was nothing to do.
     */
    public int poll()
    {
        return isClosed ? 0 : media.invoke() + subscription.poll(assembler, FRAGMENT_LIMIT);
    }

    /** Whether somebody publishes. */
    public boolean isConnected()
    {
        return !isClosed && subscription.isConnected();
    }

    /** Messages that are not what their lengths say. */
    public long badFrames()
    {
        return badFrames;
    }

    /** Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.closeAll(subscription, media);
        }
    }

    private void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header frame)
    {
        if (FrameValidator.OK != FrameValidator.validateFeed(buffer, offset, length))
        {
            badFrames++;
            return;
        }
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case BoardViewDecoder.TEMPLATE_ID:
                boardView.wrapAndApplyHeader(buffer, offset, header);
                if (isNext(boardView.feedHeader(), frame.sessionId()))
                {
                    onBoardView();
                }
                break;

            case BoardDroppedDecoder.TEMPLATE_ID:
                boardDropped.wrapAndApplyHeader(buffer, offset, header);
                if (isNext(boardDropped.feedHeader(), frame.sessionId()))
                {
                    onBoardDropped();
                }
                break;

            case CounterViewDecoder.TEMPLATE_ID:
                counterView.wrapAndApplyHeader(buffer, offset, header);
                if (isNext(counterView.feedHeader(), frame.sessionId()))
                {
                    onCounterView();
                }
                break;

            case FeedHeartbeatDecoder.TEMPLATE_ID:
                heartbeat.wrapAndApplyHeader(buffer, offset, header);
                if (isNext(heartbeat.feedHeader(), frame.sessionId()))
                {
                    handler.onHeartbeat(position(heartbeat.feedHeader()), heartbeat.durableSequence());
                }
                break;

            default:
                break;
        }
    }

    /**
     * Whether a message is newer than all before it; tells of a new epoch, and of what was missed. An older epoch is believed
     * when the publisher of the newer one is gone: the engine was started on another directory.
     */
    private boolean isNext(final FeedHeaderDecoder feedHeader, final int sessionId)
    {
        final int newEpoch = feedHeader.epoch();
        final long newPacket = feedHeader.packet();
        final boolean isOlder = newEpoch < epoch || newEpoch == epoch && newPacket <= packet;
        if (isOlder && (sessionId == publisherId || null != subscription.imageBySessionId(publisherId)))
        {
            return false;
        }
        final boolean isNewEpoch = isOlder || newEpoch != epoch;
        final long missed = isNewEpoch ? 0 : newPacket - packet - 1;
        epoch = newEpoch;
        packet = newPacket;
        publisherId = sessionId;
        if (isNewEpoch)
        {
            handler.onEpoch(newEpoch);
        }
        if (missed > 0)
        {
            handler.onGap(newEpoch, missed);
        }
        return true;
    }

    private void onBoardView()
    {
        for (final BoardViewDecoder.RowsDecoder row : boardView.rows())
        {
            row.skipMember();
        }
        final int nameLength = boardView.boardLength();
        boardView.getBoard(scratch, 0, nameLength);
        if (!isWanted(nameLength))
        {
            return;
        }
        final String board = text(nameLength);
        boardView.sbeRewind();
        final int columnCount = QueryAnswers.columnCount(boardView.columnCount());
        final List<Standing> rows = new ArrayList<>();
        for (final BoardViewDecoder.RowsDecoder row : boardView.rows())
        {
            final long[] score =
                QueryAnswers.columns(columnCount, row.value0(), row.value1(), row.value2(), row.value3());
            final int length = row.memberLength();
            row.getMember(scratch, 0, length);
            rows.add(new Standing(row.ordinal(), row.competition(), row.dense(), text(length), score));
        }
        handler.onBoardView(
            position(boardView.feedHeader()),
            new BoardView(
                board,
                boardView.boardHandle(),
                boardView.boardMembers(),
                columnCount,
                Collections.unmodifiableList(rows)));
    }

    private void onBoardDropped()
    {
        final int nameLength = boardDropped.boardLength();
        boardDropped.getBoard(scratch, 0, nameLength);
        if (isWanted(nameLength))
        {
            handler.onBoardDropped(position(boardDropped.feedHeader()), text(nameLength));
        }
    }

    private void onCounterView()
    {
        final List<CounterValue> counters = new ArrayList<>();
        for (final CounterViewDecoder.CountersDecoder row : counterView.counters())
        {
            final long value = row.value();
            final int length = row.counterLength();
            row.getCounter(scratch, 0, length);
            counters.add(new CounterValue(text(length), value, true));
        }
        handler.onCounterView(position(counterView.feedHeader()), Collections.unmodifiableList(counters));
    }

    private boolean isWanted(final int nameLength)
    {
        return null == onlyBoard || Arrays.equals(onlyBoard, 0, onlyBoard.length, scratch, 0, nameLength);
    }

    private String text(final int length)
    {
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    private static FeedPosition position(final FeedHeaderDecoder feedHeader)
    {
        return new FeedPosition(
            feedHeader.epoch(),
            feedHeader.packet(),
            feedHeader.sequence(),
            feedHeader.timeNs(),
            Status.digest(feedHeader.digestHigh(), feedHeader.digestLow()));
    }
}

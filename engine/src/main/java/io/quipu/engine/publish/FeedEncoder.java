package io.quipu.engine.publish;

import io.quipu.codecs.feed.BoardDroppedEncoder;
import io.quipu.codecs.feed.BoardViewEncoder;
import io.quipu.codecs.feed.CounterViewEncoder;
import io.quipu.codecs.feed.FeedHeaderEncoder;
import io.quipu.codecs.feed.FeedHeartbeatEncoder;
import io.quipu.codecs.feed.MessageHeaderEncoder;
import io.quipu.engine.state.Board;
import io.quipu.engine.state.Standings;
import io.quipu.engine.state.StateMachine;
import io.quipu.transport.Channels;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes feed messages, each numbered and stamped with what it has seen: epoch, sequence, time and digest. One
 * message at a time, in {@link #buffer()}. For the sequencer thread; allocates nothing.
 */
final class FeedEncoder
{
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int MAX_NAME = 1 + 128;
    private static final int ROW = BoardViewEncoder.RowsEncoder.sbeBlockLength();

    private final StateMachine state;
    private final Standings standings;
    private final int epoch;
    private final UnsafeBuffer buffer =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(Channels.MAX_FEED_MESSAGE_LENGTH, Long.BYTES));
    private final UnsafeBuffer member = new UnsafeBuffer(0, 0);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BoardViewEncoder boardView = new BoardViewEncoder();
    private final BoardDroppedEncoder boardDropped = new BoardDroppedEncoder();
    private final CounterViewEncoder counterView = new CounterViewEncoder();
    private final FeedHeartbeatEncoder heartbeat = new FeedHeartbeatEncoder();

    private long packet;
    private int counterGroup;
    private int counterCount;
    private int position;

    FeedEncoder(final StateMachine state, final int epoch)
    {
        this.state = state;
        this.epoch = epoch;
        standings = state.boards().newStandings();
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * A board's view: as many rows as its definition asks for, and as fit: 1,000 rows with long names do not.
     *
     * @return length of the message.
     */
    int board(final Board board, final UnsafeBuffer name)
    {
        boardView.wrapAndApplyHeader(buffer, 0, header);
        stamp(boardView.feedHeader());
        boardView.boardHandle(board.handle())
            .boardMembers(board.memberCount())
            .columnCount((short)board.definition().columnCount());

        final int count = standings.page(board, 0, board.definition().feedRows());
        final BoardViewEncoder.RowsEncoder rows = boardView.rowsCount(count);
        while (hasRoomForRow() && standings.next())
        {
            standings.wrapName(member);
            rows.next()
                .ordinal(standings.ordinal())
                .competition(standings.competition())
                .dense(standings.dense())
                .value0(standings.column(0))
                .value1(standings.column(1))
                .value2(standings.column(2))
                .value3(standings.column(3))
                .putMember(member, 0, member.capacity());
        }

        rows.resetCountToIndex();
        boardView.putBoard(name, 0, name.capacity());
        return HEADER + boardView.encodedLength();
    }

    /** For the longest row, and the board's name behind all rows. */
    private boolean hasRoomForRow()
    {
        return boardView.limit() + ROW + MAX_NAME + MAX_NAME <= buffer.capacity();
    }

    int dropped(final UnsafeBuffer name)
    {
        boardDropped.wrapAndApplyHeader(buffer, 0, header);
        stamp(boardDropped.feedHeader());
        boardDropped.putBoard(name, 0, name.capacity());
        return HEADER + boardDropped.encodedLength();
    }

    int heartbeat(final long durableSequence)
    {
        heartbeat.wrapAndApplyHeader(buffer, 0, header);
        stamp(heartbeat.feedHeader());
        heartbeat.durableSequence(durableSequence);
        return HEADER + heartbeat.encodedLength();
    }

    /** Starts a view of counters, whose number is not known yet. */
    void beginCounters()
    {
        counterCount = 0;
        counterGroup = HEADER + CounterViewEncoder.BLOCK_LENGTH;
        position = counterGroup + CounterViewEncoder.CountersEncoder.sbeHeaderSize();
    }

    /** Adds a counter; the caller keeps to so few that they fit. */
    void counter(final long value, final UnsafeBuffer name)
    {
        final int length = name.capacity();
        if (position + Long.BYTES + MAX_NAME > Channels.MAX_FEED_MESSAGE_LENGTH)
        {
            throw new IllegalStateException("counters beyond one message: " + counterCount);
        }

        buffer.putLong(position, value, CounterViewEncoder.BYTE_ORDER);
        buffer.putByte(position + Long.BYTES, (byte)length);
        buffer.putBytes(position + Long.BYTES + 1, name, 0, length);
        position += Long.BYTES + 1 + length;
        counterCount++;
    }

    /**
     * Ends the view of counters.
     *
     * @return length of the message, 0 when there was none in it.
     */
    int endCounters()
    {
        if (0 == counterCount)
        {
            return 0;
        }

        counterView.wrapAndApplyHeader(buffer, 0, header);
        stamp(counterView.feedHeader());
        counterView.countersCount(counterCount);
        return position;
    }

    private void stamp(final FeedHeaderEncoder feedHeader)
    {
        feedHeader.packet(++packet)
            .sequence(state.sequence())
            .timeNs(state.timeNs())
            .digestHigh(state.digest().high())
            .digestLow(state.digest().low())
            .epoch(epoch);
    }
}

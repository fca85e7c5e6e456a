package io.quipu.engine.publish;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.feed.BoardDroppedDecoder;
import io.quipu.codecs.feed.BoardViewDecoder;
import io.quipu.codecs.feed.FeedHeartbeatDecoder;
import io.quipu.codecs.feed.MessageHeaderDecoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ScoreEncoder;
import io.quipu.codecs.ingress.Ties;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.engine.Clock;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.transport.Feed;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the feed cuts when, turn by turn, under a clock of the test.
 */
class FeedViewsTest
{
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final StateMachine state = new StateMachine();
    private final ResultRing ring = new ResultRing(1024, 1 << 20);
    private final ManualClock clock = new ManualClock();
    private final Heard heard = new Heard();
    private final FeedViews views =
        new FeedViews(clock, heard, ring, state, 1, () -> 0, List.of());
    private final FeedStage stage = new FeedStage(ring, heard);
    private final ExpandableArrayBuffer body = new ExpandableArrayBuffer();
    private long requestSequence;

    @BeforeEach
    void openSession()
    {
        final SessionOpenFrameEncoder open = new SessionOpenFrameEncoder()
            .wrapAndApplyHeader(body, 0, new io.quipu.codecs.storage.MessageHeaderEncoder())
            .tokenHashHigh(1)
            .tokenHashLow(2)
            .sessionId(1);
        apply(open.limit());
    }

    @AfterEach
    void close()
    {
        state.close();
    }

    @Test
    void shouldCutAsManyRowsAsFitIntoAMessage() throws Exception
    {
        create("b", 1000);
        for (int i = 0; i < 1000; i++)
        {
            score("b", String.format("%0128d", i), i);
        }

        turns(10);

        assertThat(heard.templates).containsOnlyOnce(BoardViewDecoder.TEMPLATE_ID);
        assertThat(heard.lastRows).isBetween(690, 999);
        assertThat(heard.lastFirstMember).isEqualTo(String.format("%0128d", 999));
    }

    @Test
    void shouldNotRunDryAfterHoursInWhichNobodyListened() throws Exception
    {
        create("b", 100);
        score("b", "m", 1);
        turns(1_000);
        heard.isConnected = false;
        clock.nowNs += TimeUnit.HOURS.toNanos(3);
        turns(1);
        heard.isConnected = true;
        heard.templates.clear();

        for (int second = 0; second < 300; second++)
        {
            score("b", String.format("%0120d", second), second);
            turns(4, TimeUnit.MILLISECONDS.toNanos(250));
        }

        assertThat(heard.templates).filteredOn(template -> template == FeedHeartbeatDecoder.TEMPLATE_ID)
            .hasSizeGreaterThan(200);
    }

    @Test
    void shouldTellThatABoardIsGoneWhenItsNameNamesOneWithoutViews() throws Exception
    {
        create("b", 10);
        turns(10);
        request(this::drop);
        create("b", 0);

        turns(2_000);

        assertThat(heard.templates).contains(BoardDroppedDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldSendViewsOfABoardThatWasCreatedAnewAndNotThatItIsGone() throws Exception
    {
        create("b", 10);
        turns(10);
        request(this::drop);
        create("b", 10);

        turns(5_000);

        assertThat(heard.templates).contains(BoardViewDecoder.TEMPLATE_ID)
            .doesNotContain(BoardDroppedDecoder.TEMPLATE_ID);
    }

    private void turns(final int count) throws Exception
    {
        turns(count, TURN_NS);
    }

    private void turns(final int count, final long turnNs) throws Exception
    {
        for (int i = 0; i < count; i++)
        {
            clock.nowNs += turnNs;
            views.doWork();
            stage.doWork();
        }
    }

    private void create(final String board, final int feedRows)
    {
        final byte[] name = board.getBytes(StandardCharsets.UTF_8);
        final byte[] column = { 'x' };
        request(offset ->
        {
            final CreateBoardEncoder create = new CreateBoardEncoder()
                .wrapAndApplyHeader(body, offset, new MessageHeaderEncoder());
            create.scoreOperator(Operator.LAST)
                .ties(Ties.FIRST)
                .columnCount((short)1)
                .ascending((short)0)
                .feedRows(feedRows)
                .capacity(0)
                .putBoard(name, 0, name.length)
                .putColumnNames(column, 0, 1);
            return create.limit();
        });
    }

    private void score(final String board, final String member, final long value)
    {
        final byte[] name = member.getBytes(StandardCharsets.UTF_8);
        request(offset ->
        {
            final ScoreEncoder score = new ScoreEncoder()
                .wrapAndApplyHeader(body, onBoard(offset, board), new MessageHeaderEncoder());
            score.scoresCount(1).next().value(value).putMember(name, 0, name.length);
            return score.limit();
        });
    }

    private int drop(final int offset)
    {
        return new DropBoardEncoder().wrapAndApplyHeader(body, onBoard(offset, "b"), new MessageHeaderEncoder()).limit();
    }

    private int onBoard(final int offset, final String board)
    {
        final byte[] name = board.getBytes(StandardCharsets.UTF_8);
        final OnBoardEncoder onBoard = new OnBoardEncoder()
            .wrapAndApplyHeader(body, offset, new MessageHeaderEncoder());
        onBoard.handle(0).putBoard(name, 0, name.length);
        return onBoard.limit();
    }

    private void request(final IntUnaryOperator command)
    {
        final RequestFrameEncoder frame = new RequestFrameEncoder()
            .wrapAndApplyHeader(body, 0, new io.quipu.codecs.storage.MessageHeaderEncoder())
            .requestSequence(requestSequence + 1)
            .repliesReceivedUpTo(requestSequence)
            .sessionId(1)
            .commandCount(1)
            .replyForm((short)0)
            .mode((short)0)
            .reserved(0);
        requestSequence++;
        final int start = frame.limit();
        final int end = command.applyAsInt(start);
        frame.length(end - start);
        apply(end);
    }

    private void apply(final int end)
    {
        final int length = BitUtil.align(end, FrameValidator.FRAME_ALIGNMENT);
        body.setMemory(end, length - end, (byte)0);
        state.apply(body, 0, length, state.sequence() + 1, 1_000_000_000L, ReplyHandler.NONE);
    }

    private static final class ManualClock implements Clock
    {
        private long nowNs = TimeUnit.DAYS.toNanos(1);

        @Override
        public long monotonicNs()
        {
            return nowNs;
        }

        @Override
        public long wallNs()
        {
            return nowNs;
        }
    }

    /** A subscriber that checks and remembers. */
    private static final class Heard implements Feed
    {
        private final List<Integer> templates = new ArrayList<>();
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final BoardViewDecoder view = new BoardViewDecoder();
        private boolean isConnected = true;
        private int lastRows;
        private String lastFirstMember;

        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length)
        {
            assertThat(FrameValidator.validateFeed(buffer, offset, length)).isEqualTo(FrameValidator.OK);
            final UnsafeBuffer message = new UnsafeBuffer(buffer, offset, length);
            header.wrap(message, 0);
            templates.add(header.templateId());
            if (header.templateId() == BoardViewDecoder.TEMPLATE_ID)
            {
                view.wrapAndApplyHeader(message, 0, header);
                final BoardViewDecoder.RowsDecoder rows = view.rows();
                lastRows = rows.count();
                final byte[] first = new byte[rows.hasNext() ? rows.next().memberLength() : 0];
                lastFirstMember = 0 == first.length || 0 == rows.getMember(first, 0, first.length) ?
                    "" : new String(first, StandardCharsets.UTF_8);
            }
            return true;
        }

        @Override
        public boolean isConnected()
        {
            return isConnected;
        }
    }
}

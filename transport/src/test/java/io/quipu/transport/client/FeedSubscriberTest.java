package io.quipu.transport.client;

import io.quipu.codecs.feed.BoardDroppedEncoder;
import io.quipu.codecs.feed.BoardViewEncoder;
import io.quipu.codecs.feed.CounterViewEncoder;
import io.quipu.codecs.feed.FeedHeaderEncoder;
import io.quipu.codecs.feed.FeedHeartbeatEncoder;
import io.quipu.codecs.feed.MessageHeaderEncoder;
import io.quipu.transport.EngineProgress;
import io.quipu.transport.EngineTransport;
import io.quipu.transport.TransportContext;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class FeedSubscriberTest
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    private final List<String> events = new ArrayList<>();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @Test
    void shouldDeliverWhatIsPublishedAndTellGapsAndEpochs()
    {
        final int port;
        try (EngineTransport engine = engine("localhost:0"); FeedSubscriber feed = subscribe(engine))
        {
            port = engine.ingressPort();
            publish(engine, feed, boardView(1, 1, 10, "epl", "Leicester City", "Arsenal"));
            publish(engine, feed, boardView(1, 2, 11, "liga"));
            publish(engine, feed, counterView(1, 3, 12));
            publish(engine, feed, heartbeat(1, 6, 13));
            publish(engine, feed, dropped(1, 7, 14, "epl"));
            publish(engine, feed, heartbeat(2, 1, 15));
            publish(engine, feed, heartbeat(1, 8, 13));
            publish(engine, feed, heartbeat(2, 2, 16));
            await(engine, feed, () -> events.size() == 10);
        }
        assertThat(port).isPositive();
        assertThat(events).containsExactly(
            "epoch 1",
            "view 10 epl of 900: 1 Leicester City [1, -1], 2 Arsenal [1, -1]",
            "view 11 liga of 900: ",
            "counters 12 page:/home=7",
            "gap 1 2",
            "heartbeat 13 40",
            "dropped 14 epl",
            "epoch 2",
            "heartbeat 15 40",
            "heartbeat 16 40");
    }

    @Test
    void shouldDeliverOneBoardOnly()
    {
        try (EngineTransport engine = engine("localhost:0"); FeedSubscriber feed = subscribe(engine).onlyBoard("liga"))
        {
            publish(engine, feed, boardView(1, 1, 10, "epl", "Arsenal"));
            publish(engine, feed, boardView(1, 2, 10, "liga", "Real Sociedad"));
            await(engine, feed, () -> events.size() == 2);
        }
        assertThat(events).containsExactly("epoch 1", "view 10 liga of 900: 1 Real Sociedad [1, -1]");
    }

    @Test
    void shouldGoOnWithAnotherEngineAtTheSameAddress()
    {
        final String address;
        try (EngineTransport first = engine("localhost:0"))
        {
            address = first.ingressAddress();
            try (FeedSubscriber feed = subscribe(first))
            {
                publish(first, feed, heartbeat(7, 1, 100));
                await(first, feed, () -> events.contains("heartbeat 100 40"));
                first.close();
                try (EngineTransport second = engine(address))
                {
                    final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
                    for (int i = 1; !events.contains("epoch 1"); i++)
                    {
                        publish(second, feed, heartbeat(1, i, 1));
                        assertThat(System.nanoTime() - deadlineNs).isNegative();
                    }
                }
            }
        }
    }

    private static EngineTransport engine(final String ingress, final Path directory)
    {
        return EngineTransport.launch(new TransportContext()
            .directory(directory)
            .ingress(ingress)
            .progress(new EngineProgress()
            {
                @Override
                public long sequence()
                {
                    return 0;
                }

                @Override
                public long durableSequence()
                {
                    return 0;
                }

                @Override
                public int epoch()
                {
                    return 1;
                }

                @Override
                public int maxRequestCommands()
                {
                    return 1;
                }
            }));
    }

    private EngineTransport engine(final String ingress)
    {
        return engine(ingress, directory);
    }

    private FeedSubscriber subscribe(final EngineTransport engine)
    {
        return FeedSubscriber.subscribe(new ClientContext().engine(engine.ingressAddress()), new Recorder());
    }

    private void publish(final EngineTransport engine, final FeedSubscriber feed, final int length)
    {
        await(engine, feed, () -> engine.feed().offer(buffer, 0, length));
    }

    private static void await(
        final EngineTransport engine, final FeedSubscriber feed, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            engine.doWork();
            feed.poll();
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
        feed.poll();
    }

    private int boardView(
        final int epoch, final long packet, final long sequence, final String board, final String... members)
    {
        final BoardViewEncoder view = new BoardViewEncoder().wrapAndApplyHeader(buffer, 0, header);
        feedHeader(view.feedHeader(), epoch, packet, sequence);
        view.boardHandle(5).boardMembers(900).columnCount((short)2);
        final BoardViewEncoder.RowsEncoder rows = view.rowsCount(members.length);
        for (int i = 0; i < members.length; i++)
        {
            final byte[] name = members[i].getBytes(StandardCharsets.UTF_8);
            rows.next().ordinal(i + 1).competition(i + 1).dense(i + 1)
                .value0(1).value1(-1).value2(0).value3(0).putMember(name, 0, name.length);
        }
        view.putBoard(board.getBytes(StandardCharsets.UTF_8), 0, board.length());
        return 8 + view.encodedLength();
    }

    private int counterView(final int epoch, final long packet, final long sequence)
    {
        final CounterViewEncoder view = new CounterViewEncoder().wrapAndApplyHeader(buffer, 0, header);
        feedHeader(view.feedHeader(), epoch, packet, sequence);
        view.countersCount(1).next().value(7).putCounter("page:/home".getBytes(StandardCharsets.UTF_8), 0, 10);
        return 8 + view.encodedLength();
    }

    private int dropped(final int epoch, final long packet, final long sequence, final String board)
    {
        final BoardDroppedEncoder view = new BoardDroppedEncoder().wrapAndApplyHeader(buffer, 0, header);
        feedHeader(view.feedHeader(), epoch, packet, sequence);
        view.putBoard(board.getBytes(StandardCharsets.UTF_8), 0, board.length());
        return 8 + view.encodedLength();
    }

    private int heartbeat(final int epoch, final long packet, final long sequence)
    {
        final FeedHeartbeatEncoder view = new FeedHeartbeatEncoder().wrapAndApplyHeader(buffer, 0, header);
        feedHeader(view.feedHeader(), epoch, packet, sequence);
        view.durableSequence(40);
        return 8 + view.encodedLength();
    }

    private static void feedHeader(
        final FeedHeaderEncoder feedHeader, final int epoch, final long packet, final long sequence)
    {
        feedHeader.epoch(epoch).packet(packet).sequence(sequence).timeNs(1).digestHigh(2).digestLow(3);
    }

    private final class Recorder implements FeedHandler
    {
        @Override
        public void onBoardView(final FeedPosition position, final BoardView view)
        {
            final List<String> rows = new ArrayList<>();
            view.rows().forEach((row) ->
                rows.add(row.ordinal() + " " + row.member() + ' ' + Arrays.toString(row.score())));
            events.add("view " + position.sequence() + ' ' + view.board() + " of " + view.boardMembers() + ": " +
                String.join(", ", rows));
        }

        @Override
        public void onBoardDropped(final FeedPosition position, final String board)
        {
            events.add("dropped " + position.sequence() + ' ' + board);
        }

        @Override
        public void onCounterView(final FeedPosition position, final List<CounterValue> counters)
        {
            events.add("counters " + position.sequence() + ' ' +
                counters.get(0).counter() + '=' + counters.get(0).value());
        }

        @Override
        public void onHeartbeat(final FeedPosition position, final long durableSequence)
        {
            events.add("heartbeat " + position.sequence() + ' ' + durableSequence);
        }

        @Override
        public void onGap(final int epoch, final long missedPackets)
        {
            events.add("gap " + epoch + ' ' + missedPackets);
        }

        @Override
        public void onEpoch(final int epoch)
        {
            events.add("epoch " + epoch);
        }
    }
}

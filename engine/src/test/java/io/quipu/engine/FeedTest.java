package io.quipu.engine;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.feed.BoardDroppedDecoder;
import io.quipu.codecs.feed.BoardViewDecoder;
import io.quipu.codecs.feed.CounterViewDecoder;
import io.quipu.codecs.feed.FeedHeartbeatDecoder;
import io.quipu.codecs.feed.MessageHeaderDecoder;
import io.quipu.transport.Channels;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The feed as a subscriber hears it over multicast.
 */
@Timeout(120)
class FeedTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldPublishBoardsCountersAndHeartbeats()
    {
        final EngineContext context = new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .freeBytesFloor(0)
            .feedCounters(List.of("page:"))
            .log(line -> {});
        try (EngineNode engine = EngineNode.launch(context);
            Listener listener = new Listener(engine.feed(), dir.resolve("listener"));
            RawClient client = new RawClient(engine.ingress(), dir.resolve("client")))
        {
            listener.await("heartbeat", client, () -> listener.count(FeedHeartbeatDecoder.TEMPLATE_ID) > 0);
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1)
                .createBoard("epl", 2)
                .score("epl", "leicester", 81)
                .score("epl", "arsenal", 71)
                .score("epl", "spurs", 70)
                .add("page:/home", 3)
                .add("other", 4));
            final String status = client.status();

            listener.await("board", client, () -> listener.boardRows("epl") == 2 && listener.counters() == 1);
            final BoardViewDecoder view = listener.board("epl");
            assertThat(view.boardMembers()).isEqualTo(3);
            assertThat(view.columnCount()).isEqualTo((short)1);
            assertThat(view.feedHeader().sequence() + " " + Long.toHexString(view.feedHeader().digestHigh()) + "-" +
                Long.toHexString(view.feedHeader().digestLow())).isEqualTo(status);
            assertThat(view.feedHeader().epoch()).isEqualTo(1);
            final BoardViewDecoder.RowsDecoder rows = view.rows().next();
            assertThat(rows.ordinal()).isEqualTo(1);
            assertThat(rows.value0()).isEqualTo(81);
            final byte[] member = new byte[rows.memberLength()];
            rows.getMember(member, 0, member.length);
            assertThat(new String(member)).isEqualTo("leicester");

            final int heard = listener.count(BoardViewDecoder.TEMPLATE_ID);
            listener.await("view again", client, () -> listener.count(BoardViewDecoder.TEMPLATE_ID) > heard);
            client.submit(attachment, new Frames.Body(2).drop("epl"));
            listener.await("dropped", client, () -> listener.count(BoardDroppedDecoder.TEMPLATE_ID) > 0);
            listener.assertPacketsAreDense();
        }
    }

    @Test
    void shouldPublishWhatStoodBeforeARestart()
    {
        final EngineContext first = new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).log(line -> {});
        try (EngineNode engine = EngineNode.launch(first);
            RawClient client = new RawClient(engine.ingress(), dir.resolve("client")))
        {
            client.submit(client.attach(1), new Frames.Body(1).createBoard("b", 10).score("b", "m", 5));
        }

        final EngineContext second = new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).log(line -> {});
        try (EngineNode engine = EngineNode.launch(second);
            Listener listener = new Listener(engine.feed(), dir.resolve("listener")))
        {
            listener.await("board", null, () -> listener.boardRows("b") == 1);
            assertThat(listener.board("b").feedHeader().epoch()).isEqualTo(2);
        }
    }

    private static final class Listener implements AutoCloseable
    {
        private final List<byte[]> heard = new ArrayList<>();
        private final MediaDriver driver;
        private final Aeron aeron;
        private final Subscription subscription;
        private final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) ->
        {
            assertThat(FrameValidator.validateFeed(buffer, offset, length)).isEqualTo(FrameValidator.OK);
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            heard.add(bytes);
        });

        Listener(final String channel, final Path directory)
        {
            driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .termBufferSparseFile(true)
                .lowStorageWarningThreshold(0)
                .counterValuesBufferLength(Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN));
            aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
            subscription = aeron.addSubscription(channel, Channels.FEED_STREAM_ID);
        }

        void await(final String what, final RawClient client, final BooleanSupplier condition)
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!condition.getAsBoolean())
            {
                int work = driver.sharedAgentInvoker().invoke() + aeron.conductorAgentInvoker().invoke();
                work += subscription.poll(assembler, 64);
                work += null == client ? 0 : client.poll();
                if (0 == work)
                {
                    Thread.yield();
                }

                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new AssertionError("no " + what + "; heard " + heard.size());
                }
            }
        }

        int count(final int templateId)
        {
            return (int)heard.stream().filter(bytes -> templateId(bytes) == templateId).count();
        }

        BoardViewDecoder board(final String name)
        {
            for (int i = heard.size() - 1; i >= 0; i--)
            {
                // The name of the board stands last.
                final byte[] bytes = heard.get(i);
                if (templateId(bytes) == BoardViewDecoder.TEMPLATE_ID &&
                    new String(bytes).endsWith((char)name.length() + name))
                {
                    return new BoardViewDecoder()
                        .wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
                }
            }

            return null;
        }

        int boardRows(final String name)
        {
            final BoardViewDecoder view = board(name);
            return null == view ? -1 : view.rows().count();
        }

        /** Rows in the last view of counters. */
        int counters()
        {
            for (int i = heard.size() - 1; i >= 0; i--)
            {
                if (templateId(heard.get(i)) == CounterViewDecoder.TEMPLATE_ID)
                {
                    return new CounterViewDecoder()
                        .wrapAndApplyHeader(new UnsafeBuffer(heard.get(i)), 0, new MessageHeaderDecoder())
                        .counters().count();
                }
            }

            return -1;
        }

        /** Every message starts with the feed header, which starts with its number. */
        void assertPacketsAreDense()
        {
            long expected = new UnsafeBuffer(heard.get(0)).getLong(MessageHeaderDecoder.ENCODED_LENGTH);
            for (final byte[] bytes : heard)
            {
                assertThat(new UnsafeBuffer(bytes).getLong(MessageHeaderDecoder.ENCODED_LENGTH)).isEqualTo(expected++);
            }
        }

        private static int templateId(final byte[] bytes)
        {
            return new MessageHeaderDecoder().wrap(new UnsafeBuffer(bytes), 0).templateId();
        }

        @Override
        public void close()
        {
            CloseHelper.closeAll(aeron, driver);
        }
    }
}

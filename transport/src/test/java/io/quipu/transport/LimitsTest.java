package io.quipu.transport;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.protocol.SetupFlyweight;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class LimitsTest
{
    private static final int SMALL_TERM = 64 * 1024;

    @TempDir
    Path directory;

    @Test
    void shouldTakeNoMoreConnectionsThanThereAreSlots()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            for (int i = 0; i < Connections.MAX_PROVEN; i += 32)
            {
                connectMany(world, 32);
            }
            assertThat(world.gauge("transport.connections.proven")).isEqualTo(128);

            final TestClient.Link late = world.add(world.client.openUdp(world.transport, SMALL_TERM));
            world.send(late, TestFrames.connect(4711, Channels.PROTOCOL_VERSION));
            world.await("Refused", () -> !late.received.isEmpty());
            final RefusedDecoder refused = late.refusals().get(0);
            assertThat(refused.code()).isEqualTo(ResultCode.TOO_MANY_CONNECTIONS);
            assertThat(refused.correlationId()).isEqualTo(4711);
            assertThat(refused.detail()).isEqualTo(128);
            assertThat(world.gauge("transport.connections.unproven")).isZero();

            final TestClient.Link leaving = world.links.get(5);
            world.send(leaving, TestFrames.disconnect(leaving.key()));
            world.await("room", () -> 127 == world.gauge("transport.connections.proven"));
            world.connect(world.add(world.client.openUdp(world.transport, SMALL_TERM)));
            assertThat(world.log).isEmpty();
        }
    }

    @Test
    void shouldKeepNoMoreUnprovenThanItsSlotsAndHaveThemBackAfterTwoSeconds()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link proven = world.connect();
            for (int i = 0; i < Connections.MAX_UNPROVEN + 3; i++)
            {
                final TestClient.Link link = world.add(world.client.openUdp(world.transport, SMALL_TERM));
                world.send(link, TestFrames.connect(i, Channels.PROTOCOL_VERSION));
            }
            world.await("three ignored", () -> 3 == world.gauge("transport.connects.ignored"));
            assertThat(world.gauge("transport.connections.unproven")).isEqualTo(64);

            world.send(proven, TestFrames.query(proven.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());

            for (int i = 0; i < 3; i++)
            {
                world.aheadNs += TimeUnit.MILLISECONDS.toNanos(800);
                world.turn();
            }
            world.await("slots", () -> 0 == world.gauge("transport.connections.unproven"));
            world.connect();
        }
    }

    @Test
    void shouldNotMapImagesWithLongTerms()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link greedy = world.add(world.client.openUdp(world.transport, 2 * Channels.MAX_TERM_LENGTH));
            world.await("refused setup", () -> world.gauge("transport.setups.refused") > 0);
            world.connect();
            assertThat(greedy.requests.isConnected()).isFalse();
            assertThat(world.gauge("transport.images.open")).isEqualTo(1);
        }
    }

    @Test
    void shouldTakeNoMoreImagesThanTheStreamMayHave()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link proven = world.connect();
            for (int i = 0; i < DriverSettings.STREAM_SESSION_LIMIT + 10; i++)
            {
                world.client.openUdp(world.transport, SMALL_TERM);
                world.turn();
            }
            world.await("images", () -> DriverSettings.STREAM_SESSION_LIMIT == world.gauge("transport.images.open"));
            world.await("event", () -> world.gauge("transport.driver.errors") > 10);
            assertThat(world.gauge("transport.images.open")).isEqualTo(DriverSettings.STREAM_SESSION_LIMIT);
            assertThat(world.log).hasSizeLessThan((int)world.gauge("transport.driver.errors") + 1)
                .allMatch((line) -> line.contains("exceeded session limit"));

            world.send(proven, TestFrames.query(proven.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
        }
    }

    /** Setups of ten times as many images, connects ten times for each slot and more: what is there already is served on. */
    @Test
    void shouldStandTenTimesEachLimit() throws IOException
    {
        try (TestWorld world = new TestWorld(directory); DatagramSocket socket = new DatagramSocket())
        {
            final TestClient.Link proven = world.connect();
            final List<TestClient.Link> links = new ArrayList<>();
            for (int i = 0; i < Connections.MAX_UNPROVEN + 3; i++)
            {
                links.add(world.add(world.client.openUdp(world.transport, SMALL_TERM)));
            }
            for (int round = 1; round <= 10; round++)
            {
                links.forEach((link) -> world.send(link, TestFrames.connect(1, Channels.PROTOCOL_VERSION)));
                final int ignored = 3 * round;
                world.await("ignored ones", () -> world.gauge("transport.connects.ignored") >= ignored);
                assertThat(world.gauge("transport.connections.unproven")).isLessThanOrEqualTo(Connections.MAX_UNPROVEN);
            }

            for (int i = 0; i < 10 * DriverSettings.STREAM_SESSION_LIMIT; i++)
            {
                socket.send(setup(1_000_000 + i, world.transport.ingressPort()));
                world.turn();
                assertThat(world.gauge("transport.images.open")).isLessThanOrEqualTo(DriverSettings.STREAM_SESSION_LIMIT);
            }
            world.await("all images", () -> DriverSettings.STREAM_SESSION_LIMIT == world.gauge("transport.images.open"));
            world.await("errors", () -> world.gauge("transport.driver.errors") > DriverSettings.STREAM_SESSION_LIMIT);
            assertThat(world.log).hasSizeLessThan(200);

            world.send(proven, TestFrames.query(proven.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
        }
    }

    /** Somebody says that he is going to publish. */
    private static DatagramPacket setup(final int sessionId, final int port) throws IOException
    {
        final byte[] bytes = new byte[SetupFlyweight.HEADER_LENGTH];
        final SetupFlyweight setup = new SetupFlyweight(new UnsafeBuffer(bytes));
        setup.sessionId(sessionId)
            .streamId(Channels.INGRESS_STREAM_ID)
            .initialTermId(1)
            .activeTermId(1)
            .termOffset(0)
            .termLength(SMALL_TERM)
            .mtuLength(1408)
            .ttl(0);
        setup.version(SetupFlyweight.CURRENT_VERSION)
            .flags((short)0)
            .headerType(SetupFlyweight.HDR_TYPE_SETUP)
            .frameLength(SetupFlyweight.HEADER_LENGTH);
        return new DatagramPacket(bytes, bytes.length, InetAddress.getByName("localhost"), port);
    }

    @Test
    void shouldPublishOnOtherChannelsThanMulticast()
    {
        for (final String channel : new String[]{
            "aeron:ipc",
            "aeron:udp?endpoint=localhost:24326",
            "aeron:udp?control-mode=dynamic|control=localhost:24327"})
        {
            try (EngineTransport transport = EngineTransport.launch(TestWorld.context(directory).feed(channel)))
            {
                assertThat(transport.feedChannel()).isEqualTo(channel);
                assertThat(transport.feed().isConnected()).isFalse();
            }
        }
    }

    @Test
    void shouldAskImagesToLeaveThatNobodyConnectsOver()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link idle = world.link();
            world.await("image", () -> 1 == world.gauge("transport.images.open") && idle.requests.isConnected());
            world.aheadNs += TimeUnit.SECONDS.toNanos(31);
            world.await("rejection", () -> 1 == world.gauge("transport.images.rejected"));
            world.await("rejected", () -> !idle.requests.isConnected());
            world.connect();
        }
    }

    @Test
    void shouldWithstandDatagramsOfAnyContent() throws IOException
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        try (TestWorld world = new TestWorld(directory); DatagramSocket socket = new DatagramSocket())
        {
            final TestClient.Link link = world.connect();
            final InetAddress host = InetAddress.getByName("localhost");
            final int sessionId = link.requests.sessionId();
            for (int i = 0; i < 5_000; i++)
            {
                final byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                frame(bytes, random, sessionId);
                final int port = world.transport.ingressPort() + random.nextInt(2);
                socket.send(new DatagramPacket(bytes, bytes.length, host, port));
                world.turn();
            }
            world.turns(1000);

            assertThat(world.gauge("transport.datagrams.refused")).as("seed " + seed).isPositive();
            assertThat(world.handler.frames).isEmpty();
            world.connect();
        }
    }

    @Test
    void shouldReachSubscribersOfTheFeed()
    {
        final EngineTransport transport = EngineTransport.launch(TestWorld.context(directory).feed(null));
        try (transport; TestClient client = new TestClient(directory.resolve("client")))
        {
            assertThat(transport.feedChannel()).isEqualTo(Channels.feed(transport.ingressPort()));
            final Subscription subscription =
                client.aeron.addSubscription(transport.feedChannel(), Channels.FEED_STREAM_ID);
            final UnsafeBuffer view = new UnsafeBuffer(new byte[Channels.MAX_FEED_MESSAGE_LENGTH]);
            assertThat(transport.feed().offer(view, 0, 100)).isFalse();

            final int[] received = new int[1];
            final FragmentAssembler assembler = new FragmentAssembler(
                (buffer, offset, length, header) -> received[0] += length == view.capacity() ? 1 : 0);
            final long deadlineNs = System.nanoTime() + TestWorld.TIMEOUT_NS;
            boolean isSent = false;
            while (0 == received[0] && System.nanoTime() - deadlineNs < 0)
            {
                transport.doWork();
                client.invoke();
                subscription.poll(assembler, 100);
                isSent = isSent || transport.feed().isConnected() && transport.feed().offer(view, 0, view.capacity());
            }
            assertThat(received[0]).isEqualTo(1);

            int sent = 0;
            while (transport.feed().offer(view, 0, 1000))
            {
                sent++;
            }
            final long[] dropped = new long[1];
            transport.gauges((label, value) -> dropped[0] += label.equals("transport.feed.dropped") ? value : 0);
            assertThat(dropped[0]).as("after " + sent).isEqualTo(1);
        }
    }

    private static void connectMany(final TestWorld world, final int count)
    {
        final List<TestClient.Link> links = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final TestClient.Link link = world.add(world.client.openUdp(world.transport, SMALL_TERM));
            world.send(link, TestFrames.connect(i, Channels.PROTOCOL_VERSION));
            links.add(link);
        }
        final long expected = world.gauge("transport.connections.proven") + count;
        world.await("keys", () -> links.stream().allMatch((link) -> 0 != link.key()));
        links.forEach((link) -> world.send(link, TestFrames.keepAlive(link.key())));
        world.await("proofs", () -> expected == world.gauge("transport.connections.proven"));
    }

    /** Makes some of it look like Aeron's frames: valid version, known types, the stream and session in use. */
    private static void frame(final byte[] bytes, final Random random, final int sessionId)
    {
        if (bytes.length >= 40 && random.nextInt(4) > 0)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final int[] lengths = {0, 1, 31, 32, 40, 64, bytes.length, bytes.length + 32, 1 << 20, -1, Integer.MAX_VALUE};
            buffer.putInt(0, lengths[random.nextInt(lengths.length)], ByteOrder.LITTLE_ENDIAN);
            bytes[4] = 0;
            buffer.putShort(6, (short)random.nextInt(8), ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(8, random.nextInt(1 << 20) & ~31, ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(12, random.nextBoolean() ? sessionId + 1 : random.nextInt(), ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(16, Channels.INGRESS_STREAM_ID, ByteOrder.LITTLE_ENDIAN);
        }
    }
}

package io.quipu.transport;

import io.quipu.codecs.egress.ConnectedDecoder;
import io.quipu.codecs.egress.HeartbeatDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeTest
{
    @TempDir
    Path directory;

    @Test
    void shouldConnectAndDeliverFramesAndReply()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.link();
            world.send(link, TestFrames.connect(77, Channels.PROTOCOL_VERSION));
            world.await("Connected", () -> !link.received.isEmpty());

            final ConnectedDecoder connected = TestClient.connected(link.received.get(0));
            assertThat(connected.nonce()).isEqualTo(77);
            assertThat(connected.sequence()).isEqualTo(41);
            assertThat(connected.epoch()).isEqualTo(3);
            assertThat(connected.maxMessageLength()).isEqualTo(Channels.MAX_MESSAGE_LENGTH);
            assertThat(connected.maxRequestCommands()).isEqualTo(4096);
            assertThat(connected.keptReplies()).isEqualTo(64);
            assertThat(connected.keptReplyBytes()).isEqualTo(64 * 1024);
            assertThat(connected.protocolVersion()).isEqualTo(Channels.PROTOCOL_VERSION);

            final long key = link.key();
            final byte[][] frames = {
                TestFrames.attach(key, 5),
                TestFrames.submit(key, 1, 1, 1),
                TestFrames.query(key, 6),
                TestFrames.closeSession(key, 7)};
            for (final byte[] frame : frames)
            {
                world.send(link, frame);
            }
            world.await("four frames", () -> 4 == world.handler.frames.size());

            assertThat(world.handler.frames).extracting(RecordingIngressHandler.Frame::kind)
                .containsExactly("attach", "submit", "query", "close");
            for (int i = 0; i < frames.length; i++)
            {
                assertThat(world.handler.frames.get(i).bytes()).isEqualTo(frames[i]);
            }

            final int connectionId = world.handler.last().connectionId();
            assertThat(world.transport.egress().offer(connectionId, new UnsafeBuffer(frames[1]), 0, 40))
                .isEqualTo(Egress.SENT);
            world.await("reply", () -> link.received.size() > 1);
            assertThat(link.received.get(1)).isEqualTo(Arrays.copyOf(frames[1], 40));
            assertThat(world.log).isEmpty();
        }
    }

    @Test
    void shouldAnswerNothingButConnectBeforeProof()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.link();
            world.send(link, TestFrames.submit(123, 1, 1, 1));
            world.send(link, new byte[]{1, 2, 3});
            world.send(link, TestFrames.submit(123, 1, 1, 100));
            world.await("rejects", () -> world.gauge("transport.rejects.unknown_connection") >= 2 &&
                1 == world.gauge("transport.rejects.malformed"));
            assertThat(world.handler.frames).isEmpty();
            assertThat(link.received).isEmpty();
            assertThat(world.gauge("transport.connections.unproven")).isZero();
        }
    }

    @Test
    void shouldIgnoreFramesWithTheKeyOfAnother()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link first = world.connect();
            final TestClient.Link second = world.connect();
            world.send(first, TestFrames.submit(second.key(), 1, 1, 1));
            world.send(first, TestFrames.submit(first.key() + 1, 1, 1, 1));
            world.await("rejects", () -> 2 == world.gauge("transport.rejects.unknown_connection"));
            assertThat(world.handler.frames).isEmpty();
            assertThat(first.refusals()).isEmpty();
        }
    }

    @Test
    void shouldGiveKeysThatDifferInManyBits()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final Set<Long> keys = new HashSet<>();
            int set = 0;
            for (int i = 0; i < 16; i++)
            {
                final long key = world.connect().key();
                set += Long.bitCount(key);
                for (final long other : keys)
                {
                    assertThat(Long.bitCount(key ^ other)).isBetween(8, 56);
                }
                keys.add(key);
            }
            assertThat(keys).hasSize(16);
            assertThat(set).isBetween(400, 624);
        }
    }

    @Test
    void shouldAnswerARepeatedConnectWithTheSameKey()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            final long key = link.key();
            world.send(link, TestFrames.connect(1234, Channels.PROTOCOL_VERSION));
            world.await("second Connected", () -> 2 == link.received(ConnectedDecoder.TEMPLATE_ID).size());
            assertThat(TestClient.connected(link.received(ConnectedDecoder.TEMPLATE_ID).get(1)).nonce()).isEqualTo(1234);
            assertThat(link.key()).isEqualTo(key);
            assertThat(world.gauge("transport.connections.opened")).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseAnotherProtocolVersion()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.link();
            world.send(link, TestFrames.connect(9, Channels.PROTOCOL_VERSION + 1));
            world.await("Refused", () -> !link.received.isEmpty());
            final RefusedDecoder refused = link.refusals().get(0);
            assertThat(refused.code()).isEqualTo(ResultCode.UNSUPPORTED_VERSION);
            assertThat(refused.correlationId()).isEqualTo(9);
            assertThat(refused.detail()).isEqualTo(Channels.PROTOCOL_VERSION);
            assertThat(world.gauge("transport.connections.unproven")).isZero();
        }
    }

    @Test
    void shouldSendHeartbeatsToTheProvenOnly()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link proven = world.connect();
            final TestClient.Link unproven = world.link();
            world.send(unproven, TestFrames.connect(2, Channels.PROTOCOL_VERSION));
            world.await("Connected", () -> !unproven.received.isEmpty());

            for (int i = 1; i <= 3; i++)
            {
                final int count = i;
                world.aheadNs += Channels.HEARTBEAT_INTERVAL_NS;
                world.await("heartbeat", () -> proven.received(HeartbeatDecoder.TEMPLATE_ID).size() >= count);
            }
            final HeartbeatDecoder heartbeat = new HeartbeatDecoder().wrapAndApplyHeader(
                new UnsafeBuffer(proven.received(HeartbeatDecoder.TEMPLATE_ID).get(0)), 0, new MessageHeaderDecoder());
            assertThat(heartbeat.sequence()).isEqualTo(41);
            assertThat(heartbeat.durableSequence()).isEqualTo(40);
            assertThat(heartbeat.epoch()).isEqualTo(3);
            assertThat(unproven.received(HeartbeatDecoder.TEMPLATE_ID)).isEmpty();
        }
    }

    @Test
    void shouldForgetWhoDoesNotProve()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.link();
            world.send(link, TestFrames.connect(1, Channels.PROTOCOL_VERSION));
            world.await("Connected", () -> !link.received.isEmpty());
            final long key = link.key();
            world.aheadNs += TimeUnit.MILLISECONDS.toNanos(900);
            world.turn();
            world.aheadNs += TimeUnit.MILLISECONDS.toNanos(900);
            world.turn();
            world.aheadNs += TimeUnit.MILLISECONDS.toNanos(900);
            world.turn();
            assertThat(world.gauge("transport.connections.unproven")).isZero();
            assertThat(world.gauge("transport.connections.not_proven_in_time")).isEqualTo(1);

            world.send(link, TestFrames.keepAlive(key));
            world.await("reject", () -> 1 == world.gauge("transport.rejects.unknown_connection"));
            assertThat(world.handler.closed).isEmpty();

            world.send(link, TestFrames.connect(1, Channels.PROTOCOL_VERSION));
            world.await("ignored", () -> 1 == world.gauge("transport.connects.ignored"));
            assertThat(world.connect().key()).isNotEqualTo(key);
        }
    }

    @Test
    void shouldDropTheSilentAndTellTheEngine()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link silent = world.connect();
            final TestClient.Link lively = world.connect();
            world.send(silent, TestFrames.query(silent.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
            final int silentId = world.handler.last().connectionId();

            for (int i = 0; i < 62; i++)
            {
                world.aheadNs += TimeUnit.MILLISECONDS.toNanos(500);
                final int seen = (int)world.gauge("transport.frames.received");
                world.send(lively, TestFrames.keepAlive(lively.key()));
                world.await("keep-alive", () -> world.gauge("transport.frames.received") > seen);
            }
            world.turn();

            assertThat(world.handler.closed).containsExactly(silentId);
            assertThat(world.gauge("transport.connections.silent")).isEqualTo(1);
            assertThat(world.gauge("transport.connections.proven")).isEqualTo(1);
            assertThat(world.transport.egress().offer(silentId, new UnsafeBuffer(new byte[8]), 0, 8))
                .isEqualTo(Egress.NOT_CONNECTED);
        }
    }

    @Test
    void shouldNotBlameClientsForItsOwnAbsence()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            world.aheadNs += TimeUnit.MINUTES.toNanos(10);
            for (int i = 0; i < 10; i++)
            {
                world.turn();
                world.aheadNs += TimeUnit.MILLISECONDS.toNanos(20);
            }
            assertThat(world.gauge("transport.connections.silent")).isZero();
            world.send(link, TestFrames.query(link.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
        }
    }

    @Test
    void shouldEndAConnectionAtItsWishAndNeverReplyToItsSuccessor()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link first = world.connect();
            world.send(first, TestFrames.query(first.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
            final int firstId = world.handler.last().connectionId();
            world.send(first, TestFrames.disconnect(first.key()));
            world.await("close", () -> !world.handler.closed.isEmpty());
            assertThat(world.handler.closed).containsExactly(firstId);

            final TestClient.Link second = world.connect();
            world.send(second, TestFrames.query(second.key(), 2));
            world.await("query", () -> 2 == world.handler.frames.size());
            final int secondId = world.handler.last().connectionId();

            assertThat(ConnectionId.slot(secondId)).isEqualTo(ConnectionId.slot(firstId));
            assertThat(ConnectionId.generation(secondId)).isEqualTo(ConnectionId.generation(firstId) + 1);
            assertThat(world.transport.egress().offer(firstId, new UnsafeBuffer(new byte[8]), 0, 8))
                .isEqualTo(Egress.NOT_CONNECTED);
        }
    }

    @Test
    void shouldEndTheConnectionOfAClientThatLeaves()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            world.links.remove(link);
            link.close();
            world.await("close", () -> 1 == world.handler.closed.size());
            assertThat(world.gauge("transport.connections.proven")).isZero();
        }
    }
}

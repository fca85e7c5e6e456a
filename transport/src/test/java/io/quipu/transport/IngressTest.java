package io.quipu.transport;

import io.quipu.codecs.egress.HeartbeatDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.RefusedEncoder;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IngressTest
{
    private static final int KEY_OFFSET = 8;

    @TempDir
    Path directory;

    @Test
    void shouldPutLongMessagesTogether()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            for (final int adds : new int[]{20, 470, 100, 470, 1, 300})
            {
                final byte[] frame = TestFrames.submit(link.key(), 1, adds, adds);
                final int count = world.handler.frames.size();
                world.send(link, frame);
                world.await("frame of " + frame.length, () -> world.handler.frames.size() > count);
                assertThat(world.handler.last().bytes()).isEqualTo(frame);
            }
            assertThat(TestFrames.submit(1, 1, 1, 470).length).isGreaterThan(60_000);
        }
    }

    @Test
    void shouldReplyWithLongMessages()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            world.send(link, TestFrames.query(link.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
            final int connectionId = world.handler.last().connectionId();

            final byte[] bytes = new byte[Channels.MAX_MESSAGE_LENGTH];
            Arrays.fill(bytes, (byte)7);
            bytes[2] = 99;
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final Egress egress = world.transport.egress();
            assertThat(egress.offer(connectionId, buffer, 0, bytes.length)).isEqualTo(Egress.SENT);
            assertThat(egress.offer(connectionId, buffer, 0, 100, buffer, 100, bytes.length - 100)).isEqualTo(Egress.SENT);
            world.await("replies", () -> 2 == link.received.stream().filter((reply) -> bytes.length == reply.length).count());
            assertThat(link.received).filteredOn((reply) -> bytes.length == reply.length)
                .allSatisfy((reply) -> assertThat(reply).isEqualTo(bytes));

            assertThatThrownBy(() -> egress.offer(connectionId, buffer, 0, 1, buffer, 0, bytes.length))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65537");
        }
    }

    @Test
    void shouldSayWhenAClientDoesNotRead()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            world.send(link, TestFrames.query(link.key(), 1));
            world.await("query", () -> 1 == world.handler.frames.size());
            final int connectionId = world.handler.last().connectionId();

            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1000]);
            int outcome = Egress.SENT;
            for (int i = 0; i < 10_000 && Egress.SENT == outcome; i++)
            {
                outcome = world.transport.egress().offer(connectionId, buffer, 0, buffer.capacity());
            }
            assertThat(outcome).isEqualTo(Egress.BACK_PRESSURED);
            assertThat(world.gauge("transport.replies.back_pressured")).isEqualTo(1);

            final int sent = (int)world.gauge("transport.replies.sent");
            world.await("replies", () -> link.received.stream().filter((reply) -> 1000 == reply.length).count() >= sent - 2);
            world.await("room", () ->
                Egress.SENT == world.transport.egress().offer(connectionId, buffer, 0, buffer.capacity()));
        }
    }

    @Test
    void shouldDeliverAFrameAgainWhenThereWasNoRoom()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            final byte[] first = TestFrames.submit(link.key(), 1, 1, 470);
            final byte[] second = TestFrames.submit(link.key(), 1, 2, 1);
            world.handler.hasRoom = false;
            world.send(link, first);
            world.send(link, second);
            world.await("refusals", () -> world.handler.refusals > 20);
            assertThat(world.handler.frames).isEmpty();

            world.handler.hasRoom = true;
            world.await("both", () -> 2 == world.handler.frames.size());
            assertThat(world.handler.frames.get(0).bytes()).isEqualTo(first);
            assertThat(world.handler.frames.get(1).bytes()).isEqualTo(second);
        }
    }

    @Test
    void shouldPassOnAnExceptionAndKeepTheFrame()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            world.handler.failure = new IllegalStateException("broken invariant");
            world.send(link, TestFrames.query(link.key(), 1));
            assertThatThrownBy(() -> world.await("failure", () -> false))
                .isInstanceOf(IllegalStateException.class).hasMessage("broken invariant");

            world.handler.failure = null;
            world.await("query", () -> 1 == world.handler.frames.size());
            assertThat(world.log).isEmpty();
        }
    }

    @Test
    void shouldRefuseMalformedFramesOfEachKindAndNameThem()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.connect();
            final long key = link.key();

            final byte[] query = TestFrames.query(key, 1234);
            assertRefused(world, link, Arrays.copyOf(query, query.length - 1), ResultCode.MALFORMED, 1234, 0);
            assertRefused(world, link, Arrays.copyOf(query, query.length + 1), ResultCode.MALFORMED, 1234, 0);
            assertRefused(world, link, set(query, 2, 9999), ResultCode.UNKNOWN_TEMPLATE, 0, 0);
            assertRefused(world, link, set(query, 4, 1), ResultCode.MALFORMED, 1234, 0);
            assertRefused(world, link, set(TestFrames.keepAlive(key), 0, 0), ResultCode.MALFORMED, 0, 0);

            final byte[] submit = TestFrames.submit(key, 17, 88, 2);
            assertRefused(world, link, Arrays.copyOf(submit, submit.length - 8), ResultCode.MALFORMED, 0, 88);
            assertRefused(world, link, set(submit, 8 + 8 + 4, 2), ResultCode.MALFORMED, 0, 88);
            assertRefused(world, link, Arrays.copyOf(submit, 20), ResultCode.MALFORMED, 0, 0);

            // Without the key in its place nobody is answered.
            final int answered = link.refusals().size();
            final long malformed = world.gauge("transport.rejects.malformed");
            final byte[] forged = Arrays.copyOf(TestFrames.query(key + 1, 5), query.length - 1);
            world.send(link, forged);
            for (int length = 1; length < KEY_OFFSET + 8; length++)
            {
                world.send(link, Arrays.copyOf(query, length));
            }
            world.await("rejects", () -> malformed + KEY_OFFSET + 8 == world.gauge("transport.rejects.malformed"));
            world.turns(100);
            assertThat(link.refusals()).hasSize(answered);
            assertThat(world.handler.frames).isEmpty();

            world.send(link, query);
            world.await("query", () -> 1 == world.handler.frames.size());
            assertThat(world.log).isEmpty();
        }
    }

    @Test
    void shouldRefuseMessagesBeyondTheLimit()
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link link = world.add(world.client.openUdp(world.transport, Channels.MAX_TERM_LENGTH));
            world.connect(link);
            world.send(link, new byte[Channels.MAX_MESSAGE_LENGTH + 1]);
            world.await("reject", () -> 1 == world.gauge("transport.rejects.request_too_large"));
            final byte[] query = TestFrames.query(link.key(), 1);
            world.send(link, query);
            world.await("query", () -> 1 == world.handler.frames.size());
            assertThat(world.handler.last().bytes()).isEqualTo(query);
        }
    }

    @Test
    void shouldTakeConnectionsOverIpc()
    {
        try (TestWorld world = new TestWorld(directory, true))
        {
            final TestClient.Link link = world.add(world.client.openIpc());
            world.connect(link);
            final byte[] submit = TestFrames.submit(link.key(), 1, 1, 470);
            world.send(link, submit);
            world.await("submit", () -> 1 == world.handler.frames.size());
            assertThat(world.handler.last().bytes()).isEqualTo(submit);

            final UnsafeBuffer reply = new UnsafeBuffer(submit);
            assertThat(world.transport.egress().offer(world.handler.last().connectionId(), reply, 0, submit.length))
                .isEqualTo(Egress.SENT);
            world.await("reply", () -> link.received.stream().anyMatch((bytes) -> Arrays.equals(bytes, submit)));
            world.aheadNs += Channels.HEARTBEAT_INTERVAL_NS;
            world.await("heartbeat", () -> !link.received(HeartbeatDecoder.TEMPLATE_ID).isEmpty());

            world.links.remove(link);
            link.close();
            world.await("close", () -> 1 == world.handler.closed.size());
        }
    }

    private static void assertRefused(
        final TestWorld world,
        final TestClient.Link link,
        final byte[] frame,
        final ResultCode code,
        final long correlationId,
        final long requestSequence)
    {
        final int count = link.refusals().size();
        world.send(link, frame);
        world.await("Refused", () -> link.refusals().size() > count);
        final RefusedDecoder refused = link.refusals().get(count);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.correlationId()).isEqualTo(correlationId);
        assertThat(refused.requestSequence()).isEqualTo(requestSequence);
        final boolean isSubmit = 6 == TestClient.templateId(frame) && frame.length >= 24;
        assertThat(refused.attachment()).isEqualTo(isSubmit ? 17 : RefusedEncoder.attachmentNullValue());
    }

    private static byte[] set(final byte[] frame, final int offset, final int value)
    {
        final byte[] copy = frame.clone();
        new UnsafeBuffer(copy).putShort(offset, (short)value, ByteOrder.LITTLE_ENDIAN);
        return copy;
    }
}

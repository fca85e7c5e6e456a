package io.quipu.engine;

import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.journal.Verdict;
import io.quipu.transport.Channels;
import io.quipu.transport.client.QuipuClient;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A running engine among senders that forge, replay, cut and flood. Throughout, an honest client adds one at a time and
 * is answered with exactly its own sum; nothing of what the others send is journaled; replay leads to the same digest.
 */
@Timeout(120)
class HostileSenderTest
{
    private static final String COUNTER = "honest";
    private static final long TOKEN = 7001;
    private static final int DATAGRAMS = 20_000;

    @TempDir
    private Path dir;

    private EngineNode engine;
    private RawClient honest;
    private long attachment;
    private long added;
    private int clients;

    @BeforeEach
    void launch()
    {
        engine = EngineNode.launch(new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).log(line -> {}));
        honest = connect();
        attachment = honest.attach(TOKEN);
        addHonestly();
    }

    @AfterEach
    void stop()
    {
        honest.close();
        engine.close();
    }

    private RawClient connect()
    {
        return new RawClient(engine.ingress(), dir.resolve("client-" + ++clients));
    }

    private void addHonestly()
    {
        final byte[] reply = honest.submit(
            attachment, new Frames.Body(added + 1).receivedUpTo(added).add(COUNTER, 1));
        added++;
        assertThat(RawClient.value(reply)).isEqualTo(added);
        honest.received.clear();
    }

    /** The session that was opened, and what was added: nothing else may have been journaled. */
    private void assertUnharmed()
    {
        addHonestly();
        final String status = honest.status();
        assertThat(status).startsWith(1 + added + " ");
        assertThat(honest.counter(COUNTER)).isEqualTo(added);
        honest.close();
        engine.close();
        try (Replay replay = Replay.of(dir.resolve("engine"), Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(replay.found().verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(replay.state().sequence()).isEqualTo(1 + added);
            final long high = replay.state().digest().high();
            final long low = replay.state().digest().low();
            assertThat(status).endsWith(" " + Long.toHexString(high) + "-" + Long.toHexString(low));
        }
    }

    /** Every frame that changes something or asks for something; one bit makes of a keep-alive a wish to leave. */
    private static Map<String, byte[]> frames(final long key, final long attachment)
    {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put("submit", new Frames.Submit(key, attachment)
            .request(new Frames.Body(2).add(COUNTER, 1000)).encode());
        frames.put("scores", new Frames.Submit(key, attachment)
            .request(new Frames.Body(2).createBoard("board", 0).score("board", "member", 1)).encode());
        frames.put("close", Frames.closeSession(key, 5, attachment));
        frames.put("query", Frames.getCounter(key, 6, Ack.JOURNALED, COUNTER));
        frames.put("top", Frames.getTop(key, 7, "board", 10));
        return frames;
    }

    /** Cut to every length, and with every bit flipped. */
    private static List<byte[]> mangled(final byte[] frame)
    {
        final List<byte[]> mangled = new ArrayList<>();
        for (int length = 0; length < frame.length; length++)
        {
            mangled.add(Arrays.copyOf(frame, length));
        }
        for (int bit = 0; bit < frame.length * Byte.SIZE; bit++)
        {
            final byte[] flipped = frame.clone();
            flipped[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            mangled.add(flipped);
        }
        return mangled;
    }

    /** All of them from one connection, and a query behind them, which is answered. */
    private void sendAll(final RawClient attacker, final List<byte[]> frames)
    {
        for (final byte[] frame : frames)
        {
            attacker.send(frame);
            attacker.poll();
            attacker.received.clear();
        }
        attacker.send(Frames.status(attacker.key(), 99));
        attacker.awaitOne(attacker.received.size(), QueryReplyDecoder.TEMPLATE_ID);
        addHonestly();
    }

    @Test
    void shouldTakeNothingFromMangledFramesOfWhoHasNoSession()
    {
        int sent = 0;
        for (final String name : frames(0, 0).keySet())
        {
            try (RawClient attacker = connect())
            {
                final List<byte[]> mangled = mangled(frames(attacker.key(), attachment + 1).get(name));
                sendAll(attacker, mangled);
                sent += mangled.size();
            }
        }
        System.out.println("mangled frames sent: " + sent);
        assertRejected("MALFORMED", sent / 20);
        assertUnharmed();
    }

    @Test
    void shouldTakeNothingFromReplayedFramesOfAnother()
    {
        final List<byte[]> replayed = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            replayed.addAll(frames(honest.key(), attachment).values());
        }
        try (RawClient attacker = connect())
        {
            sendAll(attacker, replayed);
        }
        assertRejected("UNKNOWN_CONNECTION", replayed.size());
        assertUnharmed();
    }

    @Test
    void shouldNotLetOneConnectionSpeakForTheSessionOfAnother()
    {
        try (RawClient attacker = connect())
        {
            for (long guess = attachment - 3; guess <= attachment + 3; guess++)
            {
                final int before = attacker.received.size();
                attacker.send(new Frames.Submit(attacker.key(), guess)
                    .request(new Frames.Body(added + 1).add(COUNTER, 1000)).encode());
                final byte[] answer =
                    attacker.awaitOne(before, RefusedDecoder.TEMPLATE_ID, ReplyDecoder.TEMPLATE_ID);
                assertThat(RawClient.templateId(answer)).isEqualTo(RefusedDecoder.TEMPLATE_ID);
                attacker.send(Frames.closeSession(attacker.key(), guess, guess));
            }
        }
        assertUnharmed();
    }

    @Test
    void shouldWithstandDatagramsOfAnyContent() throws IOException
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final int port = Integer.parseInt(engine.ingress().substring(engine.ingress().lastIndexOf(':') + 1));
        try (DatagramSocket socket = new DatagramSocket())
        {
            final InetAddress host = InetAddress.getByName("localhost");
            for (int i = 0; i < DATAGRAMS; i++)
            {
                final byte[] bytes = datagram(random);
                socket.send(new DatagramPacket(bytes, bytes.length, host, port + random.nextInt(2)));
                if (i % 1000 == 0)
                {
                    addHonestly();
                }
            }
        }
        awaitGauges("datagrams and setups counted", gauges ->
            gauges.get("transport.datagrams.refused") > 0 && gauges.get("transport.setups.refused") > 0);
        assertUnharmed();
    }

    /** Garbage, or what looks like Aeron's: data, SETUP of terms up to 1 GiB, NAK, of sessions that nobody has. */
    private static byte[] datagram(final Random random)
    {
        final byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        if (bytes.length >= 40 && random.nextInt(4) > 0)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final int[] lengths = { 0, 1, 32, 40, bytes.length, bytes.length + 32, 1 << 20, -1, Integer.MAX_VALUE };
            buffer.putInt(0, lengths[random.nextInt(lengths.length)], ByteOrder.LITTLE_ENDIAN);
            bytes[4] = 0;
            buffer.putShort(6, (short)random.nextInt(8), ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(16, Channels.INGRESS_STREAM_ID, ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(28, 1 << 16 + random.nextInt(15), ByteOrder.LITTLE_ENDIAN);
        }
        return bytes;
    }

    private void assertRejected(final String code, final long least)
    {
        awaitGauges(code + " " + least + " times", gauges ->
            gauges.getOrDefault("transport.rejects." + code.toLowerCase(Locale.ROOT), 0L) >= least);
    }

    /** Gauges are sampled once a second. */
    private void awaitGauges(final String what, final Predicate<Map<String, Long>> condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            Map<String, Long> gauges = client.status().gauges();
            while (!condition.test(gauges))
            {
                assertThat(System.nanoTime()).as("%s, got %s", what, gauges).isLessThan(deadlineNs);
                gauges = client.status().gauges();
            }
        }
    }
}

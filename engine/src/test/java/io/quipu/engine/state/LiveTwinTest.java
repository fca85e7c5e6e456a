package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestEncoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.engine.RawClient;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalRecord;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million random commands of all kinds through a real engine: over UDP, journaled to real files, with a restart halfway. Every
 * reply is compared, byte for byte, with the one of the naive twin; then the digest that the engine ends with, the one that it
 * starts with again, the one of a replay and the one that a twin, fed by the journal, computes from scratch.
 */
class LiveTwinTest
{
    private static final int COMMANDS = 1_000_000;
    private static final int MOST_UNDER_WAY = 1_000;
    private static final int MOST_REQUESTS_UNDER_WAY = 60;
    private static final int REQUEST_COMMANDS = 6;
    private static final long TOKEN = 0x5EC2E7L;
    private static final Pattern STATE = Pattern.compile("sequence=(\\d+) digest=([0-9a-f]{32})");

    private record UnderWay(long requestSequence, int commands, byte[] expected)
    {
    }

    /** Sequence and digest of an engine when it was ready, and behind its last reply. */
    private record Stay(String ready, String ended)
    {
    }

    @TempDir
    private Path dir;

    private final Twin twin = new Twin();
    private final RequestBuilder request = new RequestBuilder();
    private final BodyBuilder body = new BodyBuilder();
    private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64 * 1024]);
    private final UnsafeBuffer sent = new UnsafeBuffer(0, 0);
    private RandomCommands commands;
    private RawClient client;
    private long attachment;
    private long requestSequence;
    private long received;
    private int commandsUnderWay;

    @Test
    void shouldReplyAsTheTwinDoesAndKeepItsDigestOverARestart()
    {
        final long seed = System.nanoTime();
        System.out.println("LiveTwinTest seed " + seed);
        commands = new RandomCommands(new Random(seed), twin, 400);
        twin.apply(body.clear().open(1, 1, 1).toBytes(), 1);

        final Stay first = run("first", -1, COMMANDS / 2);
        assertThat(replayed()).isEqualTo(first.ended());
        final Stay second = run("second", 0, COMMANDS);
        assertThat(second.ready()).isEqualTo(first.ended());

        assertThat(replayed()).isEqualTo(second.ended());
        assertThat(restarted()).isEqualTo(second.ended());
        assertThat(second.ended()).isEqualTo("sequence=" + twin.sequence() + " digest=" + twinOfTheJournal().digest());
    }

    /** Runs an engine until so many commands were answered. */
    private Stay run(final String name, final long firstAttachedAt, final int untilCommands)
    {
        try (EngineNode engine = EngineNode.launch(context());
            RawClient raw = new RawClient(engine.ingress(), dir.resolve(name)))
        {
            client = raw;
            final byte[] attached = client.attach(TOKEN, firstAttachedAt, requestSequence);
            assertThat(RawClient.templateId(attached)).isEqualTo(SessionAttachedDecoder.TEMPLATE_ID);
            assertThat(RawClient.attached(attached).lastRequestSequence()).isEqualTo(requestSequence);
            attachment = RawClient.attached(attached).attachment();
            client.listener = this::onMessage;

            while (twin.commandCount() < untilCommands)
            {
                next();
            }
            awaitReplies(0, 0);
            return new Stay(state(engine.readyLine()), live(engine));
        }
    }

    private static String live(final EngineNode engine)
    {
        try (QuipuClient asking = QuipuClient.connect(engine.ingress()))
        {
            final Status status = asking.status();
            return "sequence=" + status.sequence() + " digest=" + status.digest();
        }
    }

    private void next()
    {
        commands.fill(request);
        if (request.commandCount() > twin.state.limits[REQUEST_COMMANDS])
        {
            // Admission looks at the limit that is applied: what raises it must be through before more is sent.
            request.clear().form(ReplyForm.ACK).limit(REQUEST_COMMANDS, 4_096);
            send();
            awaitReplies(0, 0);
        }
        else if (FrameValidator.validateIngress(frame, 0, encode()) == FrameValidator.OK)
        {
            // What ingress refuses, such as a board with an empty list of columns, has no number and no reply.
            send();
        }
    }

    private void send()
    {
        awaitReplies(MOST_UNDER_WAY - request.commandCount(), MOST_REQUESTS_UNDER_WAY - 1);
        requestSequence++;
        body.clear().request(1, requestSequence, received, request);
        final List<Twin.Event> events = twin.apply(body.toBytes(), requestSequence);
        assertThat(events).hasSize(1);
        underWay.add(new UnderWay(requestSequence, request.commandCount(), events.get(0).reply()));
        commandsUnderWay += request.commandCount();

        sent.wrap(frame, 0, encode());
        client.await("room to send", () -> client.offer(sent));
    }

    /** The request, as the one sent last or, before it is numbered, as a frame of the same shape. */
    private int encode()
    {
        final SubmitEncoder submit = new SubmitEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder());
        submit.connectionKey(client.key()).attachment(attachment).requestCount(1).reserved(0);
        final int start = BitUtil.align(submit.limit(), 8);
        final RequestEncoder encoder = new RequestEncoder().wrapAndApplyHeader(frame, start, new MessageHeaderEncoder());
        encoder.requestSequence(Math.max(1, requestSequence))
            .repliesReceivedUpTo(Math.max(0, Math.min(received, requestSequence - 1)))
            .length(request.length())
            .commandCount(request.commandCount())
            .ack(Ack.JOURNALED)
            .replyForm(request.replyForm())
            .mode(request.mode());
        frame.putBytes(encoder.limit(), request.buffer(), 0, request.length());
        final int limit = encoder.limit() + request.length();
        final int end = BitUtil.align(limit, 8);
        frame.setMemory(limit, end - limit, (byte)0);
        return end;
    }

    private void awaitReplies(final int mostCommands, final int mostRequests)
    {
        client.await("replies", () -> underWay.size() <= mostRequests && commandsUnderWay <= Math.max(0, mostCommands));
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        assertThat(RawClient.templateId(message)).as(() -> describe(message)).isNotEqualTo(RefusedDecoder.TEMPLATE_ID);
        if (RawClient.templateId(message) != ReplyDecoder.TEMPLATE_ID)
        {
            client.received.add(message);
            return;
        }

        final UnderWay next = underWay.remove();
        final byte[] result = Arrays.copyOfRange(message, 8 + ReplyDecoder.BLOCK_LENGTH, length);
        if (!Arrays.equals(result, next.expected()))
        {
            assertThat(Story.text(new UnsafeBuffer(result), 0, result.length))
                .as("request %d", next.requestSequence())
                .isEqualTo(Story.text(new UnsafeBuffer(next.expected()), 0, next.expected().length));
        }
        assertThat(result).isEqualTo(next.expected());
        received = next.requestSequence();
        commandsUnderWay -= next.commands();
    }

    private String describe(final byte[] message)
    {
        return RawClient.refused(message) + ", " + underWay.size() + " requests and " + commandsUnderWay + " commands under way";
    }

    private String restarted()
    {
        try (EngineNode engine = EngineNode.launch(context()))
        {
            return state(engine.readyLine());
        }
    }

    private String replayed()
    {
        try (Replay replay = Replay.of(dir.resolve("engine"), Replayer.TO_END, RecoveryProgress.NONE))
        {
            return "sequence=" + replay.state().sequence() + " digest=" + replay.digest();
        }
    }

    private Twin twinOfTheJournal()
    {
        final Twin fed = new Twin();
        Journal.scan(
            new JournalContext().directory(dir.resolve("engine")),
            (final JournalRecord record) ->
            {
                if (!record.isEpoch())
                {
                    final byte[] entries = new byte[record.bodyLength()];
                    record.buffer().getBytes(record.bodyOffset(), entries);
                    fed.apply(entries, record.timestampNs());
                }
            },
            Replayer.TO_END);
        return fed;
    }

    private static String state(final String line)
    {
        final Matcher matcher = STATE.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return matcher.group();
    }

    private EngineContext context()
    {
        return new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .log(line -> {});
    }
}

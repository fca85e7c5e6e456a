package io.quipu.engine;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.SessionClosedDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.ReplyForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is decided before the append, seen from a client over UDP: refusals take no number and change nothing.
 */
@Timeout(120)
class AdmissionPathsTest
{
    private static final long TOKEN = 77;

    @TempDir
    private Path dir;

    private EngineNode engine;
    private RawClient client;
    private long attachment;

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    @BeforeEach
    void setUp()
    {
        engine = EngineNode.launch(new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .threads(threads())
            .log(line -> {}));
        client = new RawClient(engine.ingress(), dir.resolve("client"));
        attachment = client.attach(TOKEN);
    }

    @AfterEach
    void tearDown()
    {
        client.close();
        engine.close();
    }

    @Test
    void shouldRefuseASkippedNumberAndNameTheExpectedOne()
    {
        assertRefused(client.submit(attachment, new Frames.Body(2).add("a", 1)), ResultCode.OUT_OF_ORDER, 2, 1);
        assertThat(RawClient.value(client.submit(attachment, new Frames.Body(1).add("a", 1)))).isEqualTo(1);
        assertRefused(client.submit(attachment, new Frames.Body(9).add("a", 1)), ResultCode.OUT_OF_ORDER, 9, 2);
        assertThat(client.counter("a")).isEqualTo(1);
    }

    @Test
    void shouldRefuseARetryWhoseReplyIsNoLongerKept()
    {
        client.submit(attachment, new Frames.Body(1).add("a", 1));
        client.submit(attachment, new Frames.Body(2).add("a", 1));
        client.submit(attachment, new Frames.Body(3).receivedUpTo(2).add("a", 1));
        final String status = client.status();

        assertRefused(client.submit(attachment, new Frames.Body(2).add("a", 1)), ResultCode.RETRY_TOO_OLD, 2, 3);
        final byte[] third = client.submit(attachment, new Frames.Body(3).add("a", 1));
        assertThat(RawClient.reply(third).retried()).isEqualTo(Flag.YES);
        assertThat(client.counter("a")).isEqualTo(3);
        assertThat(client.status()).isEqualTo(status);
    }

    @Test
    void shouldKeepARepliesWindowOf64RequestsOverSeveralFrames()
    {
        for (int i = 1; i <= 64; i++)
        {
            client.submit(attachment, new Frames.Body(i).add("a", 1));
        }

        assertRefused(client.submit(attachment, new Frames.Body(65).add("a", 1)), ResultCode.WINDOW_FULL, 65, 64);
        final byte[] reply = client.submit(attachment, new Frames.Body(65).receivedUpTo(1).add("a", 1));
        assertThat(RawClient.value(reply)).isEqualTo(65);
    }

    @Test
    void shouldKeepTheWindowAlsoWithinOneFrame()
    {
        final Frames.Submit frame = new Frames.Submit(client.key(), attachment);
        for (int i = 1; i <= 70; i++)
        {
            frame.request(new Frames.Body(i).add("a", 1));
        }

        client.send(frame.encode());
        client.await("64 replies and 6 refusals", () ->
            client.received(ReplyDecoder.TEMPLATE_ID).size() == 64 &&
            client.received(RefusedDecoder.TEMPLATE_ID).size() == 6);
        assertRefused(client.received(RefusedDecoder.TEMPLATE_ID).get(0), ResultCode.WINDOW_FULL, 65, 64);
        assertThat(code(client.received(RefusedDecoder.TEMPLATE_ID).get(1))).isEqualTo(ResultCode.OUT_OF_ORDER);
        assertThat(client.counter("a")).isEqualTo(64);
    }

    @Test
    void shouldCountRepliesInBytesAtTheirLongest()
    {
        client.submit(attachment, new Frames.Body(1).adds(4000, "a", 1));
        final byte[] second = client.submit(attachment, new Frames.Body(2).adds(4000, "a", 1));
        assertRefused(second, ResultCode.WINDOW_FULL, 2, 64 * 1024);

        final byte[] again = client.submit(attachment, new Frames.Body(2).receivedUpTo(1).adds(4000, "a", 1));
        assertThat(RawClient.templateId(again)).isEqualTo(ReplyDecoder.TEMPLATE_ID);
        assertThat(client.counter("a")).isEqualTo(8000);
    }

    @Test
    void shouldRefuseAReplyThatCannotFitBeforeItIsJournaled()
    {
        final String status = client.status();
        final byte[] answer = client.submit(attachment, new Frames.Body(1).form(ReplyForm.RANKS).adds(2000, "a", 1));

        assertThat(code(answer)).isEqualTo(ResultCode.REPLY_TOO_LARGE);
        assertThat(client.status()).isEqualTo(status);
        final byte[] smaller = client.submit(attachment, new Frames.Body(1).form(ReplyForm.ACK).adds(2000, "a", 1));
        assertThat(RawClient.templateId(smaller)).isEqualTo(ReplyDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldRefuseAnAckLevelThatItCannotGive()
    {
        final byte[] answer = client.submit(attachment, new Frames.Body(1).ack(Ack.REPLICATED).add("a", 1));
        assertThat(code(answer)).isEqualTo(ResultCode.ACK_UNAVAILABLE);

        final byte[] query = client.query(
            Frames.getCounter(client.key(), client.nextCorrelationId(), Ack.REPLICATED, "a"));
        assertThat(RawClient.queryReply(query).code()).isEqualTo(ResultCode.ACK_UNAVAILABLE);
        assertThat(RawClient.queryReply(query).last()).isEqualTo(Flag.YES);
    }

    @Test
    void shouldRefuseAnAttachmentOfNobody()
    {
        assertThat(code(client.submit(attachment + 1, new Frames.Body(1).add("a", 1))))
            .isEqualTo(ResultCode.UNKNOWN_ATTACHMENT);
    }

    @Test
    void shouldAnswerDurableRequestsWithTheDurabilityReached()
    {
        final byte[] reply = client.submit(attachment, new Frames.Body(1).ack(Ack.DURABLE).add("a", 1));
        assertThat(RawClient.reply(reply).ackReached()).isEqualTo(AckReached.DURABLE);

        final byte[] query = client.query(
            Frames.getCounter(client.key(), client.nextCorrelationId(), Ack.DURABLE, "a"));
        assertThat(RawClient.queryReply(query).ackReached()).isEqualTo(AckReached.DURABLE);
    }

    @Test
    void shouldLetAQuerySeeWhatItsClientSentBefore()
    {
        final int before = client.received.size();
        client.send(new Frames.Submit(client.key(), attachment).request(new Frames.Body(1).add("a", 5)).encode());
        client.send(Frames.getCounter(client.key(), client.nextCorrelationId(), Ack.JOURNALED, "a"));
        final byte[] answer = client.awaitOne(before, QueryReplyDecoder.TEMPLATE_ID);

        assertThat(RawClient.queryReply(answer).sequence()).isEqualTo(2);
    }

    @Test
    void shouldChangeNothingByReading()
    {
        client.submit(attachment, new Frames.Body(1).add("a", 5));
        final String status = client.status();
        for (int i = 0; i < 1000; i++)
        {
            assertThat(client.counter("a")).isEqualTo(5);
        }

        assertThat(client.status()).isEqualTo(status);
    }

    @Test
    void shouldCloseASessionForEver()
    {
        client.submit(attachment, new Frames.Body(1).add("a", 5));
        final int before = client.received.size();
        client.send(Frames.closeSession(client.key(), 99, attachment));
        client.awaitOne(before, SessionClosedDecoder.TEMPLATE_ID);

        assertThat(code(client.submit(attachment, new Frames.Body(2).add("a", 5))))
            .isEqualTo(ResultCode.UNKNOWN_ATTACHMENT);
        final byte[] attached = client.attach(TOKEN, -1, 0);
        assertThat(RawClient.attached(attached).sessionId()).isZero();
        assertThat(RawClient.attached(attached).lastRequestSequence()).isZero();
    }

    @Test
    void shouldResumeASessionThroughASecondConnection()
    {
        final byte[] first = client.submit(attachment, new Frames.Body(1).add("a", 5));
        try (RawClient other = new RawClient(engine.ingress(), dir.resolve("other")))
        {
            final byte[] attached = other.attach(TOKEN, 0, 1);
            assertThat(RawClient.attached(attached).lastRequestSequence()).isEqualTo(1);
            final long otherAttachment = RawClient.attached(attached).attachment();
            final byte[] again = other.submit(otherAttachment, new Frames.Body(1).add("a", 5));

            assertThat(RawClient.result(again)).isEqualTo(RawClient.result(first));
            assertThat(RawClient.value(other.submit(otherAttachment, new Frames.Body(2).add("a", 5)))).isEqualTo(10);
        }

        assertThat(client.counter("a")).isEqualTo(10);
    }

    private static ResultCode code(final byte[] refused)
    {
        assertThat(RawClient.templateId(refused)).isEqualTo(RefusedDecoder.TEMPLATE_ID);
        return RawClient.refused(refused).code();
    }

    private static void assertRefused(
        final byte[] answer, final ResultCode code, final long requestSequence, final long detail)
    {
        assertThat(code(answer)).isEqualTo(code);
        assertThat(RawClient.refused(answer).requestSequence()).isEqualTo(requestSequence);
        assertThat(RawClient.refused(answer).detail()).isEqualTo(detail);
        assertThat(RawClient.refused(answer).correlationId()).isZero();
    }
}

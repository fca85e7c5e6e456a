package io.quipu.engine;

import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import io.quipu.codecs.ingress.Ack;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole path with everything real: UDP, Chronicle files, the state.
 */
class EngineNodeTest
{
    private static final long TOKEN = 0x5EC2E7L;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path dir;

    private int clients;

    private EngineContext context()
    {
        return new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .freeBytesFloor(0)
            .log(log::add);
    }

    private RawClient connect(final EngineNode engine)
    {
        return new RawClient(engine.ingress(), dir.resolve("client-" + ++clients));
    }

    @Test
    void shouldJournalApplyReplyAndAnswer()
    {
        try (EngineNode engine = EngineNode.launch(context()); RawClient client = connect(engine))
        {
            assertThat(engine.readyLine()).startsWith("ready ingress=localhost:").contains(" sequence=0 ");
            final long attachment = client.attach(TOKEN);
            assertThat(value(client.submit(attachment, new Frames.Body(1).add("page:/home", 3)))).isEqualTo(3);
            assertThat(value(client.submit(attachment, new Frames.Body(2).add("page:/home", 4)))).isEqualTo(7);
            assertThat(counter(client, "page:/home")).isEqualTo(7);
            assertThat(counter(client, "missing")).isZero();
        }

        assertThat(log).last().asString().startsWith("stopped sequence=3 durable=3");
    }

    @Test
    void shouldAnswerARetryWithTheSameBytesAlsoAfterARestart()
    {
        final byte[] first;
        final String status;
        try (EngineNode engine = EngineNode.launch(context()); RawClient client = connect(engine))
        {
            final long attachment = client.attach(TOKEN);
            first = client.submit(attachment, new Frames.Body(1).add("a", 1));
            final byte[] again = client.submit(attachment, new Frames.Body(1).add("a", 1));

            assertThat(RawClient.result(again)).isEqualTo(RawClient.result(first));
            assertThat(RawClient.reply(first).retried()).isEqualTo(Flag.NO);
            assertThat(RawClient.reply(again).retried()).isEqualTo(Flag.YES);
            status = client.status();
        }

        try (EngineNode engine = EngineNode.launch(context()); RawClient client = connect(engine))
        {
            assertThat(client.status()).isEqualTo(status);
            final byte[] attached = client.attach(TOKEN, 0, 1);
            assertThat(RawClient.attached(attached).lastRequestSequence()).isEqualTo(1);
            final long attachment = RawClient.attached(attached).attachment();
            final byte[] again = client.submit(attachment, new Frames.Body(1).add("a", 1));

            assertThat(RawClient.result(again)).isEqualTo(RawClient.result(first));
            assertThat(RawClient.reply(again).epoch()).isEqualTo(2);
            assertThat(counter(client, "a")).isEqualTo(1);
            assertThat(client.status()).isEqualTo(status);
        }
    }

    private static long value(final byte[] reply)
    {
        final ResultValuesDecoder values = new ResultValuesDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(RawClient.result(reply)), 0, new MessageHeaderDecoder());
        return values.results().next().value();
    }

    private static long counter(final RawClient client, final String name)
    {
        final byte[] answer =
            client.query(Frames.getCounter(client.key(), client.nextCorrelationId(), Ack.JOURNALED, name));
        final CounterValuesDecoder values = new CounterValuesDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(RawClient.body(answer)), 0, new MessageHeaderDecoder());
        return values.counters().next().value();
    }
}

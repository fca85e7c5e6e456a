package io.quipu.engine;

import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole path with everything real: UDP, Chronicle files, the state.
 */
@Timeout(120)
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
            assertThat(RawClient.value(client.submit(attachment, new Frames.Body(1).add("page:/home", 3)))).isEqualTo(3);
            assertThat(RawClient.value(client.submit(attachment, new Frames.Body(2).add("page:/home", 4)))).isEqualTo(7);
            assertThat(client.counter("page:/home")).isEqualTo(7);
            assertThat(client.counter("missing")).isZero();
        }

        assertThat(log).last().asString().startsWith("stopped sequence=3 durable=3");
    }

    @Test
    void shouldAnswerInMoreChunksThanAConnectionHasRoomForAtOnce()
    {
        try (EngineNode engine = EngineNode.launch(context());
            QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            client.createBoard(BoardDefinition.named("board"));
            final Request request = new Request();
            final String padding = "x".repeat(100);
            for (int from = 0; from < 1000; from += 250)
            {
                request.reset().form(ReplyForm.ACK).board("board");
                for (int i = from; i < from + 250; i++)
                {
                    request.score(padding + i, i);
                }

                client.submit(request);
            }

            for (int i = 0; i < 20; i++)
            {
                assertThat(client.top("board", 1000).rows()).hasSize(1000);
            }
        }
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
            assertThat(client.counter("a")).isEqualTo(1);
            assertThat(client.status()).isEqualTo(status);
        }
    }

    @Test
    void shouldReplayToTheEndOfTheRequestThatHoldsASequenceAlsoWithinARecord()
    {
        final String digest;
        try (EngineNode engine = EngineNode.launch(context()); RawClient client = connect(engine))
        {
            final long attachment = client.attach(TOKEN);
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(1).adds(2, "a", 1))
                .request(new Frames.Body(2).adds(2, "a", 1))
                .request(new Frames.Body(3).adds(2, "a", 1))
                .encode());
            client.await("three replies", () -> client.received(ReplyDecoder.TEMPLATE_ID).size() == 3);
            digest = client.status();
        }

        // The session's open takes 1, and stands in a record with the first request.
        final long[] expected = { 0, 1, 3, 3, 5, 5, 7, 7, 7 };
        for (int to = 0; to < expected.length; to++)
        {
            try (Replay replay = Replay.of(dir.resolve("engine"), to, RecoveryProgress.NONE))
            {
                assertThat(replay.state().sequence()).as("to %d", to).isEqualTo(expected[to]);
                assertThat(replay.found().verdict().isRefusal()).isFalse();
            }
        }

        try (Replay replay = Replay.of(dir.resolve("engine"), Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(digest).isEqualTo("7 " + Long.toHexString(replay.state().digest().high()) + "-" +
                Long.toHexString(replay.state().digest().low()));
        }
    }
}

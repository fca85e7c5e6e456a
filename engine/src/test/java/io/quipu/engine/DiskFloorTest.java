package io.quipu.engine;

import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.SessionClosedDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In front of a full disk: writes are refused, everything that appends nothing goes on, and when there is room again so
 * do writes.
 */
@Timeout(120)
class DiskFloorTest
{
    private static final long FLOOR = 16 << 10;
    private static final long CAPACITY = 64 << 10;
    /** Of one record with one add. */
    private static final long MAX_RECORD = 512;

    @TempDir
    private Path dir;

    private EngineContext context(final FaultyStore store)
    {
        return new EngineContext()
            .dir(dir.resolve("engine"))
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(FLOOR)
            .journalStore(store)
            .log(line -> {});
    }

    private RawClient connect(final EngineNode engine)
    {
        return new RawClient(engine.ingress(), dir.resolve("client"));
    }

    private static byte[] add(final RawClient client, final long attachment, final int request)
    {
        return client.submit(attachment, new Frames.Body(request).receivedUpTo(Math.max(0, request - 2)).add("a", 1));
    }

    /** Adds until that is refused, and returns the number of the request that was. */
    private static int fill(final RawClient client, final long attachment, final int firstRequest)
    {
        int request = firstRequest;
        byte[] answer = add(client, attachment, request);
        while (RawClient.templateId(answer) == ReplyDecoder.TEMPLATE_ID)
        {
            answer = add(client, attachment, ++request);
        }

        assertThat(RawClient.refused(answer).code()).isEqualTo(ResultCode.REJECT_DISK);
        return request;
    }

    @Test
    void shouldRefuseWritesAtTheFloorAnswerReadsAndResumeByItself()
    {
        final FaultyStore store = new FaultyStore(dir.resolve("engine"));
        store.capacity = CAPACITY;
        try (EngineNode engine = EngineNode.launch(context(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            final int refused = fill(client, attachment, 1);

            assertThat(refused).isGreaterThan(1);
            assertThat(client.counter("a")).isEqualTo(refused - 1);
            assertThat(RawClient.value(add(client, attachment, refused - 1))).isEqualTo(refused - 1);
            assertThat(RawClient.refused(closeSession(client, attachment)).code()).isEqualTo(ResultCode.REJECT_DISK);
            assertThat(store.freeBytes()).isBetween(FLOOR - MAX_RECORD, FLOOR + MAX_RECORD);

            store.capacity = 2 * CAPACITY;
            client.await("room", () -> RawClient.templateId(add(client, attachment, refused)) == ReplyDecoder.TEMPLATE_ID);
            assertThat(client.counter("a")).isEqualTo(refused);
        }
    }

    @Test
    void shouldCountWhatIsAppendedBetweenTwoLooksAtTheDisk()
    {
        final FaultyStore store = new FaultyStore(dir.resolve("engine"));
        store.capacity = CAPACITY;
        try (EngineNode engine = EngineNode.launch(context(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            // The thread that looks waits for the sync, so it looks no more.
            store.holdSyncs();
            final int refused = fill(client, attachment, 1);
            final long left = store.freeBytes();
            store.releaseSyncs();

            assertThat(refused).isGreaterThan(1);
            assertThat(left).isGreaterThanOrEqualTo(FLOOR - MAX_RECORD);
        }
    }

    @Test
    void shouldRefuseWritesWhileTheStoreIsShort()
    {
        final FaultyStore store = new FaultyStore(dir.resolve("engine"));
        try (EngineNode engine = EngineNode.launch(context(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            add(client, attachment, 1);
            store.isShort = true;
            assertThat(RawClient.refused(add(client, attachment, 2)).code()).isEqualTo(ResultCode.REJECT_DISK);
            assertThat(RawClient.refused(closeSession(client, attachment)).code()).isEqualTo(ResultCode.REJECT_DISK);
            store.isShort = false;
            assertThat(RawClient.value(add(client, attachment, 2))).isEqualTo(2);
        }
    }

    private static byte[] closeSession(final RawClient client, final long attachment)
    {
        final int before = client.received.size();
        client.send(Frames.closeSession(client.key(), client.nextCorrelationId(), attachment));
        return client.awaitOne(
            before, RefusedDecoder.TEMPLATE_ID, SessionClosedDecoder.TEMPLATE_ID);
    }
}

package io.quipu.engine;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.sequencer.Sequencer;
import io.quipu.journal.CrashPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What durable replies wait for, and how an engine ends: in order, or with one line and an exit code, never half
 * alive.
 */
@Timeout(120)
class EngineStopTest
{
    private static final long SPIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path dir;

    private Path data()
    {
        return dir.resolve("engine");
    }

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    private EngineContext context()
    {
        return new EngineContext()
            .dir(data())
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .threads(threads())
            .log(log::add);
    }

    /** Keeps the client going, whose driver has no thread of its own, until the engine has stopped. */
    private static int awaitShutdown(final EngineNode engine, final RawClient client)
    {
        final CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(engine::awaitShutdown);
        client.await("end of the engine", stopped::isDone);
        return stopped.join();
    }

    private RawClient connect(final EngineNode engine)
    {
        return new RawClient(engine.ingress(), dir.resolve("client"));
    }

    @Test
    void shouldSendDurableRepliesOnlyBehindTheSync()
    {
        final FaultyStore store = new FaultyStore(data());
        try (EngineNode engine = EngineNode.launch(context().journalStore(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1).add("a", 1));
            store.holdSyncs();
            final int before = client.received.size();
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(2).ack(Ack.DURABLE).add("a", 1)).encode());
            client.send(Frames.getCounter(client.key(), 7, Ack.DURABLE, "a"));
            final byte[] journaled = client.submit(attachment, new Frames.Body(3).add("a", 1));

            assertThat(RawClient.value(journaled)).isEqualTo(3);
            assertThat(RawClient.reply(journaled).ackReached()).isEqualTo(AckReached.JOURNALED);
            assertThat(client.counter("a")).isEqualTo(3);

            store.releaseSyncs();
            client.await("both durable answers", () -> client.received.size() >= before + 4);
            final byte[] durable = client.received(ReplyDecoder.TEMPLATE_ID).get(2);
            assertThat(RawClient.value(durable)).isEqualTo(2);
            assertThat(RawClient.reply(durable).ackReached()).isEqualTo(AckReached.DURABLE);
        }
    }

    @Test
    void shouldAnswerDurableRequestsInOrderAlsoWhenASyncIsFasterThanTheirApply()
    {
        final FaultyStore store = new FaultyStore(data());
        final AtomicBoolean isArmed = new AtomicBoolean();
        final AtomicInteger passes = new AtomicInteger();
        final CrashPoint syncedBeforeApply = (name) ->
        {
            if (!Sequencer.BEFORE_APPLY.equals(name))
            {
                return;
            }
            if (isArmed.compareAndSet(true, false))
            {
                final int before = store.syncsDone.get();
                store.releaseSyncs();
                spinUntil("two syncs", () -> store.syncsDone.get() >= before + 2 && isSyncerAsleep());
            }
            // Behind the question: whoever sees this pass counted arms the next one.
            passes.incrementAndGet();
        };
        try (EngineNode engine = EngineNode.launch(context().journalStore(store).crashPoint(syncedBeforeApply)
            .syncIntervalNs(TimeUnit.MILLISECONDS.toNanos(1))); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1).ack(Ack.DURABLE).add("a", 1));
            store.holdSyncs();
            final int syncsBefore = store.syncs.get();
            final int passesBefore = passes.get();
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(2).ack(Ack.DURABLE).add("a", 1)).encode());
            // It may begin before the second is applied.
            client.await(
                "the sync of the second", () -> store.syncs.get() > syncsBefore && passes.get() > passesBefore);
            isArmed.set(true);
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(3).ack(Ack.DURABLE).add("a", 1)).encode());
            client.await("all replies", () -> client.received(ReplyDecoder.TEMPLATE_ID).size() == 3);
            assertThat(client.received(ReplyDecoder.TEMPLATE_ID)).extracting(RawClient::value)
                .containsExactly(1L, 2L, 3L);
        }
    }

    /** On any thread; what it throws on the sequencer's ends the engine. */
    private static void spinUntil(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + SPIN_TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("no " + what);
            }
            Thread.yield();
        }
    }

    private static boolean isSyncerAsleep()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .filter((thread) -> thread.getName().equals("quipu-syncer"))
            .allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static boolean isSyncerGone()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .noneMatch((thread) -> thread.getName().equals("quipu-syncer"));
    }

    @Test
    void shouldGoOnTakingInWhileASyncIsSlow()
    {
        final FaultyStore store = new FaultyStore(data());
        try (EngineNode engine = EngineNode.launch(context().journalStore(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1).add("a", 1));
            store.holdSyncs();
            for (int i = 2; i <= 1000; i++)
            {
                client.submit(attachment, new Frames.Body(i).receivedUpTo(i - 1).add("a", 1));
            }

            store.releaseSyncs();
            assertThat(client.counter("a")).isEqualTo(1000);
        }
    }

    @Test
    void shouldStopWhenASyncFailsAndNeverTryAgain()
    {
        final FaultyStore store = new FaultyStore(data());
        try (EngineNode engine = EngineNode.launch(context().journalStore(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1).ack(Ack.DURABLE).add("a", 1));
            store.failsSync = true;
            final int before = client.received.size();
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(2).ack(Ack.DURABLE).add("a", 1)).encode());

            assertThat(awaitShutdown(engine, client)).isEqualTo(74);
            final int syncs = store.syncs.get();
            assertThat(log).anyMatch(line -> line.startsWith("IO_FAULT: fsync failed"));
            client.poll();
            assertThat(client.received.subList(before, client.received.size()))
                .noneMatch(bytes -> RawClient.templateId(bytes) == ReplyDecoder.TEMPLATE_ID);
            assertThat(store.syncs).hasValue(syncs);
        }
    }

    @Test
    void shouldStopWhenAnAppendFails()
    {
        final FaultyStore store = new FaultyStore(data());
        try (EngineNode engine = EngineNode.launch(context().journalStore(store)); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            store.failsAppend = true;
            client.send(new Frames.Submit(client.key(), attachment).request(new Frames.Body(1).add("a", 1)).encode());

            assertThat(awaitShutdown(engine, client)).isEqualTo(74);
            assertThat(log).anyMatch(line -> line.startsWith("IO_FAULT: append failed"));
        }
    }

    @Test
    void shouldStopOnAnythingUnforeseenBehindTheAppendAndApplyTheRecordAtTheNextStart()
    {
        final EngineContext broken = context().crashPoint(name ->
        {
            if (name.equals("engine.apply.before"))
            {
                throw new IllegalStateException("a bug by order of the test");
            }
        });
        try (EngineNode engine = EngineNode.launch(broken); RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.send(new Frames.Submit(client.key(), attachment).request(new Frames.Body(1).add("a", 5)).encode());

            assertThat(awaitShutdown(engine, client)).isEqualTo(1);
            assertThat(log).anyMatch(line -> line.contains("a bug by order of the test"));
        }

        try (EngineNode engine = EngineNode.launch(context()); RawClient client = connect(engine))
        {
            assertThat(client.counter("a")).isEqualTo(5);
        }
    }

    @Test
    void shouldAnswerWhatIsJournaledAndSyncWhenItIsStopped() throws InterruptedException
    {
        final FaultyStore store = new FaultyStore(data());
        final EngineNode engine = EngineNode.launch(
            context().journalStore(store).syncIntervalNs(TimeUnit.HOURS.toNanos(1)));
        try (RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            store.holdSyncs();
            final int before = client.received.size();
            client.send(new Frames.Submit(client.key(), attachment)
                .request(new Frames.Body(1).ack(Ack.DURABLE).add("a", 1)).encode());
            client.await("applied", () -> client.counter("a") == 1);
            final Thread closer = new Thread(engine::close);
            closer.start();
            final byte[] late = awaitRefusal(client, attachment);
            store.releaseSyncs();

            final byte[] reply = client.awaitOne(before, ReplyDecoder.TEMPLATE_ID);
            assertThat(RawClient.reply(reply).ackReached()).isEqualTo(AckReached.DURABLE);
            assertThat(RawClient.refused(late).code()).isEqualTo(ResultCode.SHUTTING_DOWN);
            closer.join();
            assertThat(engine.awaitShutdown()).isZero();
            assertThat(log).last().asString().startsWith("stopped sequence=2 durable=2");
        }
    }

    @Test
    void shouldStopInOrderOnlyWhenASyncThatIsSlowHasCome() throws InterruptedException
    {
        final FaultyStore store = new FaultyStore(data());
        final EngineNode engine = EngineNode.launch(
            context().journalStore(store).syncIntervalNs(TimeUnit.HOURS.toNanos(1)));
        try (RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            store.holdSyncs();
            client.submit(attachment, new Frames.Body(1).add("a", 1));
            final int syncs = store.syncs.get();
            final Thread closer = new Thread(engine::close);
            closer.start();
            client.await("the last sync", () -> store.syncs.get() > syncs);
            final long longerThanADrainNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5_500);
            while (System.nanoTime() - longerThanADrainNs < 0)
            {
                awaitRefusal(client, attachment);
            }
            assertThat(closer.isAlive()).isTrue();
            store.releaseSyncs();
            closer.join();
            assertThat(engine.awaitShutdown()).isZero();
            assertThat(log).last().asString().startsWith("stopped sequence=2 durable=2");
        }
    }

    @Test
    void shouldStopWhenASyncDoesNotComeBack()
    {
        final FaultyStore store = new FaultyStore(data());
        try (EngineNode engine = EngineNode.launch(
            context().journalStore(store).syncTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500)));
            RawClient client = connect(engine))
        {
            final long attachment = client.attach(1);
            client.submit(attachment, new Frames.Body(1).ack(Ack.DURABLE).add("a", 1));
            store.holdSyncs();
            client.submit(attachment, new Frames.Body(2).add("a", 1));

            assertThat(awaitShutdown(engine, client)).isEqualTo(74);
            assertThat(log).anyMatch(line -> line.startsWith("IO_FAULT: a sync of the journal did not come back"));
            assertThat(log).anyMatch(line -> line.contains("files and lock go with the process"));
        }
        finally
        {
            store.releaseSyncs();
            spinUntil("end of the syncer", EngineStopTest::isSyncerGone);
            store.close();
        }
    }

    /** Sends a request until intake has stopped; only then is it refused. */
    private static byte[] awaitRefusal(final RawClient client, final long attachment)
    {
        byte[] answer;
        do
        {
            answer = client.submit(attachment, new Frames.Body(2).ack(Ack.REPLICATED).add("b", 1));
        }
        while (RawClient.refused(answer).code() != ResultCode.SHUTTING_DOWN);

        return answer;
    }

    @Test
    void shouldExitWithZeroOnSigterm() throws InterruptedException
    {
        try (EngineProcess engine = new EngineProcess(data().toString(), "localhost:0"))
        {
            engine.awaitReady();
            assertThat(engine.terminate()).isZero();
            assertThat(engine.lines()).anyMatch(line -> line.contains("SIGTERM: stopping"));
            assertThat(engine.lines()).last().asString().contains("stopped sequence=0 durable=0");
        }
    }
}

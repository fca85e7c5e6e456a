package io.quipu.engine;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.journal.JournalException;
import io.quipu.journal.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A disk whose n-th call fails, for all n of a start on checkpoint, journal and torn tail, of commands with syncs and a
 * roll, and of an orderly end: the engine stops with IO_FAULT before it does anything else, nothing leaves it any more,
 * and what was acknowledged is there when the disk is well again. Only a checkpoint it can do without.
 */
class DiskErrorsTest
{
    private static final int REQUESTS = 12;
    private static final long TOKEN = 7;
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(300);
    /** Long names: so a cycle is full behind some requests. */
    private static final List<String> NAMES =
        IntStream.range(0, 64).mapToObj((i) -> "x".repeat(118) + (10 + i)).toList();

    /** A start refuses where it cannot list the checkpoints; an orderly end that cannot, or not ask for room, makes none. */
    private static final Set<String> EITHER = Set.of("CheckpointStore.sequences", "JournalStore.freeBytes");

    private final ManualClock clock = new ManualClock();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final FailingDisk prepared = new FailingDisk();
    private final List<String> log = new ArrayList<>();

    /** The last request whose reply has left, journaled or better, and durable. */
    private long acknowledged;
    private long durable;

    /** Two lives with checkpoints, and one that was killed within an append. */
    @BeforeEach
    void prepare() throws Exception
    {
        clock.wallNs = TimeUnit.DAYS.toNanos(20_000);
        for (int i = 0; i < 2; i++)
        {
            try (SteppedEngine engine = engine(prepared))
            {
                serve(engine.start(), prepared, false);
            }
        }
        try (SteppedEngine engine = engine(prepared).start())
        {
            final long attachment = engine.attach(TOKEN).attachment();
            engine.submit(attachment, request(acknowledged + 1));
            engine.core().sequence();
        }
        prepared.tearTail();
    }

    private SteppedEngine engine(final FailingDisk disk)
    {
        return disk.engine(new EngineContext().clock(clock).log(log::add));
    }

    private static Frames.Body request(final long number)
    {
        return new Frames.Body(number)
            .receivedUpTo(number - 1)
            .ack(number % 3 == 0 ? Ack.DURABLE : Ack.JOURNALED)
            .add("a", 1)
            .addAll(NAMES, 1);
    }

    /** The stages of an engine with a thread for the network meet in another order. */
    private void serve(final SteppedEngine engine, final FailingDisk disk, final boolean isSplit) throws Exception
    {
        final var attached = engine.attach(TOKEN);
        final long first = attached.lastRequestSequence() + 1;
        for (long number = first; number < first + REQUESTS; number++)
        {
            engine.submit(attached.attachment(), request(number));
            clock.pass(TURN_NS);
            if (number % 2 == 0)
            {
                engine.core().syncer().turn();
            }
            if (isSplit)
            {
                engine.core().publish();
                engine.core().sequence();
            }
            else
            {
                engine.turn();
            }
            takeReplies(engine);
            assertThat(disk.isJournalFailed()).as("went on behind %s", disk.failed()).isFalse();
        }

        engine.stop();
        takeReplies(engine);
    }

    private void takeReplies(final SteppedEngine engine)
    {
        for (final byte[] message : engine.replies())
        {
            final ReplyDecoder reply = RawClient.reply(message);
            final long number = RawClient.value(message);
            acknowledged = Math.max(acknowledged, number);
            durable = reply.ackReached() == AckReached.DURABLE ? Math.max(durable, number) : durable;
        }
        engine.sent.clear();
    }

    @Test
    void shouldStopAtTheFirstErrorOfTheDiskAndHaveWhatWasAcknowledged() throws Exception
    {
        final long before = acknowledged;
        int runs = 0;
        for (final boolean isSplit : new boolean[]{ false, true })
        {
            for (final boolean stays : new boolean[]{ false, true })
            {
                int call = 0;
                do
                {
                    acknowledged = before;
                    durable = before;
                    call++;
                    runs++;
                }
                while (failsAt(call, stays, isSplit));
            }
        }

        System.out.println("errors of the disk, one a run: runs " + runs + ", " + failures);
        assertThat(failures.keySet()).contains(
            "JournalStore.append", "JournalStore.roll", "JournalStore.sync", "JournalStore.cut", "JournalStore.read",
            "SuperblockStore.read", "SuperblockStore.write", "SuperblockStore.force",
            "CheckpointStore.create", "CheckpointStore.publish", "CheckpointStore.open",
            "WritableByteChannel.write", "ReadableByteChannel.read");
    }

    private boolean failsAt(final int call, final boolean stays, final boolean isSplit) throws Exception
    {
        final FailingDisk disk = prepared.afterKill().failAt(call, stays);
        boolean isStopped = false;
        try (SteppedEngine engine = engine(disk))
        {
            try
            {
                engine.beforeSend = () -> assertThat(disk.isJournalFailed()).as("sent behind %s", disk.failed()).isFalse();
                serve(engine.start(), disk, isSplit);
            }
            catch (final JournalException ex)
            {
                assertThat(ex.verdict()).as("call %d, %s: %s", call, disk.failed(), ex).isEqualTo(Verdict.IO_FAULT);
                isStopped = true;
            }
            takeReplies(engine);
        }

        final boolean hasFailed = null != disk.failed();
        if (hasFailed)
        {
            failures.merge(disk.failed(), 1, Integer::sum);
            if (!EITHER.contains(disk.failed()))
            {
                assertThat(isStopped).as("stopped at call %d, %s", call, disk.failed()).isEqualTo(disk.isJournalFailed());
            }
        }
        checkAcknowledged(disk.afterKill(), acknowledged, call);
        checkAcknowledged(disk.afterPowerLoss(), durable, call);
        return hasFailed;
    }

    /** The next request counts once more than all before it, so none of them is lost or counted twice. */
    private void checkAcknowledged(final FailingDisk disk, final long atLeast, final int call) throws Exception
    {
        try (SteppedEngine engine = engine(disk).start())
        {
            final var attached = engine.attach(TOKEN);
            final long last = attached.lastRequestSequence();
            assertThat(last).as("call %d", call).isGreaterThanOrEqualTo(atLeast);
            engine.submit(attached.attachment(), new Frames.Body(last + 1).add("a", 1));
            engine.turn();
            assertThat(RawClient.value(engine.replies().get(0))).as("call %d", call).isEqualTo(last + 1);
        }
    }
}

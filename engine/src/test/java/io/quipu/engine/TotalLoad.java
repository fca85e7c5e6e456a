package io.quipu.engine;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.Request;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Offers one request after the other, each adding 1 to the total and to one counter, all or nothing, and counts what is answered.
 */
final class TotalLoad implements ReplyHandler
{
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(3);
    private static final int OUTSTANDING = 32;

    private final Map<Long, Retried> retried = new HashMap<>();
    private final Request request = new Request();
    private final long[] counts;
    private AsyncSession session;
    private long offered;
    private long acked;
    private long refused;

    /** An answer from the kept replies. */
    record Retried(int epoch, byte[] result)
    {
    }

    TotalLoad(final int counters)
    {
        counts = new long[counters];
    }

    void start(final AsyncSession newSession)
    {
        session = newSession;
    }

    /** Offers until a condition holds. */
    void runUntil(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            turn(true);
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
    }

    void runFor(final long durationNs)
    {
        final long endNs = System.nanoTime() + durationNs;
        runUntil(() -> System.nanoTime() - endNs >= 0);
    }

    /** Waits for what is not answered yet. */
    void finish()
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (acked < offered)
        {
            turn(false);
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
    }

    private void turn(final boolean offers)
    {
        int work = session.poll();
        if (offers && session.unanswered() < OUTSTANDING)
        {
            final int counter = (int)(offered % counts.length);
            request.reset().atomic().form(ReplyForm.VALUES).add("total", 1).add("counter:" + counter, 1);
            if (session.offer(request, counter) > 0)
            {
                offered++;
                work++;
            }
        }

        if (0 == work)
        {
            Thread.yield();
        }
    }

    @Override
    public void onReply(final long correlation, final Reply reply)
    {
        acked++;
        counts[(int)correlation]++;
        assertThat(reply.code()).isEqualTo(ResultCode.OK);
        if (reply.retried())
        {
            final byte[] result = new byte[reply.resultLength()];
            reply.resultBuffer().getBytes(reply.resultOffset(), result);
            retried.put(reply.requestSequence(), new Retried(reply.epoch(), result));
        }
    }

    @Override
    public void onRefused(
        final long correlation, final long requestSequence, final ResultCode code, final long detail)
    {
        refused++;
    }

    long offered()
    {
        return offered;
    }

    long acked()
    {
        return acked;
    }

    long refused()
    {
        return refused;
    }

    /** Requests answered that added to this counter. */
    long count(final int counter)
    {
        return counts[counter];
    }

    /** Answers from the kept replies, by request sequence. */
    Map<Long, Retried> retried()
    {
        return retried;
    }
}

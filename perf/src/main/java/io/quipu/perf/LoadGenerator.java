package io.quipu.perf;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.Request;
import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/**
 * Drives a running engine over UDP with one session on the caller's thread, as fast as the engine takes it: fills,
 * warms up, measures, and compares every reply with what its workload expects. Latency counts from the offer, before
 * any waiting for room.
 */
final class LoadGenerator implements ReplyHandler, AutoCloseable
{
    static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(2);

    private static final int SLOTS = 128;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Workload workload;
    private final AsyncSession session;
    private final Request request = new Request();
    private final Histogram latencyNs = new Histogram(HIGHEST_NS, 3);
    private final long[] intendedNs = new long[SLOTS];
    private final boolean[] isAnswered = new boolean[SLOTS];
    private final long[][] expected;
    private long offered;
    private long filled;
    private long answeredUpTo;
    private long commandsAnswered;
    private int inFlight;

    /**
     * Connects.
     *
     * @param context  of the client.
     * @param workload decides what is sent.
     */
    LoadGenerator(final ClientContext context, final Workload workload)
    {
        this.workload = workload;
        expected = new long[SLOTS][workload.commandsPerRequest()];
        session = AsyncSession.connect(context, this);
    }

    /** Sends all names once. */
    void fill()
    {
        while (workload.isFilling())
        {
            request.reset();
            workload.fill(request);
            filled = offered + 1;
            offer(System.nanoTime());
            drainTo(SLOTS - 1);
        }
        drainTo(0);
    }

    /**
     * Sends for a time and waits for the last reply.
     *
     * @param durationNs how long to send.
     * @param window     most requests under way.
     * @return what came of it; replaces the figures of an earlier call.
     */
    LoadResult measure(final long durationNs, final int window)
    {
        latencyNs.reset();
        commandsAnswered = 0;
        final long resentBefore = session.counters().requestsResent();
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < durationNs)
        {
            if (inFlight < window && offered - answeredUpTo < SLOTS)
            {
                request.reset();
                workload.next(request, expected[(int)(offered & (SLOTS - 1))]);
                offer(nowNs);
            }
            else
            {
                session.poll();
            }
            nowNs = System.nanoTime();
        }
        drainTo(0);

        final double seconds = (System.nanoTime() - startNs) / (double)TimeUnit.SECONDS.toNanos(1);
        return new LoadResult(commandsAnswered, seconds, latencyNs.copy(), session.counters().requestsResent() - resentBefore);
    }

    /** Keeps the connection while something else is measured. */
    void keepAlive()
    {
        session.poll();
    }

    private void offer(final long intendedSendNs)
    {
        intendedNs[(int)(offered & (SLOTS - 1))] = intendedSendNs;
        isAnswered[(int)(offered & (SLOTS - 1))] = false;
        final long number = offered++;
        inFlight++;
        while (session.offer(request, number) == AsyncSession.BACK_PRESSURED)
        {
            session.poll();
        }
    }

    private void drainTo(final int most)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (offered - answeredUpTo > most)
        {
            if (session.poll() == 0 && System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException(inFlight + " requests had no reply for 30 s");
            }
        }
    }

    @Override
    public void onReply(final long correlation, final Reply reply)
    {
        final int slot = (int)(correlation & (SLOTS - 1));
        if (isAnswered[slot] || correlation < answeredUpTo)
        {
            throw new IllegalStateException("a second reply to request " + correlation);
        }
        isAnswered[slot] = true;
        latencyNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - intendedNs[slot]));
        if (correlation < filled)
        {
            Workload.same("refusals while filling", reply.refusedCount(), 0);
        }
        else
        {
            workload.verify(reply, expected[slot]);
        }
        commandsAnswered += reply.commandCount();
        inFlight--;
        while (answeredUpTo < offered && isAnswered[(int)(answeredUpTo & (SLOTS - 1))])
        {
            answeredUpTo++;
        }
    }

    @Override
    public void onRefused(
        final long correlation, final long requestSequence, final ResultCode code, final long detail)
    {
        throw new IllegalStateException("request " + requestSequence + " was refused: " + code + ", " + detail);
    }

    @Override
    public void close()
    {
        session.close();
    }
}

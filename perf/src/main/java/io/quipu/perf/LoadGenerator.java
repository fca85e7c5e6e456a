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
 * Drives a running engine over UDP with one session on the caller's thread: fills, warms up, measures, and compares every reply
 * with what its workload expects. Latency counts from the <i>intended</i> send: at a fixed rate from the moment at which the
 * request was due, so that a stall of either side is charged to all requests that it delayed; at full speed from the offer.
 */
final class LoadGenerator implements ReplyHandler, AutoCloseable
{
    /** {@link #measure}: as fast as the engine takes it. */
    static final long FULL_SPEED = 0;

    private static final int SLOTS = 128;
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Workload workload;
    private final AsyncSession session;
    private final Request request = new Request();
    private final Histogram latencyNs = new Histogram(HIGHEST_NS, 3);
    private final long[] intendedNs = new long[SLOTS];
    private final long[][] expected;
    private long offered;
    private long answered;
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
            offerNext(System.nanoTime());
            drainTo(SLOTS - 1);
        }
        drainTo(0);
    }

    /**
     * Sends for a time and waits for the last reply.
     *
     * @param durationNs   how long to send.
     * @param window       most requests under way.
     * @param requestsRate a second, or {@link #FULL_SPEED}.
     * @return what came of it; replaces the figures of an earlier call.
     */
    LoadResult measure(final long durationNs, final int window, final long requestsRate)
    {
        latencyNs.reset();
        commandsAnswered = 0;
        final long intervalNs = requestsRate == FULL_SPEED ? 0 : TimeUnit.SECONDS.toNanos(1) / requestsRate;
        final long startNs = System.nanoTime();
        long dueNs = startNs;
        long nowNs = startNs;
        while (nowNs - startNs < durationNs)
        {
            if (inFlight < window && (intervalNs == 0 || nowNs - dueNs >= 0))
            {
                offerNext(intervalNs == 0 ? nowNs : dueNs);
                dueNs += intervalNs;
            }
            else
            {
                session.poll();
            }
            nowNs = System.nanoTime();
        }
        drainTo(0);

        final double seconds = (System.nanoTime() - startNs) / (double)TimeUnit.SECONDS.toNanos(1);
        return new LoadResult(commandsAnswered, seconds, latencyNs.copy());
    }

    private void offerNext(final long intendedSendNs)
    {
        final int slot = (int)(offered & (SLOTS - 1));
        request.reset();
        workload.next(request, expected[slot]);
        intendedNs[slot] = intendedSendNs;
        while (session.offer(request, offered) == AsyncSession.BACK_PRESSURED)
        {
            session.poll();
        }
        offered++;
        inFlight++;
    }

    private void drainTo(final int most)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (inFlight > most)
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
        Workload.same("the number of the next reply", correlation, answered);
        latencyNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - intendedNs[slot]));
        workload.verify(reply, expected[slot]);
        commandsAnswered += reply.commandCount();
        answered++;
        inFlight--;
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

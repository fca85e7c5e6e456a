package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The thread behind a {@link QuipuClient}: takes the callers' requests and queries, and drives connection, session and driver.
 * <p>
 * It first yields, longer with something under way, then parks: briefly, or idle for up to 10 ms, and a caller wakes it.
 */
final class ClientAgent implements Runnable, EgressListener, ReplyHandler
{
    private static final int QUEUE_CAPACITY = 4096;
    /** About as long as a durable answer takes: a park is 50 us at the least. */
    private static final int MAX_BUSY_YIELDS = 500;
    /** About as long as a caller takes to come with its next call. */
    private static final int MAX_IDLE_YIELDS = 50;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_BUSY_PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long MAX_IDLE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long GOODBYE_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Supplier<QuipuException> CLOSED =
        () -> new QuipuException("the client is closed: nothing was sent");
    private static final Supplier<QuipuException> UNDELIVERED =
        () -> new QuipuException("the client was closed before the answer came: it may or may not have been applied");

    private final ClientContext context;
    private final MediaAccess media;
    private final EngineConnection connection;
    private final PendingQueries queries;
    private final ClientCounters counters = new ClientCounters();
    private final ManyToOneConcurrentArrayQueue<Call> handedOver = new ManyToOneConcurrentArrayQueue<>(QUEUE_CAPACITY);
    /** Taken from the queue, not yet by the session. */
    private final ArrayDeque<WriteCall> waiting = new ArrayDeque<>();
    /** Taken by the session, by correlation. */
    private final Long2ObjectHashMap<WriteCall> writes = new Long2ObjectHashMap<>();
    private final CountDownLatch firstConnection = new CountDownLatch(1);
    private final Thread thread;

    private ClientSession session;
    private long lastCorrelation;
    private int yields;
    private long parkNs = MIN_PARK_NS;

    private volatile boolean isParked;
    private volatile boolean isConnected;
    private volatile boolean isClosing;
    private volatile boolean isSessionEndWanted;
    /** Why the thread has ended; null as long as it has not. */
    private volatile Supplier<QuipuException> end;

    ClientAgent(final ClientContext context, final MediaAccess media)
    {
        this.context = context;
        this.media = media;
        final long nowNs = System.nanoTime();
        connection = new EngineConnection(media.aeron(), context, this, counters, nowNs);
        queries = new PendingQueries(connection, context.resendIntervalNs());
        session = new ClientSession(connection, context, context.sessionState(), this, counters, nowNs);
        thread = new Thread(this, "quipu-client");
        thread.setDaemon(true);
    }

    void start()
    {
        thread.start();
    }

    /** For any thread but this one: hands a call over; false when there is no room. */
    boolean handOver(final Call call)
    {
        if (Thread.currentThread() == thread)
        {
            throw new IllegalStateException("a listener must not wait for the client that called it");
        }
        if (isClosing || null != end)
        {
            call.fail(CLOSED);
            return true;
        }
        if (!handedOver.offer(call))
        {
            return false;
        }
        wake();
        if (null != end)
        {
            // It may have come too late to be seen.
            failQueued();
        }
        return true;
    }

    boolean awaitFirstConnection() throws InterruptedException
    {
        return firstConnection.await(context.connectTimeoutNs(), TimeUnit.NANOSECONDS) && null == end;
    }

    boolean isConnected()
    {
        return isConnected;
    }

    /** Why the last attempt failed, for a client that never was connected. */
    QuipuException unreachable()
    {
        return CLOSED == end || null == end ?
            Refusals.unreachable(context, connection, ResultCode.OK) : end.get();
    }

    /** Ends the session when all that it has taken has its outcome. */
    void endSession()
    {
        isSessionEndWanted = true;
        wake();
    }

    /** Ends the thread; waits for it. */
    void close()
    {
        isClosing = true;
        LockSupport.unpark(thread);
        boolean isInterrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread)
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run()
    {
        Supplier<QuipuException> reason = CLOSED;
        try
        {
            while (!isClosing)
            {
                idle(doWork());
            }
            sayGoodbye();
        }
        catch (final RuntimeException ex)
        {
            reason = () -> new QuipuException("the client has failed: " + ex, ex);
            context.errorHandler().onError(ex);
        }
        finally
        {
            end = reason;
            isConnected = false;
            failAll();
            firstConnection.countDown();
            CloseHelper.closeAll((error) -> context.errorHandler().onError(error), connection::close, media::drain, media);
        }
    }

    private int doWork()
    {
        final long nowNs = System.nanoTime();
        int work = takeCalls(nowNs);
        if (isSessionEndWanted)
        {
            // Whatever was handed over after the wish goes to the next session.
            isSessionEndWanted = false;
            session.close();
        }
        work += connection.doWork(nowNs);
        work += offerWaiting(nowNs);
        connection.gathering().onTurn(nowNs, session.hasUnderWay());
        work += session.doWork(nowNs);
        work += queries.doWork(nowNs);
        return work + media.invoke();
    }

    private int takeCalls(final long nowNs)
    {
        int work = 0;
        Call call;
        while (null != (call = handedOver.poll()))
        {
            if (call instanceof WriteCall write)
            {
                waiting.addLast(write);
            }
            else
            {
                queries.add((QueryCall)call, nowNs);
            }
            work++;
        }
        return work;
    }

    private int offerWaiting(final long nowNs)
    {
        int work = 0;
        WriteCall call;
        while (null != (call = waiting.peekFirst()))
        {
            if (call.beginTake())
            {
                final boolean isTaken = offer(call, nowNs);
                call.endTake(isTaken);
                if (!isTaken)
                {
                    return work;
                }
            }
            waiting.removeFirst();
            work++;
        }
        return work;
    }

    private boolean offer(final WriteCall call, final long nowNs)
    {
        if (session.isEnded())
        {
            session = new ClientSession(connection, context, null, this, counters, nowNs);
        }
        final long correlation = lastCorrelation + 1;
        if (session.offer(call.request(), correlation) <= 0)
        {
            return false;
        }
        lastCorrelation = correlation;
        writes.put(correlation, call);
        return true;
    }

    /** Waits briefly for what is under way, and ends the session that nobody else knows. */
    private void sayGoodbye()
    {
        final long deadlineNs = System.nanoTime() + GOODBYE_TIMEOUT_NS;
        boolean isLast = false;
        while (!(isLast && session.isEnded()) && connection.isConnected() && System.nanoTime() - deadlineNs < 0)
        {
            if (!isLast && waiting.isEmpty() && handedOver.isEmpty())
            {
                isLast = true;
                session.close();
            }
            idle(doWork());
        }
    }

    private void idle(final int work)
    {
        if (work > 0)
        {
            yields = 0;
            parkNs = MIN_PARK_NS;
            return;
        }
        final boolean isBusy = !writes.isEmpty() || queries.size() > 0 || !waiting.isEmpty();
        if (yields < (isBusy ? MAX_BUSY_YIELDS : MAX_IDLE_YIELDS))
        {
            yields++;
            Thread.yield();
            return;
        }
        parkNs = Math.min(2 * parkNs, isBusy ? MAX_BUSY_PARK_NS : MAX_IDLE_PARK_NS);
        isParked = true;
        if (handedOver.isEmpty() && !isClosing)
        {
            LockSupport.parkNanos(parkNs);
        }
        isParked = false;
    }

    private void wake()
    {
        if (isParked)
        {
            LockSupport.unpark(thread);
        }
    }

    private void failAll()
    {
        waiting.forEach((call) -> call.fail(end));
        writes.forEach((correlation, call) -> call.fail(UNDELIVERED));
        queries.failAll(end);
        failQueued();
    }

    private void failQueued()
    {
        synchronized (handedOver)
        {
            Call call;
            while (null != (call = handedOver.poll()))
            {
                call.fail(end);
            }
        }
    }

    @Override
    public void onConnected(final long nowNs)
    {
        isConnected = true;
        session.onConnected(nowNs);
        queries.onConnected(nowNs);
        firstConnection.countDown();
    }

    @Override
    public void onDisconnected()
    {
        isConnected = false;
        session.onDisconnected();
    }

    @Override
    public void onSessionAttached(
        final long correlationId,
        final long lastRequestSequence,
        final long sequence,
        final long attachment,
        final long nowNs)
    {
        session.onSessionAttached(correlationId, lastRequestSequence, sequence, attachment);
    }

    @Override
    public void onSessionClosed(final long correlationId)
    {
        session.onSessionClosed(correlationId);
    }

    @Override
    public void onReply(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        session.onReply(buffer, offset, length, nowNs);
    }

    @Override
    public void onQueryReply(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        queries.onQueryReply(buffer, offset, length);
    }

    @Override
    public void onRefused(
        final long correlationId,
        final long attachment,
        final long requestSequence,
        final ResultCode code,
        final long detail,
        final long nowNs)
    {
        if (0 != requestSequence)
        {
            if (session.isFor(attachment))
            {
                session.onRequestRefused(requestSequence, code, detail, nowNs);
            }
        }
        else if (!queries.onRefused(correlationId, code, detail, nowNs))
        {
            session.onControlRefused(correlationId, code, detail);
        }
    }

    @Override
    public void onReply(final long correlation, final Reply reply)
    {
        final WriteCall call = writes.remove(correlation);
        if (null != call)
        {
            call.reply(reply.copy());
        }
    }

    @Override
    public void onRefused(
        final long correlation, final long requestSequence, final ResultCode code, final long detail)
    {
        final WriteCall call = writes.remove(correlation);
        if (null != call)
        {
            final boolean isSessionOver = ResultCode.SESSION_EVICTED == code || ResultCode.ROLLED_BACK == code;
            call.fail(() -> isSessionOver ? Refusals.ended(code) : Refusals.refused("request", code, 0, detail));
        }
    }
}

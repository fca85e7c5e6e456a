package io.quipu.engine;

import io.quipu.engine.sequencer.IngressRing;
import io.quipu.engine.status.GaugeSnapshot;
import io.quipu.engine.status.StatusReporter;
import io.quipu.transport.EngineTransport;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;

/**
 * The other half of {@link Threads#SPLIT}: media driver, ingress, replies and feed on a thread of their own, joined to
 * the sequencer's by two Disruptor rings.
 * <pre>
 *   quipu-transport     driver, client, connections -> ingress poll, validate -> [ingress ring]
 *                       driver                      &lt;- replies, feed          &lt;- [result ring]
 *   quipu-sequencer     [ingress ring] -> admit, journal, apply               -> [result ring]
 * </pre>
 * From {@link #start()} to {@link #close()} the transport belongs to this thread; before and after, to the caller's.
 * What it throws is kept in {@link #failure()}, and ends it.
 */
final class TransportThread implements AutoCloseable
{
    private static final int FRAGMENT_LIMIT = 64;
    private static final long SNAPSHOT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EngineTransport transport;
    private final IngressRing ring;
    private final EngineCore core;
    private final StatusReporter.GaugeSource source;
    private final GaugeSnapshot snapshot;
    private final IdleStrategy idle;
    private final Thread thread = new Thread(this::run, "quipu-transport");

    private volatile boolean isRunning = true;
    private volatile Exception failure;

    TransportThread(
        final EngineTransport transport,
        final IngressRing ring,
        final EngineCore core,
        final StatusReporter.GaugeSource source,
        final GaugeSnapshot snapshot,
        final IdleStrategy idle)
    {
        this.transport = transport;
        this.ring = ring;
        this.core = core;
        this.source = source;
        this.snapshot = snapshot;
        this.idle = idle;
        thread.setDaemon(true);
    }

    Thread thread()
    {
        return thread;
    }

    void start()
    {
        snapshot.take(source);
        thread.start();
    }

    /** Why it ended, or null while all is well. Any thread. */
    Exception failure()
    {
        return failure;
    }

    private void run()
    {
        try
        {
            long nextSnapshotNs = System.nanoTime() + SNAPSHOT_NS;
            while (isRunning)
            {
                idle.idle(doWork());
                final long nowNs = System.nanoTime();
                if (nowNs - nextSnapshotNs >= 0)
                {
                    nextSnapshotNs = nowNs + SNAPSHOT_NS;
                    snapshot.take(source);
                }
            }
        }
        catch (final Exception ex)
        {
            failure = ex;
        }
        catch (final Error ex)
        {
            failure = new IllegalStateException("the transport's thread ended: " + ex, ex);
            throw ex;
        }
    }

    private int doWork() throws Exception
    {
        int work = transport.doWork();
        ring.tellClosed();
        work += transport.ingress().poll(ring, FRAGMENT_LIMIT);
        return work + core.publish();
    }

    /** Ends the thread and waits for it. Idempotent. */
    @Override
    public void close()
    {
        isRunning = false;
        ThreadEnd.await(thread, ThreadEnd.NO_TIMEOUT);
    }
}

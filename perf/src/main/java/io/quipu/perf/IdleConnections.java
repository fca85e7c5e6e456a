package io.quipu.perf;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Target o: what connections that are kept but say nothing cost the one that speaks. Measured alone, beside 127,
 * alone again.
 */
final class IdleConnections
{
    private static final int IDLE = 127;
    private static final double MOST = 1.5;

    private final BenchPlan plan;

    IdleConnections(final BenchPlan plan)
    {
        this.plan = plan;
    }

    Outcome measure() throws IOException
    {
        final long roundNs = plan.roundNs();
        final BenchTarget target = BenchTarget.O;
        try (LoadedEngine loaded = LoadedEngine.open(plan, target))
        {
            final LoadResult before = loaded.load(roundNs);
            final LoadResult beside;
            try (Crowd crowd = new Crowd(loaded.engine()))
            {
                crowd.await();
                beside = loaded.load(roundNs);
            }
            final LoadResult after = loaded.load(roundNs);
            final double alone = (before.latencyUs(50) + after.latencyUs(50)) / 2;
            return plan.outcome(target)
                .figure(Figure.atMost("p50 to p50 alone", beside.latencyUs(50) / alone, "", MOST))
                .figure(Figure.of("p50", beside.latencyUs(50), "us"))
                .figure(Figure.of("p50 alone", alone, "us"))
                .figure(Figure.of("p99", beside.latencyUs(99), "us"))
                .figure(Figure.of("p99 alone", (before.latencyUs(99) + after.latencyUs(99)) / 2, "us"))
                .condition("idleConnections", IDLE)
                .condition("engineIdle", "spin")
                .condition("verified", "every reply, and " + loaded.verify() + " values read back")
                .histogram("o alone", before.latencyNs())
                .histogram("o beside " + IDLE, beside.latencyNs());
        }
    }

    /** Connections that only keep themselves alive, on a thread that sleeps most of the time. */
    private static final class Crowd implements AutoCloseable, ReplyHandler
    {
        private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
        private static final long JOIN_MS = TimeUnit.SECONDS.toMillis(30);

        private final CountDownLatch connected = new CountDownLatch(IDLE);
        private final EngineUnderTest engine;
        private final Thread thread = new Thread(this::run, "idle-connections");
        private volatile boolean isClosed;

        Crowd(final EngineUnderTest engine)
        {
            this.engine = engine;
            thread.setDaemon(true);
            thread.start();
        }

        void await() throws IOException
        {
            try
            {
                if (!connected.await(JOIN_MS, TimeUnit.MILLISECONDS))
                {
                    throw new IOException(connected.getCount() + " idle connections were not made");
                }
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }

        private void run()
        {
            final List<AsyncSession> sessions = new ArrayList<>();
            try (SharedDriver driver = new SharedDriver())
            {
                while (!isClosed)
                {
                    if (sessions.size() < IDLE)
                    {
                        sessions.add(AsyncSession.connect(driver.client(engine.client()), this));
                        connected.countDown();
                    }
                    else
                    {
                        sessions.forEach(AsyncSession::poll);
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                }
                sessions.forEach(AsyncSession::close);
            }
        }

        @Override
        public void onReply(final long correlation, final Reply reply)
        {
            throw new IllegalStateException("a reply to nothing: " + reply);
        }

        @Override
        public void onRefused(
            final long correlation, final long requestSequence, final ResultCode code, final long detail)
        {
            throw new IllegalStateException("a refusal of nothing: " + code);
        }

        @Override
        public void close() throws IOException
        {
            isClosed = true;
            try
            {
                thread.join(JOIN_MS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }
    }
}

package io.quipu.engine;

import io.quipu.engine.checkpoint.Shadow;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.sequencer.IngressRing;
import io.quipu.engine.state.StateMachine;
import io.quipu.engine.status.GaugeSnapshot;
import io.quipu.engine.status.StatusReporter;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.ScanResult;
import io.quipu.transport.EngineProgress;
import io.quipu.transport.EngineTransport;
import io.quipu.transport.TransportContext;
import org.agrona.CloseHelper;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An {@link EngineCore} with Aeron, Chronicle and threads around it: the parts in the order in which they are opened,
 * and the duty cycle over them. Everything here happens on one thread, the sequencer's, since a journal's appender is
 * bound to its thread: {@link #start()}, then turns, then one of the two ends, then {@link #close()}.
 * <pre>
 *   start   directory, lock | ports | scan, replay, judge, repair | epoch record | ring, syncer, stages | ready
 *   turn    transport | core.sequence() | core.publish()      compact
 *                       core.sequence()                       split, see {@link TransportThread}
 * </pre>
 * Ports are bound before the journal is read, and served after it: so a port in use is known before anything can
 * change.
 */
final class EngineRun implements EngineProgress, AutoCloseable
{
    /** Of {@link Threads#SPLIT}. */
    private static final int SPINNING_THREADS = 2;
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FLUSH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    private final EngineContext context;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private EngineTransport transport;
    private EngineCore core;
    private Syncer syncer;
    /** Null where there is none. */
    private Shadow shadow;
    /** Runs the reply stage; the syncer wakes it. */
    private volatile Thread replyThread;
    private TransportThread transportThread;
    private String readyLine;

    /** What clients are told, as it stood at the end of the last turn: in split another thread asks. */
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger maxRequestCommands = new AtomicInteger();
    private volatile int epoch;

    EngineRun(final EngineContext context)
    {
        this.context = context;
    }

    /**
     * Opens everything.
     *
     * @throws RuntimeException of the part that failed; what was opened is still to be closed.
     */
    void start() throws IOException
    {
        Files.createDirectories(context.dir());
        final Journal journal = Journal.open(journalContext());
        opened.push(() -> close(journal));
        transport = EngineTransport.launch(transportContext());
        opened.push(transport);
        HugePages.install();
        if (null == context.checkpointStore() && null == context.journalStore())
        {
            context.checkpointStore(new FileCheckpointStore(context.dir(), context.crashPoint()));
        }
        if (null != context.checkpointStore())
        {
            opened.push(context.checkpointStore());
        }
        core = new EngineCore(context, journal);
        opened.push(core);

        final long startNs = System.nanoTime();
        final ScanResult found = core.recover();
        logRecovered(journal, found, System.nanoTime() - startNs);
        assemble(journal);
        if (journal.givenUpTo() > 0)
        {
            context.log().accept("a repair gave up entries " + (core.state().sequence() + 1) + " to " + journal.givenUpTo() +
                ": clients that were acknowledged more than is left are told ROLLED_BACK");
        }
        final StateMachine state = core.state();
        readyLine = "ready ingress=" + transport.ingressAddress() + " feed=" + transport.feedChannel() +
            " dir=" + context.dir() + " sequence=" + state.sequence() +
            " digest=" + DigestText.of(state.digest().high(), state.digest().low());
    }

    private void assemble(final Journal journal)
    {
        final boolean isSplit = Threads.SPLIT == context.threads();
        final IngressRing ingressRing = isSplit ? new IngressRing() : null;
        final GaugeSnapshot snapshot = new GaugeSnapshot();
        replyThread = Thread.currentThread();
        core.start(new EngineSeams(
            context.ingressDecorator().apply(isSplit ? ingressRing : transport.ingress()),
            context.egressDecorator().apply(transport.egress()),
            context.feedDecorator().apply(transport.feed()),
            journal.store()::freeBytes,
            () -> LockSupport.unpark(replyThread),
            isSplit ? snapshot : this::publishingGauges));
        syncer = core.syncer();
        opened.push(syncer);
        epoch = core.epoch();
        publishProgress();

        syncer.start();
        startShadow();
        if (isSplit)
        {
            warnOfFewCores();
            transportThread = new TransportThread(
                transport, ingressRing, core, this::publishingGauges, snapshot, context.idle().strategy());
            opened.push(transportThread);
            transportThread.start();
            replyThread = transportThread.thread();
        }
    }

    /** It reads the journal's files for itself; where the journal is elsewhere there is no shadow. */
    private void startShadow()
    {
        if (context.shadow() && null != core.checkpoints() && null == context.journalStore())
        {
            shadow = new Shadow(
                core.checkpoints(),
                journalContext().conclude().store(),
                syncer::durableSequence,
                context.checkpointBytes(),
                core::hasRoom,
                context.log());
            opened.push(shadow);
            shadow.start();
        }
    }

    /** Two threads that spin, and clients that want a core too: on fewer, each waits for the scheduler's slices. */
    private void warnOfFewCores()
    {
        final int cores = Runtime.getRuntime().availableProcessors();
        if (Idle.SPIN == context.idle() && cores <= SPINNING_THREADS)
        {
            context.log().accept("threads=split idle=spin on " + cores + " cores: they leave none to clients on this " +
                "machine, nor to the journal's threads; compact is faster here");
        }
    }

    /** Figures of what publishes and of the transport; on the thread that these run on. */
    private void publishingGauges(final StatusReporter.GaugeSink sink)
    {
        core.publishingGauges(sink);
        if (null != shadow)
        {
            sink.onGauge("shadowLag", shadow.lag());
            sink.onGauge("shadowStateBytes", shadow.stateBytes());
            sink.onGauge("checkpointSequence", shadow.checkpointSequence());
            sink.onGauge("checkpointBytes", shadow.checkpointBytes());
            sink.onGauge("checkpointNs", shadow.checkpointNs());
        }
        transport.gauges(sink);
    }

    private JournalContext journalContext()
    {
        return new JournalContext()
            .directory(context.dir())
            .engineVersion(EngineVersion.version())
            .rollLength(context.rollLength())
            .store(context.journalStore())
            .lock(context.directoryLock())
            .crashPoint(context.crashPoint());
    }

    private TransportContext transportContext()
    {
        return new TransportContext()
            .directory(context.dir())
            .ingress(context.ingress())
            .feed(context.feed())
            .allowUnauthenticated(context.allowUnauthenticated())
            .nanoClock(context.clock()::monotonicNs)
            .progress(this)
            .log(context.log());
    }

    private void logRecovered(final Journal journal, final ScanResult found, final long tookNs)
    {
        context.log().accept(
            "recovered verdict=" + journal.verdict() +
            " checkpoint=" + core.recoveredCheckpoint() +
            " records=" + core.recoveredRecords() +
            " sequence=" + core.state().sequence() +
            " ms=" + TimeUnit.NANOSECONDS.toMillis(tookNs) + (found.damage() == null ? "" : " " + found.describe()));
    }

    /**
     * One turn of the duty cycle.
     *
     * @return work done; 0 when there was nothing to do.
     */
    int doWork() throws Exception
    {
        final int work;
        if (null == transportThread)
        {
            work = transport.doWork() + core.sequence() + core.publish();
        }
        else
        {
            checkTransportThread();
            work = core.sequence();
        }

        checkShadow();
        publishProgress();
        return work;
    }

    private void checkTransportThread() throws Exception
    {
        final Exception failure = transportThread.failure();
        if (null != failure)
        {
            throw failure;
        }
    }

    private void checkShadow()
    {
        final RuntimeException failure = null == shadow ? null : shadow.failure();
        if (null != failure)
        {
            throw failure;
        }
    }

    private void publishProgress()
    {
        final StateMachine state = core.state();
        final long now = state.sequence();
        if (now != sequence.getPlain())
        {
            sequence.lazySet(now);
        }

        final int commands = state.limits().requestCommands();
        if (commands != maxRequestCommands.getPlain())
        {
            maxRequestCommands.lazySet(commands);
        }
    }

    /**
     * Ends in order: takes nothing new in, answers what is journaled when it has reached the level asked for, syncs,
     * however long the disk takes for that within {@link EngineContext#syncTimeoutNs()}: what is acknowledged is
     * durable when this returns.
     */
    void shutDown() throws Exception
    {
        core.shutDown();
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        do
        {
            syncer.wake();
            doWork();
        }
        while (!core.isDrained() && (!core.isDurable() || System.nanoTime() - deadlineNs < 0));

        if (null != transportThread)
        {
            transportThread.close();
        }
        transport.flush(FLUSH_TIMEOUT_NS);
        if (null != shadow)
        {
            shadow.close();
            checkShadow();
        }
        core.checkpoint();
        context.log().accept("stopped sequence=" + core.state().sequence() + " durable=" + syncer.durableSequence());
    }

    String readyLine()
    {
        return readyLine;
    }

    String ingressAddress()
    {
        return transport.ingressAddress();
    }

    String feedChannel()
    {
        return transport.feedChannel();
    }

    @Override
    public long sequence()
    {
        return sequence.get();
    }

    @Override
    public long durableSequence()
    {
        return null == syncer ? 0 : syncer.durableSequence();
    }

    @Override
    public int epoch()
    {
        return epoch;
    }

    @Override
    public int maxRequestCommands()
    {
        return maxRequestCommands.get();
    }

    /** Closes everything opened, the last first. */
    @Override
    public void close()
    {
        try
        {
            CloseHelper.closeAll(opened);
        }
        finally
        {
            opened.clear();
        }
    }

    /** Not under the hands of a sync that hangs: the kernel takes files and lock back when the process ends. */
    private void close(final Journal journal)
    {
        if (null == syncer || syncer.isEnded())
        {
            journal.close();
        }
        else
        {
            context.log().accept("a sync is still under way: files and lock go with the process");
        }
    }
}

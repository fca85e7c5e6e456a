package io.quipu.engine;

import io.quipu.engine.publish.FeedStage;
import io.quipu.engine.publish.FeedViews;
import io.quipu.engine.publish.ReplyStage;
import io.quipu.engine.publish.ResultRing;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.recovery.Recovery;
import io.quipu.engine.sequencer.EngineTime;
import io.quipu.engine.sequencer.IngressRing;
import io.quipu.engine.sequencer.Sequencer;
import io.quipu.engine.sequencer.SequencerContext;
import io.quipu.engine.state.StateMachine;
import io.quipu.engine.status.GaugeSnapshot;
import io.quipu.engine.status.StatusReporter;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalContext;
import io.quipu.journal.ScanResult;
import io.quipu.transport.EngineProgress;
import io.quipu.transport.EngineTransport;
import io.quipu.transport.Feed;
import io.quipu.transport.TransportContext;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The parts of one engine, in the order in which they are opened, and the duty cycle over them. Everything here
 * happens on one thread, the sequencer's, since a journal's appender is bound to its thread: {@link #start()}, then
 * turns, then one of the two ends, then {@link #close()}.
 * <pre>
 *   start   directory, lock | ports | scan, replay, judge, repair | epoch record | ring, syncer, stages | ready
 *   turn    transport | sequencer | views | replies | feed | status               compact
 *                       sequencer | views | status                                split, see {@link TransportThread}
 * </pre>
 * Ports are bound before the journal is read, and served after it: so a port in use is known before anything can
 * change.
 */
final class EngineRun implements EngineProgress, AutoCloseable
{
    private static final int RING_CAPACITY = 32 * 1024;
    private static final int ARENA_CAPACITY = 16 * 1024 * 1024;
    /** Of {@link Threads#SPLIT}. */
    private static final int SPINNING_THREADS = 2;
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FLUSH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    private final EngineContext context;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private StateMachine state;
    private EngineTransport transport;
    private JournalAppender appender;
    private ResultRing ring;
    private Syncer syncer;
    private Sequencer sequencer;
    /** Runs the reply stage; the syncer wakes it. */
    private volatile Thread replyThread;
    private TransportThread transportThread;
    private Agent[] agents = {};
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
        opened.push(journal);
        transport = EngineTransport.launch(transportContext());
        opened.push(transport);
        HugePages.install();
        state = new StateMachine();
        opened.push(state);

        final Recovery recovery =
            new Recovery(state, context.clock(), context.acceptClock(), context.recoveryProgress());
        final long startNs = System.nanoTime();
        final ScanResult found = recovery.run(journal);
        logRecovered(journal, found, recovery.records(), System.nanoTime() - startNs);

        final EngineTime time = new EngineTime(context.clock(), recovery.timeNs());
        appender = journal.startEpoch(time.nowNs(), state.digest().high(), state.digest().low());
        assemble(journal, time);
        readyLine = "ready ingress=" + transport.ingressAddress() + " feed=" + transport.feedChannel() +
            " dir=" + context.dir() + " sequence=" + state.sequence() +
            " digest=" + DigestText.of(state.digest().high(), state.digest().low());
    }

    private void assemble(final Journal journal, final EngineTime time)
    {
        ring = new ResultRing(RING_CAPACITY, ARENA_CAPACITY);
        replyThread = Thread.currentThread();
        syncer = new Syncer(
            ring,
            journal::sync,
            () -> LockSupport.unpark(replyThread),
            this::usableSpace,
            context.syncIntervalNs(),
            state.sequence());
        opened.push(syncer);

        epoch = appender.epoch();
        publishProgress();
        final boolean isSplit = Threads.SPLIT == context.threads();
        final IngressRing ingressRing = isSplit ? new IngressRing() : null;
        final StatusReporter status = new StatusReporter(context.clock(), state);
        sequencer = new Sequencer(new SequencerContext(
            context.ingressDecorator().apply(isSplit ? ingressRing : transport.ingress()),
            appender,
            state,
            ring,
            syncer,
            time,
            status,
            context.defaultAck(),
            context.freeBytesFloor(),
            context.crashPoint()));
        final ReplyStage replies = new ReplyStage(
            context.clock(),
            ring,
            syncer,
            context.egressDecorator().apply(transport.egress()),
            epoch,
            context.crashPoint());
        final Feed feed = context.feedDecorator().apply(transport.feed());
        final FeedViews views = new FeedViews(
            context.clock(), feed, ring, state, epoch, syncer::durableSequence, context.feedCounters());
        final FeedStage feedStage = new FeedStage(ring, feed);
        final StatusReporter.GaugeSource gauges = (sink) -> publishingGauges(sink, replies, feedStage);
        final GaugeSnapshot snapshot = new GaugeSnapshot();
        final long recoveredBytes = journal.recovered().bytes();
        status.observe(
            sequencer,
            syncer,
            views,
            isSplit ? snapshot : gauges,
            () -> recoveredBytes + sequencer.counts().journalBytes());

        syncer.start();
        if (isSplit)
        {
            warnOfFewCores();
            agents = new Agent[]{ sequencer, views, status };
            transportThread = new TransportThread(
                transport, ingressRing, replies, feedStage, gauges, snapshot, context.idle().strategy());
            opened.push(transportThread);
            transportThread.start();
            replyThread = transportThread.thread();
        }
        else
        {
            agents = new Agent[]{ sequencer, views, replies, feedStage, status };
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
    private void publishingGauges(
        final StatusReporter.GaugeSink sink, final ReplyStage replies, final FeedStage feedStage)
    {
        sink.onGauge("repliesSent", replies.sentCount());
        sink.onGauge("repliesDropped", replies.droppedCount());
        sink.onGauge("feedSent", feedStage.sentCount());
        sink.onGauge("feedDropped", feedStage.droppedCount());
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

    private long usableSpace()
    {
        try
        {
            final Path dir = context.dir();
            return Files.getFileStore(dir).getUsableSpace();
        }
        catch (final IOException ex)
        {
            return Long.MAX_VALUE;
        }
    }

    private void logRecovered(final Journal journal, final ScanResult found, final long records, final long tookNs)
    {
        context.log().accept(
            "recovered verdict=" + journal.verdict() + " records=" + records + " sequence=" + state.sequence() +
            " ms=" + TimeUnit.NANOSECONDS.toMillis(tookNs) + (found.damage() == null ? "" : " " + found.describe()));
    }

    /**
     * One turn of the duty cycle.
     *
     * @return work done; 0 when there was nothing to do.
     */
    int doWork() throws Exception
    {
        if (null != syncer.failure())
        {
            throw syncer.failure();
        }

        int work = null == transportThread ? transport.doWork() : checkTransportThread();
        for (final Agent agent : agents)
        {
            work += agent.doWork();
        }

        publishProgress();
        return work;
    }

    private int checkTransportThread() throws Exception
    {
        final Exception failure = transportThread.failure();
        if (null != failure)
        {
            throw failure;
        }
        return 0;
    }

    private void publishProgress()
    {
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
     * Ends in order: takes nothing new in, answers what is journaled when it has reached the level asked for, syncs.
     */
    void shutDown() throws Exception
    {
        sequencer.shutDown();
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_NS;
        do
        {
            syncer.wake();
            doWork();
        }
        while (!(ring.isDrained() && syncer.isIdle()) && System.nanoTime() - deadlineNs < 0);

        if (null != transportThread)
        {
            transportThread.close();
        }
        transport.flush(FLUSH_TIMEOUT_NS);
        context.log().accept("stopped sequence=" + state.sequence() + " durable=" + syncer.durableSequence());
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
        CloseHelper.closeAll(opened);
        opened.clear();
    }
}

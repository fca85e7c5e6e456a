package io.quipu.engine;

import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.engine.publish.DiskRoom;
import io.quipu.engine.publish.FeedStage;
import io.quipu.engine.publish.FeedViews;
import io.quipu.engine.publish.ReplyStage;
import io.quipu.engine.publish.ResultRing;
import io.quipu.engine.publish.SyncWatch;
import io.quipu.engine.publish.Syncer;
import io.quipu.engine.recovery.Recovery;
import io.quipu.engine.sequencer.EngineTime;
import io.quipu.engine.sequencer.Sequencer;
import io.quipu.engine.sequencer.SequencerContext;
import io.quipu.engine.state.StateMachine;
import io.quipu.engine.status.StatusReporter;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalAppender;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

import java.util.concurrent.TimeUnit;

/**
 * All of an engine between its seams: recovery, sequencer, state, ring, syncer, stages. It has no thread, no network
 * and no clock of its own: whoever holds it makes it go, step by step. {@link EngineRun} does so with threads and
 * Aeron, the simulator of the tests with one thread and virtual time.
 * <pre>
 *   recover()     scan, replay, judge, repair                              once, first
 *   start()       epoch record; sequencer, ring, syncer, stages            once
 *   sequence()    poll, journal, apply; queries, views, status             again and again, one thread: "sequencer"
 *   publish()     replies, feed                                            again and again, one thread, also the same
 *   syncer()      {@link Syncer#turn()}, or a thread of its own            again and again, one thread, also the same
 *   close()       frees the state; the journal is its owner's to close
 * </pre>
 */
public final class EngineCore implements AutoCloseable
{
    private final EngineContext context;
    private final Journal journal;
    private final Checkpoints checkpoints;
    private final Recovery recovery;

    private StateMachine state;

    private int epoch;
    private ResultRing ring;
    private Syncer syncer;
    private EngineTime time;
    private JournalAppender appender;
    private SyncWatch syncWatch;
    private Sequencer sequencer;
    private FeedViews views;
    private StatusReporter status;
    private ReplyStage replies;
    private FeedStage feedStage;

    /**
     * @param context clock, crash points and settings; its network, directory and threads mean nothing here.
     * @param journal locked, not yet recovered; stays its owner's.
     */
    public EngineCore(final EngineContext context, final Journal journal)
    {
        this.context = context;
        this.journal = journal;
        checkpoints = context.checkpointStore() == null ?
            null :
            new Checkpoints(context.checkpointStore(), context.log()).whileRoom(this::hasRoom);
        if (checkpoints != null && context.retainBytes() < EngineContext.RETAIN_ALL)
        {
            checkpoints.onCovered(this::removeBefore);
        }
        recovery =
            new Recovery(checkpoints, context.clock(), context.acceptClock(), context.recoveryProgress());
    }

    /**
     * Brings the state to where the journal ends.
     *
     * @return what was found.
     * @throws io.quipu.journal.JournalException with the verdict that refuses the start; nothing was changed then.
     */
    public ScanResult recover()
    {
        final ScanResult found = recovery.run(journal);
        state = recovery.state();
        return found;
    }

    /** Sequence of the checkpoint that {@link #recover()} began with, 0 for none. */
    public long recoveredCheckpoint()
    {
        return recovery.checkpointSequence();
    }

    /** Records that {@link #recover()} applied. */
    public long recoveredRecords()
    {
        return recovery.records();
    }

    /**
     * Begins a new epoch and joins everything; from here on frames are taken in by {@link #sequence()}.
     *
     * @param seams open.
     */
    public void start(final EngineSeams seams)
    {
        final Clock clock = context.clock();
        time = new EngineTime(clock, recovery.timeNs());
        appender = journal.startEpoch(time.nowNs(), state.digest().high(), state.digest().low());
        epoch = appender.epoch();

        ring = new ResultRing(context.ringCapacity(), context.arenaCapacity());
        final DiskRoom diskRoom =
            new DiskRoom(clock, seams.freeBytes(), journal.store()::isShort, context.freeBytesFloor());
        syncer = new Syncer(
            clock,
            ring,
            journal::sync,
            seams.onDurable(),
            diskRoom,
            context.syncIntervalNs(),
            state.sequence());
        syncWatch = new SyncWatch(clock, syncer, context.syncTimeoutNs());
        status = new StatusReporter(clock, state);
        sequencer = new Sequencer(new SequencerContext(
            seams.ingress(),
            appender,
            state,
            ring,
            syncer,
            time,
            status,
            context.defaultAck(),
            diskRoom,
            context.crashPoint()));
        replies = new ReplyStage(clock, ring, syncer, seams.egress(), epoch, context.crashPoint());
        views = new FeedViews(
            clock, seams.feed(), ring, state, epoch, syncer::durableSequence, context.feedCounters());
        feedStage = new FeedStage(ring, seams.feed());
        final long recoveredBytes = journal.recovered().bytes();
        status.observe(
            sequencer,
            syncer,
            diskRoom,
            views,
            seams.gauges(),
            () -> recoveredBytes + sequencer.counts().journalBytes());
    }

    /**
     * A turn of the sequencer: what came in is journaled, applied and handed to the stages.
     *
     * @return work done; 0 when there was nothing to do.
     */
    public int sequence()
    {
        checkSyncer();
        syncWatch.check();
        return sequencer.doWork() + views.doWork() + status.doWork();
    }

    /**
     * A turn of the stages: replies whose ack level is reached leave, and the feed. Nothing leaves once a sync has
     * failed.
     *
     * @return work done; 0 when there was nothing to do.
     */
    public int publish() throws Exception
    {
        checkSyncer();
        return replies.doWork() + feedStage.doWork();
    }

    private void checkSyncer()
    {
        final RuntimeException failure = syncer.failure();
        if (null != failure)
        {
            throw failure;
        }
    }

    /** From now on nothing new is taken in; what is journaled is still answered. */
    public void shutDown()
    {
        sequencer.shutDown();
    }

    /** Whether all that was published has left or was dropped, and all that was appended is durable. */
    public boolean isDrained()
    {
        return ring.isDrained() && syncer.isIdle();
    }

    /**
     * Writes a checkpoint of the state as it stands, at an orderly end: nothing is taken in any more. Where none can be written,
     * a line says why; the journal has everything.
     *
     * @throws JournalException {@link Verdict#DIVERGED} when the state's memory was altered.
     */
    public void checkpoint()
    {
        final long durableSequence = syncer.durableSequence();
        if (checkpoints == null)
        {
            return;
        }
        if (durableSequence < state.sequence())
        {
            context.log().accept("no checkpoint at sequence " + state.sequence() + ": durable is only " + durableSequence);
            return;
        }

        final long startNs = System.nanoTime();
        try
        {
            if (checkpoints.proven() == state.sequence())
            {
                context.log().accept("no checkpoint: nothing new since the one at sequence " + state.sequence());
                return;
            }
            if (!hasRoom(state.bytes()))
            {
                context.log().accept("no checkpoint at sequence " + state.sequence() + ": too little room on the disk");
                return;
            }
            final long bytes = checkpoints.save(state, place(), durableSequence);
            context.log().accept(
                "checkpoint sequence=" + state.sequence() + " bytes=" + bytes +
                " ms=" + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        }
        catch (final JournalException ex)
        {
            if (ex.verdict() != Verdict.IO_FAULT && ex.verdict() != Verdict.LOCKED)
            {
                throw ex;
            }
            context.log().accept("no checkpoint at sequence " + state.sequence() + ": " + ex.getMessage());
            return;
        }
        checkpoints.releaseJournal();
    }

    /** Whether so many bytes more leave the disk above its floor. */
    boolean hasRoom(final long bytes)
    {
        return journal.store().freeBytes() - bytes > context.freeBytesFloor();
    }

    /** On the thread that made a checkpoint: what the kept ones cover goes, as far as it is not to be retained. */
    private void removeBefore(final int cycle)
    {
        final int removed = journal.removeBefore(cycle, context.retainBytes());
        if (removed > 0)
        {
            context.log().accept("removed " + removed + " journal files that checkpoints cover; the first one is now " +
                journal.store().name(journal.store().cycles()[0]));
        }
    }

    /** The last record, which a start looks for in its cycle. */
    private JournalPlace place()
    {
        return new JournalPlace(
            state.sequence(),
            appender.chain(),
            epoch,
            time.nowNs(),
            journal.journalIdHigh(),
            journal.journalIdLow(),
            journal.store().cycle(),
            0,
            0,
            journal.recovered().records() + 1 + sequencer.counts().records(),
            journal.recovered().bytes() + sequencer.counts().journalBytes());
    }

    /** The checkpoints, null where there is no store for them. */
    public Checkpoints checkpoints()
    {
        return checkpoints;
    }

    /** Whether all that was appended survives a loss of power. */
    public boolean isDurable()
    {
        return syncer.isDurable();
    }

    /** Figures of the stages, for the thread that runs {@link #publish()}. */
    public void publishingGauges(final StatusReporter.GaugeSink sink)
    {
        sink.onGauge("repliesSent", replies.sentCount());
        sink.onGauge("repliesDropped", replies.droppedCount());
        sink.onGauge("feedSent", feedStage.sentCount());
        sink.onGauge("feedDropped", feedStage.droppedCount());
    }

    /** The state; for the sequencer's thread alone. Null before {@link #recover}. */
    public StateMachine state()
    {
        return state;
    }

    /** Null before {@link #start}. */
    public Syncer syncer()
    {
        return syncer;
    }

    /** 0 before {@link #start}. */
    public int epoch()
    {
        return epoch;
    }

    /** Frees the state's memory. Its syncer's thread, where it has one, must have ended. */
    @Override
    public void close()
    {
        recovery.close();
    }
}

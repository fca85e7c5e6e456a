package io.quipu.engine.sim;

import java.util.Random;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineCore;
import io.quipu.engine.EngineSeams;
import io.quipu.engine.checkpoint.Shadow;
import io.quipu.engine.sequencer.IngressRing;
import io.quipu.journal.DirectoryLock;
import io.quipu.journal.DirectoryLockedException;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;
import io.quipu.transport.Ingress;

/**
 * One life of an engine's process: the shipped {@link EngineCore}, stepped, on the stores and the lock of that life.
 * It ends by {@link #kill}, at whatever store or crash point is next; by a failure of its own; or in order.
 * <p>
 * The steps of an engine with threads can meet in any order. Here the dice say which comes next; and while a sync is
 * under way the sequencer may take turns in the middle of it.
 */
final class SimProcess implements DirectoryLock, AutoCloseable
{
    private static final int ROLL_LENGTH_UNIT = 128 * 1024;
    /** A run is short: the superblock is owed this many times as often. */
    private static final long SUPERBLOCK_SCALE = 50;
    private static final int RING_CAPACITY = 64;
    private static final int ARENA_CAPACITY = 1 << 19;
    private static final long CHECKPOINT_BYTES = 16 * 1024;
    private static final int MAX_RETAINED_BYTES = 32 * 1024;
    private static final int SHADOW_EVERY = 20;
    private static final int MAX_SLOW_TURNS = 600;
    private static final long FLOOR = 1 << 20;
    private static final long PLENTY = 1L << 40;

    private final Simulation simulation;
    private final Oracle oracle;
    private final Random random;
    private final SimDisk disk;
    private final boolean isSplit;
    private final IngressRing ingressRing;
    private final Ingress network;

    private Journal journal;
    private EngineCore core;
    private Shadow shadow;
    private boolean holdsLock;
    /** Turns that the sync under way still takes. */
    private int slowTurns;
    private boolean isSyncerTurn;
    private boolean isSyncFailing;
    private boolean isAppendFailing;
    private boolean isReadFailing;
    private boolean isCheckpointFailing;
    private Exception failureMeanwhile;

    /** Steps left to live; below 0: nobody has this in mind. */
    private int stepsToKill = -1;
    private boolean isDead;
    private boolean isFailed;

    SimProcess(final Simulation simulation, final Random random)
    {
        this.simulation = simulation;
        this.random = random;
        oracle = simulation.oracle();
        disk = simulation.disk();
        network = simulation.network();
        isSplit = random.nextBoolean();
        ingressRing = isSplit ? new IngressRing() : null;
    }

    /**
     * Recovers, judges, begins an epoch.
     *
     * @throws JournalException when it must not start.
     */
    void start(final boolean acceptClock)
    {
        final EngineContext context = new EngineContext()
            .clock(simulation.clock())
            .acceptClock(acceptClock)
            .crashPoint(this::step)
            .freeBytesFloor(FLOOR)
            .checkpointStore(new SimCheckpointStore(this, disk))
            .retainBytes(simulation.removesFiles() ? random.nextInt(MAX_RETAINED_BYTES) : EngineContext.RETAIN_ALL)
            .log((line) -> { })
            .ring(RING_CAPACITY, ARENA_CAPACITY);
        journal = Journal.open(new JournalContext()
            .store(new SimJournalStore(this, disk))
            .superblockStore(new SimSuperblockStore(this, disk))
            .nanoClock(() -> SUPERBLOCK_SCALE * simulation.nowNs())
            .lock(this)
            .rollLength((1L + random.nextInt(8)) * ROLL_LENGTH_UNIT)
            .engineVersion("simulated")
            .crashPoint(this::step)
            .journalIds(() -> new long[]{ random.nextLong(), random.nextLong() }));
        core = new EngineCore(context, journal);
        final ScanResult found = core.recover();
        simulation.onRecovered(core.state(), found);
        core.start(new EngineSeams(
            isSplit ? ingressRing : network,
            simulation.network(),
            simulation.feed(),
            () -> simulation.isDiskFull() ? FLOOR - 1 : PLENTY,
            () -> { },
            (sink) -> { }));
        shadow = new Shadow(
            core.checkpoints(),
            new SimJournalStore(this, disk),
            core.syncer()::durableSequence,
            CHECKPOINT_BYTES,
            (bytes) -> true,
            (line) -> { });
        oracle.onStarted();
        simulation.network().onEngineUp();
    }

    /** Some steps of the three duty cycles; with threads of their own they meet in any order. */
    void turn() throws Exception
    {
        if (!isSplit || random.nextBoolean())
        {
            sequence();
        }
        if (!isSplit || random.nextBoolean())
        {
            core.publish();
        }

        if (slowTurns > 0)
        {
            slowTurns--;
        }
        else if (random.nextInt(3) == 0)
        {
            sync();
        }

        if (random.nextInt(SHADOW_EVERY) == 0)
        {
            shadow.turn();
            if (null != shadow.failure())
            {
                throw shadow.failure();
            }
        }
    }

    private void sequence()
    {
        if (isSplit)
        {
            ingressRing.tellClosed();
            simulation.network().poll(ingressRing, 1 + random.nextInt(16));
        }
        core.sequence();
    }

    private void sync() throws Exception
    {
        isSyncerTurn = true;
        final boolean isGood = core.syncer().turn();
        isSyncerTurn = false;
        if (null != failureMeanwhile)
        {
            throw failureMeanwhile;
        }
        isFailed |= !isGood;
        if (isFailed)
        {
            simulation.network().mute();
        }
    }

    /** Stops in order: everything journaled is answered and durable. */
    void stop() throws Exception
    {
        core.shutDown();
        for (int i = 0; i < 1_000 && !core.isDrained(); i++)
        {
            simulation.clock().advance(5_000_000L);
            turn();
        }
        Check.that(core.isDrained(), "an engine that is stopped in order does not come to its end");
        Check.that(
            oracle.durable() == core.state().sequence(),
            "stopped in order at %d, the disk has %d", core.state().sequence(), oracle.durable());
        core.checkpoint();
        journal.close();
    }

    // ---- what happens to it ----

    /** It will die at one of its next steps. */
    void killWithin(final int steps)
    {
        stepsToKill = 1 + random.nextInt(steps);
    }

    /** Nothing becomes durable for a while, and all that waits for it fills up. */
    void slowDown()
    {
        slowTurns = random.nextInt(MAX_SLOW_TURNS);
    }

    void failSync()
    {
        isSyncFailing = true;
    }

    void failAppend()
    {
        isAppendFailing = true;
    }

    void failCheckpoint()
    {
        isCheckpointFailing = true;
    }

    void failRead()
    {
        isReadFailing = true;
    }

    /** Nothing that was going to happen to it will. */
    void spare()
    {
        stepsToKill = -1;
        slowTurns = 0;
        isSyncFailing = false;
        isAppendFailing = false;
        isCheckpointFailing = false;
    }

    boolean isDead()
    {
        return isDead;
    }

    /** Whether it stops for a failure of its disk, as it should. */
    boolean hasDiskFailed()
    {
        return isFailed;
    }

    /** A place between two stores: here a process may die. */
    void step(final String name)
    {
        if (isDead)
        {
            throw new SimCrash("dead before " + name);
        }

        if (stepsToKill > 0 && 0 == --stepsToKill)
        {
            isDead = true;
            throw new SimCrash(name);
        }
    }

    // ---- what its stores ask ----

    void checkRead()
    {
        step("read");
        Check.that(holdsLock, "the journal is read without the lock");
        if (isReadFailing)
        {
            isFailed = true;
            throw new JournalException(Verdict.IO_FAULT, "read: input/output error");
        }
    }

    void checkWrite(final String what)
    {
        checkCheckpointWrite(what);
        Check.that(!isFailed, "%s after a failure of the disk", what);
    }

    /**
     * The shadow is a thread of its own: it may write what was durable before, until the sequencer's next turn has seen
     * the failure and ends both.
     */
    void checkCheckpointWrite(final String what)
    {
        step(what);
        Check.that(holdsLock, "%s without the lock", what);
    }

    void onWriting()
    {
        if (isAppendFailing)
        {
            isFailed = true;
            throw new JournalException(Verdict.IO_FAULT, "write: input/output error");
        }
    }

    void onAppending(final byte[] record)
    {
        onWriting();
        oracle.onAppending(record);
    }

    void onAppended()
    {
        oracle.onAppended();
    }

    /** A checkpoint that is ahead of what the journal keeps would be wrong after a loss of power. */
    void onCheckpoint(final long sequence)
    {
        simulation.onCheckpoint();
        Check.that(
            sequence <= oracle.durable(), "a checkpoint at %d, the disk has %d durable", sequence, oracle.durable());
    }

    void onRemoved()
    {
        simulation.onRemoved();
    }

    int recordCount()
    {
        return oracle.recordCount();
    }

    void onSynced(final int records)
    {
        oracle.onSynced(records);
    }

    boolean failsSync()
    {
        final boolean fails = isSyncFailing;
        isSyncFailing = false;
        isFailed |= fails;
        return fails;
    }

    /** A checkpoint can be made again later: this failure does not end the engine. */
    boolean failsCheckpoint()
    {
        final boolean fails = isCheckpointFailing && random.nextInt(4) == 0;
        isCheckpointFailing &= !fails;
        return fails;
    }

    /** The disk is slow, the sequencer is not: it takes turns while the syncer waits. */
    void whileSyncing()
    {
        if (!isSyncerTurn)
        {
            return;
        }

        isSyncerTurn = false;
        try
        {
            for (int turns = random.nextInt(3); turns > 0; turns--)
            {
                sequence();
                core.publish();
            }
        }
        catch (final Exception ex)
        {
            failureMeanwhile = ex;
            isDead = true;
            throw new SimCrash("the sequencer ended during a sync");
        }
        isSyncerTurn = true;
    }

    // ---- the lock ----

    @Override
    public void acquire()
    {
        if (simulation.isLocked())
        {
            throw new DirectoryLockedException("held");
        }
        holdsLock = true;
        simulation.lock(true);
    }

    @Override
    public boolean isHeld()
    {
        return holdsLock;
    }

    /** Of the lock and of the process: the kernel takes everything back. */
    @Override
    public void close()
    {
        if (holdsLock)
        {
            holdsLock = false;
            simulation.lock(false);
        }
    }

    /** Frees what the process had; what it still wanted to write is not written. */
    void end()
    {
        isDead = true;
        if (null != shadow)
        {
            shadow.close();
        }
        if (null != core)
        {
            core.close();
        }
        close();
    }
}

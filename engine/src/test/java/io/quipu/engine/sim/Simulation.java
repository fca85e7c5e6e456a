package io.quipu.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.quipu.engine.EngineFailedException;
import io.quipu.engine.state.RandomCommands;
import io.quipu.engine.state.RequestBuilder;
import io.quipu.engine.state.StateMachine;
import io.quipu.engine.state.TwinQueries;
import io.quipu.journal.DirectoryLockedException;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalScanner;
import io.quipu.journal.JournalStore;
import io.quipu.journal.RecordHandler;
import io.quipu.journal.ScanResult;
import io.quipu.journal.Verdict;

/**
 * One seed: clients send commands of all kinds to an engine that is killed, loses power, has its disk fail and its
 * clock moved, until enough was journaled and it has recovered often enough. Then all faults stop, and everything must
 * come to its end.
 * <pre>
 *   turn     time passes | clients | the engine takes some steps, or is started | perhaps a fault
 *   end      no more faults | every request is answered | stopped in order | started once more: the same state
 * </pre>
 * Checked all the time, by {@link Oracle}: each record against what clients sent, each reply against the naive twin,
 * each digest, and what is called durable against the disk. Checked by {@link SimClient}: one answer for each request,
 * for ever. Checked here: a refused start changes nothing, a failed disk stops the engine, queries agree with the twin,
 * and everyone finishes.
 */
final class Simulation
{
    static final int COMMANDS = 2_000;
    static final int RECOVERIES = 3;

    private static final int NAMES = 60;
    private static final int MAX_TURNS = 400_000;
    private static final int FINISH_TURNS = 60_000;
    private static final int MAX_STEPS_TO_KILL = 60;
    private static final int QUERIES_EVERY = 200;
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private static final long DAY = 86_400 * SECOND;
    private static final long YEAR = 365 * DAY;

    private final long seed;
    private final Figures figures;
    private final Swarm swarm;
    private final Random random;
    private final SimClock clock = new SimClock();
    private final SimDisk disk = new SimDisk();
    private final Oracle oracle = new Oracle();
    private final SimNetwork network;
    private final SimFeed feed;
    private final RandomCommands commands;
    private final RequestBuilder request = new RequestBuilder();
    private final List<SimClient> clients = new ArrayList<>();

    private SimProcess process;
    private StateMachine queried;
    private TwinQueries queries;
    private long startAtNs;
    private BitFlip flipped;
    private boolean acceptClock;
    private boolean isPowerLoss;
    private boolean mayForget;
    private boolean hasForgotten;
    private boolean isLocked;
    private boolean isDiskFull;
    private boolean isEnding;
    private int recoveries;
    private long nextCrashAt;

    /**
     * @param seed    that decides everything.
     * @param figures counted into.
     */
    Simulation(final long seed, final Figures figures)
    {
        this.seed = seed;
        this.figures = figures;
        random = generator("simulation");
        swarm = new Swarm(generator("swarm"));
        network = new SimNetwork(clock, generator("network"), swarm, figures, oracle);
        feed = new SimFeed(generator("feed"), figures);
        commands = new RandomCommands(generator("commands"), oracle.twin, NAMES);
        final int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++)
        {
            clients.add(new SimClient(this, generator("client " + i)));
        }
    }

    /** A generator for each part, so that a change in one does not move all others. */
    private Random generator(final String part)
    {
        return new Random(seed * 0x9E3779B97F4A7C15L + part.hashCode());
    }

    /**
     * Runs the seed.
     *
     * @return a number that is the same whenever the seed is.
     * @throws AssertionError that says what is wrong, and how to run the seed again.
     */
    long run()
    {
        try
        {
            runToTheEnd();
        }
        catch (final Exception | AssertionError ex)
        {
            throw new AssertionError(
                "seed " + seed + " at " + clock.monotonicNs() + " ns, sequence " + oracle.lastAppended() + ", faults " +
                swarm + ": " + finding(ex).getMessage() + "\n    again: mvn verify -pl engine -am " +
                "-Dtest=SimulatorTest -Dquipu.sim.seed=" + seed + " -Dsurefire.failIfNoSpecifiedTests=false",
                ex);
        }
        finally
        {
            if (null != process)
            {
                process.end();
            }
        }

        figures.seeds++;
        figures.commands += oracle.commands();
        figures.recoveries += recoveries;
        return 31 * network.trace() + disk.fingerprint();
    }

    private void runToTheEnd() throws Exception
    {
        nextCrashAt = COMMANDS / (RECOVERIES + 1);
        int turns = 0;
        while (oracle.commands() < COMMANDS || recoveries < RECOVERIES)
        {
            turn();
            happen();
            Check.that(++turns < MAX_TURNS, "no end: %d commands, %d recoveries", oracle.commands(), recoveries);
        }

        swarm.calm();
        isDiskFull = false;
        isEnding = true;
        if (null != process)
        {
            process.spare();
        }
        turns = 0;
        while (null == process || !clients.stream().allMatch(SimClient::isFinished))
        {
            turn();
            Check.that(++turns < FINISH_TURNS, "all faults are over, but clients still wait");
        }

        askQueries();
        stopInOrder();
        while (null == process)
        {
            turn();
        }
        askQueries();
    }

    private void turn() throws Exception
    {
        clock.advance(1_000 + random.nextInt(400_000));
        clients.forEach(SimClient::turn);
        if (null != process)
        {
            turnOfProcess();
        }
        else if (clock.monotonicNs() >= startAtNs)
        {
            start();
        }
    }

    private void turnOfProcess() throws Exception
    {
        try
        {
            process.turn();
            if (random.nextInt(QUERIES_EVERY) == 0)
            {
                askQueries();
            }
        }
        catch (final JournalException | EngineFailedException | IllegalStateException | SimCrash ex)
        {
            onEnd(ex);
        }
    }

    /** The process has ended by itself: killed, or because its disk failed. Anything else is a bug. */
    private void onEnd(final RuntimeException ex)
    {
        final Throwable finding = finding(ex);
        final boolean isExpected = finding instanceof SimCrash ||
            process.hasDiskFailed() && finding instanceof JournalException &&
            ((JournalException)finding).verdict() == Verdict.IO_FAULT;
        if (!isExpected)
        {
            throw ex;
        }
        endProcess();
    }

    /** The one below all wrappings. */
    private static Throwable finding(final Throwable thrown)
    {
        Throwable cause = thrown;
        while (null != cause.getCause())
        {
            cause = cause.getCause();
        }
        return cause;
    }

    private void endProcess()
    {
        final boolean forgets = process.hasDiskFailed();
        process.end();
        process = null;
        network.onEngineDown();
        mayForget |= forgets;
        if (isPowerLoss)
        {
            isPowerLoss = false;
            mayForget = true;
            disk.losePower(random);
        }
        startAtNs = clock.monotonicNs() + random.nextInt((int)(50 * MS));
    }

    // ---- starts ----

    private void start() throws Exception
    {
        process = new SimProcess(this, new Random(random.nextLong()));
        if (swarm.happens(Fault.KILL_IN_RECOVERY, random))
        {
            figures.onFault(Fault.KILL_IN_RECOVERY);
            isPowerLoss = random.nextBoolean();
            process.killWithin(MAX_STEPS_TO_KILL);
        }
        else if (swarm.happens(Fault.READ_FAILS, random))
        {
            figures.onFault(Fault.READ_FAILS);
            process.failRead();
        }
        else if (swarm.happens(Fault.BIT_FLIP, random))
        {
            flipped = BitFlip.anywhere(disk, random);
            if (null != flipped)
            {
                figures.onFault(Fault.BIT_FLIP);
            }
        }

        final long before = disk.fingerprint();
        try
        {
            process.start(acceptClock);
            acceptClock = false;
        }
        catch (final JournalException ex)
        {
            figures.onRefused(ex.verdict().name());
            Check.that(before == disk.fingerprint(), "a start that was refused changed the disk: %s", ex.getMessage());
            if (Verdict.CLOCK_AHEAD == ex.verdict())
            {
                acceptClock = true;
                turnBack();
                endProcess();
            }
            else if (null != flipped)
            {
                checkRefusal(ex);
                turnBack();
                endProcess();
            }
            else
            {
                onEnd(ex);
            }
        }
        catch (final EngineFailedException | IllegalStateException | SimCrash ex)
        {
            onEnd(ex);
        }
    }

    /**
     * A start with a bit turned over was refused: rightly so when that was in the journal, in what was durable; or in
     * the only copy of the superblock that a loss of power has left.
     */
    private void checkRefusal(final JournalException refusal)
    {
        Check.that(
            flipped.isInJournal() || SimSuperblockStore.NONE == SimSuperblockStore.durableSequence(disk),
            "%s, other copies are good: %s", flipped, refusal.getMessage());
        final JournalStore store = new SimJournalStore(process, disk);
        if (flipped.isInJournal() && disk.exists(store.name(JournalStore.FIRST_CYCLE)))
        {
            oracle.checkRefusal(
                refusal, new JournalScanner(store, false).scan(RecordHandler.NONE, JournalScanner.TO_END), disk);
        }
    }

    private void turnBack()
    {
        if (null != flipped)
        {
            flipped.turnBack();
            flipped = null;
        }
    }

    /** A start with a bit turned over was not refused: it may have lost what it could not know to be durable. */
    private void onFlipServed(final ScanResult found)
    {
        if (flipped.isInJournal())
        {
            oracle.onDamage(found.lastSequence(), disk);
            mayForget = true;
        }
        flipped.turnBackBehind(found);
        flipped = null;
    }

    /** Called from within a start, behind the recovery. */
    void onRecovered(final StateMachine state, final ScanResult found)
    {
        if (null != flipped)
        {
            onFlipServed(found);
        }
        hasForgotten |= oracle.onRecovered(
            state.sequence(), found.epoch(), state.digest().high(), state.digest().low(), mayForget);
        mayForget = false;
        if (!found.isEmpty())
        {
            recoveries++;
        }
        queried = state;
        queries = new TwinQueries(new Random(random.nextLong()), oracle.twin, state, commands);
    }

    /** A file of the journal that three checkpoints cover. */
    void onRemoved()
    {
        figures.onFault(Fault.FILES_REMOVED);
    }

    void onCheckpoint()
    {
        figures.checkpoints++;
    }

    private void askQueries()
    {
        Check.that(queried.sequence() == oracle.twin.sequence(), "state and twin are apart");
        oracle.checkDigest(queried.digest().high(), queried.digest().low());
        queries.assertSome();
    }

    private void stopInOrder() throws Exception
    {
        process.stop();
        endProcess();
    }

    // ---- faults ----

    private void happen() throws Exception
    {
        if (swarm.happens(Fault.CLOCK_JUMP, random))
        {
            figures.onFault(Fault.CLOCK_JUMP);
            final long jumpNs = (long)Math.pow(10, 6 + random.nextInt(12));
            clock.jumpWall(random.nextBoolean() ? jumpNs : -jumpNs);
        }
        if (swarm.happens(Fault.LONG_SILENCE, random))
        {
            figures.onFault(Fault.LONG_SILENCE);
            clock.advance(DAY + (long)(random.nextDouble() * 40 * DAY));
        }
        if (swarm.happens(Fault.STALL, random))
        {
            figures.onFault(Fault.STALL);
            clock.advance((long)(random.nextDouble() * 120 * SECOND));
        }
        if (isDiskFull ? random.nextInt(100) == 0 : swarm.happens(Fault.DISK_FULL, random))
        {
            figures.onFault(Fault.DISK_FULL);
            isDiskFull = !isDiskFull;
        }
        if (swarm.happens(Fault.CONNECTION_LOST, random))
        {
            figures.onFault(Fault.CONNECTION_LOST);
            network.closeOne();
        }
        if (null != process)
        {
            happenToProcess();
        }
    }

    private void happenToProcess() throws Exception
    {
        final boolean isDue = recoveries <= RECOVERIES && oracle.commands() >= nextCrashAt;
        if (isDue ? swarm.isOn(Fault.POWER_LOSS) && random.nextBoolean() : swarm.happens(Fault.POWER_LOSS, random))
        {
            figures.onFault(Fault.POWER_LOSS);
            isPowerLoss = true;
            killWithin();
        }
        else if (isDue || swarm.happens(Fault.KILL, random))
        {
            figures.onFault(Fault.KILL);
            killWithin();
        }
        if (swarm.happens(Fault.SLOW_DISK, random))
        {
            figures.onFault(Fault.SLOW_DISK);
            process.slowDown();
        }
        if (swarm.happens(Fault.SYNC_FAILS, random))
        {
            figures.onFault(Fault.SYNC_FAILS);
            process.failSync();
        }
        if (swarm.happens(Fault.APPEND_FAILS, random))
        {
            figures.onFault(Fault.APPEND_FAILS);
            process.failAppend();
        }
        if (swarm.happens(Fault.CHECKPOINT_FAILS, random))
        {
            figures.onFault(Fault.CHECKPOINT_FAILS);
            process.failCheckpoint();
        }
        if (swarm.happens(Fault.SECOND_ENGINE, random))
        {
            figures.onFault(Fault.SECOND_ENGINE);
            startSecond();
        }
        if (swarm.happens(Fault.ORDERLY_STOP, random))
        {
            figures.onFault(Fault.ORDERLY_STOP);
            tryStopInOrder();
        }
    }

    private void killWithin()
    {
        nextCrashAt += COMMANDS / (RECOVERIES + 1);
        process.killWithin(MAX_STEPS_TO_KILL);
    }

    private void tryStopInOrder() throws Exception
    {
        try
        {
            stopInOrder();
        }
        catch (final JournalException | EngineFailedException | IllegalStateException | SimCrash ex)
        {
            onEnd(ex);
        }
    }

    private void startSecond()
    {
        final long before = disk.fingerprint();
        final SimProcess second = new SimProcess(this, new Random(random.nextLong()));
        try
        {
            second.start(false);
            Check.that(false, "two engines on one directory");
        }
        catch (final DirectoryLockedException ex)
        {
            Check.that(before == disk.fingerprint(), "an engine that had no lock changed the disk");
        }
        finally
        {
            second.end();
        }
    }

    // ---- what the parts share ----

    SimClock clock()
    {
        return clock;
    }

    long nowNs()
    {
        return clock.monotonicNs();
    }

    SimDisk disk()
    {
        return disk;
    }

    SimNetwork network()
    {
        return network;
    }

    SimFeed feed()
    {
        return feed;
    }

    Oracle oracle()
    {
        return oracle;
    }

    RandomCommands commands()
    {
        return commands;
    }

    /** For one client at a time. */
    RequestBuilder request()
    {
        return request;
    }

    boolean removesFiles()
    {
        return swarm.isOn(Fault.FILES_REMOVED);
    }

    boolean takesNewWork()
    {
        return !isEnding;
    }

    /** Whether what was journaled but not synced may be gone, since power was lost at some time. */
    boolean mayHaveForgotten()
    {
        return hasForgotten;
    }

    boolean isDiskFull()
    {
        return isDiskFull;
    }

    boolean isLocked()
    {
        return isLocked;
    }

    void lock(final boolean locked)
    {
        isLocked = locked;
    }
}

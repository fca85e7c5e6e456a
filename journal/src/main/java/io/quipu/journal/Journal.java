package io.quipu.journal;

import io.quipu.codecs.storage.EpochStartEncoder;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;

import static io.quipu.journal.JournalStore.NULL_CYCLE;

/**
 * A journal opened for writing, in three steps: {@link #open} takes the lock; {@link #recover} reads all records,
 * repairs a torn tail and makes the store ready; {@link #startEpoch} appends and syncs the epoch record, from where on
 * the appender may be used.
 * <p>
 * All steps, and the {@link #appender()}, belong to the sequencer thread. {@link #sync()} may be called by one other
 * thread. Readers use {@link #scan}, which takes no lock and changes nothing.
 */
public final class Journal implements AutoCloseable
{
    /** Passed before a cycle is removed that the superblock no longer names. */
    static final String BEFORE_REMOVE = "journal.remove.before";

    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);
    /** So often a reader without a lock looks once more. */
    private static final int LOOKS = 10;

    private final JournalContext context;
    private final JournalStore store;
    private final SuperblockCopies superblock;
    private final SuperblockKeeper keeper;
    private JournalPlace start;
    private ScanResult recovered;
    private JournalAppender appender;
    private long journalIdHigh;
    private long journalIdLow;
    private boolean isRepaired;
    /** A sync failed, or it is not known yet that it did not: nothing is written any more. */
    private volatile boolean isSyncFailed;
    /** A sync failed: now it is known. */
    private volatile boolean isFailed;
    private long givenUpTo;
    private boolean isClosed;

    private Journal(final JournalContext context)
    {
        this.context = context;
        store = context.store();
        superblock = new SuperblockCopies(context.superblockStore());
        keeper = new SuperblockKeeper(superblock, context.nanoClock());
    }

    /**
     * Creates the directory when there is none and takes the lock, before anything is opened.
     *
     * @param context concluded here.
     * @return the locked journal.
     * @throws DirectoryLockedException when another engine holds the directory.
     */
    public static Journal open(final JournalContext context)
    {
        context.conclude();
        if (context.directory() != null)
        {
            createDirectories(context.directory());
        }
        context.lock().acquire();

        return new Journal(context);
    }

    private static void createDirectories(final Path directory)
    {
        try
        {
            if (!Files.isDirectory(directory))
            {
                Files.createDirectories(directory);
                FileSync.syncDirectory(directory.toAbsolutePath().getParent());
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(
                Verdict.UNUSABLE,
                "cannot create " + directory + ": " + ex + "; choose a --dir that can be written",
                ex);
        }
    }

    /**
     * Reads the journal of a directory without a lock and without changing anything, also beside a running engine.
     *
     * @param context    concluded here.
     * @param handler    takes each valid record.
     * @param toSequence the record that holds this sequence is the last one handed over; {@link JournalScanner#TO_END}
     *                   for all.
     * @return what was found, also when it is a refusal.
     */
    public static ScanResult scan(final JournalContext context, final RecordHandler handler, final long toSequence)
    {
        return scan(context, handler, toSequence, JournalPlace.START);
    }

    /**
     * As {@link #scan(JournalContext, RecordHandler, long)}, from a place on.
     *
     * @param context    concluded here.
     * @param handler    takes each valid record behind the place.
     * @param toSequence the record that holds this sequence is the last one handed over.
     * @param start      the end of the record behind which the first one is wanted, from a checkpoint.
     * @return what was found, also when it is a refusal; the records before the place are counted too.
     */
    public static ScanResult scan(
        final JournalContext context, final RecordHandler handler, final long toSequence, final JournalPlace start)
    {
        context.conclude();
        try (JournalStore store = context.store())
        {
            final ScanResult first = look(context, store, handler, toSequence, start);
            // What an engine that starts or stops meanwhile leaves for an instant is no verdict: it is gone when looked at
            // once more from where the records ended, and damage is the same.
            ScanResult found = first;
            boolean isSettled = found.verdict() == Verdict.CLEAN;
            for (int i = 0; i < LOOKS && !isSettled; i++)
            {
                final ScanResult before = found;
                found = look(context, store, handler, toSequence, before.place());
                isSettled = found.verdict() == Verdict.CLEAN || isSame(before, found);
            }
            return isSame(first, found) ? first : found;
        }
    }

    private static boolean isSame(final ScanResult one, final ScanResult other)
    {
        return one.verdict() == other.verdict() && one.place().equals(other.place()) &&
            Objects.equals(one.damage(), other.damage());
    }

    private static ScanResult look(
        final JournalContext context,
        final JournalStore store,
        final RecordHandler handler,
        final long toSequence,
        final JournalPlace start)
    {
        final Path directory = context.directory();
        final boolean isBesideWriter = directory != null && FileDirectoryLock.isHeld(directory);
        final SuperblockCopies superblock = new SuperblockCopies(context.superblockStore()).read();

        return new JournalScanner(store, superblock, context.logicVersion(), isBesideWriter)
            .scan(handler, toSequence, start);
    }

    /**
     * Reads all records, moves a torn tail to quarantine, and makes the store ready for append behind the last valid
     * record.
     *
     * @param handler takes each valid record.
     * @return what was found.
     * @throws JournalException with the verdict, when the engine may not start on this journal; nothing was changed
     *                          then.
     */
    public ScanResult recover(final RecordHandler handler)
    {
        return recover(handler, JournalPlace.START);
    }

    /**
     * Makes all that stands in a directory's journal durable, whoever wrote it; for tools that rely on it, also beside a running
     * engine.
     *
     * @param directory DIR.
     * @throws JournalException {@link Verdict#IO_FAULT} when it failed.
     */
    public static void force(final Path directory)
    {
        final JournalStore store = new JournalContext().directory(directory).conclude().store();
        try (store)
        {
            for (final int cycle : store.cycles())
            {
                FileSync.syncFile(Path.of(store.name(cycle)));
                FileSync.syncDirectory(Path.of(store.name(cycle)).getParent());
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(Verdict.IO_FAULT, "cannot sync the journal of " + directory + ": " + ex, ex);
        }
    }

    /**
     * The highest sequence that a journal's records reach in some of its files, whatever is damaged in between.
     *
     * @param context concluded here.
     * @param isOf    which files, by their names.
     * @param journal a scan of the journal; bytes that look like a record of another one do not count.
     * @return 0 when they hold no record.
     */
    public static long highestSequence(
        final JournalContext context, final Predicate<String> isOf, final ScanResult journal)
    {
        context.conclude();
        try (JournalStore store = context.store())
        {
            final int[] cycles = Arrays.stream(store.cycles()).filter(cycle -> isOf.test(store.name(cycle))).toArray();
            final long[] lengths = Arrays.stream(cycles).mapToLong(store::length).toArray();
            final long longest = Arrays.stream(lengths).max().orElse(0);
            try (CycleReader reader = new CycleReader(store, Math.max(longest, JournalRecordDescriptor.HEADER_LENGTH)))
            {
                final TailSearch search = new TailSearch(reader, new RecordCheck(), record -> RecordLinks.isMarked(
                    record, journal.journalIdHigh(), journal.journalIdLow()));
                search.search(cycles, lengths, 0, 0, NULL_CYCLE, 0);
                return search.lastSequence();
            }
        }
    }

    /**
     * As {@link #recover(RecordHandler)}, of the records behind a place only. May be called again with another place
     * after {@link Verdict#CHECKPOINT_AHEAD}, {@link Verdict#GAP} or {@link Verdict#CORRUPT} was thrown.
     *
     * @param handler takes each valid record behind the place.
     * @param start   the end of the record that the handler's state stands behind, from a verified checkpoint.
     * @return what was found, the records before the place counted too.
     * @throws JournalException with the verdict, when the engine may not start on this journal; nothing was changed
     *                          then.
     */
    public ScanResult recover(final RecordHandler handler, final JournalPlace start)
    {
        store.recover();
        superblock.read();
        ScanResult found = scanner().scan(handler, JournalScanner.TO_END, start);
        if (found.verdict().isRefusal())
        {
            throw new JournalException(found.verdict(), found.describe());
        }

        if (superblock.isMissing() && !found.isEmpty())
        {
            LOGGER.warn("{} is missing: what was durable is known from the headers of the records alone", superblock.name());
        }

        handler.onEnd(found);
        if (found.verdict() == Verdict.TORN_TAIL)
        {
            found = repair(found, start);
        }
        if (found.hasRemains())
        {
            final String copy = store.wipe(found.remainsCycle(), found.remainsPosition(), found.remainsEnd());
            LOGGER.info("unfinished append behind sequence {}: its bytes are in {}", found.lastSequence(), copy);
        }
        if (!store.openForAppend(found.endCycle(), found.endPosition(), found.endRecords()))
        {
            LOGGER.warn("the queue would not append behind sequence {}", found.lastSequence());
            found = repair(found, start);
            openRepaired(found);
        }

        this.start = start;
        recovered = found;
        return found;
    }

    /**
     * Gives up what stands behind a sequence, by explicit order, instead of {@link #recover}: the journal then ends with that
     * entry, what stood behind it is in quarantine, the superblock says that it is to be so, and the next epoch record
     * which entries were given up. Done again it does the rest.
     *
     * @param sequence last entry to keep: of a record that is valid, as all before it are.
     * @param start    of the scan: behind it nothing may be damaged up to the sequence.
     * @param known    highest sequence known otherwise, from a checkpoint that is given up too; 0 for none.
     * @return what is left.
     * @throws JournalException with the verdict when the journal is not valid up to there, or no record ends there; nothing
     *                          was changed then.
     */
    public ScanResult acceptLoss(final long sequence, final JournalPlace start, final long known)
    {
        store.recover();
        superblock.read();
        if (superblock.isTooNew())
        {
            throw new JournalException(Verdict.FORMAT_TOO_NEW, superblock.name() + " was written by a newer program");
        }
        final ScanResult whole = new JournalScanner(store, false).scan(RecordHandler.NONE, JournalScanner.TO_END, start);
        final ScanResult kept = new JournalScanner(store, false).scan(RecordHandler.NONE, sequence, start);
        if (kept.lastSequence() != sequence)
        {
            throw new JournalException(
                whole.verdict().isRefusal() ? whole.verdict() : Verdict.CORRUPT,
                "no record ends with sequence " + sequence + ": " + (kept.lastSequence() > sequence ?
                "the one that holds it ends with " : "the journal is valid up to ") + kept.lastSequence() +
                ", which may be given; nothing was changed");
        }

        final Superblock newest = superblock.newest();
        final long durable = newest == null ? known :
            Math.max(known, Math.max(newest.durableSequence(), newest.lostSequence()));
        final long lost = Math.max(durable, Math.max(whole.durableSequence(), whole.lastSequence()));
        final String quarantine = store.cut(kept.endCycle(), kept.endPosition());
        superblock.write(superblockOf(kept, newest, whole.epoch(), lost > sequence ? lost : 0));
        LOGGER.warn("gave up sequences {} to {}; what was there is in {}", sequence + 1, lost, quarantine);

        return scanner().scan(RecordHandler.NONE, JournalScanner.TO_END, start);
    }

    /**
     * Reads all records behind a place and changes nothing, instead of {@link #recover}; the last one may then be replaced.
     *
     * @param handler takes each valid record.
     * @param start   the end of the record behind which the first one is wanted.
     * @return what was found, also when it is a refusal.
     */
    public ScanResult read(final RecordHandler handler, final JournalPlace start)
    {
        store.recover();
        superblock.read();
        return scanner().scan(handler, JournalScanner.TO_END, start);
    }

    /**
     * Puts another body in the place of the last record's, by explicit order, instead of {@link #recover}. All that was
     * there is in quarantine; either done or not done, whenever the process dies.
     *
     * @param last        the last record, a copy of what {@link #read} handed over; the new one has its entries and header.
     * @param cycleBefore that holds the record before it, {@link JournalStore#NULL_CYCLE} when there is none.
     * @param body        of the new one, with as many entries.
     * @param length      of the body.
     * @return what a person finds the quarantined bytes under.
     */
    public String replaceLast(
        final JournalRecord last, final int cycleBefore, final DirectBuffer body, final int length)
    {
        // Durable was the one that goes. From here on that is known of the one before it, until the next epoch begins.
        final Superblock known = superblock.newest();
        if (known != null && known.durableSequence() >= last.firstSequence())
        {
            superblock.write(known.withDurable(
                new AppendedPlace.Copy(last.firstSequence() - 1, last.previousChain(), cycleBefore)));
        }

        final ByteBuffer bytes = last.withBody(body, length);
        try
        {
            return store.replaceBehind(last.cycle(), last.position(), new UnsafeBuffer(bytes));
        }
        finally
        {
            BufferUtil.free(bytes);
        }
    }

    private Superblock superblockOf(
        final ScanResult kept, final Superblock known, final int epoch, final long lost)
    {
        final boolean isKnown = known != null;
        return new Superblock(
            0,
            kept.isEmpty() && isKnown ? known.journalIdHigh() : kept.journalIdHigh(),
            kept.isEmpty() && isKnown ? known.journalIdLow() : kept.journalIdLow(),
            kept.lastSequence(),
            kept.chain(),
            kept.endCycle(),
            isKnown && known.checkpointSequence() <= kept.lastSequence() ? known.checkpointSequence() : 0,
            isKnown ? known.firstCycle() : 1,
            Math.max(epoch, isKnown ? known.epoch() : 0),
            false,
            lost,
            context.engineVersion());
    }

    private JournalScanner scanner()
    {
        return new JournalScanner(store, superblock, context.logicVersion(), false);
    }

    private void openRepaired(final ScanResult found)
    {
        if (!store.openForAppend(found.endCycle(), found.endPosition(), found.endRecords()))
        {
            throw new JournalException(
                Verdict.IO_FAULT, "the journal of " + context.directory() + " does not open after a repair");
        }
    }

    /** Cuts, and reads all records of what is left once more: nothing may be missing. */
    private ScanResult repair(final ScanResult found, final JournalPlace start)
    {
        LOGGER.warn("{}", found.describe());
        final String quarantine = store.cut(found.endCycle(), found.endPosition());
        isRepaired = true;
        LOGGER.warn("cut behind sequence {}; what was there is in {}", found.lastSequence(), quarantine);

        final ScanResult left = scanner().scan(RecordHandler.NONE, JournalScanner.TO_END, start);
        if (left.verdict() != Verdict.CLEAN ||
            left.lastSequence() != found.lastSequence() ||
            left.chain() != found.chain() ||
            left.records() != found.records())
        {
            throw new JournalException(
                Verdict.IO_FAULT, "a repair kept " + left.describe() + "; put back the journal from " + quarantine);
        }

        return left;
    }

    /**
     * Starts an epoch: its record is appended, synced and read back before this returns, and with it everything
     * recovered is durable.
     *
     * @param timestampNs journaled time.
     * @param digestHigh  high lane of the digest of the recovered state.
     * @param digestLow   low lane.
     * @return the appender.
     */
    public JournalAppender startEpoch(final long timestampNs, final long digestHigh, final long digestLow)
    {
        if (recovered == null || appender != null)
        {
            throw new IllegalStateException("not recovered, or epoch started before");
        }

        journalIdHigh = recovered.journalIdHigh();
        journalIdLow = recovered.journalIdLow();
        final Superblock known = superblock.newest();
        if (recovered.isEmpty())
        {
            final long[] id = known == null ?
                context.journalIds().get() : new long[]{ known.journalIdHigh(), known.journalIdLow() };
            journalIdHigh = id[0];
            journalIdLow = id[1];
        }
        givenUpTo = known == null ? 0 : known.lostSequence();

        syncOrEnd();
        keeper.createIfMissing(recovered.place(), journalIdHigh, journalIdLow, context.engineVersion());
        JournalAppender newAppender = newAppender();
        if (!appendEpoch(newAppender, timestampNs, digestHigh, digestLow))
        {
            recovered = repair(recovered, start);
            openRepaired(recovered);
            syncOrEnd();
            newAppender = newAppender();
            if (!appendEpoch(newAppender, timestampNs, digestHigh, digestLow))
            {
                throw new JournalException(
                    Verdict.IO_FAULT, "the journal of " + context.directory() + " does not append after a repair");
            }
        }

        isSyncFailed = true;
        keeper.onEpoch(newAppender.epoch(), newAppender.appended().read(), context.engineVersion());
        isSyncFailed = false;
        appender = newAppender;
        return appender;
    }

    private JournalAppender newAppender()
    {
        return new JournalAppender(
            store,
            context.crashPoint(),
            context.rollLength(),
            JournalRecordDescriptor.markKey(journalIdHigh, journalIdLow),
            recovered.lastSequence() + 1,
            recovered.chain(),
            Math.max(recovered.epoch(), superblock.newest().epoch()) + 1);
    }

    /** False when the queue's own books lead elsewhere than its records: a repair makes new ones. */
    private boolean appendEpoch(
        final JournalAppender newAppender, final long timestampNs, final long digestHigh, final long digestLow)
    {
        try
        {
            newAppender.appendEpoch(
                encodeEpochStart(newAppender), timestampNs, recovered.lastSequence(), digestHigh, digestLow);
        }
        catch (final JournalException ex)
        {
            if (!isQueueAtFault(ex))
            {
                throw ex;
            }
            LOGGER.warn("the queue does not append where its records end: {}", ex.getMessage());
            return false;
        }

        syncOrEnd();
        return isReadBack(newAppender);
    }

    /** Whether Chronicle met what it did not expect; a disk that fails or is full is no reason to move files. */
    private static boolean isQueueAtFault(final JournalException failure)
    {
        boolean isQueue = false;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause())
        {
            if (cause instanceof IOException || cause instanceof VirtualMachineError)
            {
                return false;
            }
            isQueue = true;
        }

        return isQueue;
    }

    /** A failed sync is final: a repair would sync the same files once more, and believe what it is told. */
    private void syncOrEnd()
    {
        isSyncFailed = true;
        store.sync();
        isSyncFailed = false;
    }

    /** What Chronicle appended must be what a scan finds right behind the records recovered, and the end. */
    private boolean isReadBack(final JournalAppender newAppender)
    {
        final ScanResult result = scanner().scan(RecordHandler.NONE, JournalScanner.TO_END, recovered.place());
        final boolean isThere = result.verdict() == Verdict.CLEAN &&
            result.records() == recovered.records() + 1 &&
            result.chain() == newAppender.chain();
        if (!isThere)
        {
            LOGGER.warn("the epoch record is not where it was appended: {}", result.describe());
        }

        return isThere;
    }

    private int encodeEpochStart(final JournalAppender newAppender)
    {
        final byte[] engineVersion = context.engineVersion().getBytes(StandardCharsets.UTF_8);
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final EpochStartEncoder epochStart = new EpochStartEncoder();
        epochStart.wrapAndApplyHeader(newAppender.buffer(), newAppender.bodyOffset(), header)
            .journalIdHigh(journalIdHigh)
            .journalIdLow(journalIdLow)
            .continuesSequence(recovered.lastSequence())
            .continuesChain(recovered.chain() & 0xFFFF_FFFFL)
            .logicVersion(context.logicVersion())
            .reserved(0)
            .givenUpTo(givenUpTo)
            .putEngineVersion(engineVersion, 0, engineVersion.length);

        return header.encodedLength() + epochStart.encodedLength();
    }

    /**
     * @return the appender, null before {@link #startEpoch}.
     */
    public JournalAppender appender()
    {
        return appender;
    }

    /**
     * Returns when every record appended before the call survives a loss of power. May be called by one other thread
     * while the sequencer appends; when nothing was appended since the last call it costs nothing, but writes the
     * superblock when that is due: so that it is never more than a second behind, call it at least once a second.
     *
     * @throws JournalException when it failed; final, the engine stops.
     */
    public void sync()
    {
        if (isSyncFailed)
        {
            throw new JournalException(Verdict.IO_FAULT, "a sync failed before: what it covered may be lost");
        }

        isSyncFailed = true;
        try
        {
            final AppendedPlace.Copy place = appender.appended().read();
            if (!place.equals(keeper.durable()))
            {
                store.sync();
            }
            keeper.onSynced(place);
            isSyncFailed = false;
        }
        finally
        {
            isFailed = isSyncFailed;
        }
    }

    /**
     * Removes the oldest cycles, which nobody needs any more. The superblock first says, durably, where the journal begins
     * now; then they go, oldest first, so that there is no hole between those that a dying process leaves; the next call
     * removes these. Called after {@link #startEpoch} by one thread at a time, also beside those that append and sync.
     *
     * @param neededCycle stays, with all behind it: the oldest checkpoint that may be needed was made in it.
     * @param retainBytes bytes of the journal that stay at least, by the length of its files.
     * @return cycles removed; none behind a sync that failed.
     * @throws JournalException when it failed; final, the engine stops.
     */
    public int removeBefore(final int neededCycle, final long retainBytes)
    {
        if (isFailed)
        {
            return 0;
        }

        final int[] cycles = store.cycles();
        long bytes = Arrays.stream(cycles).mapToLong(store::length).sum();
        int count = 0;
        while (count < cycles.length && cycles[count] < neededCycle &&
            bytes - store.length(cycles[count]) >= retainBytes)
        {
            bytes -= store.length(cycles[count++]);
        }
        if (count > 0)
        {
            keeper.onFirstCycle(cycles[count - 1] + 1);
            for (int i = 0; i < count; i++)
            {
                context.crashPoint().reached(BEFORE_REMOVE);
                store.delete(cycles[i]);
            }
        }

        return count;
    }

    /**
     * @param directory DIR.
     * @return first cycle that the superblock says must be there: above 1 when those before it were removed behind
     * checkpoints.
     */
    public static int firstCycle(final Path directory)
    {
        try (SuperblockStore superblock = new FileSuperblockStore(directory, CrashPoint.NONE))
        {
            final Superblock newest = new SuperblockCopies(superblock).read().newest();
            return newest == null ? JournalStore.FIRST_CYCLE : newest.firstCycle();
        }
    }

    /**
     * @return the last entry known to survive a loss of power, 0 before {@link #startEpoch}. Any thread.
     */
    public long durableSequence()
    {
        return keeper.durableSequence();
    }

    /**
     * @return entries behind the recovered ones and up to this sequence were given up by a repair, as the epoch record says;
     * 0 when none were. After {@link #startEpoch}.
     */
    public long givenUpTo()
    {
        return givenUpTo;
    }

    /**
     * @return what recovery found, null before {@link #recover}.
     */
    public ScanResult recovered()
    {
        return recovered;
    }

    /**
     * @return {@link Verdict#CLEAN} or {@link Verdict#TORN_TAIL_REPAIRED}.
     */
    public Verdict verdict()
    {
        return isRepaired ? Verdict.TORN_TAIL_REPAIRED : Verdict.CLEAN;
    }

    /**
     * @return high half of the journal's id, 0 before {@link #startEpoch}.
     */
    public long journalIdHigh()
    {
        return journalIdHigh;
    }

    /**
     * @return low half of the journal's id, 0 before {@link #startEpoch}.
     */
    public long journalIdLow()
    {
        return journalIdLow;
    }

    /**
     * @return the bytes.
     */
    public JournalStore store()
    {
        return store;
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            try
            {
                closeSuperblock();
            }
            finally
            {
                closeStores();
            }
        }
    }

    /** Of a process that ends in order; after a failure what stands in it stays. */
    private void closeSuperblock()
    {
        if (appender != null && !isSyncFailed && !appender.isFailed())
        {
            keeper.onClose(appender.appended().read());
        }
    }

    private void closeStores()
    {
        try
        {
            store.close();
        }
        finally
        {
            try
            {
                if (context.superblockStore() != null)
                {
                    context.superblockStore().close();
                }
            }
            finally
            {
                context.lock().close();
            }
        }
    }
}

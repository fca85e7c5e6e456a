package io.quipu.journal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;

/**
 * Configuration of a {@link Journal}: set, then concluded once by {@link Journal#open}. Defaults are those of an
 * engine; tests make the lengths small.
 * <pre>
 *   DIR/lock          kernel lock
 *   DIR/superblock    what is durable, in four copies
 *   DIR/journal/      the queue's directory: one .cq4 file a cycle, metadata.cq4t
 *   DIR/quarantine/n/ what was cut from the journal, oldest first
 * </pre>
 */
public final class JournalContext
{
    /** Default of {@link #rollLength(long)}: 1 GiB. */
    public static final long DEFAULT_ROLL_LENGTH = 1L << 30;
    /** Least {@link #rollLength(long)}: Chronicle's own index takes 64 KiB at the start of each cycle. */
    public static final long MIN_ROLL_LENGTH = 128 << 10;
    /** Default of {@link #blockLength(int)}: 64 MiB. */
    public static final int DEFAULT_BLOCK_LENGTH = 64 << 20;
    /** Default of {@link #aheadLength(int)}: 8 MiB. */
    public static final int DEFAULT_AHEAD_LENGTH = 8 << 20;
    /** Default of {@link #cachedLength(long)}: 16 MiB. */
    public static final long DEFAULT_CACHED_LENGTH = 16 << 20;
    /** Default of {@link #logicVersion(int)}. */
    public static final int DEFAULT_LOGIC_VERSION = 1;

    private Path directory;
    private long rollLength = DEFAULT_ROLL_LENGTH;
    private int blockLength = DEFAULT_BLOCK_LENGTH;
    private int aheadLength = DEFAULT_AHEAD_LENGTH;
    private long cachedLength = DEFAULT_CACHED_LENGTH;
    private int logicVersion = DEFAULT_LOGIC_VERSION;
    private String engineVersion = "";
    private JournalStore store;
    private SuperblockStore superblockStore;
    private DirectoryLock lock;
    private CrashPoint crashPoint = CrashPoint.NONE;
    private LongSupplier nanoClock = System::nanoTime;
    private Supplier<long[]> journalIds = JournalContext::randomId;
    private boolean isConcluded;

    /**
     * Fills in what was not set and checks the rest.
     *
     * @return this.
     * @throws IllegalStateException    when concluded before.
     * @throws IllegalArgumentException naming the value that cannot be used.
     */
    public JournalContext conclude()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("concluded before");
        }

        if (store == null || lock == null)
        {
            Objects.requireNonNull(directory, "directory");
        }
        if (rollLength < MIN_ROLL_LENGTH)
        {
            throw new IllegalArgumentException("rollLength=" + rollLength + " is less than " + MIN_ROLL_LENGTH);
        }
        if (blockLength / 4 < MAX_RECORD_LENGTH + Integer.BYTES)
        {
            throw new IllegalArgumentException(
                "blockLength=" + blockLength + ": a quarter of it does not hold a record of " + MAX_RECORD_LENGTH);
        }
        if (aheadLength < 0)
        {
            throw new IllegalArgumentException("aheadLength=" + aheadLength + " is negative");
        }
        if (cachedLength < 0)
        {
            throw new IllegalArgumentException("cachedLength=" + cachedLength + " is negative");
        }

        if (lock == null)
        {
            lock = new FileDirectoryLock(directory);
        }
        if (store == null)
        {
            store = new ChronicleJournalStore(directory, blockLength, aheadLength, cachedLength, crashPoint);
        }
        if (superblockStore == null && directory != null)
        {
            superblockStore = new FileSuperblockStore(directory, crashPoint);
        }

        isConcluded = true;
        return this;
    }

    private static long[] randomId()
    {
        final SecureRandom random = new SecureRandom();
        return new long[]{ random.nextLong(), random.nextLong() };
    }

    /**
     * @param directory DIR; created when it does not exist.
     * @return this.
     */
    public JournalContext directory(final Path directory)
    {
        this.directory = directory;
        return this;
    }

    /**
     * @return DIR.
     */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param rollLength a cycle that would grow longer than this is followed by the next.
     * @return this.
     */
    public JournalContext rollLength(final long rollLength)
    {
        this.rollLength = rollLength;
        return this;
    }

    /**
     * @return a cycle that would grow longer than this is followed by the next.
     */
    public long rollLength()
    {
        return rollLength;
    }

    /**
     * @param blockLength by which a file's mapping grows; a quarter of it is the longest document.
     * @return this.
     */
    public JournalContext blockLength(final int blockLength)
    {
        this.blockLength = blockLength;
        return this;
    }

    /**
     * @return by how much a file's mapping grows.
     */
    public int blockLength()
    {
        return blockLength;
    }

    /**
     * @param aheadLength bytes of blocks and pages kept ready ahead of the writer, by a thread of their own; 0 for none.
     * @return this.
     */
    public JournalContext aheadLength(final int aheadLength)
    {
        this.aheadLength = aheadLength;
        return this;
    }

    /**
     * @return bytes of disk blocks kept allocated ahead of the writer.
     */
    public int aheadLength()
    {
        return aheadLength;
    }

    /**
     * @param cachedLength bytes behind what was synced last that stay in the page cache, for those who follow the
     *                     journal; older pages are given back to the system once they are on the disk.
     *                     {@link Long#MAX_VALUE} for all.
     * @return this.
     */
    public JournalContext cachedLength(final long cachedLength)
    {
        this.cachedLength = cachedLength;
        return this;
    }

    /**
     * @return bytes behind what was synced last that stay in the page cache.
     */
    public long cachedLength()
    {
        return cachedLength;
    }

    /**
     * @param logicVersion written into each epoch record: gates what changes behaviour.
     * @return this.
     */
    public JournalContext logicVersion(final int logicVersion)
    {
        this.logicVersion = logicVersion;
        return this;
    }

    /**
     * @return logic version written into each epoch record.
     */
    public int logicVersion()
    {
        return logicVersion;
    }

    /**
     * @param engineVersion written into each epoch record, for people; at most 128 bytes.
     * @return this.
     */
    public JournalContext engineVersion(final String engineVersion)
    {
        this.engineVersion = engineVersion;
        return this;
    }

    /**
     * @return engine version written into each epoch record.
     */
    public String engineVersion()
    {
        return engineVersion;
    }

    /**
     * @param store in place of the queue in DIR/journal.
     * @return this.
     */
    public JournalContext store(final JournalStore store)
    {
        this.store = store;
        return this;
    }

    /**
     * @return the bytes; the queue in DIR/journal when concluded without another.
     */
    public JournalStore store()
    {
        return store;
    }

    /**
     * @param superblockStore in place of DIR/superblock.
     * @return this.
     */
    public JournalContext superblockStore(final SuperblockStore superblockStore)
    {
        this.superblockStore = superblockStore;
        return this;
    }

    /**
     * @return the superblock's bytes; DIR/superblock when concluded without another. Null without a directory: none is
     * kept then.
     */
    public SuperblockStore superblockStore()
    {
        return superblockStore;
    }

    /**
     * @param lock in place of the one on DIR/lock.
     * @return this.
     */
    public JournalContext lock(final DirectoryLock lock)
    {
        this.lock = lock;
        return this;
    }

    /**
     * @return the lock; the one on DIR/lock when concluded without another.
     */
    public DirectoryLock lock()
    {
        return lock;
    }

    /**
     * @param crashPoint told of the named places that are passed.
     * @return this.
     */
    public JournalContext crashPoint(final CrashPoint crashPoint)
    {
        this.crashPoint = crashPoint;
        return this;
    }

    /**
     * @return told of the named places that are passed.
     */
    public CrashPoint crashPoint()
    {
        return crashPoint;
    }

    /**
     * @param nanoClock monotonic, says when the superblock is due.
     * @return this.
     */
    public JournalContext nanoClock(final LongSupplier nanoClock)
    {
        this.nanoClock = nanoClock;
        return this;
    }

    /**
     * @return monotonic clock, in nanoseconds.
     */
    public LongSupplier nanoClock()
    {
        return nanoClock;
    }

    /**
     * @param journalIds gives the two halves of the id of a new journal; random unless a run must be repeatable.
     * @return this.
     */
    public JournalContext journalIds(final Supplier<long[]> journalIds)
    {
        this.journalIds = journalIds;
        return this;
    }

    /**
     * @return gives the two halves of the id of a new journal.
     */
    public Supplier<long[]> journalIds()
    {
        return journalIds;
    }
}

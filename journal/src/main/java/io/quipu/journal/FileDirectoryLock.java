package io.quipu.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A kernel lock on DIR/lock. It does not go by process ids, so two engines that are both process 1 of a container
 * exclude each other, and nothing of a dead engine has to be cleared away. The file stays: deleting it would let two
 * processes lock two files of one name.
 * <p>
 * POSIX drops all locks of a process on a file when it closes any descriptor of that file. So within a JVM the
 * directories held are known by name, and the file of one that is held is never opened a second time; who looks and
 * who takes do so one at a time.
 */
public final class FileDirectoryLock implements DirectoryLock
{
    /** Name of the locked file. */
    public static final String FILE_NAME = "lock";

    /** A reader that only looks whether the lock is held may have it for an instant. */
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Its monitor is held for as long as a file is open that is not, or not yet, locked. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path directory;
    private Path key;
    private FileChannel channel;
    private FileLock lock;

    /**
     * @param directory DIR; must exist when the lock is acquired.
     */
    public FileDirectoryLock(final Path directory)
    {
        this.directory = directory;
    }

    @Override
    public void acquire()
    {
        if (lock != null)
        {
            throw new IllegalStateException("held already: " + directory);
        }

        try
        {
            final Path realDirectory = directory.toRealPath();
            for (int i = 0; i < ATTEMPTS && !tryLock(realDirectory); i++)
            {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(
                Verdict.UNUSABLE, "cannot lock " + directory + ": " + ex + "; choose a --dir that can be written", ex);
        }

        if (lock == null)
        {
            throw new DirectoryLockedException(
                "another engine is running on " + directory + ": stop it, or choose another --dir");
        }
    }

    private boolean tryLock(final Path realDirectory) throws IOException
    {
        synchronized (HELD)
        {
            if (!HELD.contains(realDirectory))
            {
                final FileChannel opened = FileChannel.open(
                    directory.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                try
                {
                    lock = opened.tryLock();
                }
                finally
                {
                    if (lock == null)
                    {
                        opened.close();
                    }
                }
                if (lock != null)
                {
                    channel = opened;
                    key = realDirectory;
                    HELD.add(key);
                }
            }
        }

        return lock != null;
    }

    @Override
    public boolean isHeld()
    {
        return lock != null && lock.isValid();
    }

    /**
     * @param directory DIR.
     * @return true when a running engine holds it; for readers, who never take the lock.
     */
    public static boolean isHeld(final Path directory)
    {
        try
        {
            final Path realDirectory = directory.toRealPath();
            synchronized (HELD)
            {
                if (HELD.contains(realDirectory))
                {
                    return true;
                }

                try (FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME), StandardOpenOption.READ);
                    FileLock probe = channel.tryLock(0, Long.MAX_VALUE, true))
                {
                    return probe == null;
                }
            }
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
        catch (final IOException ex)
        {
            return Files.exists(directory.resolve(FILE_NAME));
        }
    }

    @Override
    public void close()
    {
        synchronized (HELD)
        {
            try
            {
                if (channel != null)
                {
                    channel.close();
                }
            }
            catch (final IOException ex)
            {
                throw new JournalException(Verdict.IO_FAULT, "cannot unlock " + directory + ": " + ex, ex);
            }
            finally
            {
                channel = null;
                lock = null;
                HELD.remove(key);
                key = null;
            }
        }
    }
}

package io.quipu.transport;

import org.agrona.IoUtil;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A media driver's directory with an owner, so that nobody else's is ever taken for a leftover, and no leftover for alive.
 * <pre>
 *   /dev/shm/quipu-NAME-PID-N/
 *       owner.lock     a kernel lock held for as long as the owner lives: says more than a pid, which containers repeat
 *       driver/        the Aeron directory
 * </pre>
 * {@link #claim} also removes what dead owners left behind in the same place, whatever their name. Safe from any thread;
 * {@link #close} removes the directory and is idempotent.
 */
public final class DriverDirectory implements AutoCloseable
{
    private static final String PREFIX = "quipu-";
    private static final String LOCK_FILE = "owner.lock";
    private static final String DRIVER_DIRECTORY = "driver";
    private static final long UNLOCKED_GRACE_MS = 60_000;
    private static final int MAX_ATTEMPTS = 1000;

    /** Closing any descriptor of a file gives up all POSIX locks this process holds on it: ours are never opened again. */
    private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lockChannel;
    private final File presence;
    private boolean isClosed;

    private DriverDirectory(final Path directory, final FileChannel lockChannel)
    {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.presence = directory.resolve(LOCK_FILE).toFile();
    }

    /**
     * Makes and owns a directory in shared memory, or in the fallback when shared memory has too little room or cannot be
     * written; says so with one line.
     *
     * @param name         of the owner: letters, digits, dashes.
     * @param sharedMemory where to put it.
     * @param needed       bytes that must be free there.
     * @param fallback     where else; created when needed.
     * @param log          takes the line.
     */
    public static DriverDirectory claim(
        final String name, final Path sharedMemory, final long needed, final Path fallback, final Consumer<String> log)
    {
        final String unfit = unfit(sharedMemory, needed);
        if (null == unfit)
        {
            return claim(name, sharedMemory);
        }

        log.accept("shared memory " + sharedMemory + ' ' + unfit + ": using " + fallback + " instead, which may be slower");
        try
        {
            Files.createDirectories(fallback);
        }
        catch (final IOException ex)
        {
            throw new TransportException("cannot create directory " + fallback + ": " + reason(ex), ex);
        }
        return claim(name, fallback);
    }

    /** The Aeron directory; made by the driver. */
    public Path path()
    {
        return directory.resolve(DRIVER_DIRECTORY);
    }

    /** Whether it is still there: somebody may have swept shared memory. Cheap enough for once a second. */
    public boolean isPresent()
    {
        return presence.exists();
    }

    /** Bytes that may still be written beside it. */
    public long usableSpace()
    {
        return presence.getUsableSpace();
    }

    @Override
    public synchronized void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            try
            {
                deleteTree(directory);
                lockChannel.close();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
            finally
            {
                OWNED.remove(directory);
            }
        }
    }

    private static String unfit(final Path sharedMemory, final long needed)
    {
        if (!Files.isDirectory(sharedMemory) || !Files.isWritable(sharedMemory))
        {
            return "is not a directory that can be written";
        }

        removeLeftovers(sharedMemory);
        try
        {
            final long usable = Files.getFileStore(sharedMemory).getUsableSpace();
            return usable >= needed ? null : "has " + mebibytes(usable) + " free, " + mebibytes(needed) + " are needed";
        }
        catch (final IOException ex)
        {
            return "cannot be measured (" + reason(ex) + ')';
        }
    }

    private static DriverDirectory claim(final String name, final Path parent)
    {
        removeLeftovers(parent);
        try
        {
            final Path base = parent.toRealPath();
            final long pid = ProcessHandle.current().pid();
            for (int i = 0; i < MAX_ATTEMPTS; i++)
            {
                final Path directory = base.resolve(PREFIX + name + '-' + pid + '-' + i);
                final DriverDirectory claimed = tryClaim(directory);
                if (null != claimed)
                {
                    return claimed;
                }
            }
        }
        catch (final IOException ex)
        {
            throw new TransportException("cannot make the media driver's directory in " + parent + ": " + reason(ex), ex);
        }

        throw new TransportException("cannot find a name for the media driver's directory in " + parent);
    }

    private static DriverDirectory tryClaim(final Path directory) throws IOException
    {
        try
        {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        catch (final FileAlreadyExistsException ex)
        {
            return null;
        }

        OWNED.add(directory);
        FileChannel channel = null;
        boolean isClaimed = false;
        try
        {
            final Path lockFile = directory.resolve(LOCK_FILE);
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Another start may have seen the file before it was locked, and have removed it.
            isClaimed = null != channel.tryLock() && Files.exists(lockFile);
            return isClaimed ? new DriverDirectory(directory, channel) : null;
        }
        catch (final NoSuchFileException ex)
        {
            return null;
        }
        finally
        {
            if (!isClaimed)
            {
                if (null != channel)
                {
                    channel.close();
                }
                OWNED.remove(directory);
            }
        }
    }

    private static void removeLeftovers(final Path parent)
    {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent.toRealPath(), PREFIX + '*'))
        {
            for (final Path directory : directories)
            {
                if (!OWNED.contains(directory))
                {
                    removeIfDead(directory);
                }
            }
        }
        catch (final IOException ex)
        {
            // What cannot be listed cannot be removed; claiming a name in it tells whether it can be used.
            return;
        }
    }

    private static void removeIfDead(final Path directory)
    {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.WRITE))
        {
            try (FileLock lock = channel.tryLock())
            {
                if (null != lock)
                {
                    deleteTree(directory);
                }
            }
        }
        catch (final NoSuchFileException ex)
        {
            removeIfOld(directory);
        }
        catch (final IOException | OverlappingFileLockException ex)
        {
            // Another user's, or being removed by another start: not ours to remove.
            return;
        }
    }

    private static void removeIfOld(final Path directory)
    {
        try
        {
            final long ageMs = System.currentTimeMillis() - Files.getLastModifiedTime(directory).toMillis();
            if (ageMs > UNLOCKED_GRACE_MS)
            {
                deleteTree(directory);
            }
        }
        catch (final IOException ex)
        {
            // Removed by another start in the meantime.
            return;
        }
    }

    /** The lock file goes last: as long as anything is left, another start can finish the removal. */
    private static void deleteTree(final Path directory) throws IOException
    {
        IoUtil.delete(directory.resolve(DRIVER_DIRECTORY).toFile(), true);
        Files.deleteIfExists(directory.resolve(LOCK_FILE));
        Files.deleteIfExists(directory);
    }

    private static String mebibytes(final long bytes)
    {
        return (bytes >> 20) + " MiB";
    }

    private static String reason(final IOException ex)
    {
        return ex.getClass().getSimpleName() + ' ' + ex.getMessage();
    }
}

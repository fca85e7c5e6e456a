package io.quipu.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoints as files. One is written beside, forced, renamed, and the directory is forced; the directory itself is
 * created, durably, with the first.
 * <pre>
 *   DIR/checkpoints/checkpoint-0000000000000012345         published
 *   DIR/checkpoints/checkpoint-0000000000000067890.part    being written, or left by a process that died
 *   DIR/checkpoints/lock                                   held by the one process that writes here
 * </pre>
 * Reading works beside a writer in another process. The first {@link #create} takes the lock, until {@link #close()}: a {@link
 * DirectoryLockedException} when another process makes checkpoints here.
 */
public final class FileCheckpointStore implements CheckpointStore
{
    /** Name of the directory within DIR. */
    public static final String DIRECTORY = "checkpoints";

    /** Passed when a checkpoint's bytes are on the disk, under no name yet. */
    public static final String BEFORE_RENAME = "checkpoint.rename.before";
    /** Passed when a checkpoint has its name, which may not be on the disk yet. */
    public static final String BEFORE_DIRECTORY = "checkpoint.directory.before";

    private static final Pattern NAME = Pattern.compile("checkpoint-([0-8]\\d{18})");
    private static final String PART = ".part";

    private final Path directory;
    private final CrashPoint crashPoint;
    private final DirectoryLock lock;

    /**
     * @param dir        DIR.
     * @param crashPoint told of the places passed.
     */
    public FileCheckpointStore(final Path dir, final CrashPoint crashPoint)
    {
        directory = dir.resolve(DIRECTORY);
        this.crashPoint = crashPoint;
        lock = new FileDirectoryLock(directory);
    }

    @Override
    public long[] sequences()
    {
        final List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory))
        {
            for (final Path path : paths)
            {
                final Matcher matcher = NAME.matcher(path.getFileName().toString());
                if (matcher.matches())
                {
                    found.add(Long.parseLong(matcher.group(1)));
                }
            }
        }
        catch (final NoSuchFileException | NotDirectoryException ex)
        {
            return new long[0];
        }
        catch (final IOException | DirectoryIteratorException ex)
        {
            throw failure("cannot list " + directory, ex);
        }

        return found.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    @Override
    public String name(final long sequence)
    {
        return path(sequence).toString();
    }

    @Override
    public long length(final long sequence)
    {
        try
        {
            return Files.size(path(sequence));
        }
        catch (final IOException ex)
        {
            throw failure("cannot look at " + name(sequence), ex);
        }
    }

    @Override
    public WritableByteChannel create(final long sequence)
    {
        try
        {
            if (!lock.isHeld())
            {
                takeOver();
            }

            return FileChannel.open(
                part(sequence),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        }
        catch (final IOException ex)
        {
            throw failure("cannot create " + part(sequence), ex);
        }
    }

    /** Who created the directory may have died before its name was durable. */
    private void takeOver() throws IOException
    {
        Files.createDirectories(directory);
        FileSync.syncDirectory(directory.getParent());
        try
        {
            lock.acquire();
        }
        catch (final DirectoryLockedException ex)
        {
            throw ex;
        }
        catch (final JournalException ex)
        {
            throw new JournalException(Verdict.IO_FAULT, ex.getMessage(), ex);
        }
        deleteParts();
    }

    @Override
    public void publish(final long sequence)
    {
        try
        {
            FileSync.syncFile(part(sequence));
            crashPoint.reached(BEFORE_RENAME);
            Files.move(part(sequence), path(sequence), StandardCopyOption.ATOMIC_MOVE);
            crashPoint.reached(BEFORE_DIRECTORY);
            FileSync.syncDirectory(directory);
        }
        catch (final IOException ex)
        {
            throw failure("cannot publish " + path(sequence), ex);
        }
    }

    @Override
    public ReadableByteChannel open(final long sequence)
    {
        try
        {
            return FileChannel.open(path(sequence), StandardOpenOption.READ);
        }
        catch (final IOException ex)
        {
            throw failure("cannot open " + path(sequence), ex);
        }
    }

    @Override
    public void delete(final long sequence)
    {
        try
        {
            if (Files.deleteIfExists(part(sequence)) | Files.deleteIfExists(path(sequence)))
            {
                FileSync.syncDirectory(directory);
            }
        }
        catch (final IOException ex)
        {
            throw failure("cannot delete " + path(sequence), ex);
        }
    }

    /** Removes what processes that died left half written. */
    private void deleteParts() throws IOException
    {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*" + PART))
        {
            for (final Path path : paths)
            {
                Files.delete(path);
            }
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
    }

    @Override
    public void close()
    {
        lock.close();
    }

    private Path path(final long sequence)
    {
        return directory.resolve(String.format(Locale.ROOT, "checkpoint-%019d", sequence));
    }

    private Path part(final long sequence)
    {
        return directory.resolve(path(sequence).getFileName() + PART);
    }

    private static JournalException failure(final String what, final Exception ex)
    {
        return new JournalException(Verdict.IO_FAULT, what + ": " + ex, ex);
    }
}

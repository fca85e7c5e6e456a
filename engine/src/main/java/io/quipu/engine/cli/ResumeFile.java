package io.quipu.engine.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Where a load keeps how far it got, so that the same command goes on after a kill at any moment. It holds the secret
 * of the session and so only its owner may read it. One process at a time holds its lock. Used by one thread.
 * <pre>
 *   0     one state, padded with zeros
 *   4096  the other one; they are written in turn
 *
 *   state = length u32 | generation u64 | crc32c u32 of both and the text | text, lines of name=value
 * </pre>
 * The state of the highest generation whose checksum holds counts: whatever a kill leaves of the one that was being
 * written, the one before is whole.
 */
final class ResumeFile implements Closeable
{
    private static final int STATE_LENGTH = 4096;
    private static final int HEADER_LENGTH = Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(STATE_LENGTH);
    private final CRC32C crc = new CRC32C();
    private long generation;

    private ResumeFile(final Path path, final FileChannel channel)
    {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens or creates it.
     *
     * @param path of the file.
     * @return the file, locked.
     * @throws IOException   when it cannot be opened.
     * @throws VerbException when another process holds it, or others may read it.
     */
    static ResumeFile open(final Path path) throws IOException
    {
        final boolean posix = path.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix");
        final FileAttribute<?>[] attributes =
            posix ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
        final FileChannel channel = FileChannel.open(
            path, EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE), attributes);
        try
        {
            if (posix && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)))
            {
                throw VerbException.refused("ACCESS_DENIED",
                    "--resume=" + path + ": others may read it and it holds a secret: chmod 600 it, or name another file");
            }
            if (!tryLock(channel))
            {
                throw VerbException.refused("LOCKED", "--resume=" + path + ": another load is using it");
            }
            if (channel.size() == 0)
            {
                syncName(path);
            }
            return new ResumeFile(path, channel);
        }
        catch (final IOException | RuntimeException ex)
        {
            channel.close();
            throw ex;
        }
    }

    /** What the engine is told to forget must not vanish with the name of the file. */
    private static void syncName(final Path path) throws IOException
    {
        try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ))
        {
            directory.force(true);
        }
    }

    /**
     * The newest whole state.
     *
     * @return empty for a new file.
     * @throws IOException   when it cannot be read.
     * @throws VerbException when the file is something else.
     */
    Optional<String> read() throws IOException
    {
        String newest = null;
        for (int slot = 0; slot < 2; slot++)
        {
            final String text = read(slot);
            newest = text == null ? newest : text;
        }
        if (newest == null && channel.size() > 0)
        {
            throw VerbException.refused("BAD_FILE", "--resume=" + path + ": not written by load: name another file");
        }
        return Optional.ofNullable(newest);
    }

    /**
     * Replaces the state; when this returns it survives a loss of power.
     *
     * @param text lines of name=value.
     * @throws IOException when it cannot be written.
     */
    void write(final String text) throws IOException
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > STATE_LENGTH - HEADER_LENGTH)
        {
            throw new IOException("state of " + bytes.length + " bytes does not fit into " + path);
        }
        generation++;
        buffer.clear();
        buffer.putInt(bytes.length).putLong(generation).putInt(checksum(bytes, generation)).put(bytes);
        while (buffer.hasRemaining())
        {
            buffer.put((byte)0);
        }
        buffer.flip();
        final long position = (generation & 1) * STATE_LENGTH;
        while (buffer.hasRemaining())
        {
            channel.write(buffer, position + buffer.position());
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }

    /** The text of a slot, when it is whole and newer than what was read before. */
    private String read(final int slot) throws IOException
    {
        buffer.clear();
        int read = 0;
        while (buffer.hasRemaining() && read >= 0)
        {
            read = channel.read(buffer, (long)slot * STATE_LENGTH + buffer.position());
        }
        buffer.flip();
        if (buffer.remaining() < HEADER_LENGTH)
        {
            return null;
        }
        final int length = buffer.getInt();
        final long written = buffer.getLong();
        final int expected = buffer.getInt();
        if (length < 0 || length > buffer.remaining() || written <= generation)
        {
            return null;
        }
        final byte[] bytes = new byte[length];
        buffer.get(bytes);
        if (checksum(bytes, written) != expected)
        {
            return null;
        }
        generation = written;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int checksum(final byte[] bytes, final long ofGeneration)
    {
        crc.reset();
        crc.update(ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(bytes.length).putLong(ofGeneration).flip());
        crc.update(bytes);
        return (int)crc.getValue();
    }

    private static boolean tryLock(final FileChannel channel) throws IOException
    {
        try
        {
            final FileLock lock = channel.tryLock();
            return lock != null;
        }
        catch (final OverlappingFileLockException ex)
        {
            return false;
        }
    }
}

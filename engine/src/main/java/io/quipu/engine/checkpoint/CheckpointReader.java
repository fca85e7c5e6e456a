package io.quipu.engine.checkpoint;

import static io.quipu.engine.checkpoint.CheckpointDescriptor.BYTES_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.CHUNKS_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.CHUNK_HEADER_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.CRC_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.DIGEST_HIGH_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.DIGEST_LOW_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.HEADER_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.HEADER_LENGTH_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.IMAGE_VERSION_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.LOGIC_VERSION_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.MAGIC;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.MAGIC_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.MAX_HEADER_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.NAMES_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.ORDER;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.TRAILER_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.VERSION;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.VERSION_OFFSET;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

import io.quipu.engine.state.StateImage;
import io.quipu.engine.state.StateImageReader;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.Verdict;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a checkpoint and trusts no byte of it before its CRC: header, chunks in their order, trailer, and nothing behind it.
 * Memory is bounded, whatever the bytes say, and given back by {@link #close()}. One use, one thread.
 */
final class CheckpointReader implements AutoCloseable
{
    private static final int ROOM = 2 * (CHUNK_HEADER_LENGTH + StateImage.MAX_CHUNK_LENGTH);

    /** Told how many bytes have been read. */
    @FunctionalInterface
    interface Progress
    {
        void onBytes(long bytes);
    }

    private final ReadableByteChannel channel;
    private final Progress progress;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer in = ByteBuffer.allocateDirect(ROOM).order(ORDER);
    private final UnsafeBuffer buffer = new UnsafeBuffer(in);
    private int start;
    private int end;
    private int chain;
    private long names;
    private long chunks;
    private long bytes;
    private long bytesRead;

    private long digestHigh;
    private long digestLow;

    /**
     * @param channel  that the bytes come from; not closed here.
     * @param progress told how far it got.
     */
    CheckpointReader(final ReadableByteChannel channel, final Progress progress)
    {
        this.channel = channel;
        this.progress = progress;
    }

    /**
     * Reads all of it.
     *
     * @param image takes the chunks; an {@link IllegalStateException} of it is damage too.
     * @return the record that was applied last.
     * @throws DamagedCheckpointException when anything is not right.
     * @throws JournalException           {@link Verdict#FORMAT_TOO_NEW}.
     */
    JournalPlace read(final StateImageReader image) throws DamagedCheckpointException
    {
        final JournalPlace place = readHeader();
        image.expectNames(names);
        try
        {
            while (readChunk(image))
            {
                progress.onBytes(bytesRead);
            }
            image.finish();
        }
        catch (final IllegalStateException ex)
        {
            throw new DamagedCheckpointException(ex.getMessage(), ex);
        }
        readTrailer();

        return place;
    }

    /** First lane of the digest in the trailer. */
    long digestHigh()
    {
        return digestHigh;
    }

    /** Second lane. */
    long digestLow()
    {
        return digestLow;
    }

    /** Reads the header, and no more; {@link #read} does so itself. */
    JournalPlace readHeader() throws DamagedCheckpointException
    {
        require(HEADER_LENGTH_OFFSET + Integer.BYTES, "the header");
        final int length = in.getInt(start + HEADER_LENGTH_OFFSET);
        if (in.getInt(start + MAGIC_OFFSET) != MAGIC || length < HEADER_LENGTH || length > MAX_HEADER_LENGTH)
        {
            throw new DamagedCheckpointException("no header of a checkpoint");
        }
        require(length, "the header");
        checkCrcAtEnd(length, "the header");
        checkVersion("format", in.getShort(start + VERSION_OFFSET) & 0xFFFF, VERSION);
        checkVersion("image", in.getShort(start + IMAGE_VERSION_OFFSET) & 0xFFFF, StateImage.VERSION);
        checkVersion(
            "logic", in.getInt(start + LOGIC_VERSION_OFFSET) & 0xFFFF_FFFFL, JournalContext.DEFAULT_LOGIC_VERSION);
        final JournalPlace place = CheckpointDescriptor.place(in.slice(start, length).order(ORDER));
        names = in.getInt(start + NAMES_OFFSET) & 0xFFFF_FFFFL;
        start += length;

        return place;
    }

    private static void checkVersion(final String what, final long version, final int newest)
    {
        if (version > newest)
        {
            throw new JournalException(
                Verdict.FORMAT_TOO_NEW,
                "a checkpoint has " + what + " version " + version + ", this program knows up to " + newest +
                "; nothing was changed: use the version of the program that wrote it");
        }
    }

    /** Hands one chunk over; false at the trailer. */
    private boolean readChunk(final StateImageReader image) throws DamagedCheckpointException
    {
        require(CHUNK_HEADER_LENGTH, "a chunk");
        final int length = in.getInt(start);
        if (length == 0)
        {
            return false;
        }
        if (length < 0 || length > StateImage.MAX_CHUNK_LENGTH)
        {
            throw new DamagedCheckpointException("a chunk of " + length + " bytes");
        }

        require(CHUNK_HEADER_LENGTH + length, "a chunk");
        chain = CheckpointDescriptor.crc(
            crc, chain, in.slice(start, Integer.BYTES), in.slice(start + CHUNK_HEADER_LENGTH, length));
        if (in.getInt(start + Integer.BYTES) != chain)
        {
            throw new DamagedCheckpointException("the CRC of chunk " + chunks + " does not agree");
        }

        image.onChunk(buffer, start + CHUNK_HEADER_LENGTH, length);
        start += CHUNK_HEADER_LENGTH + length;
        chunks++;
        bytes += length;

        return true;
    }

    private void readTrailer() throws DamagedCheckpointException
    {
        require(TRAILER_LENGTH, "the trailer");
        checkCrcAtEnd(TRAILER_LENGTH, "the trailer");
        digestHigh = in.getLong(start + DIGEST_HIGH_OFFSET);
        digestLow = in.getLong(start + DIGEST_LOW_OFFSET);
        if (in.getLong(start + CHUNKS_OFFSET) != chunks || in.getLong(start + BYTES_OFFSET) != bytes)
        {
            throw new DamagedCheckpointException("chunks do not add up");
        }

        start += TRAILER_LENGTH;
        if (start < end || fill())
        {
            throw new DamagedCheckpointException("bytes behind the trailer");
        }
    }

    private void checkCrcAtEnd(final int length, final String what) throws DamagedCheckpointException
    {
        chain = CheckpointDescriptor.crc(crc, chain, in.slice(start, length - CRC_LENGTH), in.slice(start, 0));
        if (in.getInt(start + length - CRC_LENGTH) != chain)
        {
            throw new DamagedCheckpointException("the CRC of " + what + " does not agree");
        }
    }

    /** Has so many bytes stand from {@code start} on. */
    private void require(final int length, final String what) throws DamagedCheckpointException
    {
        if (end - start < length && ROOM - start < length)
        {
            in.limit(end).position(start);
            in.compact();
            end -= start;
            start = 0;
        }
        while (end - start < length)
        {
            if (!fill())
            {
                throw new DamagedCheckpointException("it ends within " + what);
            }
        }
    }

    /** Reads as much as there is room for; false at the end. */
    private boolean fill() throws DamagedCheckpointException
    {
        if (start == end)
        {
            start = 0;
            end = 0;
        }
        in.clear().position(end);
        try
        {
            final int count = channel.read(in);
            end += Math.max(0, count);
            bytesRead += Math.max(0, count);
            return count > 0;
        }
        catch (final IOException ex)
        {
            throw new DamagedCheckpointException("it cannot be read: " + ex, ex);
        }
    }

    /** Frees its buffer; the channel stays its owner's. */
    @Override
    public void close()
    {
        BufferUtil.free(in);
    }
}

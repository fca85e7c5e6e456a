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
import static io.quipu.engine.checkpoint.CheckpointDescriptor.NAMES_OFFSET;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.ORDER;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.TRAILER_LENGTH;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.VERSION;
import static io.quipu.engine.checkpoint.CheckpointDescriptor.VERSION_OFFSET;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

import io.quipu.engine.state.StateImage;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.JournalContext;
import io.quipu.journal.JournalException;
import io.quipu.journal.JournalPlace;
import io.quipu.journal.Verdict;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes a state down as {@link CheckpointDescriptor} draws it. On the thread of the state, which must not change
 * meanwhile.
 */
final class CheckpointWriter
{
    private static final int ROOM = CHUNK_HEADER_LENGTH + StateImage.MAX_CHUNK_LENGTH;

    private final WritableByteChannel channel;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer out = ByteBuffer.allocateDirect(ROOM).order(ORDER);
    private final UnsafeBuffer outBuffer = new UnsafeBuffer(out);
    private int chain;
    private long chunks;
    private long bytes;

    private CheckpointWriter(final WritableByteChannel channel)
    {
        this.channel = channel;
    }

    /**
     * @param channel where the bytes go; not closed here.
     * @param state   to be written down.
     * @param place   of the record that was applied to it last.
     * @throws JournalException {@link Verdict#IO_FAULT} when they cannot be written.
     */
    static void write(final WritableByteChannel channel, final StateMachine state, final JournalPlace place)
    {
        if (place.sequence() != state.sequence())
        {
            throw new IllegalArgumentException("place=" + place + " of a state at sequence " + state.sequence());
        }

        final CheckpointWriter writer = new CheckpointWriter(channel);
        try
        {
            writer.writeHeader(place, state.nameCount());
            state.writeImage(writer::writeChunk);
            writer.writeTrailer(state.digest().high(), state.digest().low());
        }
        finally
        {
            BufferUtil.free(writer.out);
        }
    }

    private void writeHeader(final JournalPlace place, final long names)
    {
        begin(HEADER_LENGTH);
        out.putInt(MAGIC_OFFSET, MAGIC);
        out.putShort(VERSION_OFFSET, (short)VERSION);
        out.putShort(IMAGE_VERSION_OFFSET, (short)StateImage.VERSION);
        out.putInt(LOGIC_VERSION_OFFSET, JournalContext.DEFAULT_LOGIC_VERSION);
        out.putInt(HEADER_LENGTH_OFFSET, HEADER_LENGTH);
        CheckpointDescriptor.putPlace(out, place);
        out.putInt(NAMES_OFFSET, (int)names);
        putCrcAtEnd(HEADER_LENGTH);
        writeOut();
    }

    private void writeChunk(final DirectBuffer buffer, final int offset, final int length)
    {
        begin(CHUNK_HEADER_LENGTH + length);
        out.putInt(0, length);
        outBuffer.putBytes(CHUNK_HEADER_LENGTH, buffer, offset, length);
        chain = CheckpointDescriptor.crc(
            crc, chain, out.slice(0, Integer.BYTES), out.slice(CHUNK_HEADER_LENGTH, length));
        out.putInt(CRC_LENGTH, chain);
        chunks++;
        bytes += length;
        writeOut();
    }

    private void writeTrailer(final long digestHigh, final long digestLow)
    {
        begin(TRAILER_LENGTH);
        out.putLong(DIGEST_HIGH_OFFSET, digestHigh);
        out.putLong(DIGEST_LOW_OFFSET, digestLow);
        out.putLong(CHUNKS_OFFSET, chunks);
        out.putLong(BYTES_OFFSET, bytes);
        putCrcAtEnd(TRAILER_LENGTH);
        writeOut();
    }

    private void begin(final int length)
    {
        out.clear().limit(length);
        outBuffer.setMemory(0, Math.min(length, HEADER_LENGTH), (byte)0);
    }

    private void putCrcAtEnd(final int length)
    {
        chain = CheckpointDescriptor.crc(crc, chain, out.slice(0, length - CRC_LENGTH), out.slice(0, 0));
        out.putInt(length - CRC_LENGTH, chain);
    }

    private void writeOut()
    {
        out.position(0);
        try
        {
            while (out.hasRemaining())
            {
                channel.write(out);
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(Verdict.IO_FAULT, "cannot write a checkpoint: " + ex, ex);
        }
    }
}

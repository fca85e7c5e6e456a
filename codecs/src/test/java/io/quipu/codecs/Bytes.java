package io.quipu.codecs;

import io.quipu.codecs.ingress.RequestDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** What tests do to the bytes of a frame. */
final class Bytes
{
    private Bytes()
    {
    }

    /** The frame in a buffer that ends where the frame ends: a read outside throws. */
    static UnsafeBuffer exactly(final byte[] frame)
    {
        return new UnsafeBuffer(frame.clone());
    }

    /** The frame in the middle of a larger buffer, all of whose other bytes are {@code neighbour}. */
    static UnsafeBuffer amid(final byte[] frame, final int neighbour, final int margin)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[frame.length + 2 * margin]);
        buffer.setMemory(0, buffer.capacity(), (byte)neighbour);
        buffer.putBytes(margin, frame);
        return buffer;
    }

    static byte[] with(final byte[] frame, final int offset, final int width, final long value)
    {
        final byte[] changed = frame.clone();
        final ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        switch (width)
        {
            case 1 -> bytes.put(offset, (byte)value);
            case 2 -> bytes.putShort(offset, (short)value);
            case 4 -> bytes.putInt(offset, (int)value);
            default -> bytes.putLong(offset, value);
        }
        return changed;
    }

    static long read(final byte[] frame, final int offset, final int width)
    {
        final ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        return switch (width)
        {
            case 1 -> bytes.get(offset) & 0xFFL;
            case 2 -> bytes.getShort(offset) & 0xFFFFL;
            case 4 -> bytes.getInt(offset) & 0xFFFF_FFFFL;
            default -> bytes.getLong(offset);
        };
    }

    /** The frame with {@code count} bytes of 0x5A put in at {@code offset}. */
    static byte[] insert(final byte[] frame, final int offset, final int count)
    {
        final byte[] longer = new byte[frame.length + count];
        System.arraycopy(frame, 0, longer, 0, offset);
        Arrays.fill(longer, offset, offset + count, (byte)0x5A);
        System.arraycopy(frame, offset, longer, offset + count, frame.length - offset);
        return longer;
    }

    /** A Submit frame of one request whose payload grew or shrank: Request.length and padding set anew. */
    static byte[] refitted(final byte[] frame, final int payloadLength)
    {
        final int requestBlock = 24 + 8;
        final int payload = requestBlock + RequestDecoder.BLOCK_LENGTH;
        final byte[] fitted = Arrays.copyOf(
            Arrays.copyOf(frame, payload + payloadLength), (payload + payloadLength + 7) & ~7);
        return with(fitted, requestBlock + RequestDecoder.lengthEncodingOffset(), 4, payloadLength);
    }
}

package io.quipu.journal;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A window on the bytes of one cycle of a store. Never reads behind the length that the cycle had when it was opened
 * here, and never holds more than the window, whatever a length in the file claims.
 */
final class CycleReader implements AutoCloseable
{
    /** Holds two of the longest documents, so that most of a window is read once. */
    private static final int WINDOW_LENGTH = 4 << 20;

    private final JournalStore store;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private int cycle;
    private long limit;
    private long windowPosition;
    private int windowLength;

    /**
     * @param store   to read.
     * @param longest limit that {@link #open} will be called with: the window need not be longer.
     */
    CycleReader(final JournalStore store, final long longest)
    {
        this.store = store;
        bytes = ByteBuffer.allocateDirect((int)Math.min(WINDOW_LENGTH, longest)).order(ByteOrder.LITTLE_ENDIAN);
        buffer = new UnsafeBuffer(bytes);
    }

    /**
     * Turns to a cycle.
     *
     * @param cycle to read.
     * @param limit nothing at or behind it is read.
     */
    void open(final int cycle, final long limit)
    {
        this.cycle = cycle;
        this.limit = limit;
        discard();
    }

    /**
     * Forgets what was read, so that it is read anew.
     */
    void discard()
    {
        windowPosition = 0;
        windowLength = 0;
    }

    int cycle()
    {
        return cycle;
    }

    long limit()
    {
        return limit;
    }

    /**
     * Brings bytes into the window.
     *
     * @param position of the first.
     * @param length   at most the window's.
     * @return false when the cycle ends before them.
     */
    boolean require(final long position, final int length)
    {
        if (position >= windowPosition && position + length <= windowPosition + windowLength)
        {
            return true;
        }

        return position + length <= limit && fill(position) >= length;
    }

    /**
     * Brings as many bytes as there are, up to the window's length, into the window.
     *
     * @param position of the first.
     * @return how many.
     */
    int fill(final long position)
    {
        windowPosition = position;
        windowLength = 0;
        bytes.clear().limit((int)Math.max(0, Math.min(bytes.capacity(), limit - position)));
        while (bytes.hasRemaining())
        {
            final int count = store.read(cycle, position + bytes.position(), bytes);
            if (count <= 0)
            {
                break;
            }
        }
        windowLength = bytes.position();
        bytes.clear();

        return windowLength;
    }

    /**
     * @param position that is in the window.
     * @return where it is in {@link #buffer()} and {@link #bytes()}.
     */
    int offset(final long position)
    {
        return (int)(position - windowPosition);
    }

    /**
     * @param position that is in the window.
     * @return bytes of the window from there on.
     */
    int available(final long position)
    {
        return (int)(windowPosition + windowLength - position);
    }

    int word(final long position)
    {
        return buffer.getInt(offset(position), ByteOrder.LITTLE_ENDIAN);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    ByteBuffer bytes()
    {
        return bytes;
    }

    @Override
    public void close()
    {
        buffer.wrap(0, 0);
        BufferUtil.free(bytes);
    }
}

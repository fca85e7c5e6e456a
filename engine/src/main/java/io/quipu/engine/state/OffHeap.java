package io.quipu.engine.state;

import org.agrona.UnsafeApi;

/**
 * Raw off-heap memory by address: the only door of this package to {@link UnsafeApi}.
 * <p>
 * There are no bounds checks. Whoever passes an address took it from a {@link Slab}, or from {@link #allocate(long)}, and
 * stays inside the record that it points to. Numbers are in native byte order: this memory never leaves the process.
 */
final class OffHeap
{
    /** Blocks start on this boundary, so that records of a multiple of it never share a cache line with others. */
    static final int CACHE_LINE_LENGTH = 64;

    /** Of all states in this process, as memory is. */
    private static volatile SegmentHandler segmentHandler = (segment) -> {};

    private OffHeap()
    {
    }

    /**
     * Reserves memory with undefined content. Pages of large blocks are taken from the system when they are first touched.
     *
     * @param length in bytes.
     * @return address of the block, to be given back with {@link #free(long)}; not aligned.
     */
    static long allocate(final long length)
    {
        return UnsafeApi.allocateMemory(length);
    }

    static void free(final long address)
    {
        UnsafeApi.freeMemory(address);
    }

    static void segmentHandler(final SegmentHandler handler)
    {
        segmentHandler = handler;
    }

    /** Tells the handler of a segment that will be used. */
    static void announce(final Segment segment)
    {
        segmentHandler.onSegment(segment);
    }

    static void zero(final long address, final long length)
    {
        UnsafeApi.setMemory(address, length, (byte)0);
    }

    /**
     * Copies bytes between blocks, or within one: the two ranges may overlap.
     *
     * @param from   address of the first byte to copy.
     * @param to     address that it is copied to.
     * @param length in bytes.
     */
    static void copy(final long from, final long to, final long length)
    {
        UnsafeApi.copyMemory(from, to, length);
    }

    static long getLong(final long address)
    {
        return UnsafeApi.getLong(address);
    }

    static void putLong(final long address, final long value)
    {
        UnsafeApi.putLong(address, value);
    }

    /**
     * Reads an int at each address, so that what stands there is in the cache afterwards. Nothing else is in this loop,
     * since the processor looks only so many instructions ahead: the shorter the loop, the more misses are under way at
     * once.
     *
     * @return their sum, to be kept: else nothing would have to be read.
     */
    static long readAll(final long[] addresses, final int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += UnsafeApi.getInt(addresses[i]);
        }
        return sum;
    }

    static int getInt(final long address)
    {
        return UnsafeApi.getInt(address);
    }

    static void putInt(final long address, final int value)
    {
        UnsafeApi.putInt(address, value);
    }

    static byte getByte(final long address)
    {
        return UnsafeApi.getByte(address);
    }

    static void putByte(final long address, final byte value)
    {
        UnsafeApi.putByte(address, value);
    }

    static short getShort(final long address)
    {
        return UnsafeApi.getShort(address);
    }

    static void putShort(final long address, final short value)
    {
        UnsafeApi.putShort(address, value);
    }

    /** Whether two byte strings of one length are the same; of eight bytes and more the last word may overlap the one before. */
    static boolean isEqual(final long left, final long right, final int length)
    {
        if (length < Long.BYTES)
        {
            return isShortEqual(left, right, length);
        }

        final int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES)
        {
            if (getLong(left + i) != getLong(right + i))
            {
                return false;
            }
        }

        return getLong(left + last) == getLong(right + last);
    }

    private static boolean isShortEqual(final long left, final long right, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (getByte(left + i) != getByte(right + i))
            {
                return false;
            }
        }

        return true;
    }

    /**
     * Compares two byte strings: byte by byte, unsigned, and a prefix before what it is a prefix of.
     *
     * @param left        address of the first string.
     * @param leftLength  its bytes.
     * @param right       address of the second string.
     * @param rightLength its bytes.
     * @return negative, zero or positive, as the first is before, equal to or behind the second.
     */
    static int compare(final long left, final int leftLength, final long right, final int rightLength)
    {
        final int common = Math.min(leftLength, rightLength);
        for (int i = 0; i < common; i++)
        {
            final int difference = (getByte(left + i) & 0xFF) - (getByte(right + i) & 0xFF);
            if (difference != 0)
            {
                return difference;
            }
        }

        return leftLength - rightLength;
    }
}

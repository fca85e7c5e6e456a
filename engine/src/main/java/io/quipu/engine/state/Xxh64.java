package io.quipu.engine.state;

import java.nio.ByteOrder;

/**
 * XXH64 (Y. Collet, seed 0) of bytes in off-heap memory: the hash of names and of kept replies in the digest, and so
 * part of the format. Others can compute it with any implementation of that published function; it is not meant against
 * malice.
 */
final class Xxh64
{
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private static final int STRIPE_LENGTH = 32;
    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Xxh64()
    {
    }

    static long hash(final long address, final int length)
    {
        final long end = address + length;
        long position = address;
        long hash = PRIME_5;
        if (length >= STRIPE_LENGTH)
        {
            hash = stripes(address, length);
            position += length & -STRIPE_LENGTH;
        }

        hash += length;
        for (; position + Long.BYTES <= end; position += Long.BYTES)
        {
            hash ^= round(0, wordAt(position));
            hash = Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4;
        }

        return avalanche(tail(hash, position, end));
    }

    private static long stripes(final long address, final int length)
    {
        long lane1 = PRIME_1 + PRIME_2;
        long lane2 = PRIME_2;
        long lane3 = 0;
        long lane4 = -PRIME_1;
        final long end = address + (length & -STRIPE_LENGTH);
        for (long position = address; position < end; position += STRIPE_LENGTH)
        {
            lane1 = round(lane1, wordAt(position));
            lane2 = round(lane2, wordAt(position + 8));
            lane3 = round(lane3, wordAt(position + 16));
            lane4 = round(lane4, wordAt(position + 24));
        }

        long hash = Long.rotateLeft(lane1, 1) + Long.rotateLeft(lane2, 7) +
            Long.rotateLeft(lane3, 12) + Long.rotateLeft(lane4, 18);
        hash = merge(hash, lane1);
        hash = merge(hash, lane2);
        hash = merge(hash, lane3);

        return merge(hash, lane4);
    }

    /** Takes in the last 0..7 bytes. */
    private static long tail(final long start, final long from, final long end)
    {
        long hash = start;
        long position = from;
        if (position + Integer.BYTES <= end)
        {
            hash ^= (halfWordAt(position) & 0xFFFF_FFFFL) * PRIME_1;
            hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
            position += Integer.BYTES;
        }

        for (; position < end; position++)
        {
            hash ^= (OffHeap.getByte(position) & 0xFF) * PRIME_5;
            hash = Long.rotateLeft(hash, 11) * PRIME_1;
        }

        return hash;
    }

    private static long round(final long lane, final long word)
    {
        return Long.rotateLeft(lane + word * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(final long hash, final long lane)
    {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(final long value)
    {
        long hash = value;
        hash = (hash ^ (hash >>> 33)) * PRIME_2;
        hash = (hash ^ (hash >>> 29)) * PRIME_3;

        return hash ^ (hash >>> 32);
    }

    private static long wordAt(final long address)
    {
        final long word = OffHeap.getLong(address);
        return IS_LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    }

    private static int halfWordAt(final long address)
    {
        final int halfWord = OffHeap.getInt(address);
        return IS_LITTLE_ENDIAN ? halfWord : Integer.reverseBytes(halfWord);
    }
}

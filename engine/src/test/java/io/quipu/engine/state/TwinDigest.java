package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The digest's arithmetic once more, as its documentation says, and nothing shared with the fast one.
 */
final class TwinDigest
{
    private static final long[][] CONSTANTS = { constants(0x7175697075L), constants(0x7175697076L) };
    private static final Map<String, Long> HASHES = new HashMap<>();

    final long[] lanes = new long[2];

    /** Adds an entry of these fields, the kind first. */
    void add(final long... fields)
    {
        for (int lane = 0; lane < 2; lane++)
        {
            lanes[lane] += mix(sum(lane, fields));
        }
    }

    /** Adds a factor times the weight of a handle. */
    void addWeighted(final long handle, final long high, final long low)
    {
        lanes[0] += (mix(handle + CONSTANTS[0][0]) | 1) * high;
        lanes[1] += (mix(handle + CONSTANTS[1][0]) | 1) * low;
    }

    static long sum(final int lane, final long... fields)
    {
        long sum = CONSTANTS[lane][0];
        for (int i = 0; i < fields.length; i++)
        {
            sum += fields[i] * CONSTANTS[lane][i + 1];
        }
        return sum;
    }

    @Override
    public String toString()
    {
        return String.format("%016x%016x", lanes[0], lanes[1]);
    }

    static long hash(final String name)
    {
        return HASHES.computeIfAbsent(name, text -> hash(text.getBytes(ISO_8859_1)));
    }

    static long hash(final byte[] bytes)
    {
        final long prime1 = 0x9E3779B185EBCA87L;
        final long prime2 = 0xC2B2AE3D27D4EB4FL;
        final long prime3 = 0x165667B19E3779F9L;
        final long prime4 = 0x85EBCA77C2B2AE63L;
        final long prime5 = 0x27D4EB2F165667C5L;
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

        long hash = prime5;
        if (bytes.length >= 32)
        {
            final long[] lanes = { prime1 + prime2, prime2, 0, -prime1 };
            while (in.remaining() >= 32)
            {
                for (int i = 0; i < 4; i++)
                {
                    lanes[i] = Long.rotateLeft(lanes[i] + in.getLong() * prime2, 31) * prime1;
                }
            }
            hash = Long.rotateLeft(lanes[0], 1) + Long.rotateLeft(lanes[1], 7) +
                Long.rotateLeft(lanes[2], 12) + Long.rotateLeft(lanes[3], 18);
            for (final long lane : lanes)
            {
                hash = (hash ^ Long.rotateLeft(lane * prime2, 31) * prime1) * prime1 + prime4;
            }
        }
        hash += bytes.length;
        while (in.remaining() >= 8)
        {
            hash ^= Long.rotateLeft(in.getLong() * prime2, 31) * prime1;
            hash = Long.rotateLeft(hash, 27) * prime1 + prime4;
        }
        if (in.remaining() >= 4)
        {
            hash ^= Integer.toUnsignedLong(in.getInt()) * prime1;
            hash = Long.rotateLeft(hash, 23) * prime2 + prime3;
        }
        while (in.hasRemaining())
        {
            hash ^= Byte.toUnsignedInt(in.get()) * prime5;
            hash = Long.rotateLeft(hash, 11) * prime1;
        }
        hash ^= hash >>> 33;
        hash *= prime2;
        hash ^= hash >>> 29;
        hash *= prime3;
        return hash ^ hash >>> 32;
    }

    private static long[] constants(final long start)
    {
        final long[] constants = new long[17];
        for (int i = 0; i < constants.length; i++)
        {
            constants[i] = mix(start + (i + 1) * 0x9E3779B97F4A7C15L);
            if (i > 0)
            {
                constants[i] |= 1;
            }
        }
        return constants;
    }

    private static long mix(final long in)
    {
        long z = in;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}

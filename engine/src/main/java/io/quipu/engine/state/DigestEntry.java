package io.quipu.engine.state;

/**
 * What one logical entry contributes to the digest. A flyweight, reused: {@code
 * part.add(entry.begin(KIND).put(a).put(b))}.
 *
 * <pre>
 *   sum(lane)  = SEED[lane] + kind * K[lane][0] + field1 * K[lane][1] + field2 * K[lane][2] + ...  mod 2^64
 *   lane value = mix64(sum(lane))
 *   mix64(z)   : z ^= z &gt;&gt;&gt; 30, z *= BF58476D1CE4E5B9,
 *                z ^= z &gt;&gt;&gt; 27, z *= 94D049BB133111EB, z ^= z &gt;&gt;&gt; 31
 *   SEED, K[0] ... = the outputs of SplitMix64 started at 0x7175697075 + lane, in order; the K with their lowest bit set
 * </pre>
 *
 * An odd factor and mix64 are both one to one, so an entry that differs in a single field always contributes another
 * value.
 */
final class DigestEntry
{
    /** name hash, length, references. */
    static final int NAME = 1;
    /** handle, name hash. Its value is added apart, times {@link #weightHigh} and {@link #weightLow}. */
    static final int COUNTER = 2;
    /** position in the free list from its bottom, id, generation. */
    static final int FREE_COUNTER = 3;
    /** the definition of a board. */
    static final int BOARD = 4;
    /** position in the free list from its bottom, id, generation. */
    static final int FREE_BOARD = 5;
    /** a member of a board. */
    static final int MEMBER = 6;
    /** position in the free list from its bottom, id, generation. */
    static final int FREE_MEMBER = 7;
    /** a ranking that waits for its release: given up at, begun at, columns, ascending, ties. */
    static final int RELEASE = 8;
    /** id, token hash high and low, last request, its last sequence and time. */
    static final int SESSION = 9;
    /** session id, request sequence, length, hash of the bytes. */
    static final int KEPT_REPLY = 10;
    /** next session id, evicted up to. */
    static final int SESSIONS = 11;
    /** which, value. */
    static final int LIMIT = 12;

    static final int MAX_FIELDS = 16;

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FIRST_STATE = 0x7175697075L;
    private static final long[] HIGH = new long[MAX_FIELDS];
    private static final long[] LOW = new long[MAX_FIELDS];
    private static final long SEED_HIGH = constants(FIRST_STATE, HIGH);
    private static final long SEED_LOW = constants(FIRST_STATE + 1, LOW);

    private long sumHigh;
    private long sumLow;
    private int fields;

    DigestEntry begin(final int kind)
    {
        sumHigh = SEED_HIGH + kind * HIGH[0];
        sumLow = SEED_LOW + kind * LOW[0];
        fields = 1;

        return this;
    }

    /** Begins the difference between two entries of one kind: their fields' differences are put. */
    DigestEntry beginDifference()
    {
        sumHigh = 0;
        sumLow = 0;
        fields = 1;

        return this;
    }

    DigestEntry put(final long field)
    {
        final int position = fields++;
        sumHigh += field * HIGH[position];
        sumLow += field * LOW[position];

        return this;
    }

    long high()
    {
        return mix64(sumHigh);
    }

    long low()
    {
        return mix64(sumLow);
    }

    /**
     * The fields' sum before it is mixed, for what is to be linear in its fields.
     */
    long sumHigh()
    {
        return sumHigh;
    }

    long sumLow()
    {
        return sumLow;
    }

    /**
     * The factor of a counter's value in the first lane, odd: the sum then changes whenever the value does.
     */
    static long weightHigh(final long handle)
    {
        return mix64(handle + SEED_HIGH) | 1;
    }

    static long weightLow(final long handle)
    {
        return mix64(handle + SEED_LOW) | 1;
    }

    /** A one to one function of 64 bits (SplitMix64's finaliser, Stafford's variant 13). */
    static long mix64(final long value)
    {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;

        return z ^ (z >>> 31);
    }

    private static long constants(final long firstState, final long[] factors)
    {
        long state = firstState + GOLDEN_GAMMA;
        final long seed = mix64(state);
        for (int i = 0; i < factors.length; i++)
        {
            state += GOLDEN_GAMMA;
            factors[i] = mix64(state) | 1;
        }

        return seed;
    }
}

package io.quipu.engine.state;

/**
 * One part of the digest: two 64-bit lanes, each the sum mod 2^64 of what its logical entries contribute. A sum does
 * not depend on the order, and an entry that goes is subtracted, so that each change costs O(1) and a whole part is
 * taken away at once.
 */
public final class DigestPart
{
    private long high;
    private long low;

    DigestPart()
    {
    }

    /**
     * @return the first lane.
     */
    public long high()
    {
        return high;
    }

    /**
     * @return the second lane.
     */
    public long low()
    {
        return low;
    }

    void add(final long high, final long low)
    {
        this.high += high;
        this.low += low;
    }

    void subtract(final long high, final long low)
    {
        this.high -= high;
        this.low -= low;
    }

    void add(final DigestEntry entry)
    {
        high += entry.high();
        low += entry.low();
    }

    void subtract(final DigestEntry entry)
    {
        high -= entry.high();
        low -= entry.low();
    }

    void add(final DigestPart part)
    {
        high += part.high;
        low += part.low;
    }

    void subtract(final DigestPart part)
    {
        high -= part.high;
        low -= part.low;
    }

    void clear()
    {
        high = 0;
        low = 0;
    }
}

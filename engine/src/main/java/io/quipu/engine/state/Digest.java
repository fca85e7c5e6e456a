package io.quipu.engine.state;

/**
 * The 128-bit digest of all logical state: the sum, lane by lane, of its parts. Read on the writer's thread between
 * two calls of {@link StateMachine#apply}. It detects accidents and divergence, not malice. Not in it: sequence and
 * time of the last entry, which stand beside it, epoch, connections, layout of memory.
 */
public final class Digest
{
    /**
     * Hears the parts, so that a divergence can be localised.
     */
    @FunctionalInterface
    public interface PartHandler
    {
        /**
         * @param label of the part, such as {@code names}, {@code counters}, {@code sessions}, {@code board:NAME}.
         * @param high  first lane.
         * @param low   second lane.
         */
        void onPart(CharSequence label, long high, long low);
    }

    private final DigestPart[] parts;
    private final String[] labels;

    Digest(final String[] labels, final DigestPart[] parts)
    {
        this.labels = labels;
        this.parts = parts;
    }

    /**
     * @return the first lane.
     */
    public long high()
    {
        long sum = 0;
        for (final DigestPart part : parts)
        {
            sum += part.high();
        }

        return sum;
    }

    /**
     * @return the second lane.
     */
    public long low()
    {
        long sum = 0;
        for (final DigestPart part : parts)
        {
            sum += part.low();
        }

        return sum;
    }

    /**
     * Hands over each part; together they sum up to the digest.
     *
     * @param handler that hears them.
     */
    public void forEachPart(final PartHandler handler)
    {
        for (int i = 0; i < parts.length; i++)
        {
            handler.onPart(labels[i], parts[i].high(), parts[i].low());
        }
    }
}

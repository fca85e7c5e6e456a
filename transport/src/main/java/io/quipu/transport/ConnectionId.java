package io.quipu.transport;

/**
 * Names a connection for as long as it lives, and never its successor in the same slot.
 * <pre>
 *   31 30            8 7           0
 *   +-+---------------+-------------+
 *   |0|  generation   |    slot     |     always positive: generations start at 1
 *   +-+---------------+-------------+
 * </pre>
 */
public final class ConnectionId
{
    /** No connection. */
    public static final int NULL_VALUE = 0;

    /** Slots that an id can name. */
    public static final int MAX_SLOTS = 256;

    private static final int GENERATION_SHIFT = 8;
    private static final int SLOT_MASK = MAX_SLOTS - 1;
    private static final int GENERATION_MASK = (1 << 23) - 1;

    private ConnectionId()
    {
    }

    public static int of(final int slot, final int generation)
    {
        return generation << GENERATION_SHIFT | slot;
    }

    public static int slot(final int connectionId)
    {
        return connectionId & SLOT_MASK;
    }

    public static int generation(final int connectionId)
    {
        return connectionId >>> GENERATION_SHIFT;
    }

    static int nextGeneration(final int generation)
    {
        final int next = generation + 1 & GENERATION_MASK;
        return 0 == next ? 1 : next;
    }
}

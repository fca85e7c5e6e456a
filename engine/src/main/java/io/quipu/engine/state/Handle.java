package io.quipu.engine.state;

/**
 * A handle names an object by number, so that no name has to be sent or looked up. It goes stale when the object goes:
 * the generation of an id grows by one whenever it is freed.
 * <pre>
 *   63  62..60   59..32           31..0
 *   0 | kind   | generation     | id
 * </pre>
 * Kinds are those of the ingress schema. Ids are dense from 1 for each kind; 0 is no handle.
 */
final class Handle
{
    static final long NULL_HANDLE = 0;

    static final int COUNTER = 1;
    static final int BOARD = 2;
    static final int MEMBER = 3;

    /** Generations wrap around to 0 behind this one. */
    static final int GENERATION_MASK = (1 << 28) - 1;

    private static final int KIND_SHIFT = 60;
    private static final int GENERATION_SHIFT = 32;

    private Handle()
    {
    }

    static long of(final int kind, final int generation, final int id)
    {
        return ((long)kind << KIND_SHIFT) | ((long)generation << GENERATION_SHIFT) | (id & 0xFFFF_FFFFL);
    }

    /**
     * @return the kind; above 7 for a negative number, which is no handle.
     */
    static int kind(final long handle)
    {
        return (int)(handle >>> KIND_SHIFT);
    }

    static int generation(final long handle)
    {
        return (int)(handle >>> GENERATION_SHIFT) & GENERATION_MASK;
    }

    /**
     * @return the id; negative for one that no table has.
     */
    static int id(final long handle)
    {
        return (int)handle;
    }

    static int nextGeneration(final int generation)
    {
        return (generation + 1) & GENERATION_MASK;
    }
}

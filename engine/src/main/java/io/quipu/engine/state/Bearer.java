package io.quipu.engine.state;

/**
 * Who bears a name, as a number of 32 bits in {@link NameIndex}:
 * <pre>
 *   below 0           a counter: its id, negative
 *   0                 nobody
 *   up to 2^30        a member: its id
 *   above             several, or a board: a shared name's number, see {@link NameTable}
 * </pre>
 */
final class Bearer
{
    static final int NONE = 0;

    /** Stands for any board, which is found by the id of its name. */
    static final int BOARD = Integer.MAX_VALUE;

    private static final int HIGHEST_MEMBER = 1 << 30;

    private Bearer()
    {
    }

    static int ofCounter(final int id)
    {
        return -id;
    }

    static int ofShared(final int id)
    {
        return HIGHEST_MEMBER + id;
    }

    static boolean isCounter(final int bearer)
    {
        return bearer < NONE;
    }

    static boolean isMember(final int bearer)
    {
        return bearer > NONE && bearer <= HIGHEST_MEMBER;
    }

    static boolean isShared(final int bearer)
    {
        return bearer > HIGHEST_MEMBER;
    }

    static int counter(final int bearer)
    {
        return -bearer;
    }

    static int shared(final int bearer)
    {
        return bearer - HIGHEST_MEMBER;
    }
}

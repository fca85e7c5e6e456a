package io.quipu.transport.client;

/**
 * Decides, once a turn for all sessions of a connection, whether what they have leaves now or gathers: at once while nothing of
 * them is under way, else with the replies to it, so that frames grow with the load; after a while in any case.
 * <pre>
 *   turn    send A | B waits | C waits | replies to A: send B, C, D in one datagram | E waits | ...
 * </pre>
 * The while counts from what left last, not from when a request was offered: in a backlog all of them are old, and each reply
 * would be followed by a frame with the one request for which it made room. One thread.
 */
final class Gathering
{
    private final long longestNs;
    private long sentNs;
    private boolean isOver = true;

    /**
     * @param longestNs between two sends while anything is under way.
     */
    Gathering(final long longestNs, final long nowNs)
    {
        this.longestNs = longestNs;
        sentNs = nowNs;
    }

    /** A turn begins: everything received so far is counted in. */
    void onTurn(final long nowNs, final boolean isUnderWay)
    {
        isOver = !isUnderWay || nowNs - sentNs >= longestNs;
    }

    /** Whether small frames may leave in this turn. */
    boolean isOver()
    {
        return isOver;
    }

    void onSent(final long nowNs)
    {
        sentNs = nowNs;
    }
}

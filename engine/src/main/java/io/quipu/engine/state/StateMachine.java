package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * All that the engine knows: names, counters, boards, sessions, limits. One {@link #apply} serves live running,
 * recovery and replay, and the same bytes always lead to the same state, the same replies and the same digest: it
 * reads no clock, no chance and nothing outside its arguments. State is off-heap; nothing is allocated on the heap in
 * steady state. One thread calls it.
 */
public final class StateMachine implements AutoCloseable
{
    /**
     * Hears figures about the state, for people.
     */
    @FunctionalInterface
    public interface GaugeHandler
    {
        /**
         * @param label such as {@code counters} or {@code stateBytes}.
         * @param value of the gauge.
         */
        void onGauge(String label, long value);
    }

    private final Limits limits = new Limits();
    private final SessionTable sessions = new SessionTable();
    private final Queries queries = new Queries();
    private final Digest digest = new Digest(new String[]{ "limits" }, new DigestPart[]{ limits.digest() });
    private long sequence;
    private long timeNs;

    /**
     * An empty state at sequence 0.
     */
    public StateMachine()
    {
    }

    /**
     * Applies all frames of one record body. Never throws for a body that admission let pass; an exception means that
     * the state can not be trusted any more.
     *
     * @param body          holds storage frames.
     * @param offset        of the first frame.
     * @param length        of all frames, padding included.
     * @param firstSequence of the record's first entry; continues {@link #sequence()}.
     * @param timestampNs   journaled time of its entries, not before {@link #timeNs()}.
     * @param handler       hears replies and opened sessions.
     * @return sequence of the last entry.
     */
    public long apply(
        final DirectBuffer body,
        final int offset,
        final int length,
        final long firstSequence,
        final long timestampNs,
        final ReplyHandler handler)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * @return sequence of the last entry applied; 0 before the first.
     */
    public long sequence()
    {
        return sequence;
    }

    /**
     * @return journaled time of the last entry applied, in ns since 1970; 0 before the first.
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * @return the digest, a view that follows the state.
     */
    public Digest digest()
    {
        return digest;
    }

    /**
     * @return sessions and kept replies, for admission.
     */
    public SessionTable sessions()
    {
        return sessions;
    }

    /**
     * @return the logical limits.
     */
    public Limits limits()
    {
        return limits;
    }

    /**
     * @return the answers to queries.
     */
    public Queries queries()
    {
        return queries;
    }

    /**
     * Hands over the gauges of the state: names, counters, boards, members, waiting releases, sessions, kept replies
     * and bytes.
     *
     * @param handler that hears them.
     */
    public void forEachGauge(final GaugeHandler handler)
    {
    }

    public void close()
    {
        sessions.close();
    }
}

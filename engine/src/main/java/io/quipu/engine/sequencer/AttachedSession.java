package io.quipu.engine.sequencer;

import io.quipu.engine.state.SessionTable;

/**
 * What the sequencer remembers of a session that is attached to a connection: volatile, no part of the state.
 * Beside who it is, it holds what stands staged for it in the record being built and
 * is not applied yet; that part is only good within one record, which {@link #stagedIn} names.
 */
final class AttachedSession
{
    long tokenHashHigh;
    long tokenHashLow;
    /** {@link SessionTable#NULL_SESSION} until its open is applied or it is found in the state. */
    int sessionId;
    /** In {@link Attachments}. */
    int slot;

    /** Number of the record that the fields below speak of. */
    private long stagedIn = -1;
    private long lastRequestSequence;
    private long repliesReceivedUpTo;
    private int stagedCount;
    private int stagedBytes;

    void init(final long tokenHashHigh, final long tokenHashLow, final int sessionId)
    {
        this.tokenHashHigh = tokenHashHigh;
        this.tokenHashLow = tokenHashLow;
        this.sessionId = sessionId;
        stagedIn = -1;
    }

    /**
     * Forgets what was staged in an earlier record; it is applied by now and the state knows it.
     *
     * @param record   being built.
     * @param sessions to read the last applied request from.
     */
    void enter(final long record, final SessionTable sessions)
    {
        if (stagedIn != record)
        {
            stagedIn = record;
            lastRequestSequence =
                SessionTable.NULL_SESSION == sessionId ? 0 : sessions.lastRequestSequence(sessionId);
            repliesReceivedUpTo = 0;
            stagedCount = 0;
            stagedBytes = 0;
        }
    }

    /** Counts a request that was staged, with its reply at the longest it can get. */
    void onStaged(final long requestSequence, final long receivedUpTo, final int worstCaseLength)
    {
        lastRequestSequence = requestSequence;
        repliesReceivedUpTo = Math.max(repliesReceivedUpTo, receivedUpTo);
        stagedCount++;
        stagedBytes += worstCaseLength;
    }

    /** The last request applied or staged. */
    long lastRequestSequence()
    {
        return lastRequestSequence;
    }

    /** The highest that a staged request names, which will drop replies when it is applied. */
    long repliesReceivedUpTo()
    {
        return repliesReceivedUpTo;
    }

    int stagedCount()
    {
        return stagedCount;
    }

    int stagedBytes()
    {
        return stagedBytes;
    }
}

package io.quipu.transport.client;

/**
 * What another process needs to go on with a session: keep it private, the token is the session's only secret.
 * <p>
 * A process that resumes offers its requests again from {@code repliesReceivedUpTo + 1} on, the same ones in the same order;
 * those that were applied are answered from the engine's kept replies and not applied twice.
 *
 * @param tokenHigh           upper half of the token.
 * @param tokenLow            lower half of the token.
 * @param firstAttachedAt     the engine's sequence when the session was first attached; -1 when it never was.
 * @param lastSentRequest     the highest request sequence that may have been sent.
 * @param repliesReceivedUpTo replies up to this request sequence were received, and are no longer kept by the engine.
 */
public record SessionState(
    long tokenHigh, long tokenLow, long firstAttachedAt, long lastSentRequest, long repliesReceivedUpTo)
{
    /** {@link #firstAttachedAt()} of a session that was never attached. */
    public static final long NEVER_ATTACHED = -1;

    /** Does not show the token. */
    @Override
    public String toString()
    {
        return "SessionState[firstAttachedAt=" + firstAttachedAt + ", lastSentRequest=" + lastSentRequest +
            ", repliesReceivedUpTo=" + repliesReceivedUpTo + ']';
    }
}

package io.quipu.transport.client;

/**
 * The engine no longer knows the session. What was not acknowledged may or may not have been applied; the library never sends
 * it again. Later calls of a {@link QuipuClient} start a new session; an {@link AsyncSession} stays closed.
 */
public final class SessionEvictedException extends QuipuException
{
    private static final long serialVersionUID = 1L;

    public SessionEvictedException(final String message)
    {
        super(message);
    }
}

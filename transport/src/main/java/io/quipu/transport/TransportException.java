package io.quipu.transport;

/**
 * The transport cannot start, or cannot go on. The message is one line that names the value and what to do about it.
 */
public final class TransportException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public TransportException(final String message)
    {
        super(message);
    }

    public TransportException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}

package io.quipu.transport.client;

/**
 * No engine answered at the address within {@link ClientContext#connectTimeoutNs()}.
 */
public final class UnreachableException extends QuipuException
{
    private static final long serialVersionUID = 1L;

    public UnreachableException(final String message)
    {
        super(message);
    }

    public UnreachableException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}

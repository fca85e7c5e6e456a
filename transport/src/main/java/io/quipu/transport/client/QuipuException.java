package io.quipu.transport.client;

/**
 * What the client library throws; the message is one line that names the value and what to do.
 */
public class QuipuException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public QuipuException(final String message)
    {
        super(message);
    }

    public QuipuException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}

package io.quipu.transport.client;

/**
 * No answer in time. A query changed nothing. A write may or may not have been applied, and the client still delivers it,
 * exactly once, for as long as it is open.
 */
public final class TimeoutException extends QuipuException
{
    private static final long serialVersionUID = 1L;

    public TimeoutException(final String message)
    {
        super(message);
    }
}

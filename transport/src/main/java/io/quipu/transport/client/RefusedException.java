package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;

/**
 * The engine, or the library on its behalf, refused a command, a request or a query. Nothing of it was applied.
 */
public final class RefusedException extends QuipuException
{
    private static final long serialVersionUID = 1L;

    private final ResultCode code;
    private final int index;

    public RefusedException(final ResultCode code, final int index, final String message)
    {
        super(message);
        this.code = code;
        this.index = index;
    }

    /** Why. */
    public ResultCode code()
    {
        return code;
    }

    /** The command that was refused, counted over its request from 0; 0 when the whole was refused. */
    public int index()
    {
        return index;
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;

/**
 * What the engine answered to a request: a view over the bytes of the result message, command by command.
 * <p>
 * Commands are counted over their request from 0. One that was not applied because its ATOMIC request was refused has the
 * request's code. Ranks are 0 when the form did not ask for them; in {@code ACK} form all values are 0.
 */
public final class Reply
{
    /** {@link #refusedIndex()} when the request was not refused. */
    public static final int NOT_REFUSED = -1;

    Reply()
    {
    }

    /** {@code OK}, or why nothing of an ATOMIC request was applied. */
    public ResultCode code()
    {
        throw new UnsupportedOperationException();
    }

    /** The command that refused an ATOMIC request, else {@link #NOT_REFUSED}. */
    public int refusedIndex()
    {
        throw new UnsupportedOperationException();
    }

    /** Commands of the request. */
    public int commandCount()
    {
        throw new UnsupportedOperationException();
    }

    /** Of one command. */
    public ResultCode code(final int command)
    {
        throw new UnsupportedOperationException();
    }

    /** The first value of one command: the counter, the first column. */
    public long value(final int command)
    {
        throw new UnsupportedOperationException();
    }

    /** A value of one command. */
    public long column(final int command, final int column)
    {
        throw new UnsupportedOperationException();
    }

    /** Values of one command: 0 in {@code ACK} form or when nothing was applied, else 1..4. */
    public int columnCount(final int command)
    {
        throw new UnsupportedOperationException();
    }

    /** Ordinal rank before the command; 0 when not ranked. */
    public long oldRank(final int command)
    {
        throw new UnsupportedOperationException();
    }

    /** Ordinal rank after the command; 0 when not ranked. */
    public long newRank(final int command)
    {
        throw new UnsupportedOperationException();
    }

    /** Of the session. */
    public long requestSequence()
    {
        throw new UnsupportedOperationException();
    }

    /** Sequence of the first command; the others follow without a gap. */
    public long firstSequence()
    {
        throw new UnsupportedOperationException();
    }

    /** Sequence of the last command. */
    public long lastSequence()
    {
        throw new UnsupportedOperationException();
    }

    /** Public id of the session. */
    public int sessionId()
    {
        throw new UnsupportedOperationException();
    }

    /** Of the engine when it answered. */
    public int epoch()
    {
        throw new UnsupportedOperationException();
    }

    /** What the request had reached when the reply left. */
    public AckReached ackReached()
    {
        throw new UnsupportedOperationException();
    }

    /** Whether the reply was taken from the kept ones, for a request that was sent again. */
    public boolean retried()
    {
        throw new UnsupportedOperationException();
    }

    /** Holds the result message, which is the same byte for byte each time the request is sent. */
    public DirectBuffer resultBuffer()
    {
        throw new UnsupportedOperationException();
    }

    public int resultOffset()
    {
        throw new UnsupportedOperationException();
    }

    public int resultLength()
    {
        throw new UnsupportedOperationException();
    }

    /** A reply with its own bytes. */
    public Reply copy()
    {
        throw new UnsupportedOperationException();
    }
}

package io.quipu.transport.client;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;

/**
 * Builds one request: the commands of one call, encoded as they are added. Reusable after {@link #reset()}; used by one thread at
 * a time; allocates nothing once its buffer has grown.
 * <p>
 * Names have 1..128 bytes; strings are encoded as UTF-8. Runs of equal commands are merged into one message.
 * A call that is refused with an exception adds nothing.
 */
public final class Request
{
    /** Longest request, its header included. */
    public static final int MAX_LENGTH = 65_000;

    public Request()
    {
    }

    /** Empties it: no commands, INDEPENDENT, {@code VALUES}, the context's default ack. */
    public Request reset()
    {
        throw new UnsupportedOperationException();
    }

    /** All commands or none. */
    public Request atomic()
    {
        throw new UnsupportedOperationException();
    }

    /** What the reply holds; default {@code VALUES}. */
    public Request form(final ReplyForm form)
    {
        throw new UnsupportedOperationException();
    }

    /** What the request must have reached before it is answered. */
    public Request ack(final Ack ack)
    {
        throw new UnsupportedOperationException();
    }

    public Request add(final String counter, final long delta)
    {
        throw new UnsupportedOperationException();
    }

    public Request add(final DirectBuffer counter, final int offset, final int length, final long delta)
    {
        throw new UnsupportedOperationException();
    }

    public Request addByHandle(final long handle, final long delta)
    {
        throw new UnsupportedOperationException();
    }

    /** Adds within bounds: a sum outside is refused, or clamped with {@code saturate}. */
    public Request addBounded(
        final String counter, final long delta, final long lower, final long upper, final boolean saturate)
    {
        throw new UnsupportedOperationException();
    }

    public Request set(final String counter, final long value)
    {
        throw new UnsupportedOperationException();
    }

    public Request set(final DirectBuffer counter, final int offset, final int length, final long value)
    {
        throw new UnsupportedOperationException();
    }

    public Request delete(final String counter)
    {
        throw new UnsupportedOperationException();
    }

    public Request createBoard(final BoardDefinition definition)
    {
        throw new UnsupportedOperationException();
    }

    /** Selects the board of the board commands that follow. */
    public Request board(final String board)
    {
        throw new UnsupportedOperationException();
    }

    public Request board(final DirectBuffer board, final int offset, final int length)
    {
        throw new UnsupportedOperationException();
    }

    /** Selects it by handle. */
    public Request board(final long handle)
    {
        throw new UnsupportedOperationException();
    }

    public Request dropBoard()
    {
        throw new UnsupportedOperationException();
    }

    public Request resetBoard()
    {
        throw new UnsupportedOperationException();
    }

    public Request score(final String member, final long value)
    {
        throw new UnsupportedOperationException();
    }

    /** 1..4 columns. */
    public Request score(final String member, final long... columns)
    {
        throw new UnsupportedOperationException();
    }

    public Request score(final DirectBuffer member, final int offset, final int length, final long value)
    {
        throw new UnsupportedOperationException();
    }

    /** The first {@code columnCount} of four columns. */
    public Request score(
        final DirectBuffer member,
        final int offset,
        final int length,
        final int columnCount,
        final long value0,
        final long value1,
        final long value2,
        final long value3)
    {
        throw new UnsupportedOperationException();
    }

    /** The handle names board and member. */
    public Request scoreByHandle(final long handle, final long value)
    {
        throw new UnsupportedOperationException();
    }

    public Request remove(final String member)
    {
        throw new UnsupportedOperationException();
    }

    public Request setLimit(final Limit which, final long value)
    {
        throw new UnsupportedOperationException();
    }

    /** Commands added so far. */
    public int commandCount()
    {
        throw new UnsupportedOperationException();
    }

    /** Bytes so far, header included. */
    public int length()
    {
        throw new UnsupportedOperationException();
    }
}

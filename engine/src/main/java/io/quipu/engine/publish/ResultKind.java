package io.quipu.engine.publish;

/**
 * What a {@link Result} says, as the byte that stands in its descriptor. 0 is never written.
 */
public final class ResultKind
{
    /** The reply to a request; the body is one result message, the bytes kept for retries. */
    public static final byte REPLY = 1;
    /** A refusal before the append; no body. */
    public static final byte REFUSED = 2;
    /** One chunk of a query's answer; the body is one body message, or nothing when the code is not OK. */
    public static final byte QUERY_REPLY = 3;
    /** A session is attached; no body. */
    public static final byte SESSION_ATTACHED = 4;
    /** A session is closed; no body. */
    public static final byte SESSION_CLOSED = 5;
    /** A message for the feed; the body is all of it. */
    public static final byte FEED = 6;

    private ResultKind()
    {
    }
}

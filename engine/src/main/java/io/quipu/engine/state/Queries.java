package io.quipu.engine.state;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;

/**
 * Answers queries from the state as it stands, on the sequencer thread between two records. Changes nothing,
 * allocates nothing.
 */
public final class Queries
{
    /** Longest body message of an answer; a larger answer comes in several. */
    public static final int MAX_CHUNK_LENGTH = 60 * 1024;
    /** Most names that a query may list and most rows that it may ask for. */
    public static final int MAX_ROWS = 1_000;

    Queries()
    {
    }

    /**
     * Answers a validated query. {@code GetStatus} is not answered here, since most of it is not state:
     * UNKNOWN_TEMPLATE.
     *
     * @param buffer  holds the messages behind the Query block: [OnBoard] and one query message.
     * @param offset  of the first of them.
     * @param length  of all of them.
     * @param handler hears the chunks when the code is OK, at least one; none otherwise.
     * @return OK, or why there is no answer.
     */
    public ResultCode run(final DirectBuffer buffer, final int offset, final int length, final QueryHandler handler)
    {
        return ResultCode.UNKNOWN_TEMPLATE;
    }
}

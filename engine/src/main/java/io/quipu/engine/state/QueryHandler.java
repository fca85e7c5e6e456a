package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Hears the answer to a query, on the thread that called {@link Queries#run}, in one or several chunks.
 */
public interface QueryHandler
{
    /**
     * One chunk of the answer: one egress body message with its header.
     *
     * @param buffer holds the chunk during the call only.
     * @param offset of the message header.
     * @param length of header and message, at most {@link Queries#MAX_CHUNK_LENGTH}.
     * @param last   no chunk follows.
     */
    void onChunk(DirectBuffer buffer, int offset, int length, boolean last);
}

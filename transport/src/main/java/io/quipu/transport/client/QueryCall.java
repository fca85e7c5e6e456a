package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.QueryEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A query and the chunks of its answer. Sent again after silence under a new correlation id, so that the chunks of two answers
 * never mix. The client's thread fills it in; the caller's thread decodes it.
 */
final class QueryCall extends Call
{
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int KEY_OFFSET = HEADER_LENGTH + QueryEncoder.connectionKeyEncodingOffset();
    private static final int CORRELATION_OFFSET = HEADER_LENGTH + QueryEncoder.correlationIdEncodingOffset();

    /** Names the query in messages. */
    private final String what;
    private final UnsafeBuffer frame;
    private final List<DirectBuffer> bodies = new ArrayList<>();
    private ResultCode code = ResultCode.OK;
    private long sequence;
    private int epoch;
    private AckReached ackReached;
    private volatile boolean isAbandoned;

    /** Of the last sending; 0 when it was not sent yet. For the client's thread, as the next two. */
    long correlationId;
    long sendAtNs;
    int attempts;

    QueryCall(final String what, final UnsafeBuffer frame)
    {
        this.what = what;
        this.frame = frame;
    }

    /** The frame to send, forgetting what an earlier sending brought. */
    DirectBuffer frame(final long connectionKey, final long newCorrelationId)
    {
        correlationId = newCorrelationId;
        bodies.clear();
        frame.putLong(KEY_OFFSET, connectionKey, LITTLE_ENDIAN);
        frame.putLong(CORRELATION_OFFSET, newCorrelationId, LITTLE_ENDIAN);
        return frame;
    }

    /**
     * Takes a chunk.
     *
     * @param envelope standing at the frame.
     * @return whether it was the last one and none is missing.
     */
    boolean onChunk(final QueryReplyDecoder envelope, final DirectBuffer buffer, final int bodyOffset, final int length)
    {
        if (envelope.chunk() != bodies.size())
        {
            return false;
        }
        final byte[] body = new byte[length];
        buffer.getBytes(bodyOffset, body);
        bodies.add(new UnsafeBuffer(body));
        code = envelope.code();
        sequence = envelope.sequence();
        epoch = envelope.epoch();
        ackReached = envelope.ackReached();
        return Flag.YES == envelope.last() || ResultCode.OK != code;
    }

    /** For the caller: nobody waits any longer. */
    void abandon()
    {
        isAbandoned = true;
    }

    boolean isAbandoned()
    {
        return isAbandoned;
    }

    String what()
    {
        return what;
    }

    ResultCode code()
    {
        return code;
    }

    long sequence()
    {
        return sequence;
    }

    int epoch()
    {
        return epoch;
    }

    AckReached ackReached()
    {
        return ackReached;
    }

    /** Body messages in order. */
    List<DirectBuffer> bodies()
    {
        return bodies;
    }

    <T> Rows<T> rows(final List<T> rows)
    {
        return new Rows<>(rows, sequence, epoch, ackReached);
    }
}

package io.quipu.engine.sim;

import java.util.Arrays;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reply to a request as a client reads it. All four result messages begin alike.
 */
record EgressReply(
    long attachment,
    int epoch,
    AckReached ackReached,
    int sessionId,
    long requestSequence,
    long lastSequence,
    byte[] result)
{
    private static final int RESULT_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH + ReplyDecoder.BLOCK_LENGTH;

    static EgressReply of(final byte[] message)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final ReplyDecoder envelope = new ReplyDecoder().wrapAndApplyHeader(buffer, 0, header);
        header.wrap(buffer, RESULT_OFFSET);
        final ResultAckDecoder result = new ResultAckDecoder().wrap(
            buffer, RESULT_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        return new EgressReply(
            envelope.attachment(),
            envelope.epoch(),
            envelope.ackReached(),
            (int)result.sessionId(),
            result.requestSequence(),
            result.firstSequence() + result.commandCount() - 1,
            Arrays.copyOfRange(message, RESULT_OFFSET, message.length));
    }
}

package io.quipu.transport;

import io.quipu.codecs.egress.ConnectedEncoder;
import io.quipu.codecs.egress.HeartbeatEncoder;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.RefusedEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.AttachSessionDecoder;
import io.quipu.codecs.ingress.CloseSessionDecoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.QueryDecoder;
import io.quipu.codecs.ingress.RequestDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Encodes the few messages that the transport sends of its own accord, one at a time into one buffer.
 */
final class ControlEncoder
{
    private static final int CAPACITY = 256;
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;

    /** Replies that a session may leave unacknowledged, and their bytes; fixed with the format of the kept replies. */
    private static final int KEPT_REPLIES = 64;
    private static final int KEPT_REPLY_BYTES = 64 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConnectedEncoder connected = new ConnectedEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();

    /** Holds what was encoded last, from 0. */
    DirectBuffer buffer()
    {
        return buffer;
    }

    int connected(final Connection connection, final EngineProgress progress)
    {
        connected.wrapAndApplyHeader(buffer, 0, header)
            .nonce(connection.nonce)
            .connectionKey(connection.key)
            .sequence(progress.sequence())
            .epoch(progress.epoch())
            .maxMessageLength(Channels.MAX_MESSAGE_LENGTH)
            .maxRequestCommands(progress.maxRequestCommands())
            .keptReplies(KEPT_REPLIES)
            .protocolVersion(Channels.PROTOCOL_VERSION)
            .keptReplyBytes(KEPT_REPLY_BYTES);
        return HEADER_LENGTH + connected.encodedLength();
    }

    int heartbeat(final EngineProgress progress)
    {
        heartbeat.wrapAndApplyHeader(buffer, 0, header)
            .sequence(progress.sequence())
            .durableSequence(progress.durableSequence())
            .epoch(progress.epoch());
        return HEADER_LENGTH + heartbeat.encodedLength();
    }

    /** A Connect that is refused: the nonce tells which. */
    int refusedConnect(final long nonce, final ResultCode code, final long detail)
    {
        return refused(nonce, 0, detail, RefusedEncoder.attachmentNullValue(), code);
    }

    /**
     * A frame that failed the validation, so that only lengths decide what may be read of it: the correlation id where the
     * template has one there, attachment and first request sequence of a Submit.
     */
    int refusedFrame(final DirectBuffer frame, final int offset, final int length, final int code)
    {
        final int block = offset + HEADER_LENGTH;
        final int blockLength = length - HEADER_LENGTH;
        long correlationId = 0;
        long requestSequence = 0;
        long attachment = RefusedEncoder.attachmentNullValue();

        switch (templateId(frame, offset))
        {
            case AttachSessionDecoder.TEMPLATE_ID:
            case CloseSessionDecoder.TEMPLATE_ID:
            case QueryDecoder.TEMPLATE_ID:
                if (blockLength >= QueryDecoder.correlationIdEncodingOffset() + Long.BYTES)
                {
                    correlationId = frame.getLong(
                        block + QueryDecoder.correlationIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
                }
                break;

            case SubmitDecoder.TEMPLATE_ID:
                if (blockLength >= SubmitDecoder.BLOCK_LENGTH)
                {
                    attachment = 0xFFFF_FFFFL & frame.getInt(
                        block + SubmitDecoder.attachmentEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
                }
                requestSequence = firstRequestSequence(frame, block + SubmitDecoder.BLOCK_LENGTH, offset + length);
                break;

            default:
                break;
        }

        return refused(correlationId, requestSequence, 0, attachment, ResultCode.get((short)code));
    }

    static int templateId(final DirectBuffer frame, final int offset)
    {
        return 0xFFFF & frame.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    private int refused(
        final long correlationId,
        final long requestSequence,
        final long detail,
        final long attachment,
        final ResultCode code)
    {
        refused.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .requestSequence(requestSequence)
            .detail(detail)
            .attachment(attachment)
            .code(code);
        return HEADER_LENGTH + refused.encodedLength();
    }

    private static long firstRequestSequence(final DirectBuffer frame, final int offset, final int limit)
    {
        final int sequenceOffset = offset + HEADER_LENGTH + RequestDecoder.requestSequenceEncodingOffset();
        if (sequenceOffset + Long.BYTES > limit || RequestDecoder.TEMPLATE_ID != templateId(frame, offset))
        {
            return 0;
        }
        return frame.getLong(sequenceOffset, ByteOrder.LITTLE_ENDIAN);
    }
}

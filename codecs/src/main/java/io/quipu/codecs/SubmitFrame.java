package io.quipu.codecs;

import static io.quipu.codecs.SchemaShape.HEADER_LENGTH;
import static io.quipu.codecs.SchemaShape.unsignedShort;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * A valid Submit frame and a cursor over its requests.
 * <pre>
 *   frame.wrap(buffer, offset, length);
 *   while (frame.next())             // a request
 *   {
 *       frame.requestSequence(), frame.commandsOffset(), frame.commandsLength() ...
 *   }
 * </pre>
 * The bytes must have been accepted by {@link FrameValidator#validateIngress}: nothing is checked here. A flyweight for
 * one thread, without garbage.
 */
public final class SubmitFrame
{
    private final CommandRuns runs = new CommandRuns();
    private DirectBuffer buffer;
    private int offset;
    private int limit;
    private int position;
    private int requestBlock;
    private int commandsOffset;

    /**
     * Starts anew.
     *
     * @param buffer that holds the frame.
     * @param offset of the frame.
     * @param length of the frame.
     * @return this, before the first request.
     */
    public SubmitFrame wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        this.offset = offset;
        limit = offset + length;
        position = aligned(offset + HEADER_LENGTH + SchemaShape.blockLength(buffer, offset));
        return this;
    }

    /**
     * Goes to the next request.
     *
     * @return false at the end.
     */
    public boolean next()
    {
        if (position >= limit)
        {
            return false;
        }
        requestBlock = position + HEADER_LENGTH;
        commandsOffset = requestBlock + SchemaShape.blockLength(buffer, position);
        position = aligned(commandsOffset + commandsLength());
        return true;
    }

    /** @return the buffer that all offsets refer to. */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /** @return of the frame. */
    public long connectionKey()
    {
        return buffer.getLong(offset + HEADER_LENGTH + SubmitDecoder.connectionKeyEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return of the frame, an unsigned 32-bit number. */
    public long attachment()
    {
        return SchemaShape.unsignedInt(buffer, offset + HEADER_LENGTH + SubmitDecoder.attachmentEncodingOffset());
    }

    /** @return requests in the frame, at least 1. */
    public int requestCount()
    {
        return unsignedShort(buffer, offset + HEADER_LENGTH + SubmitDecoder.requestCountEncodingOffset());
    }

    /** @return of this request, at least 1. */
    public long requestSequence()
    {
        return buffer.getLong(requestBlock + RequestDecoder.requestSequenceEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return replies up to this request need not be kept; less than {@link #requestSequence()}. */
    public long repliesReceivedUpTo()
    {
        return buffer.getLong(requestBlock + RequestDecoder.repliesReceivedUpToEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return {@link io.quipu.codecs.ingress.Ack} value. */
    public int ack()
    {
        return buffer.getByte(requestBlock + RequestDecoder.ackEncodingOffset());
    }

    /** @return {@link ReplyForm} value. */
    public int replyForm()
    {
        return buffer.getByte(requestBlock + RequestDecoder.replyFormEncodingOffset());
    }

    /** @return {@link io.quipu.codecs.ingress.Mode} value. */
    public int mode()
    {
        return buffer.getByte(requestBlock + RequestDecoder.modeEncodingOffset());
    }

    /** @return commands of this request, at least 1. */
    public int commandCount()
    {
        return unsignedShort(buffer, requestBlock + RequestDecoder.commandCountEncodingOffset());
    }

    /** @return where the messages of this request start. */
    public int commandsOffset()
    {
        return commandsOffset;
    }

    /** @return bytes of the messages of this request, without padding. */
    public int commandsLength()
    {
        return buffer.getInt(requestBlock + RequestDecoder.lengthEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return whether VALUES of this request are answered as ResultColumns; walks over its runs. */
    public boolean anyWide()
    {
        return runs.anyWide(buffer, commandsOffset, commandsLength());
    }

    /** @return longest result message that this request can have, see {@link ResultLengths#worstCase}. */
    public int worstCaseResultLength()
    {
        final int replyForm = replyForm();
        return ResultLengths.worstCase(
            replyForm, commandCount(), ReplyForm.VALUES.value() == replyForm && anyWide());
    }

    private int aligned(final int position)
    {
        return offset + BitUtil.align(position - offset, FrameValidator.FRAME_ALIGNMENT);
    }
}

package io.quipu.codecs;

import static io.quipu.codecs.SchemaShape.HEADER_LENGTH;
import static io.quipu.codecs.SchemaShape.unsignedShort;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.storage.ExcludedFrameDecoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.codecs.storage.SessionCloseFrameDecoder;
import io.quipu.codecs.storage.SessionOpenFrameDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * A cursor over the frames in the body of an entries record.
 * <p>
 * The bytes must have been accepted by {@link FrameValidator#validateEntries}, or built here: nothing is checked.
 * Accessors answer only for the template that has them. A flyweight for one thread, without garbage.
 */
public final class StorageFrames
{
    private DirectBuffer buffer;
    private int offset;
    private int limit;
    private int position;
    private int frameOffset;
    private int templateId;
    private int block;
    private int payloadOffset;

    /**
     * Starts anew.
     *
     * @param buffer that holds the record.
     * @param offset of the body.
     * @param length of the body.
     * @return this, before the first frame.
     */
    public StorageFrames wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        this.offset = offset;
        limit = offset + length;
        position = offset;
        return this;
    }

    /**
     * Goes to the next frame.
     *
     * @return false at the end.
     */
    public boolean next()
    {
        if (position >= limit)
        {
            return false;
        }
        frameOffset = position;
        templateId = SchemaShape.templateId(buffer, position);
        block = position + HEADER_LENGTH;
        payloadOffset = block + SchemaShape.blockLength(buffer, position);
        final int end = RequestFrameDecoder.TEMPLATE_ID == templateId ?
            payloadOffset + commandsLength() : payloadOffset;
        position = offset + BitUtil.align(end - offset, FrameValidator.FRAME_ALIGNMENT);
        return true;
    }

    /** @return the buffer that all offsets refer to. */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /** @return the storage template of this frame. */
    public int templateId()
    {
        return templateId;
    }

    /** @return where this frame's header starts. */
    public int frameOffset()
    {
        return frameOffset;
    }

    /** @return entries, that is sequences, that this frame takes: a request as many as it has commands. */
    public int entryCount()
    {
        switch (templateId)
        {
            case RequestFrameDecoder.TEMPLATE_ID:
                return commandCount();

            case ExcludedFrameDecoder.TEMPLATE_ID:
                return buffer.getInt(block + ExcludedFrameDecoder.entryCountEncodingOffset(), LITTLE_ENDIAN);

            default:
                return 1;
        }
    }

    /** @return of a request, an open, a close or what was excluded; the bits of an unsigned 32-bit number. */
    public int sessionId()
    {
        switch (templateId)
        {
            case SessionOpenFrameDecoder.TEMPLATE_ID:
                return buffer.getInt(block + SessionOpenFrameDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN);

            case SessionCloseFrameDecoder.TEMPLATE_ID:
                return buffer.getInt(block + SessionCloseFrameDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN);

            case ExcludedFrameDecoder.TEMPLATE_ID:
                return buffer.getInt(block + ExcludedFrameDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN);

            default:
                return buffer.getInt(block + RequestFrameDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN);
        }
    }

    /** @return of a session open. */
    public long tokenHashHigh()
    {
        return buffer.getLong(block + SessionOpenFrameDecoder.tokenHashHighEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return of a session open. */
    public long tokenHashLow()
    {
        return buffer.getLong(block + SessionOpenFrameDecoder.tokenHashLowEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return of a request. */
    public long requestSequence()
    {
        return buffer.getLong(block + RequestFrameDecoder.requestSequenceEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return of a request: replies up to this one need not be kept. */
    public long repliesReceivedUpTo()
    {
        return buffer.getLong(block + RequestFrameDecoder.repliesReceivedUpToEncodingOffset(), LITTLE_ENDIAN);
    }

    /** @return of a request: its commands. */
    public int commandCount()
    {
        return unsignedShort(buffer, block + RequestFrameDecoder.commandCountEncodingOffset());
    }

    /** @return of a request: {@link io.quipu.codecs.ingress.ReplyForm} value. */
    public int replyForm()
    {
        return buffer.getByte(block + RequestFrameDecoder.replyFormEncodingOffset());
    }

    /** @return of a request: {@link io.quipu.codecs.ingress.Mode} value. */
    public int mode()
    {
        return buffer.getByte(block + RequestFrameDecoder.modeEncodingOffset());
    }

    /** @return of a request: where its messages start; see {@link CommandRuns}. */
    public int commandsOffset()
    {
        return payloadOffset;
    }

    /** @return of a request: bytes of its messages, without padding. */
    public int commandsLength()
    {
        return buffer.getInt(block + RequestFrameDecoder.lengthEncodingOffset(), LITTLE_ENDIAN);
    }
}

package io.quipu.codecs;

import static io.quipu.codecs.EgressShapes.EGRESS;
import static io.quipu.codecs.FeedShapes.FEED;
import static io.quipu.codecs.IngressShapes.INGRESS;
import static io.quipu.codecs.SchemaShape.HEADER_LENGTH;
import static io.quipu.codecs.SchemaShape.unsignedInt;
import static io.quipu.codecs.SchemaShape.unsignedShort;
import static io.quipu.codecs.StorageShapes.STORAGE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.MessageShape.BoardUse;
import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.OnBoardDecoder;
import io.quipu.codecs.ingress.RequestDecoder;
import io.quipu.codecs.ingress.ResolveDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;
import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.ExcludedFrameDecoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import org.agrona.DirectBuffer;

/**
 * Decides whether a frame is what its lengths say, before any generated decoder looks at it.
 * <p>
 * SBE's decoders take the lengths on the wire for granted: on a frame cut short they read the bytes of whatever lies
 * behind it in the term buffer. A frame that was accepted here can be decoded without a further check: all blocks,
 * groups and names lie inside it, its counts agree, no byte is left over.
 * <p>
 * One forward walk, O(number of messages and names); a run of commands of fixed size costs O(1). Never reads a byte
 * outside {@code [offset, offset + length)}, never throws on any content, allocates nothing. Stateless, safe from any
 * thread. The answer is a {@link ResultCode} value; the first fault met is the one named.
 */
public final class FrameValidator
{
    /** Longest frame in either direction. */
    public static final int MAX_FRAME_LENGTH = 64 * 1024;

    /** Longest name, in bytes. */
    public static final int MAX_NAME_LENGTH = 128;

    /** Most names or rows that a query asks for. */
    public static final int MAX_ROWS = 1000;

    /** Entries that a request can have at most, and so a frame that takes its place. */
    private static final int MAX_EXCLUDED = 0xFFFF;

    /** Requests on the wire and frames in a record start on multiples of this. */
    public static final int FRAME_ALIGNMENT = 8;

    /** The frame may be decoded. */
    public static final int OK = ResultCode.OK.value();

    /** A range query compares more columns than any board has. */
    public static final int WRONG_COLUMNS = ResultCode.WRONG_COLUMNS.value();

    /** A name of 0 bytes or of more than {@link #MAX_NAME_LENGTH}. */
    public static final int BAD_NAME = ResultCode.BAD_NAME.value();

    /** The frame is not what its lengths say, or a message stands where it must not. */
    public static final int MALFORMED = ResultCode.MALFORMED.value();

    /** A message that the schema does not have, or reserves. */
    public static final int UNKNOWN_TEMPLATE = ResultCode.UNKNOWN_TEMPLATE.value();

    /** Another major version of the schema. */
    public static final int UNSUPPORTED_VERSION = ResultCode.UNSUPPORTED_VERSION.value();

    /** A longer frame, or a list or page of more rows, than the limits above. */
    public static final int REQUEST_TOO_LARGE = ResultCode.REQUEST_TOO_LARGE.value();

    private FrameValidator()
    {
    }

    /**
     * A frame from a client: one envelope; Submit with all its requests, Query with its query message.
     *
     * @param buffer that holds the frame, among others.
     * @param offset of the frame.
     * @param length of the frame.
     * @return {@link #OK} or the refusal.
     */
    public static int validateIngress(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length > MAX_FRAME_LENGTH)
        {
            return REQUEST_TOO_LARGE;
        }
        final int limit = offset + length;
        final int position = INGRESS.walkBlock(buffer, offset, limit);
        if (position < 0)
        {
            return -position;
        }
        final MessageShape shape = INGRESS.shapeAt(buffer, offset);
        switch (shape.role())
        {
            case ENVELOPE:
                return ending(position, limit);

            case OPENING:
                return SubmitDecoder.TEMPLATE_ID == shape.templateId() ?
                    ending(walkRequests(buffer, offset, position, limit), limit) :
                    ending(walkQuery(buffer, position, limit), limit);

            default:
                return MALFORMED;
        }
    }

    /**
     * A frame from the engine to a client: one envelope; Reply with its result message, QueryReply with its body.
     *
     * @param buffer that holds the frame, among others.
     * @param offset of the frame.
     * @param length of the frame.
     * @return {@link #OK} or what is wrong with it.
     */
    public static int validateEgress(final DirectBuffer buffer, final int offset, final int length)
    {
        final int limit = offset + length;
        final int position = EGRESS.walkBlock(buffer, offset, limit);
        if (position < 0)
        {
            return -position;
        }
        final MessageShape shape = EGRESS.shapeAt(buffer, offset);
        switch (shape.role())
        {
            case ENVELOPE:
                return ending(position, limit);

            case OPENING:
                if (ReplyDecoder.TEMPLATE_ID == shape.templateId())
                {
                    return ending(walkResult(buffer, position, limit, Role.RESULT), limit);
                }
                return OK == (buffer.getByte(offset + HEADER_LENGTH + QueryReplyDecoder.codeEncodingOffset()) & 0xFF) ?
                    ending(walkResult(buffer, position, limit, Role.BODY), limit) : ending(position, limit);

            default:
                return MALFORMED;
        }
    }

    /**
     * A frame of the feed.
     *
     * @param buffer that holds the frame, among others.
     * @param offset of the frame.
     * @param length of the frame.
     * @return {@link #OK} or what is wrong with it.
     */
    public static int validateFeed(final DirectBuffer buffer, final int offset, final int length)
    {
        final int limit = offset + length;
        return ending(walkWhole(FEED, buffer, offset, limit), limit);
    }

    /**
     * The body of an entries record, with the commands inside its request frames.
     *
     * @param buffer     that holds the record.
     * @param offset     of the body.
     * @param length     of the body.
     * @param entryCount that the record's header names.
     * @return {@link #OK} or what is wrong with it.
     */
    public static int validateEntries(
        final DirectBuffer buffer, final int offset, final int length, final long entryCount)
    {
        final int limit = offset + length;
        int position = offset;
        long entries = 0;
        while (position < limit)
        {
            final int end = walkStorageFrame(buffer, position, limit);
            if (end < 0)
            {
                return -end;
            }
            entries += entryCount(buffer, position);
            position = walkPadding(buffer, offset, end, limit);
            if (position < 0)
            {
                return -position;
            }
        }
        return entries == entryCount ? OK : MALFORMED;
    }

    /**
     * The body of an epoch record.
     *
     * @param buffer that holds the record.
     * @param offset of the body.
     * @param length of the body; the message may have zero bytes up to a multiple of 8 behind it.
     * @return {@link #OK} or what is wrong with it.
     */
    public static int validateEpoch(final DirectBuffer buffer, final int offset, final int length)
    {
        final int limit = offset + length;
        final int end = walkWhole(STORAGE, buffer, offset, limit);
        if (end < 0)
        {
            return -end;
        }
        if (EpochStartDecoder.TEMPLATE_ID != SchemaShape.templateId(buffer, offset))
        {
            return MALFORMED;
        }
        return end == limit ? OK : ending(walkPadding(buffer, offset, end, limit), limit);
    }

    // What follows answers with the offset behind what it walked, or with the negative of a result code.

    private static int ending(final int position, final int limit)
    {
        return position < 0 ? -position : position == limit ? OK : MALFORMED;
    }

    /** A message of which nothing else than its own shape is asked. */
    private static int walkWhole(final SchemaShape schema, final DirectBuffer buffer, final int offset, final int limit)
    {
        final int position = schema.walkBlock(buffer, offset, limit);
        return position < 0 ?
            position : SchemaShape.walkRest(schema.shapeAt(buffer, offset), buffer, position, limit);
    }

    /** Zero bytes up to the next multiple of 8 from {@code start}. */
    private static int walkPadding(final DirectBuffer buffer, final int start, final int offset, final int limit)
    {
        final int padding = start - offset & FRAME_ALIGNMENT - 1;
        if (limit - offset < padding)
        {
            return -MALFORMED;
        }
        for (int i = 0; i < padding; i++)
        {
            if (0 != buffer.getByte(offset + i))
            {
                return -MALFORMED;
            }
        }
        return offset + padding;
    }

    private static int walkRequests(
        final DirectBuffer buffer, final int frameOffset, final int offset, final int limit)
    {
        final int requestCount =
            unsignedShort(buffer, frameOffset + HEADER_LENGTH + SubmitDecoder.requestCountEncodingOffset());
        if (0 == requestCount)
        {
            return -MALFORMED;
        }
        int position = walkPadding(buffer, frameOffset, offset, limit);
        for (int i = 0; i < requestCount && position >= 0; i++)
        {
            position = walkRequest(buffer, position, limit);
            if (position >= 0)
            {
                position = walkPadding(buffer, frameOffset, position, limit);
            }
        }
        return position;
    }

    private static int walkRequest(final DirectBuffer buffer, final int offset, final int limit)
    {
        final int payload = INGRESS.walkBlock(buffer, offset, limit);
        if (payload < 0)
        {
            return payload;
        }
        if (RequestDecoder.TEMPLATE_ID != SchemaShape.templateId(buffer, offset))
        {
            return -MALFORMED;
        }
        final int block = offset + HEADER_LENGTH;
        if (!isSequenced(
            buffer.getLong(block + RequestDecoder.requestSequenceEncodingOffset(), LITTLE_ENDIAN),
            buffer.getLong(block + RequestDecoder.repliesReceivedUpToEncodingOffset(), LITTLE_ENDIAN)))
        {
            return -MALFORMED;
        }
        return walkCommands(
            buffer,
            payload,
            limit,
            unsignedInt(buffer, block + RequestDecoder.lengthEncodingOffset()),
            unsignedShort(buffer, block + RequestDecoder.commandCountEncodingOffset()));
    }

    /** A request cannot acknowledge its own reply, nor one of a later request. */
    private static boolean isSequenced(final long requestSequence, final long repliesReceivedUpTo)
    {
        return requestSequence > 0 && repliesReceivedUpTo >= 0 && repliesReceivedUpTo < requestSequence;
    }

    /** The payload of a request: exactly {@code length} bytes and {@code commandCount} commands. */
    private static int walkCommands(
        final DirectBuffer buffer, final int offset, final int limit, final long length, final int commandCount)
    {
        if (0 == commandCount || limit - offset < length)
        {
            return -MALFORMED;
        }
        final int end = offset + (int)length;
        boolean isBoardSelected = false;
        int commands = 0;
        int position = offset;
        while (position < end)
        {
            final int start = position;
            position = INGRESS.walkBlock(buffer, start, end);
            if (position < 0)
            {
                return position;
            }
            final MessageShape shape = INGRESS.shapeAt(buffer, start);
            if (Role.SELECTOR == shape.role())
            {
                position = walkSelector(shape, buffer, start, position, end);
                isBoardSelected = true;
            }
            else if (Role.COMMAND == shape.role() && (isBoardSelected || BoardUse.NO == shape.boardUse()))
            {
                final int run = position;
                position = SchemaShape.walkRest(shape, buffer, run, end);
                commands += position < 0 || 0 == shape.groups().length ? 1 : SchemaShape.groupCount(buffer, run);
            }
            else
            {
                return -MALFORMED;
            }
            if (position < 0)
            {
                return position;
            }
        }
        return commands == commandCount ? end : -MALFORMED;
    }

    /** OnBoard: a handle and an empty name, or no handle and a name. */
    private static int walkSelector(
        final MessageShape shape, final DirectBuffer buffer, final int offset, final int position, final int limit)
    {
        final int end = SchemaShape.walkRest(shape, buffer, position, limit);
        if (end < 0)
        {
            return end;
        }
        final boolean hasHandle =
            0 != buffer.getLong(offset + HEADER_LENGTH + OnBoardDecoder.handleEncodingOffset(), LITTLE_ENDIAN);
        final boolean hasName = end > position + 1;
        if (hasHandle == hasName)
        {
            return hasHandle ? -MALFORMED : -BAD_NAME;
        }
        return end;
    }

    /** One query, behind an OnBoard where it works on a board, and only there. */
    private static int walkQuery(final DirectBuffer buffer, final int offset, final int limit)
    {
        int start = offset;
        int position = INGRESS.walkBlock(buffer, start, limit);
        if (position < 0)
        {
            return position;
        }
        MessageShape shape = INGRESS.shapeAt(buffer, start);
        final boolean isBoardSelected = Role.SELECTOR == shape.role();
        if (isBoardSelected)
        {
            start = walkSelector(shape, buffer, start, position, limit);
            if (start < 0)
            {
                return start;
            }
            position = INGRESS.walkBlock(buffer, start, limit);
            if (position < 0)
            {
                return position;
            }
            shape = INGRESS.shapeAt(buffer, start);
        }
        if (Role.QUERY != shape.role() || isBoardSelected != usesBoard(shape, buffer, start))
        {
            return -MALFORMED;
        }
        return SchemaShape.walkRest(shape, buffer, position, limit);
    }

    private static boolean usesBoard(final MessageShape shape, final DirectBuffer buffer, final int offset)
    {
        return BoardUse.YES == shape.boardUse() ||
            BoardUse.FOR_MEMBERS == shape.boardUse() &&
            Kind.MEMBER.value() == buffer.getByte(offset + HEADER_LENGTH + ResolveDecoder.kindEncodingOffset());
    }

    /** A result message behind Reply, a body message behind QueryReply. */
    private static int walkResult(final DirectBuffer buffer, final int offset, final int limit, final Role role)
    {
        final int position = EGRESS.walkBlock(buffer, offset, limit);
        if (position < 0)
        {
            return position;
        }
        final MessageShape shape = EGRESS.shapeAt(buffer, offset);
        return role == shape.role() ? SchemaShape.walkRest(shape, buffer, position, limit) : -MALFORMED;
    }

    /** Of a storage frame that was walked. */
    private static long entryCount(final DirectBuffer buffer, final int offset)
    {
        final int block = offset + HEADER_LENGTH;
        switch (SchemaShape.templateId(buffer, offset))
        {
            case RequestFrameDecoder.TEMPLATE_ID:
                return unsignedShort(buffer, block + RequestFrameDecoder.commandCountEncodingOffset());

            case ExcludedFrameDecoder.TEMPLATE_ID:
                return unsignedInt(buffer, block + ExcludedFrameDecoder.entryCountEncodingOffset());

            default:
                return 1;
        }
    }

    private static int walkStorageFrame(final DirectBuffer buffer, final int offset, final int limit)
    {
        final int position = STORAGE.walkBlock(buffer, offset, limit);
        if (position < 0)
        {
            return position;
        }
        final int templateId = SchemaShape.templateId(buffer, offset);
        if (RequestFrameDecoder.TEMPLATE_ID != templateId)
        {
            final long entries = entryCount(buffer, offset);
            return EpochStartDecoder.TEMPLATE_ID == templateId || entries < 1 || entries > MAX_EXCLUDED ?
                -MALFORMED : position;
        }
        final int block = offset + HEADER_LENGTH;
        if (!isSequenced(
            buffer.getLong(block + RequestFrameDecoder.requestSequenceEncodingOffset(), LITTLE_ENDIAN),
            buffer.getLong(block + RequestFrameDecoder.repliesReceivedUpToEncodingOffset(), LITTLE_ENDIAN)))
        {
            return -MALFORMED;
        }
        return walkCommands(
            buffer,
            position,
            limit,
            unsignedInt(buffer, block + RequestFrameDecoder.lengthEncodingOffset()),
            unsignedShort(buffer, block + RequestFrameDecoder.commandCountEncodingOffset()));
    }
}

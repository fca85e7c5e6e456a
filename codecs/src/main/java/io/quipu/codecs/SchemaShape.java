package io.quipu.codecs;

import static io.quipu.codecs.FrameValidator.BAD_NAME;
import static io.quipu.codecs.FrameValidator.MALFORMED;
import static io.quipu.codecs.FrameValidator.MAX_NAME_LENGTH;
import static io.quipu.codecs.FrameValidator.OK;
import static io.quipu.codecs.FrameValidator.REQUEST_TOO_LARGE;
import static io.quipu.codecs.FrameValidator.UNKNOWN_TEMPLATE;
import static io.quipu.codecs.FrameValidator.UNSUPPORTED_VERSION;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * The messages of one schema, by template id, and the one forward walk over a message of any of them.
 * <p>
 * A walk answers with the offset behind what it walked, or with the negative of a result code. Each read is preceded by
 * the check that what is read lies before {@code limit}. Lengths are compared with the bytes that remain, never added
 * up first, so that none overflows. Immutable, safe from any thread.
 * <pre>
 *   header 8 B    block length u16 | template id u16 | schema id u16 | version u16
 * </pre>
 * A version is major (high byte) and minor (low byte). Within a major one, fields are only added at the end of blocks:
 * a longer block is walked over, what it adds is not looked at.
 */
final class SchemaShape
{
    static final int HEADER_LENGTH = 8;
    static final int GROUP_HEADER_LENGTH = 4;

    private static final int TEMPLATE_OFFSET = 2;
    private static final int SCHEMA_OFFSET = 4;
    private static final int VERSION_OFFSET = 6;
    private static final int COUNT_OFFSET = 2;

    private final int schemaId;
    private final int majorVersion;
    private final MessageShape[] shapes;

    SchemaShape(final int schemaId, final int version, final MessageShape... messages)
    {
        this.schemaId = schemaId;
        this.majorVersion = version >>> 8;

        int highestId = 0;
        for (final MessageShape message : messages)
        {
            highestId = Math.max(highestId, message.templateId());
        }
        shapes = new MessageShape[highestId + 1];
        for (final MessageShape message : messages)
        {
            shapes[message.templateId()] = message;
        }
    }

    /** @return the shape, or null where the schema has none of that id. */
    MessageShape shape(final int templateId)
    {
        return templateId < shapes.length ? shapes[templateId] : null;
    }

    /** The shape of a message whose header was accepted. */
    MessageShape shapeAt(final DirectBuffer buffer, final int offset)
    {
        return shapes[templateId(buffer, offset)];
    }

    static int unsignedShort(final DirectBuffer buffer, final int offset)
    {
        return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }

    static long unsignedInt(final DirectBuffer buffer, final int offset)
    {
        return buffer.getInt(offset, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Of a message, or of a group: both start with it. */
    static int blockLength(final DirectBuffer buffer, final int offset)
    {
        return unsignedShort(buffer, offset);
    }

    static int templateId(final DirectBuffer buffer, final int offset)
    {
        return unsignedShort(buffer, offset + TEMPLATE_OFFSET);
    }

    static int version(final DirectBuffer buffer, final int offset)
    {
        return unsignedShort(buffer, offset + VERSION_OFFSET);
    }

    static int groupCount(final DirectBuffer buffer, final int offset)
    {
        return unsignedShort(buffer, offset + COUNT_OFFSET);
    }

    /**
     * Walks over the header and the block of a message.
     *
     * @return the offset behind the block, or the negative of a refusal.
     */
    int walkBlock(final DirectBuffer buffer, final int offset, final int limit)
    {
        if (limit - offset < HEADER_LENGTH)
        {
            return -MALFORMED;
        }
        if (unsignedShort(buffer, offset + SCHEMA_OFFSET) != schemaId)
        {
            return -MALFORMED;
        }
        final MessageShape shape = shape(templateId(buffer, offset));
        if (null == shape)
        {
            return -UNKNOWN_TEMPLATE;
        }
        if (version(buffer, offset) >>> 8 != majorVersion)
        {
            return -UNSUPPORTED_VERSION;
        }
        final int blockLength = blockLength(buffer, offset);
        final int blockOffset = offset + HEADER_LENGTH;
        if (blockLength < shape.blockLength() || limit - blockOffset < blockLength)
        {
            return -MALFORMED;
        }
        final int code = Bound.check(shape.bounds(), buffer, blockOffset);
        return OK == code ? blockOffset + blockLength : -code;
    }

    /**
     * Walks over the groups and names of a message whose block was walked.
     *
     * @param position behind the block.
     * @return the offset behind the message, or the negative of a refusal.
     */
    static int walkRest(final MessageShape shape, final DirectBuffer buffer, final int position, final int limit)
    {
        int next = position;
        for (final GroupShape group : shape.groups())
        {
            next = walkGroup(group, buffer, next, limit);
            if (next < 0)
            {
                return next;
            }
        }
        return walkNames(shape.names(), buffer, next, limit);
    }

    private static int walkGroup(final GroupShape group, final DirectBuffer buffer, final int offset, final int limit)
    {
        if (limit - offset < GROUP_HEADER_LENGTH)
        {
            return -MALFORMED;
        }
        final int blockLength = blockLength(buffer, offset);
        final int count = groupCount(buffer, offset);
        if (blockLength < group.blockLength() || count < group.leastCount())
        {
            return -MALFORMED;
        }
        if (count > group.mostCount())
        {
            return -REQUEST_TOO_LARGE;
        }
        final int first = offset + GROUP_HEADER_LENGTH;
        if (limit - first < (long)blockLength * count)
        {
            return -MALFORMED;
        }
        return 0 == group.names().length && 0 == group.bounds().length ?
            first + blockLength * count : walkEntries(group, blockLength, count, buffer, first, limit);
    }

    private static int walkEntries(
        final GroupShape group,
        final int blockLength,
        final int count,
        final DirectBuffer buffer,
        final int offset,
        final int limit)
    {
        int next = offset;
        for (int i = 0; i < count; i++)
        {
            if (limit - next < blockLength)
            {
                return -MALFORMED;
            }
            final int code = Bound.check(group.bounds(), buffer, next);
            if (OK != code)
            {
                return -code;
            }
            next = walkNames(group.names(), buffer, next + blockLength, limit);
            if (next < 0)
            {
                return next;
            }
        }
        return next;
    }

    private static int walkNames(
        final int[] leastLengths, final DirectBuffer buffer, final int offset, final int limit)
    {
        int next = offset;
        for (final int leastLength : leastLengths)
        {
            if (next >= limit)
            {
                return -MALFORMED;
            }
            final int length = buffer.getByte(next) & 0xFF;
            if (length < leastLength || length > MAX_NAME_LENGTH)
            {
                return -BAD_NAME;
            }
            next++;
            if (limit - next < length)
            {
                return -MALFORMED;
            }
            next += length;
        }
        return next;
    }
}

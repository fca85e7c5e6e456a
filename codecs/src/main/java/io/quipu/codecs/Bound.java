package io.quipu.codecs;

import org.agrona.DirectBuffer;

/**
 * The values that one unsigned field of a block may have, and the refusals of those below and above.
 *
 * @param offset   of the field in its block.
 * @param width    in bytes: 1 or 2.
 * @param least    smallest value allowed.
 * @param most     greatest value allowed.
 * @param tooSmall result code for a value below.
 * @param tooLarge result code for a value above.
 */
record Bound(int offset, int width, int least, int most, int tooSmall, int tooLarge)
{
    static final Bound[] NONE = {};

    static Bound oneOf(final int offset, final int least, final int most)
    {
        return new Bound(offset, 1, least, most, FrameValidator.MALFORMED, FrameValidator.MALFORMED);
    }

    /**
     * Checks the bounded fields of a block that lies inside its frame.
     *
     * @return {@link FrameValidator#OK} or the refusal.
     */
    static int check(final Bound[] bounds, final DirectBuffer buffer, final int blockOffset)
    {
        for (final Bound bound : bounds)
        {
            final int at = blockOffset + bound.offset;
            final int value = 1 == bound.width ? buffer.getByte(at) & 0xFF : SchemaShape.unsignedShort(buffer, at);
            if (value < bound.least)
            {
                return bound.tooSmall;
            }
            if (value > bound.most)
            {
                return bound.tooLarge;
            }
        }
        return FrameValidator.OK;
    }
}

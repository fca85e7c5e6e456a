package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Names between Java strings and bytes on the wire, without garbage on the way out.
 * <pre>
 *   0        1
 *   +--------+----------------+
 *   | length | 1..128 bytes   |    UTF-8 when it comes from a string
 *   +--------+----------------+
 * </pre>
 */
final class Names
{
    static final int MAX_LENGTH = 128;
    /** Of the length in front. */
    static final int PREFIX_LENGTH = 1;

    private static final byte UNPAIRED = '?';

    private Names()
    {
    }

    /**
     * Checks a name.
     *
     * @param index of the command, for the exception.
     * @return its bytes as UTF-8.
     * @throws RefusedException with {@code BAD_NAME}.
     */
    static int checkedLength(final String name, final int index)
    {
        final int length = utf8Length(name);
        if (length < 1 || length > MAX_LENGTH)
        {
            throw badName(length, index, length < 1 ? "" : " '" + name.substring(0, Math.min(16, name.length())) + "...'");
        }
        return length;
    }

    /** As {@link #checkedLength(String, int)}, of a name that is bytes already. */
    static int checkedLength(final int length, final int index)
    {
        if (length < 1 || length > MAX_LENGTH)
        {
            throw badName(length, index, "");
        }
        return length;
    }

    /** Writes length and bytes; returns the index behind them. */
    static int put(final MutableDirectBuffer buffer, final int index, final String name, final int utf8Length)
    {
        buffer.putByte(index, (byte)utf8Length);
        return putUtf8(buffer, index + PREFIX_LENGTH, name);
    }

    /** Writes length and bytes; returns the index behind them. */
    static int put(
        final MutableDirectBuffer buffer, final int index, final DirectBuffer name, final int offset, final int length)
    {
        buffer.putByte(index, (byte)length);
        buffer.putBytes(index + PREFIX_LENGTH, name, offset, length);
        return index + PREFIX_LENGTH + length;
    }

    /** Bytes of a string as UTF-8; an unpaired surrogate is one '?', as {@link String#getBytes} has it. */
    static int utf8Length(final String text)
    {
        int length = 0;
        for (int i = 0, size = text.length(); i < size; i++)
        {
            final char unit = text.charAt(i);
            if (unit < 0x80)
            {
                length++;
            }
            else if (unit < 0x800)
            {
                length += 2;
            }
            else if (!Character.isSurrogate(unit))
            {
                length += 3;
            }
            else if (isPair(text, i))
            {
                length += 4;
                i++;
            }
            else
            {
                length++;
            }
        }
        return length;
    }

    /** A name that the engine sent. */
    static String decode(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int putUtf8(final MutableDirectBuffer buffer, final int index, final String text)
    {
        int position = index;
        for (int i = 0, size = text.length(); i < size; i++)
        {
            final char unit = text.charAt(i);
            if (unit < 0x80)
            {
                buffer.putByte(position++, (byte)unit);
            }
            else if (unit < 0x800)
            {
                buffer.putByte(position++, (byte)(0xC0 | unit >> 6));
                buffer.putByte(position++, tail(unit));
            }
            else if (!Character.isSurrogate(unit))
            {
                buffer.putByte(position++, (byte)(0xE0 | unit >> 12));
                buffer.putByte(position++, tail(unit >> 6));
                buffer.putByte(position++, tail(unit));
            }
            else if (isPair(text, i))
            {
                final int point = Character.toCodePoint(unit, text.charAt(++i));
                buffer.putByte(position++, (byte)(0xF0 | point >> 18));
                buffer.putByte(position++, tail(point >> 12));
                buffer.putByte(position++, tail(point >> 6));
                buffer.putByte(position++, tail(point));
            }
            else
            {
                buffer.putByte(position++, UNPAIRED);
            }
        }
        return position;
    }

    private static byte tail(final int bits)
    {
        return (byte)(0x80 | bits & 0x3F);
    }

    private static boolean isPair(final String text, final int index)
    {
        return index + 1 < text.length() && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
    }

    private static RefusedException badName(final int length, final int index, final String shown)
    {
        return new RefusedException(
            ResultCode.BAD_NAME, index, "name" + shown + " of " + length + " bytes: expected 1.." + MAX_LENGTH);
    }
}

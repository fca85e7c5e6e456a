package io.quipu.perf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Names of the form {@code prefix} and digits, written in place without garbage: {@code c:000000000042}. One thread.
 */
final class NumberedNames
{
    private static final int DIGITS = 12;

    private final UnsafeBuffer buffer;
    private final int prefixLength;

    NumberedNames(final String prefix)
    {
        final byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        prefixLength = bytes.length;
        buffer = new UnsafeBuffer(new byte[prefixLength + DIGITS]);
        buffer.putBytes(0, bytes);
    }

    /** Writes a name; it stays until the next call. */
    UnsafeBuffer write(final int number)
    {
        int rest = number;
        for (int i = prefixLength + DIGITS - 1; i >= prefixLength; i--)
        {
            buffer.putByte(i, (byte)('0' + rest % 10));
            rest /= 10;
        }
        return buffer;
    }

    int length()
    {
        return prefixLength + DIGITS;
    }

    String name(final int number)
    {
        return write(number).getStringWithoutLengthAscii(0, length());
    }

    /** The names of a range, for lists of a query. */
    String[] names(final int from, final int count)
    {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = name(from + i);
        }
        return names;
    }
}

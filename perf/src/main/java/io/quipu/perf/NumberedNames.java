package io.quipu.perf;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Names of the form {@code prefix} and a fixed number of digits, written in place without garbage: {@code
 * c:000000000042}. With twelve digits behind {@code counter:} or {@code member:} they are those that {@code
 * redis-benchmark} draws. One thread.
 */
public final class NumberedNames
{
    private static final int GROUP = 4;
    private static final int GROUP_RANGE = 10_000;
    /** The digits of each number below 10,000, the first in the lowest byte: no division a digit. */
    private static final int[] FOUR_DIGITS = new int[GROUP_RANGE];

    static
    {
        for (int i = 0; i < GROUP_RANGE; i++)
        {
            FOUR_DIGITS[i] = '0' + i / 1000 | '0' + i / 100 % 10 << 8 | '0' + i / 10 % 10 << 16 | '0' + i % 10 << 24;
        }
    }

    /** As many as redis-benchmark puts in the place of {@code __rand_int__}. */
    public static final int DIGITS = 12;

    private final UnsafeBuffer buffer;
    private final int prefixLength;

    /**
     * Twelve digits behind a prefix.
     *
     * @param prefix ASCII, may be empty.
     */
    public NumberedNames(final String prefix)
    {
        this(prefix, DIGITS);
    }

    /**
     * @param prefix ASCII, may be empty.
     * @param digits behind it, a multiple of four.
     */
    public NumberedNames(final String prefix, final int digits)
    {
        final byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        prefixLength = bytes.length;
        buffer = new UnsafeBuffer(new byte[prefixLength + digits]);
        buffer.putBytes(0, bytes);
    }

    /**
     * Writes a name; it stays until the next call.
     *
     * @param number of the name.
     * @return the name, {@link #length()} bytes.
     */
    public UnsafeBuffer write(final int number)
    {
        putDigits(buffer, prefixLength, number);
        return buffer;
    }

    /**
     * Writes only the digits, over those of another name of this form.
     *
     * @param target holds such a name.
     * @param offset of the name.
     * @param number of the name that it becomes.
     */
    public void rewrite(final MutableDirectBuffer target, final int offset, final int number)
    {
        putDigits(target, offset + prefixLength, number);
    }

    private void putDigits(final MutableDirectBuffer target, final int offset, final int number)
    {
        int rest = number;
        for (int i = offset + buffer.capacity() - prefixLength - GROUP; i >= offset; i -= GROUP)
        {
            final int higher = rest / GROUP_RANGE;
            target.putInt(i, FOUR_DIGITS[rest - higher * GROUP_RANGE], ByteOrder.LITTLE_ENDIAN);
            rest = higher;
        }
    }

    /** Bytes of each name. */
    public int length()
    {
        return buffer.capacity();
    }

    /** A name as text. */
    public String name(final int number)
    {
        return write(number).getStringWithoutLengthAscii(0, length());
    }

    /** The names of a range, for lists of a query. */
    public String[] names(final int from, final int count)
    {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = name(from + i);
        }
        return names;
    }
}

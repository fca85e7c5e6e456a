package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.agrona.DirectBuffer;

/**
 * Names as the journal holds them, any bytes, for people and programs.
 */
final class Names
{
    private Names()
    {
    }

    /** The name; bytes that are not UTF-8 become replacement characters. */
    static String of(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, UTF_8);
    }

    /** The name as a word of a command file: in double quotes where it has to be, control characters written out. */
    static String word(final String name)
    {
        if (!name.isEmpty() && name.codePoints().allMatch(Names::isPlain))
        {
            return name;
        }
        final StringBuilder word = new StringBuilder(name.length() + 2).append('"');
        name.codePoints().forEach(
            (point) ->
            {
                if ('"' == point || '\\' == point)
                {
                    word.append('\\').appendCodePoint(point);
                }
                else if (Character.isISOControl(point) || Character.FORMAT == Character.getType(point))
                {
                    word.append(String.format("\\u%04x", point));
                }
                else
                {
                    word.appendCodePoint(point);
                }
            });
        return word.append('"').toString();
    }

    private static boolean isPlain(final int point)
    {
        return Character.isLetterOrDigit(point) || point < 0x7F && point > ' ' && "\"\\#=".indexOf(point) < 0;
    }
}

package io.quipu.engine.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Splits one line of a command file into words, on bytes, so that names of any bytes pass. Reused from line to line by
 * one thread; it allocates only when a line is longer than every line before it.
 * <ul>
 *   <li>Blanks and tabs separate words.</li>
 *   <li>{@code "} opens and closes a quoted piece, which may hold blanks and {@code #}; pieces that touch are one word, and
 *       {@code ""} is a word of no bytes. Inside, {@code \"} and {@code \\} are a quote and a backslash; a backslash before
 *       anything else is itself, as is every backslash outside.</li>
 *   <li>{@code #} at the start of a word begins a comment up to the end of the line.</li>
 * </ul>
 */
final class LineTokens
{
    private static final int FEW_WORDS = 16;

    private byte[] bytes = new byte[256];
    private int[] starts = new int[FEW_WORDS + 1];
    private int count;
    private int length;

    /**
     * Splits a line.
     *
     * @param line   holds it.
     * @param offset of its first byte.
     * @param end    behind its last byte; the line end is not part of it.
     * @return false when a quote is not closed; then there are no words.
     */
    boolean split(final byte[] line, final int offset, final int end)
    {
        count = 0;
        length = 0;
        if (bytes.length < end - offset)
        {
            bytes = new byte[Math.max(end - offset, 2 * bytes.length)];
        }

        int i = offset;
        while (true)
        {
            while (i < end && isBlank(line[i]))
            {
                i++;
            }
            if (i >= end || line[i] == '#')
            {
                return true;
            }
            open();
            i = word(line, i, end);
            if (i < 0)
            {
                count = 0;
                return false;
            }
            starts[count] = length;
        }
    }

    /** Number of words. */
    int count()
    {
        return count;
    }

    /** The array that holds all words; valid until the next line. */
    byte[] bytes()
    {
        return bytes;
    }

    int offset(final int word)
    {
        return starts[word];
    }

    int length(final int word)
    {
        return starts[word + 1] - starts[word];
    }

    /** A word for people, and for what is not on the path of every line. */
    String text(final int word)
    {
        return new String(bytes, offset(word), length(word), StandardCharsets.UTF_8);
    }

    boolean is(final int word, final byte[] expected)
    {
        return Arrays.equals(bytes, starts[word], starts[word + 1], expected, 0, expected.length);
    }

    private void open()
    {
        if (count + 1 >= starts.length)
        {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[count++] = length;
    }

    private int word(final byte[] line, final int start, final int end)
    {
        boolean quoted = false;
        int i = start;
        while (i < end && (quoted || !isBlank(line[i])))
        {
            final byte next = line[i];
            if (next == '"')
            {
                quoted = !quoted;
            }
            else if (quoted && next == '\\' && i + 1 < end && (line[i + 1] == '"' || line[i + 1] == '\\'))
            {
                bytes[length++] = line[++i];
            }
            else
            {
                bytes[length++] = next;
            }
            i++;
        }
        return quoted ? -1 : i;
    }

    private static boolean isBlank(final byte value)
    {
        return value == ' ' || value == '\t';
    }
}

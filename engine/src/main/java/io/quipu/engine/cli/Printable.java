package io.quipu.engine.cli;

import org.jline.utils.WCWidth;

/**
 * Names as a terminal may see them. A name holds any bytes: a control character in it must not move the cursor of
 * whoever lists it. Widths are counted in terminal columns, where some letters take two and accents none.
 */
final class Printable
{
    private static final String ELLIPSIS = "…";
    private static final int ASCII_SPACE = 0x20;
    private static final int DELETE = 0x7f;
    private static final int LAST_C1 = 0x9f;

    private Printable()
    {
    }

    /** The name with control characters and lone surrogates written as {@code \}{@code u001b}. */
    static String of(final String name)
    {
        if (name.codePoints().noneMatch(Printable::isControl))
        {
            return name;
        }
        final StringBuilder text = new StringBuilder(name.length() + 8);
        name.codePoints().forEach(
            (point) ->
            {
                if (isControl(point))
                {
                    text.append(String.format("\\u%04x", point));
                }
                else
                {
                    text.appendCodePoint(point);
                }
            });
        return text.toString();
    }

    /** Columns that the text takes on a terminal. */
    static int width(final String text)
    {
        return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
    }

    /** The text, cut to at most {@code width} columns; a cut is shown. */
    static String fit(final String text, final int width)
    {
        if (width(text) <= width)
        {
            return text;
        }
        final StringBuilder cut = new StringBuilder(width);
        int used = width(ELLIPSIS);
        for (int i = 0; i < text.length(); )
        {
            final int point = text.codePointAt(i);
            used += Math.max(0, WCWidth.wcwidth(point));
            if (used > width)
            {
                break;
            }
            cut.appendCodePoint(point);
            i += Character.charCount(point);
        }
        return cut.append(ELLIPSIS).toString();
    }

    private static boolean isControl(final int point)
    {
        return point < ASCII_SPACE || (point >= DELETE && point <= LAST_C1) ||
            (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) ||
            Character.getType(point) == Character.FORMAT ||
            Character.getType(point) == Character.LINE_SEPARATOR || Character.getType(point) == Character.PARAGRAPH_SEPARATOR;
    }
}

package io.quipu.engine.recovery;

/**
 * How a digest is written for people and programs: 32 lower case hex digits, the high lane first.
 */
public final class DigestText
{
    private static final int HEX = 16;
    private static final String ZEROS = "0000000000000000";

    private DigestText()
    {
    }

    public static String of(final long high, final long low)
    {
        return lane(high) + lane(low);
    }

    private static String lane(final long value)
    {
        final String digits = Long.toHexString(value);
        return ZEROS.substring(0, HEX - digits.length()) + digits;
    }
}

package io.quipu.engine.state;

/**
 * What a board is called among the parts of the digest: {@code board:} and its name, a character for each byte. Reused;
 * good as long as the name is.
 */
final class PartLabel implements CharSequence
{
    private static final String PREFIX = "board:";

    private long address;
    private int length;

    void wrap(final long nameAddress, final int nameLength)
    {
        address = nameAddress;
        length = PREFIX.length() + nameLength;
    }

    @Override
    public int length()
    {
        return length;
    }

    @Override
    public char charAt(final int index)
    {
        return index < PREFIX.length() ?
            PREFIX.charAt(index) : (char)(OffHeap.getByte(address + index - PREFIX.length()) & 0xFF);
    }

    @Override
    public CharSequence subSequence(final int start, final int end)
    {
        return toString().substring(start, end);
    }

    @Override
    public String toString()
    {
        final char[] chars = new char[length];
        for (int i = 0; i < length; i++)
        {
            chars[i] = charAt(i);
        }

        return new String(chars);
    }
}

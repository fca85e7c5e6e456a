package io.quipu.journal;

/**
 * The documents of a cycle, as drawn in {@link JournalStore}: what stands in their headers.
 */
final class Documents
{
    static final int HEADER_LENGTH = Integer.BYTES;
    static final int ALIGNMENT = 4;

    /** Nothing is written here yet. */
    static final int NOTHING = 0;
    /** The cycle ends here. */
    static final int END_OF_CYCLE = 0xC000_0000;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int METADATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;

    private Documents()
    {
    }

    static boolean isIncomplete(final int word)
    {
        return (word & NOT_COMPLETE) != 0;
    }

    static boolean isMetadata(final int word)
    {
        return (word & METADATA) != 0;
    }

    static int length(final int word)
    {
        return word & LENGTH_MASK;
    }

    /**
     * @param position of a document.
     * @param length   of its content.
     * @return position of the next document.
     */
    static long next(final long position, final int length)
    {
        return (position + HEADER_LENGTH + length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

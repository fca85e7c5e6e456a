package io.quipu.journal;

/**
 * Another engine holds the directory; nothing in it was touched.
 */
public final class DirectoryLockedException extends JournalException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message naming the directory and what to do next.
     */
    public DirectoryLockedException(final String message)
    {
        super(Verdict.LOCKED, message);
    }
}

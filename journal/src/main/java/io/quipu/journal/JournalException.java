package io.quipu.journal;

/**
 * The journal cannot be used, or can no longer be: the verdict gives the exit code, the message names the file, the
 * offset, the sequence and what to do next. Never retried: after one from append or sync the engine stops.
 */
public class JournalException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final Verdict verdict;

    /**
     * @param verdict that is concluded.
     * @param message naming the place and what to do next.
     */
    public JournalException(final Verdict verdict, final String message)
    {
        super(message);
        this.verdict = verdict;
    }

    /**
     * @param verdict that is concluded.
     * @param message naming the place and what to do next.
     * @param cause   what failed.
     */
    public JournalException(final Verdict verdict, final String message, final Throwable cause)
    {
        super(message, cause);
        this.verdict = verdict;
    }

    /**
     * @return what is concluded, with its exit code.
     */
    public Verdict verdict()
    {
        return verdict;
    }
}

package io.quipu.engine;

/**
 * The engine did not start, and changed nothing that a later start could not undo. The message is one line for an
 * operator: what, where, and what to do next.
 */
public final class StartRefusedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String verdict;
    private final int exitCode;

    /**
     * @param verdict  a word of the table of verdicts, or {@code REFUSED} for what comes before the journal is read.
     * @param exitCode of the process.
     * @param line     for the operator.
     */
    public StartRefusedException(final String verdict, final int exitCode, final String line)
    {
        this(verdict, exitCode, line, null);
    }

    /**
     * @param verdict  a word of the table of verdicts, or {@code REFUSED} for what comes before the journal is read.
     * @param exitCode of the process.
     * @param line     for the operator.
     * @param cause    or null.
     */
    public StartRefusedException(final String verdict, final int exitCode, final String line, final Throwable cause)
    {
        super(line, cause);
        this.verdict = verdict;
        this.exitCode = exitCode;
    }

    /**
     * @return the verdict's word, for example {@code LOCKED}.
     */
    public String verdict()
    {
        return verdict;
    }

    /**
     * @return 1, or the verdict's code from 65.
     */
    public int exitCode()
    {
        return exitCode;
    }
}

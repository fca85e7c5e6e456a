package io.quipu.engine;

/**
 * A running engine has to stop: something failed that admission had not foreseen, or the disk did. Never caught to go
 * on with; the message is one line for an operator.
 */
public final class EngineFailedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String verdict;
    private final int exitCode;

    /**
     * @param verdict  a word of the table of verdicts, or {@code FAILED}.
     * @param exitCode of the process.
     * @param line     for the operator: what, where, what to do next.
     * @param cause    or null.
     */
    public EngineFailedException(final String verdict, final int exitCode, final String line, final Throwable cause)
    {
        super(line, cause);
        this.verdict = verdict;
        this.exitCode = exitCode;
    }

    public String verdict()
    {
        return verdict;
    }

    public int exitCode()
    {
        return exitCode;
    }
}

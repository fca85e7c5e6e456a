package io.quipu.engine.cli;

/**
 * Ends a verb with one line for people, an error code for programs and an exit code. Any verb may throw it; {@link
 * QuipuTool} prints it, without a stack trace.
 */
public final class VerbException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String error;

    /**
     * @param exitCode one of {@link ExitCodes}, or a verdict.
     * @param error    stable name for programs, in capitals, as {@code NO_SUCH_BOARD}.
     * @param message  one line that names the value and says what to do.
     */
    public VerbException(final int exitCode, final String error, final String message)
    {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.error = error;
    }

    /**
     * Refused or not found: {@link ExitCodes#REFUSED}.
     *
     * @param error   stable name for programs.
     * @param message one line that names the value and says what to do.
     * @return the exception to throw.
     */
    public static VerbException refused(final String error, final String message)
    {
        return new VerbException(ExitCodes.REFUSED, error, message);
    }

    /**
     * The command line is wrong: {@link ExitCodes#USAGE}.
     *
     * @param message one line that names the value and says what to do.
     * @return the exception to throw.
     */
    public static VerbException usage(final String message)
    {
        return new VerbException(ExitCodes.USAGE, "USAGE", message);
    }

    public int exitCode()
    {
        return exitCode;
    }

    public String error()
    {
        return error;
    }
}

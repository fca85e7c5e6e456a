package io.quipu.engine.cli;

/**
 * What {@code ./quipu} leaves to the shell. From 65 on they are verdicts about a journal, named by whoever finds them.
 */
public final class ExitCodes
{
    /** Done. */
    public static final int GOOD = 0;

    /** Refused, not found, unreachable, or not what was hoped for. */
    public static final int REFUSED = 1;

    /** The command line itself is wrong. */
    public static final int USAGE = 2;

    private ExitCodes()
    {
    }
}

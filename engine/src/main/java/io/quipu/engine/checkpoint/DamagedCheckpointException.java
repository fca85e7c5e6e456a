package io.quipu.engine.checkpoint;

/**
 * A checkpoint's bytes are not what was written, or cannot be read: an older one, or the journal alone, has to do.
 */
final class DamagedCheckpointException extends Exception
{
    private static final long serialVersionUID = 1L;

    DamagedCheckpointException(final String message)
    {
        super(message);
    }

    DamagedCheckpointException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}

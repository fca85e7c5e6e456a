package io.quipu.journal;

import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.core.io.ReferenceOwner;
import net.openhft.posix.PosixAPI;
import org.agrona.BitUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
 * For a writer that is fast, zeros are written to the file first, 64 KiB at a time: the page cache then takes memory
 * in pieces of that size (large folios), where a fault takes single pages. All that the system does for a page, from
 * its first touch to its way to the disk, costs a quarter so. But a sync writes and protects the whole piece that the
 * writer is in, so for one that is slow, and may wait for each sync, single pages are better.
 * <p>
 * <b>Zeros never meet a record.</b> The writer stays below the position it was told, which is {@link #touchedTo()} of
 * an earlier call; zeros are written from {@link #touchedTo()} on. Only the first append to a file is made untold, and
 * the end of its cycle may follow it at once: so none are written within 2 MiB behind where the first call began.
 * <p>
 * What is written is unmapped behind the writer, its contents safe in the page cache: a sync has to protect every page
 * that is mapped, one interrupt of the writer's core each; this is one for all of them. For one thread.
 */
final class MappedPages implements AutoCloseable
{
    /** What is prepared ends at a multiple of this, so that it comes in whole pieces. */
    static final int FILL_LENGTH = 64 << 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(MappedPages.class);
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
    /** More than a record and an index of Chronicle's. */
    private static final long UNFILLED_LENGTH = 2 << 20;

    private final Path path;
    private final MappedFile file;
    private final FileChannel channel;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_LENGTH);
    private final ReferenceOwner owner = ReferenceOwner.temporary("quipu-ahead");
    private MappedBytesStore chunk;
    private MappedBytesStore chunkBefore;
    private long touchedTo;
    private long unmappedTo;
    private long filledTo;

    /**
     * @param path of the file.
     * @param file as Chronicle, which appends to it, has it mapped.
     * @param from position that the first touch begins at.
     */
    MappedPages(final Path path, final MappedFile file, final long from) throws IOException
    {
        this.path = path;
        this.file = file;
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
        filledTo = BitUtil.align(from + UNFILLED_LENGTH, FILL_LENGTH);
        touchedTo = from - from % PAGE_LENGTH;
        unmappedTo = touchedTo + PAGE_LENGTH;
    }

    /**
     * Touches on from where it stopped, and for a slow writer again what comes next.
     *
     * @param writtenTo position that the writer reached.
     * @param to        position to get to.
     * @param isFast    whether the writer is; then pages come in large pieces.
     * @return 0, or the number of the error for which a page could not be had; the next call tries it again.
     */
    int touch(final long writtenTo, final long to, final boolean isFast) throws IOException
    {
        final long page = writtenTo - writtenTo % PAGE_LENGTH;
        touchedTo = Math.max(touchedTo, page);
        unmap(page);
        letGo(writtenTo);
        final long againTo = isFast ? page : Math.min(touchedTo, page + AGAIN_LENGTH);
        final int errorAgain = advise(page, againTo, MADV_POPULATE_WRITE);
        if (errorAgain != 0)
        {
            return errorAgain;
        }

        while (touchedTo + PAGE_LENGTH <= to)
        {
            enter(touchedTo);
            final long chunkEnd = chunk.start() + file.chunkSize();
            final long end = Math.min(to - to % PAGE_LENGTH, chunkEnd);
            final long endBehind =
                end == chunkEnd ? Math.min(end + BEHIND_LENGTH, chunk.start() + mappedLength()) : end;
            if (isFast)
            {
                fill(endBehind);
            }
            final int error = advise(chunk, touchedTo, endBehind, MADV_POPULATE_WRITE);
            if (error != 0)
            {
                return error;
            }
            touchedTo = end;
        }

        return 0;
    }

    /** Whole pieces, as far as they can be had: touching does the rest, and says what is wrong. */
    private void fill(final long end)
    {
        try
        {
            filledTo = Math.max(filledTo, BitUtil.align(touchedTo, FILL_LENGTH));
            while (filledTo + FILL_LENGTH <= end)
            {
                zeros.clear();
                channel.write(zeros, filledTo);
                filledTo += FILL_LENGTH;
            }
        }
        catch (final IOException ex)
        {
            filledTo = Long.MAX_VALUE - FILL_LENGTH;
            LOGGER.warn("pages of {} come one by one: {}", path, ex.toString());
        }
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
    public void close() throws IOException
    {
        channel.close();
        release(chunkBefore);
        release(chunk);
        chunkBefore = null;
        chunk = null;
    }
}

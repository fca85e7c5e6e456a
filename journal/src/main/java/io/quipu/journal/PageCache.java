package io.quipu.journal;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import net.openhft.chronicle.core.OS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives pages of a file back to the system: {@code posix_fadvise(DONTNEED)}, which chronicle-posix does not have, bound
 * through the library beneath it. Where it cannot be bound nothing is given back, said once, and nothing else changes.
 * <p>
 * Only pages that are clean and mapped by nobody are dropped: the advice never loses a byte, and what is read again
 * comes from the disk. For any thread.
 */
final class PageCache
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PageCache.class);
    private static final int DONTNEED = 4;
    private static final LibC LIB_C = bind();

    /** Public, as the class that implements it is generated elsewhere; named as in the C library. */
    public interface LibC
    {
        /**
         * As in {@code fcntl.h}.
         *
         * @param fd     of the file.
         * @param offset in it.
         * @param length of the range.
         * @param advice number of the advice.
         * @return 0, or the number of an error.
         */
        int posix_fadvise(int fd, long offset, long length, int advice);
    }

    private PageCache()
    {
    }

    private static LibC bind()
    {
        if (OS.isLinux() && OS.is64Bit())
        {
            try
            {
                final String name = Platform.getNativePlatform().getStandardCLibraryName();
                final LibC libC = LibraryLoader.create(LibC.class).failImmediately().load(name);
                // Of no file: either it is bound now, or the linker's error is met here.
                libC.posix_fadvise(-1, 0, 0, DONTNEED);
                return libC;
            }
            catch (final RuntimeException | LinkageError ex)
            {
                LOGGER.warn("pages of the journal stay in the page cache: {}", ex.toString());
            }
        }

        return null;
    }

    /**
     * Drops what is clean of a range; pages that lie in it only in part stay.
     *
     * @param fd   of the file.
     * @param from position that the range begins at.
     * @param to   position behind it.
     */
    static void giveBack(final int fd, final long from, final long to)
    {
        if (LIB_C != null && to > from)
        {
            LIB_C.posix_fadvise(fd, from, to - from, DONTNEED);
        }
    }
}

package io.quipu.engine;

import io.quipu.engine.state.Segment;
import io.quipu.engine.state.StateMachine;
import net.openhft.posix.PosixAPI;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Pages of 2 MiB for the state, and touched before the state comes there: a thread of the process asks the system for large pages
 * in each segment that a state will use next, and has them filled in. The state's own thread then neither waits for the
 * system to clear a page, nor misses the TLB with each random access. Where the system does not know how, nothing happens,
 * and pages are taken as they are touched.
 */
public final class HugePages
{
    /** MADV_HUGEPAGE: large pages, please, also where they are given only to those who ask. */
    private static final int HUGE = 14;
    /** MADV_POPULATE_WRITE, since Linux 5.14: as if each page were written to, with its bytes left as they are. */
    private static final int POPULATE = 23;

    private static final BlockingQueue<Segment> SEGMENTS = new LinkedBlockingQueue<>();

    private static boolean isInstalled;

    private HugePages()
    {
    }

    /**
     * Serves all states of this process from now on; again does nothing.
     */
    public static synchronized void install()
    {
        if (!isInstalled)
        {
            isInstalled = true;
            final Thread thread = new Thread(HugePages::run, "quipu-memory");
            thread.setDaemon(true);
            thread.start();
            StateMachine.onSegments(SEGMENTS::add);
        }
    }

    private static void run()
    {
        try
        {
            final PosixAPI posix = PosixAPI.posix();
            while (true)
            {
                touch(posix, SEGMENTS.take());
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        catch (final RuntimeException | LinkageError ex)
        {
            StateMachine.onSegments((segment) -> {});
            SEGMENTS.clear();
        }
    }

    /** Page by page, so that a state that is closed meanwhile waits for one at most. What is closed is left alone. */
    private static void touch(final PosixAPI posix, final Segment segment)
    {
        final long hugeLength = segment.length() & -Segment.ALIGNMENT;
        boolean isWanted = segment.reserve() &&
            segment.prepare(0, hugeLength, (address, length) -> posix.madvise(address, length, HUGE));
        for (long offset = 0; isWanted && offset < segment.length(); offset += Segment.ALIGNMENT)
        {
            isWanted = segment.prepare(
                offset,
                Math.min(Segment.ALIGNMENT, segment.length() - offset),
                (address, length) -> posix.madvise(address, length, POPULATE));
        }
    }
}

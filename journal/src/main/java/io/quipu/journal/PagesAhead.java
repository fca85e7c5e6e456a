package io.quipu.journal;

import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.OS;
import net.openhft.posix.PosixAPI;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the file prepared ahead of the appending thread, on a thread of its own that sleeps until bytes were used up:
 * blocks allocated on the disk ({@link BlocksAhead}), pages present and writable in Chronicle's mapping ({@link
 * MappedPages}). The appending thread then meets no page fault but one after each sync, on the page that it is in, and
 * a full disk shows here, as an error, while there is still room for what is being appended.
 * <p>
 * A writer that comes to the end of what is prepared waits, as it would in the page fault. What cannot be done on a
 * system or file system is left out, said once.
 */
final class PagesAhead implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PagesAhead.class);
    private static final int BAD_DESCRIPTOR = 9;
    private static final int INVALID = 22;
    private static final int NO_SUCH_CALL = 38;
    private static final int NOT_SUPPORTED = 95;
    private static final int STEPS = 8;
    private static final long PAGE_LENGTH = OS.pageSize();
    /** Nothing can be prepared, so nothing is waited for. */
    private static final long EVERYWHERE = Long.MAX_VALUE;
    /** A byte in 250 ns, 4 MB/s: less is slow, such as who waits for a sync behind each append. */
    private static final long FAST_NS_PER_BYTE = 250;
    private static final long RETRY_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What is appended to; replaced as one. */
    private record Target(AppendedFile file, MappedFile mapped)
    {
    }

    private final int aheadLength;
    private final Ballast ballast;
    /** Bytes used up between two turns of the thread: seldom, as each takes a core from somebody. */
    private final int stepLength;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile Target target;
    private volatile boolean isShort;
    private volatile int attempts;

    /** Appending thread: behind this position the other one is woken. */
    private long wakeAt;

    private Target prepared;
    private MappedPages pages;
    private BlocksAhead blocks;
    private boolean isAllocating = true;
    private boolean isTouching = true;
    private boolean isFast;
    private long judgedAt;
    private long judgedNs;

    /**
     * @param aheadLength bytes to keep prepared, above 0.
     * @param ballast     to be thrown when there is no room for what is on its way, and taken on board again.
     */
    PagesAhead(final int aheadLength, final Ballast ballast)
    {
        this.aheadLength = aheadLength;
        this.ballast = ballast;
        stepLength = aheadLength / STEPS;
        thread = new Thread(this::run, "quipu-journal-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    /** Appending thread: from now on this is the file that is appended to. */
    void onFile(final AppendedFile file, final MappedFile mapped)
    {
        target = new Target(file, mapped);
        wakeAt = file.writtenTo() + stepLength;
        LockSupport.unpark(thread);
    }

    /**
     * Appending thread: the next append begins another file, and Chronicle closes this one on the way. Nothing is
     * prepared of a file that is not yet there: its first pages take the room of the ballast, which the file that ends
     * must not take before.
     *
     * @param length bytes of room wanted, no more than the ballast has.
     * @return false when the disk is full: there was no ballast, and there is no room instead of it.
     */
    boolean onRoll(final int length)
    {
        synchronized (ballast)
        {
            target = null;
            return !BlocksAhead.isFull(ballast.dropFor(length));
        }
    }

    /** Appending thread: the file is written up to here. */
    void onWritten(final long position)
    {
        if (position >= wakeAt)
        {
            wakeAt = position + stepLength;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Appending thread: waits until there is room for what is to be written next.
     *
     * @param file     that is appended to.
     * @param position to write up to.
     * @return false when the disk is full before that, although the ballast was thrown.
     */
    boolean await(final AppendedFile file, final long position)
    {
        file.onWanted(position);
        int attemptsBefore = attempts;
        boolean isThrown = false;
        while (file.preparedTo() < position && thread.isAlive())
        {
            if (isShort && attempts - attemptsBefore > 1)
            {
                if (isThrown)
                {
                    return false;
                }
                ballast.drop();
                isThrown = true;
                attemptsBefore = attempts;
            }
            LockSupport.unpark(thread);
            Thread.yield();
        }

        return true;
    }

    /** Any thread: whether the disk has no room for all that is to be prepared, ballast included; tried again each 100 ms. */
    boolean isShort()
    {
        return isShort;
    }

    private void run()
    {
        try
        {
            while (running)
            {
                turn(target);
            }
        }
        finally
        {
            release();
        }
    }

    private void turn(final Target current)
    {
        try
        {
            synchronized (ballast)
            {
                if (current != null && current == target)
                {
                    prepare(current);
                }
            }
        }
        catch (final IOException | RuntimeException | AssertionError | InternalError ex)
        {
            onFailure(current, ex);
        }

        if (isShort)
        {
            LockSupport.parkNanos(this, RETRY_INTERVAL_NS);
        }
        else
        {
            LockSupport.park(this);
        }
    }

    private void prepare(final Target current) throws IOException
    {
        if (current != prepared)
        {
            release();
            final long from = current.file.writtenTo();
            pages = new MappedPages(current.file.path(), current.mapped, from);
            judgedAt = from;
            judgedNs = System.nanoTime();
            // From the start: Chronicle leaves holes in the pages of its index.
            blocks = new BlocksAhead(current.file.path(), 0, 2 * aheadLength);
            prepared = current;
        }

        final long writtenTo = current.file.writtenTo();
        final long to = BitUtil.align(
            Math.max(writtenTo + aheadLength, current.file.wantedTo() + PAGE_LENGTH), MappedPages.FILL_LENGTH);
        judgeSpeed(writtenTo);
        final int allocateError = isAllocating ? blocks.keep(current.file.wantedTo() + PAGE_LENGTH, to) : 0;
        final int touchError = isTouching ? pages.touch(writtenTo, isAllocating ? blocks.within(to) : to, isFast) : 0;
        final int ballastError = isAllocating && allocateError == 0 && touchError == 0 ? ballast.fill() : 0;
        judge(current, allocateError == 0 ? ballastError : allocateError, touchError);
        current.file.onPrepared(isTouching ? pages.touchedTo() : isAllocating ? blocks.allocatedTo() : EVERYWHERE);
        attempts = attempts + 1;
    }

    /** By what was written since the last time, if that is enough to tell. */
    private void judgeSpeed(final long writtenTo)
    {
        final long length = writtenTo - judgedAt;
        if (length >= stepLength)
        {
            final long nowNs = System.nanoTime();
            isFast = nowNs - judgedNs < length * FAST_NS_PER_BYTE;
            judgedAt = writtenTo;
            judgedNs = nowNs;
        }
    }

    private void judge(final Target current, final int allocateError, final int touchError)
    {
        if (isImpossible(allocateError))
        {
            isAllocating = false;
            LOGGER.warn("blocks of {} are not allocated ahead: {}", current.file.path(), text(allocateError));
        }
        if (isImpossible(touchError))
        {
            isTouching = false;
            LOGGER.warn("pages of {} are not touched ahead: {}", current.file.path(), text(touchError));
        }

        final int error = allocateError != 0 && isAllocating ? allocateError : isTouching ? touchError : 0;
        if (error != 0 && !isShort)
        {
            LOGGER.warn("{} can not be prepared ahead: {}", current.file.path(), text(error));
        }
        isShort = error != 0;
    }

    /** What the system or the file system can not do, now or later. Anything else, such as a full disk, may pass. */
    private static boolean isImpossible(final int error)
    {
        return error == INVALID || error == NOT_SUPPORTED || error == NO_SUCH_CALL || error == BAD_DESCRIPTOR;
    }

    private static String text(final int error)
    {
        return PosixAPI.posix().strerror(error);
    }

    /** A file that Chronicle has closed meanwhile is no failure: the next one is on its way. */
    private void onFailure(final Target current, final Throwable failure)
    {
        if (running && current == target)
        {
            isAllocating = false;
            isTouching = false;
            isShort = false;
            current.file.onPrepared(EVERYWHERE);
            LOGGER.warn("nothing more is prepared ahead in {}: {}", current.file.path(), failure.toString());
        }
    }

    private void release()
    {
        if (prepared != null)
        {
            prepared = null;
            CloseHelper.quietCloseAll(pages, blocks);
        }
    }

    /** Ends the thread and waits for it: afterwards nothing of the file is held. */
    @Override
    public void close()
    {
        running = false;
        boolean isInterrupted = false;
        while (thread.isAlive())
        {
            LockSupport.unpark(thread);
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }
}

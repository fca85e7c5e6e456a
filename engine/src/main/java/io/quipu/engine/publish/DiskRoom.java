package io.quipu.engine.publish;

import io.quipu.engine.Clock;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Room on the journal's disk above a floor, so that a write is refused while there is still room for what was taken in.
 * The disk is asked ten times a second; what is appended in between is taken off what it said, so that a fast writer
 * does not pass the floor between two looks.
 * <pre>
 *   syncer thread, each look                   sequencer thread
 *   a = appended                               append; appended += length
 *   roomTo = a + free bytes - floor            refuse while appended >= roomTo, or the store says that it is short
 * </pre>
 * The count is read before the disk is asked: bytes appended in between are taken off twice until the next look, never
 * too seldom. Others may take the disk's last bytes within a look: then the store is short ({@code JournalStore}).
 */
public final class DiskRoom
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LongSupplier freeBytes;
    private final BooleanSupplier isStoreShort;
    private final long floor;

    /** Written by the sequencer thread alone. */
    private volatile long appended;
    private volatile long freeBytesNow;
    private volatile long roomTo;
    private long lookedNs;

    /**
     * Looks once.
     *
     * @param clock        of the engine.
     * @param freeBytes    asks the disk; on the syncer thread, but for this first time.
     * @param isStoreShort whether the store has no room for what is appended next, whatever the disk says; asked by the
     *                     sequencer thread with each request.
     * @param floor        bytes to leave free; 0 or less for none.
     */
    public DiskRoom(
        final Clock clock, final LongSupplier freeBytes, final BooleanSupplier isStoreShort, final long floor)
    {
        this.freeBytes = freeBytes;
        this.isStoreShort = isStoreShort;
        this.floor = floor;
        look(clock.monotonicNs());
    }

    /** Sequencer thread: so many bytes were appended. */
    public void onAppended(final long length)
    {
        appended = appended + length;
    }

    /** Sequencer thread: whether nothing new may be appended now. */
    public boolean isShort()
    {
        return (floor > 0 && appended >= roomTo) || isStoreShort.getAsBoolean();
    }

    /** Room on the disk at the last look. Any thread. */
    public long freeBytes()
    {
        return freeBytesNow;
    }

    /** Syncer thread: looks, when the last look is long ago. */
    void lookIfDue(final long nowNs)
    {
        if (nowNs - lookedNs >= LOOK_INTERVAL_NS)
        {
            look(nowNs);
        }
    }

    private void look(final long nowNs)
    {
        lookedNs = nowNs;
        final long appendedBefore = appended;
        final long free = freeBytes.getAsLong();
        freeBytesNow = free;
        roomTo = Long.MAX_VALUE - appendedBefore <= free ? Long.MAX_VALUE : appendedBefore + free - floor;
    }
}

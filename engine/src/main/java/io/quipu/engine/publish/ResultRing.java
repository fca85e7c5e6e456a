package io.quipu.engine.publish;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the sequencer hands to the stages behind it: a Disruptor ring with a single producer, of descriptors laid over
 * one off-heap slab, with their bodies in one circular off-heap arena.
 * <pre>
 *   slab    | Result | Result | Result | Result | ...           64 bytes each, claimed and published in order
 *                         |        |
 *   arena   ..............[ body ][ body  ].................    contiguous each; freed in the same order
 *              free       ^tail            ^head     free
 * </pre>
 * A body never wraps: where the end of the arena is too near, the rest of the lap is skipped. Room is asked for
 * before the append, by {@link #hasRoom}, for the worst case; after that {@link #claim} and {@link #allocate} cannot
 * fail and never wait. All methods but {@link #cursor()} belong to the sequencer thread; the stages read through
 * their pollers.
 */
public final class ResultRing
{
    private static final int ALIGNMENT = 8;

    private final int capacity;
    private final int arenaCapacity;
    private final UnsafeBuffer arena;
    private final RingBuffer<Result> ring;

    /** Positions grow for ever; modulo the capacity they are offsets in the arena. */
    private long arenaHead;
    private long arenaTail;
    /** Slot whose {@code arenaEnd} {@link #arenaTail} was last read from. */
    private long releasedSlot = -1;
    private long claimedSlot = -1;

    /**
     * @param capacity      descriptors, a power of two.
     * @param arenaCapacity bytes, a power of two.
     */
    public ResultRing(final int capacity, final int arenaCapacity)
    {
        if (!BitUtil.isPowerOfTwo(capacity) || !BitUtil.isPowerOfTwo(arenaCapacity))
        {
            throw new IllegalArgumentException("capacity=" + capacity + ", arena=" + arenaCapacity + ": powers of two");
        }

        this.capacity = capacity;
        this.arenaCapacity = arenaCapacity;
        this.arena = new UnsafeBuffer(BufferUtil.allocateDirectAligned(arenaCapacity, BitUtil.CACHE_LINE_LENGTH));

        final UnsafeBuffer slab =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity * Result.LENGTH, BitUtil.CACHE_LINE_LENGTH));
        final int[] slot = {0};
        ring = RingBuffer.createSingleProducer(
            () -> new Result(slab, Result.LENGTH * slot[0]++), capacity, new BusySpinWaitStrategy());
    }

    /**
     * A poller for a stage, started at the current end. The ring never laps it.
     *
     * @param gates sequences that it stays behind; none for all that is published.
     */
    public EventPoller<Result> newPoller(final Sequence... gates)
    {
        final EventPoller<Result> poller = ring.newPoller(gates);
        poller.getSequence().set(ring.getCursor());
        ring.addGatingSequences(poller.getSequence());
        return poller;
    }

    /**
     * Whether so many results with so many bytes of bodies in all can be claimed now.
     *
     * @param results       descriptors.
     * @param bytes         sum of their bodies.
     * @param longestLength of one body, which may have to skip so much at the end of the arena.
     */
    public boolean hasRoom(final int results, final long bytes, final int longestLength)
    {
        if (!ring.hasAvailableCapacity(results))
        {
            return false;
        }

        final long needed = bytes + (long)ALIGNMENT * results + longestLength;
        if (needed <= arenaCapacity - (arenaHead - arenaTail))
        {
            return true;
        }

        release();
        return needed <= arenaCapacity - (arenaHead - arenaTail);
    }

    /**
     * Moves the tail up to what every stage has passed. A slot that was claimed again since then is not looked at:
     * then the ring is full, and the stages have to move before there can be room anyway.
     */
    private void release()
    {
        final long passed = ring.getMinimumGatingSequence();
        if (passed > releasedSlot && passed > claimedSlot - capacity)
        {
            arenaTail = ring.get(passed).arenaEnd();
            releasedSlot = passed;
        }
    }

    /**
     * The next descriptor, zeroed, to be filled and then published. One at a time.
     */
    public Result claim()
    {
        if (!ring.hasAvailableCapacity(1))
        {
            throw new IllegalStateException("the ring is full: room was not asked for");
        }

        claimedSlot = ring.next();
        final Result result = ring.get(claimedSlot);
        result.clear();
        return result;
    }

    /**
     * Room for the body of the claimed result, in {@link #arena()}.
     *
     * @return offset of the body.
     */
    public int allocate(final Result result, final int length)
    {
        final int mask = arenaCapacity - 1;
        int offset = (int)(arenaHead & mask);
        long start = arenaHead;
        if (offset + length > arenaCapacity)
        {
            start += arenaCapacity - offset;
            offset = 0;
        }

        final long end = start + BitUtil.align(length, ALIGNMENT);
        if (end - arenaTail > arenaCapacity)
        {
            release();
            if (end - arenaTail > arenaCapacity)
            {
                throw new IllegalStateException("the arena is full: room was not asked for");
            }
        }

        arenaHead = end;
        result.body(offset, length);
        return offset;
    }

    /** Copies the body of the claimed result into the arena. */
    public void copyBody(final Result result, final DirectBuffer buffer, final int offset, final int length)
    {
        arena.putBytes(allocate(result, length), buffer, offset, length);
    }

    /** Publishes the claimed result; the stages see it from now on. */
    public void publish(final Result result)
    {
        result.arenaEnd(arenaHead);
        ring.publish(claimedSlot);
    }

    public UnsafeBuffer arena()
    {
        return arena;
    }

    /** Last slot published. Any thread. */
    public long cursor()
    {
        return ring.getCursor();
    }

    /** Whether more than half of the descriptors or of the arena waits for the slowest stage. */
    public boolean isHalfFull()
    {
        if (ring.remainingCapacity() < capacity >> 1)
        {
            return true;
        }

        if (arenaHead - arenaTail <= arenaCapacity >> 1)
        {
            return false;
        }

        release();
        return arenaHead - arenaTail > arenaCapacity >> 1;
    }

    /** Whether every stage is past everything published. */
    public boolean isDrained()
    {
        return ring.getMinimumGatingSequence() == ring.getCursor();
    }
}

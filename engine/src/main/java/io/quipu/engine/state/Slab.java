package io.quipu.engine.state;

import java.util.Arrays;

/**
 * Off-heap records of one fixed length, addressed by int id from 0, in segments of a power of two of records.
 * <pre>
 *   segments   +--------+--------+----
 *              |   0    |   1    |        id &gt;&gt;&gt; segmentShift
 *              +---|----+---|----+----
 *                  v        v
 *              +--------+--------+-- .. --+
 *              | record | record |        |      id &amp; segmentMask, 16 MiB or a little less
 *              +--------+--------+-- .. --+
 * </pre>
 * A record never moves: growing adds a segment, nothing is copied, and addresses stay good until {@link #close()}. A
 * segment's pages are touched, and zeroed, a few at a time as ids come into use: no step is long, and an almost empty slab
 * costs almost nothing. The {@link Segment} behind is announced to the {@link SegmentHandler} when this one is half full, so
 * that another thread has time to reserve and touch it; the first is never announced.
 * <p>
 * The owner decides which ids are in use, and keeps its own list of free ones. One thread.
 */
final class Slab implements AutoCloseable
{
    /** What a segment is to be; it is less where the record length is no power of two. */
    static final int SEGMENT_LENGTH = 16 << 20;

    /** How much memory is zeroed, and so touched, in one go. */
    private static final int STEP_LENGTH = 16 << 10;

    private final int recordLength;
    private final int segmentShift;
    private final int segmentMask;
    private final int stepRecords;

    private Segment[] segments = new Segment[16];
    /** Address of each segment's first record. */
    private long[] addresses = new long[16];
    private int segmentCount;

    /** The next segment, announced ahead; null for none. */
    private Segment spare;

    /** Records below this id are addressable. */
    private int capacity;

    /**
     * A slab without a record.
     *
     * @param recordLength in bytes, a multiple of 4; of 64 when records are to have cache lines of their own.
     */
    Slab(final int recordLength)
    {
        this(recordLength, SEGMENT_LENGTH);
    }

    /**
     * A slab without a record.
     *
     * @param recordLength  in bytes, a multiple of 4.
     * @param segmentLength in bytes; as many records as fit, rounded down to a power of two, make a segment.
     */
    Slab(final int recordLength, final int segmentLength)
    {
        if (recordLength <= 0 || (recordLength & 3) != 0 || segmentLength < recordLength)
        {
            throw new IllegalArgumentException("recordLength=" + recordLength + " segmentLength=" + segmentLength);
        }

        this.recordLength = recordLength;
        segmentShift = 31 - Integer.numberOfLeadingZeros(segmentLength / recordLength);
        segmentMask = (1 << segmentShift) - 1;
        stepRecords = Math.max(1, STEP_LENGTH / recordLength);
    }

    /**
     * Where a record stands.
     *
     * @param id below {@link #capacity()}.
     * @return its address.
     */
    long address(final int id)
    {
        assert id >= 0 && id < capacity : "id=" + id + " capacity=" + capacity;

        return addresses[id >>> segmentShift] + (long)(id & segmentMask) * recordLength;
    }

    /**
     * Makes a record and all before it addressable. A record that was not addressable before is all zero.
     *
     * @param id to be addressable; where it is the next one, as with dense ids, the step is short.
     */
    void ensure(final int id)
    {
        while (id >= capacity)
        {
            grow();
        }
    }

    /**
     * The number of addressable records.
     *
     * @return the first id that is not addressable.
     */
    int capacity()
    {
        return capacity;
    }

    int recordLength()
    {
        return recordLength;
    }

    /**
     * Memory in use, for status: touched pages, not reserved ones.
     *
     * @return bytes of all addressable records.
     */
    long bytes()
    {
        return (long)capacity * recordLength;
    }

    @Override
    public void close()
    {
        for (int i = 0; i < segmentCount; i++)
        {
            segments[i].close();
        }
        if (spare != null)
        {
            spare.close();
            spare = null;
        }
        segmentCount = 0;
        capacity = 0;
    }

    private void grow()
    {
        if (capacity == Integer.MAX_VALUE)
        {
            throw new IllegalStateException("all ids in use, recordLength=" + recordLength);
        }

        final int segment = capacity >>> segmentShift;
        if (segment == segmentCount)
        {
            addSegment();
        }

        final int inSegment = capacity & segmentMask;
        final int added = Math.min(Math.min(stepRecords, segmentMask + 1 - inSegment), Integer.MAX_VALUE - capacity);
        OffHeap.zero(addresses[segment] + (long)inSegment * recordLength, (long)added * recordLength);
        capacity += added;
        if (spare == null && inSegment > segmentMask >>> 1)
        {
            spare = new Segment(segmentLength());
            OffHeap.announce(spare);
        }
    }

    private void addSegment()
    {
        if (segmentCount == segments.length)
        {
            segments = Arrays.copyOf(segments, segmentCount * 2);
            addresses = Arrays.copyOf(addresses, segmentCount * 2);
        }

        final Segment segment = spare == null ? new Segment(segmentLength()) : spare;
        spare = null;
        segments[segmentCount] = segment;
        addresses[segmentCount] = segment.take();
        segmentCount++;
    }

    private long segmentLength()
    {
        return (long)recordLength << segmentShift;
    }
}

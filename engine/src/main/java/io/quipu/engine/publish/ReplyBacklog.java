package io.quipu.engine.publish;

import io.quipu.transport.ConnectionId;
import io.quipu.transport.Egress;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Messages that a connection had no room for at once: a burst longer than its flow control window, such as the chunks
 * of a large answer. They are offered again each turn, in the order of their connection, for a second; then they are
 * dropped, and the client asks again. A connection that waits here holds up no other one. Bounded: what does not fit
 * is dropped by the caller.
 * <pre>
 *   entries   | connection id, offset, length, deadline |...      a ring of {@value #MAX_ENTRIES}, the oldest first
 *   bytes     ....[ message ][ message ]....                      one circular buffer, freed as the oldest entries go
 * </pre>
 * For the thread of the {@link ReplyStage}; allocates nothing.
 */
final class ReplyBacklog
{
    static final int MAX_ENTRIES = 1024;

    private static final int CAPACITY = 2 * 1024 * 1024;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MASK = MAX_ENTRIES - 1;

    private final Egress egress;
    private final UnsafeBuffer bytes = new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY, Long.BYTES));
    private final int[] connectionIds = new int[MAX_ENTRIES];
    private final int[] offsets = new int[MAX_ENTRIES];
    private final int[] lengths = new int[MAX_ENTRIES];
    private final long[] ends = new long[MAX_ENTRIES];
    private final long[] deadlinesNs = new long[MAX_ENTRIES];

    /** Entries waiting, by the slot of their connection. */
    private final int[] waiting = new int[ConnectionId.MAX_SLOTS];
    private final boolean[] isBlocked = new boolean[ConnectionId.MAX_SLOTS];

    private long head;
    private long tail;
    private long bytesHead;
    private long bytesTail;
    private long sentCount;
    private long droppedCount;

    ReplyBacklog(final Egress egress)
    {
        this.egress = egress;
    }

    boolean isEmpty()
    {
        return head == tail;
    }

    /** Whether messages of this connection wait, so that another one has to wait behind them. */
    boolean isWaiting(final int connectionId)
    {
        return waiting[ConnectionId.slot(connectionId)] > 0;
    }

    /** Messages that left from here. */
    long sentCount()
    {
        return sentCount;
    }

    /** Messages that waited for nothing. */
    long droppedCount()
    {
        return droppedCount;
    }

    /**
     * Copies a message of two parts to the end.
     *
     * @return false when there is no room.
     */
    boolean add(
        final int connectionId,
        final DirectBuffer first,
        final int firstLength,
        final DirectBuffer second,
        final int secondOffset,
        final int secondLength,
        final long nowNs)
    {
        final int length = firstLength + secondLength;
        int offset = (int)(bytesHead & CAPACITY - 1);
        long start = bytesHead;
        if (offset + length > CAPACITY)
        {
            start += CAPACITY - offset;
            offset = 0;
        }

        final long end = start + BitUtil.align(length, Long.BYTES);
        if (head - tail == MAX_ENTRIES || end - bytesTail > CAPACITY)
        {
            return false;
        }

        bytes.putBytes(offset, first, 0, firstLength);
        bytes.putBytes(offset + firstLength, second, secondOffset, secondLength);
        final int index = (int)head & MASK;
        connectionIds[index] = connectionId;
        offsets[index] = offset;
        lengths[index] = length;
        ends[index] = end;
        deadlinesNs[index] = nowNs + PATIENCE_NS;
        bytesHead = end;
        head++;
        waiting[ConnectionId.slot(connectionId)]++;
        return true;
    }

    /**
     * Offers what waits, each connection's in order.
     *
     * @return messages that left.
     */
    int drain(final long nowNs)
    {
        Arrays.fill(isBlocked, false);
        int sent = 0;
        for (long entry = tail; entry < head; entry++)
        {
            final int index = (int)entry & MASK;
            final int connectionId = connectionIds[index];
            if (ConnectionId.NULL_VALUE != connectionId && offer(index, connectionId, nowNs))
            {
                sent++;
            }
        }

        release();
        sentCount += sent;
        return sent;
    }

    private boolean offer(final int index, final int connectionId, final long nowNs)
    {
        final int slot = ConnectionId.slot(connectionId);
        int outcome = Egress.BACK_PRESSURED;
        if (!isBlocked[slot])
        {
            outcome = egress.offer(connectionId, bytes, offsets[index], lengths[index]);
        }

        if (Egress.BACK_PRESSURED == outcome && nowNs - deadlinesNs[index] < 0)
        {
            isBlocked[slot] = true;
            return false;
        }

        connectionIds[index] = ConnectionId.NULL_VALUE;
        waiting[slot]--;
        if (Egress.SENT != outcome)
        {
            droppedCount++;
            return false;
        }

        return true;
    }

    private void release()
    {
        while (tail < head && ConnectionId.NULL_VALUE == connectionIds[(int)tail & MASK])
        {
            bytesTail = ends[(int)tail & MASK];
            tail++;
        }
    }
}

package io.quipu.engine.sequencer;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.quipu.transport.Channels;
import io.quipu.transport.Ingress;
import io.quipu.transport.IngressHandler;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hands frames from the thread that receives them to the sequencer's, in their order: a Disruptor ring of descriptors
 * with one producer and one consumer, the bytes in a circular off-heap arena.
 * <pre>
 *   transport thread                                            sequencer thread
 *   transport.ingress().poll(ring, ..)                          ring.poll(sequencer, ..)
 *      onSubmit  -- copied --&gt; | kind, connection, offset, length | -- in place --&gt; onSubmit
 *      false: full, delivered again                                    false: stays, delivered again
 * </pre>
 * What does not fit stays in Aeron's log, and its sender is told by flow control. That a connection closed always
 * fits, behind its frames. Nothing here is journaled: what is lost with the process, its sender sends again. Allocates
 * nothing.
 */
public final class IngressRing implements IngressHandler, Ingress
{
    static final int FRAMES = 1024;

    private static final int ARENA_LENGTH = 1024 * 1024;
    private static final int MASK = ARENA_LENGTH - 1;
    private static final int CLOSED_CAPACITY = 1024;

    private final RingBuffer<Frame> ring =
        RingBuffer.createSingleProducer(Frame::new, FRAMES, new BusySpinWaitStrategy());
    private final Sequence consumed = new Sequence(-1);
    private final UnsafeBuffer arena =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(ARENA_LENGTH, BitUtil.CACHE_LINE_LENGTH));

    /** Positions in the arena, of the producer; they grow for ever. */
    private long head;
    private long tail;
    private long releasedSlot = -1;
    /** Connections that closed while the ring was full. */
    private final IntArrayQueue closed = new IntArrayQueue(CLOSED_CAPACITY, -1);

    /** A ring with nothing in it. */
    public IngressRing()
    {
        ring.addGatingSequences(consumed);
    }

    @Override
    public boolean onSubmit(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return put(Kind.SUBMIT, connectionId, buffer, offset, length);
    }

    @Override
    public boolean onQuery(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return put(Kind.QUERY, connectionId, buffer, offset, length);
    }

    @Override
    public boolean onAttachSession(
        final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return put(Kind.ATTACH, connectionId, buffer, offset, length);
    }

    @Override
    public boolean onCloseSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return put(Kind.CLOSE, connectionId, buffer, offset, length);
    }

    @Override
    public void onConnectionClosed(final int connectionId)
    {
        closed.addInt(connectionId);
        tellClosed();
    }

    /**
     * The producer, each turn: connections that closed while the ring was full follow as soon as there is room.
     *
     * @return whether none waits any more.
     */
    public boolean tellClosed()
    {
        while (!closed.isEmpty())
        {
            if (!ring.hasAvailableCapacity(1))
            {
                return false;
            }
            publish(Kind.CLOSED, closed.pollInt(), 0, 0);
        }
        return true;
    }

    /** The consumer's side: the handler reads each frame where it lies. */
    @Override
    public int poll(final IngressHandler handler, final int fragmentLimit)
    {
        final long before = consumed.get();
        final long last = Math.min(ring.getCursor(), before + fragmentLimit);
        long done = before;
        while (done < last && deliver(ring.get(done + 1), handler))
        {
            done++;
        }

        if (done > before)
        {
            consumed.set(done);
        }
        return (int)(done - before);
    }

    private boolean deliver(final Frame frame, final IngressHandler handler)
    {
        switch (frame.kind)
        {
            case SUBMIT:
                return handler.onSubmit(frame.connectionId, arena, frame.offset, frame.length);

            case QUERY:
                return handler.onQuery(frame.connectionId, arena, frame.offset, frame.length);

            case ATTACH:
                return handler.onAttachSession(frame.connectionId, arena, frame.offset, frame.length);

            case CLOSE:
                return handler.onCloseSession(frame.connectionId, arena, frame.offset, frame.length);

            default:
                handler.onConnectionClosed(frame.connectionId);
                return true;
        }
    }

    private boolean put(
        final Kind kind, final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!tellClosed() || !ring.hasAvailableCapacity(1) || !hasRoom(length))
        {
            return false;
        }

        final int start = (int)(head & MASK);
        final int arenaOffset = start + length > ARENA_LENGTH ? 0 : start;
        arena.putBytes(arenaOffset, buffer, offset, length);
        head += BitUtil.align(length, Long.BYTES) + (arenaOffset == start ? 0 : ARENA_LENGTH - start);
        publish(kind, connectionId, arenaOffset, length);
        return true;
    }

    /** Whether the longest frame would fit, wherever the arena ends. */
    private boolean hasRoom(final int length)
    {
        final long needed = length + Long.BYTES + Channels.MAX_MESSAGE_LENGTH;
        if (needed > ARENA_LENGTH - (head - tail))
        {
            release();
        }
        return needed <= ARENA_LENGTH - (head - tail);
    }

    /** The slots between were passed and none of them was claimed again: the ring does not lap its consumer. */
    private void release()
    {
        final long passed = consumed.get();
        if (passed > releasedSlot && passed > ring.getCursor() - FRAMES)
        {
            tail = ring.get(passed).arenaEnd;
            releasedSlot = passed;
        }
    }

    private void publish(final Kind kind, final int connectionId, final int offset, final int length)
    {
        final long slot = ring.next();
        final Frame frame = ring.get(slot);
        frame.kind = kind;
        frame.connectionId = connectionId;
        frame.offset = offset;
        frame.length = length;
        frame.arenaEnd = head;
        ring.publish(slot);
    }

    private enum Kind
    {
        SUBMIT, QUERY, ATTACH, CLOSE, CLOSED
    }

    /** A descriptor; written before it is published, read after. */
    private static final class Frame
    {
        private Kind kind;
        private int connectionId;
        private int offset;
        private int length;
        /** Where the arena is free up to once this frame is passed. */
        private long arenaEnd;
    }
}

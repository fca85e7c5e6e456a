package io.quipu.engine.sequencer;

import io.quipu.engine.state.Queries;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The queries of one poll, copied at arrival and answered when the record of that poll is applied: a query sees what
 * its own client
 * sent before it. Bounded; when it is full, polling stops until they are answered. For the sequencer thread.
 */
final class DeferredQueries
{
    private static final int MAX_QUERIES = 32;
    private static final int SCRATCH_LENGTH = 256 * 1024;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SCRATCH_LENGTH]);
    private final int[] connectionIds = new int[MAX_QUERIES];
    private final long[] correlationIds = new long[MAX_QUERIES];
    private final byte[] acks = new byte[MAX_QUERIES];
    private final int[] offsets = new int[MAX_QUERIES];
    private final int[] lengths = new int[MAX_QUERIES];
    private int count;
    private int position = -1;
    private int used;

    boolean hasRoom(final int length)
    {
        return count < MAX_QUERIES && used + length <= SCRATCH_LENGTH;
    }

    /** Copies the messages behind a Query block. */
    void add(
        final int connectionId,
        final long correlationId,
        final byte ack,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        scratch.putBytes(used, buffer, offset, length);
        connectionIds[count] = connectionId;
        correlationIds[count] = correlationId;
        acks[count] = ack;
        offsets[count] = used;
        lengths[count] = length;
        used += length;
        count++;
    }

    boolean isEmpty()
    {
        return 0 == count;
    }

    /** Has what several need of memory read at once; one alone has nobody to wait with. */
    void announce(final Queries state)
    {
        if (count > 1)
        {
            for (int i = 0; i < count; i++)
            {
                state.announce(scratch, offsets[i], lengths[i]);
            }
            state.readAhead();
        }
    }

    /** Goes to the next one, and forgets all of them at the end. */
    boolean next()
    {
        if (++position < count)
        {
            return true;
        }

        count = 0;
        used = 0;
        position = -1;
        return false;
    }

    DirectBuffer buffer()
    {
        return scratch;
    }

    int offset()
    {
        return offsets[position];
    }

    int length()
    {
        return lengths[position];
    }

    int connectionId()
    {
        return connectionIds[position];
    }

    long correlationId()
    {
        return correlationIds[position];
    }

    byte ack()
    {
        return acks[position];
    }
}

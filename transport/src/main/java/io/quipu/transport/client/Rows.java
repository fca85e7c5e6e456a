package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The rows of an answer, and what the engine had seen when it gave it. Immutable.
 *
 * @param <T> of a row.
 */
public final class Rows<T> extends AbstractList<T> implements RandomAccess
{
    private final List<T> rows;
    private final long sequence;
    private final int epoch;
    private final AckReached ackReached;

    Rows(final List<T> rows, final long sequence, final int epoch, final AckReached ackReached)
    {
        this.rows = List.copyOf(rows);
        this.sequence = sequence;
        this.epoch = epoch;
        this.ackReached = ackReached;
    }

    /** The last entry that the answer has seen. */
    public long sequence()
    {
        return sequence;
    }

    /** The engine's epoch. */
    public int epoch()
    {
        return epoch;
    }

    /** What the last entry had reached when the answer left. */
    public AckReached ackReached()
    {
        return ackReached;
    }

    @Override
    public T get(final int index)
    {
        return rows.get(index);
    }

    @Override
    public int size()
    {
        return rows.size();
    }
}

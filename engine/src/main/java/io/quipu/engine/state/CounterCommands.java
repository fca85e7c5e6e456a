package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * The commands on counters. Each checks, then changes; a refused one has changed nothing and answers the value as it
 * stands, 0 for a counter that is missing.
 */
final class CounterCommands
{
    private final NameTable names;
    private final CounterTable counters;
    private final Limits limits;
    private final Outcome outcome;

    CounterCommands(
        final NameTable names, final CounterTable counters, final Limits limits, final Outcome outcome)
    {
        this.names = names;
        this.counters = counters;
        this.limits = limits;
        this.outcome = outcome;
    }

    void addByHandle(final long handle, final long delta)
    {
        final int id = counters.byHandle(handle);
        if (id == CounterTable.NULL_COUNTER)
        {
            outcome.set(Outcome.STALE_HANDLE);
            return;
        }

        add(id, delta);
    }

    /**
     * Adds to a counter, which is created where it is missing.
     *
     * @param id of the counter of this name, {@link CounterTable#NULL_COUNTER} for none, here as below.
     */
    void add(
        final int id, final DirectBuffer buffer, final int nameOffset, final int nameLength, final long delta)
    {
        if (id != CounterTable.NULL_COUNTER)
        {
            add(id, delta);
        }
        else
        {
            create(buffer, nameOffset, nameLength, delta);
        }
    }

    /**
     * Adds within bounds. A sum outside of them is refused, or, saturating, becomes the bound that it passed. Two
     * values answer: the new value and the delta really applied.
     */
    void addBounded(
        final int id,
        final DirectBuffer buffer,
        final int nameOffset,
        final int nameLength,
        final long delta,
        final long lower,
        final long upper,
        final boolean saturate)
    {
        final long value = id == CounterTable.NULL_COUNTER ? 0 : counters.value(id);
        if (lower > upper)
        {
            outcome.set(Outcome.BAD_BOUNDS, 2, value, 0);
            return;
        }

        final boolean isInBounds = !overflows(value, delta) && value + delta >= lower && value + delta <= upper;
        if (!isInBounds && !saturate)
        {
            outcome.set(Outcome.OUT_OF_BOUNDS, 2, value, 0);
            return;
        }

        final long sum = isInBounds ? value + delta : nearestBound(value, delta, lower, upper);
        if (differenceOverflows(sum, value))
        {
            outcome.set(Outcome.OVERFLOW, 2, value, 0);
            return;
        }
        set(id, buffer, nameOffset, nameLength, sum);
        if (outcome.code == Outcome.OK)
        {
            outcome.set(Outcome.OK, 2, sum, sum - value);
        }
        else
        {
            outcome.set(outcome.code, 2, value, 0);
        }
    }

    void set(
        final int id, final DirectBuffer buffer, final int nameOffset, final int nameLength, final long value)
    {
        if (id == CounterTable.NULL_COUNTER)
        {
            create(buffer, nameOffset, nameLength, value);
            return;
        }
        counters.value(id, value);
        outcome.set(Outcome.OK, value);
    }

    void delete(final int id)
    {
        if (id == CounterTable.NULL_COUNTER)
        {
            outcome.set(Outcome.NOT_FOUND, 0);
            return;
        }

        outcome.set(Outcome.OK, counters.value(id));
        counters.delete(id);
    }

    private void add(final int id, final long delta)
    {
        final long value = counters.value(id);
        if (overflows(value, delta))
        {
            outcome.set(Outcome.OVERFLOW, value);
            return;
        }
        counters.value(id, value + delta);
        outcome.set(Outcome.OK, value + delta);
    }

    private void create(final DirectBuffer buffer, final int nameOffset, final int nameLength, final long value)
    {
        if (nameLength < NameTable.MIN_LENGTH || nameLength > NameTable.MAX_LENGTH)
        {
            outcome.set(Outcome.BAD_NAME, 0);
            return;
        }
        if (counters.size() >= limits.counters() || names.size() >= limits.names() &&
            names.find(buffer, nameOffset, nameLength) == Bearer.NONE)
        {
            outcome.set(Outcome.REJECT_CAPACITY, 0);
            return;
        }

        counters.create(names.intern(buffer, nameOffset, nameLength), value);
        outcome.set(Outcome.OK, value);
    }

    private static boolean overflows(final long value, final long delta)
    {
        final long sum = value + delta;
        return ((value ^ sum) & (delta ^ sum)) < 0;
    }

    private static boolean differenceOverflows(final long sum, final long value)
    {
        final long difference = sum - value;
        return ((sum ^ value) & (sum ^ difference)) < 0;
    }

    /** Where a sum goes that lies outside of the bounds: one that overflows lies beyond the bound on its side. */
    private static long nearestBound(final long value, final long delta, final long lower, final long upper)
    {
        if (overflows(value, delta))
        {
            return delta > 0 ? upper : lower;
        }

        return value + delta > upper ? upper : lower;
    }
}

package io.quipu.engine.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Ids, generations and the stack of free ids, of one kind.
 */
final class TwinIds
{
    private final int kind;
    private final int freeKind;
    private int highest;
    private final Map<Integer, Integer> generations = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    TwinIds(final int kind, final int freeKind)
    {
        this.kind = kind;
        this.freeKind = freeKind;
    }

    TwinIds copy()
    {
        final TwinIds copy = new TwinIds(kind, freeKind);
        copy.highest = highest;
        copy.generations.putAll(generations);
        copy.free.addAll(free);
        return copy;
    }

    /** Takes an id and returns its handle. */
    long take()
    {
        final int id = free.isEmpty() ? ++highest : free.pop();
        return handle(id);
    }

    void give(final long handle)
    {
        final int id = (int)handle;
        generations.merge(id, 1, Integer::sum);
        free.push(id);
    }

    int highest()
    {
        return highest;
    }

    void digest(final TwinDigest digest)
    {
        int place = 0;
        for (final Iterator<Integer> ids = free.descendingIterator(); ids.hasNext();)
        {
            final int id = ids.next();
            digest.add(freeKind, ++place, id, generations.get(id));
        }
    }

    private long handle(final int id)
    {
        return (long)kind << 60 | (long)generations.getOrDefault(id, 0) << 32 | id;
    }
}

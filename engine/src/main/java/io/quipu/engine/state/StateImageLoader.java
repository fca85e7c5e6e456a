package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Builds the tables of an empty state from the entries of a {@link StateImage}. Each table counts what it takes in, so the
 * digest behind the last entry is one computed from scratch.
 */
final class StateImageLoader implements StateImage.EntryHandler
{
    private final StateMachine state;
    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;
    private final SessionTable sessions;
    private final Limits limits;

    private long sequence;
    private long timeNs;
    private Ranking ranking;
    private long releasedAt;
    private int sessionId;

    /** What the next counters or members will need, see {@link Lookahead}; which of them is the next. */
    private final NameLookahead byName;
    private final long[] records = new long[StateImage.MAX_AHEAD];
    private int next;
    private long touched;

    StateImageLoader(
        final StateMachine state,
        final NameTable names,
        final CounterTable counters,
        final Boards boards,
        final SessionTable sessions,
        final Limits limits)
    {
        this.state = state;
        this.names = names;
        byName = new NameLookahead(names, StateImage.MAX_AHEAD);
        this.counters = counters;
        this.boards = boards;
        this.sessions = sessions;
        this.limits = limits;
    }

    /** Counters come by id, so only members have records that are far from each other. */
    @Override
    public void onAhead(
        final int kind, final DirectBuffer chunk, final int[] ids, final int[] names, final int count)
    {
        next = 0;
        for (int i = 0; i < count; i++)
        {
            byName.add(i, chunk, names[i] + 1, chunk.getByte(names[i]) & 0xFF);
        }
        byName.lookForNew(chunk, count);
        if (kind == StateImage.MEMBER)
        {
            for (int i = 0; i < count; i++)
            {
                records[i] = boards.members().ids().recordNear(ids[i]);
            }
            touched += OffHeap.readAll(records, count);
        }
    }

    @Override
    public void onNames(final long count)
    {
        names.reserve(count);
    }

    @Override
    public void onBegin(final long sequence, final long timeNs, final int nextSessionId, final long evictedUpTo)
    {
        this.sequence = sequence;
        this.timeNs = timeNs;
        sessions.restore(nextSessionId, evictedUpTo);
    }

    @Override
    public void onIds(final int kind, final int highest, final int free)
    {
        ids(kind).restoreBegin(highest, free);
    }

    @Override
    public void onLimit(final int which, final long value)
    {
        limits.set(which, value);
    }

    @Override
    public void onCounter(final int id, final int generation, final long value, final DirectBuffer name)
    {
        counters.restore(id, generation, intern(name), value);
    }

    @Override
    public void onBoard(
        final int id,
        final int generation,
        final long startedAt,
        final BoardDefinition definition,
        final DirectBuffer name)
    {
        endRanking();
        ranking = boards.restore(id, generation, definition, name, startedAt);
    }

    @Override
    public void onRelease(final long startedAt, final long endedAt, final BoardDefinition definition)
    {
        endRanking();
        ranking = boards.restoreGivenUp(definition, startedAt);
        releasedAt = endedAt;
    }

    @Override
    public void onMember(
        final int id, final int generation, final long changedAt, final long[] values, final DirectBuffer name)
    {
        boards.members().restore(id, generation, ranking.id, intern(name));
        if (!ranking.append(id, values, changedAt))
        {
            throw new IllegalStateException("image: member id=" + id + " is not behind the one before it");
        }
    }

    @Override
    public void onFree(final int kind, final int id, final int generation)
    {
        ids(kind).restoreFree(id, generation);
    }

    @Override
    public void onSession(
        final int id, final long hashHigh, final long hashLow,
        final long lastRequest, final long lastSequence, final long lastTimeNs)
    {
        sessionId = id;
        sessions.restore(id, hashHigh, hashLow, lastRequest, lastSequence, lastTimeNs);
    }

    @Override
    public void onReply(final long requestSequence, final DirectBuffer buffer, final int offset, final int length)
    {
        sessions.restoreReply(sessionId, requestSequence, buffer.addressOffset() + offset, length);
    }

    @Override
    public void onEnd()
    {
        endRanking();
        counters.ids().restoreEnd();
        boards.ids().restoreEnd();
        boards.members().ids().restoreEnd();
        state.restore(sequence, timeNs);
    }

    /** One that waits for its release is given up with all members that it has left. */
    private void endRanking()
    {
        if (ranking != null)
        {
            ranking.endAppend();
        }
        if (releasedAt != 0)
        {
            boards.rankings().giveUp(ranking, releasedAt);
            releasedAt = 0;
        }
    }

    private int intern(final DirectBuffer name)
    {
        return names.intern(name, 0, name.capacity(), byName.hash(next++));
    }

    private IdTable ids(final int kind)
    {
        switch (kind)
        {
            case Handle.COUNTER:
                return counters.ids();

            case Handle.BOARD:
                return boards.ids();

            case Handle.MEMBER:
                return boards.members().ids();

            default:
                throw new IllegalStateException("image: kind of handle=" + kind);
        }
    }
}

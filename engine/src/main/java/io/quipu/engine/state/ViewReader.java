package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * What published views read beside {@link Boards} and {@link Standings}: the names of boards, and counters one id at
 * a time, so that a walk over all of them can be cut into steps as small as wanted. Changes nothing, allocates
 * nothing; for the thread of the state, between two records.
 */
public final class ViewReader
{
    private final NameTable names;
    private final CounterTable counters;

    ViewReader(final NameTable names, final CounterTable counters)
    {
        this.names = names;
        this.counters = counters;
    }

    /**
     * Wraps a board's name.
     *
     * @param board to name.
     * @param view  wrapped around the bytes; good until the next command.
     */
    public void wrapName(final Board board, final DirectBuffer view)
    {
        view.wrap(names.address(board.nameId()), names.length(board.nameId()));
    }

    /**
     * @return counters ever given stand at ids 1 to this one.
     */
    public int highestCounter()
    {
        return counters.highest();
    }

    /**
     * @param id     1 to {@link #highestCounter()}.
     * @param prefix the whole buffer.
     * @return whether there is a counter at this id whose name begins with the prefix.
     */
    public boolean isCounter(final int id, final DirectBuffer prefix)
    {
        return counters.isLive(id) && names.startsWith(counters.nameId(id), prefix, 0, prefix.capacity());
    }

    /**
     * @param id of a counter.
     * @return its value.
     */
    public long counterValue(final int id)
    {
        return counters.value(id);
    }

    /**
     * Wraps a counter's name.
     *
     * @param id   of a counter.
     * @param view wrapped around the bytes; good until the next command.
     */
    public void wrapCounterName(final int id, final DirectBuffer view)
    {
        view.wrap(names.address(counters.nameId(id)), names.length(counters.nameId(id)));
    }
}

package io.quipu.engine.state;

import io.quipu.codecs.ingress.Limit;

/**
 * How much of each limit is in use.
 */
final class Usage
{
    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;
    private final SessionTable sessions;

    Usage(
        final NameTable names, final CounterTable counters, final Boards boards, final SessionTable sessions)
    {
        this.names = names;
        this.counters = counters;
        this.boards = boards;
        this.sessions = sessions;
    }

    /**
     * @param which an ingress Limit.
     * @return what counts against it; 0 for one that bounds a single request.
     */
    long of(final int which)
    {
        switch (Limit.get((short)which))
        {
            case NAMES:
                return names.size();

            case COUNTERS:
                return counters.size();

            case BOARDS:
                return boards.boardCount();

            case MEMBERS:
                return boards.memberCount();

            case SESSIONS:
                return sessions.size();

            default:
                return 0;
        }
    }
}

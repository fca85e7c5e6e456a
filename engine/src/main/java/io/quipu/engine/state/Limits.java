package io.quipu.engine.state;

import io.quipu.codecs.ingress.Limit;

/**
 * The logical limits: journaled configuration, changed only by a SetLimit command, so that every replay decides
 * alike. Read by the sequencer thread before the append, written by apply.
 */
public final class Limits
{
    /** Commands that one request may ever hold, whatever the configured limit. */
    public static final int MAX_REQUEST_COMMANDS = 16_384;

    static final long DEFAULT_NAMES = 200_000_000L;
    static final long DEFAULT_COUNTERS = 200_000_000L;
    static final long DEFAULT_BOARDS = 100_000L;
    static final long DEFAULT_MEMBERS = 200_000_000L;
    static final long DEFAULT_SESSIONS = 16_384L;
    static final long DEFAULT_REQUEST_COMMANDS = 4_096L;

    private static final int COUNT = 6;
    /** The largest value that each may take: what ids and frames can hold. */
    private static final long[] MAXIMA =
    {
        0, NameTable.MAX_NAMES, NameTable.MAX_NAMES, 1L << 20, 1L << 30, 1L << 20, MAX_REQUEST_COMMANDS
    };

    private final long[] values = new long[COUNT + 1];
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    Limits()
    {
        put(Limit.NAMES.value(), DEFAULT_NAMES);
        put(Limit.COUNTERS.value(), DEFAULT_COUNTERS);
        put(Limit.BOARDS.value(), DEFAULT_BOARDS);
        put(Limit.MEMBERS.value(), DEFAULT_MEMBERS);
        put(Limit.SESSIONS.value(), DEFAULT_SESSIONS);
        put(Limit.REQUEST_COMMANDS.value(), DEFAULT_REQUEST_COMMANDS);
    }

    /**
     * @return interned names, those that wait for their release included.
     */
    public long names()
    {
        return values[Limit.NAMES.value()];
    }

    /**
     * @return counters.
     */
    public long counters()
    {
        return values[Limit.COUNTERS.value()];
    }

    /**
     * @return boards.
     */
    public long boards()
    {
        return values[Limit.BOARDS.value()];
    }

    /**
     * @return members of all boards, those that wait for their release included.
     */
    public long members()
    {
        return values[Limit.MEMBERS.value()];
    }

    /**
     * @return sessions; beyond it the one whose last journaled request is oldest is evicted.
     */
    public long sessions()
    {
        return values[Limit.SESSIONS.value()];
    }

    /**
     * @return commands in one request.
     */
    public int requestCommands()
    {
        return (int)values[Limit.REQUEST_COMMANDS.value()];
    }

    /**
     * @param which an ingress Limit.
     * @return its value.
     */
    public long value(final int which)
    {
        return values[which];
    }

    static int count()
    {
        return COUNT;
    }

    static boolean isKnown(final int which)
    {
        return which >= 1 && which <= COUNT;
    }

    static boolean isInRange(final int which, final long value)
    {
        return value >= 1 && value <= MAXIMA[which];
    }

    void set(final int which, final long value)
    {
        digest.subtract(entryOf(which, values[which]));
        put(which, value);
    }

    DigestPart digest()
    {
        return digest;
    }

    private void put(final int which, final long value)
    {
        values[which] = value;
        digest.add(entryOf(which, value));
    }

    private DigestEntry entryOf(final int which, final long value)
    {
        return entry.begin(DigestEntry.LIMIT).put(which).put(value);
    }
}

package io.quipu.replay;

import java.time.Instant;

/** Journaled time for people. */
final class Times
{
    private Times()
    {
    }

    static String of(final long timeNs)
    {
        return 0 == timeNs ? "never" : Instant.ofEpochSecond(0, timeNs).toString();
    }
}

package io.quipu.engine;

/**
 * Where the engine reads time: the only place. Called by the sequencer thread; a simulation puts its own in.
 */
public interface Clock
{
    /**
     * Time that never goes back and has no meaning between processes.
     *
     * @return nanoseconds since any fixed moment.
     */
    long monotonicNs();

    /**
     * Wall clock time, which operators and NTP may move in either direction.
     *
     * @return nanoseconds since 1970.
     */
    long wallNs();

    /**
     * The clocks of the operating system.
     *
     * @return a clock that allocates nothing.
     */
    static Clock system()
    {
        return SystemClock.INSTANCE;
    }
}

package io.quipu.engine;

/**
 * A running engine: directory locked, journal recovered, ingress open. Launched and closed by any thread; the work is done by
 * threads of its own. One per process is usual, several are possible.
 */
public final class EngineNode implements AutoCloseable
{
    private EngineNode()
    {
    }

    /**
     * Recovers and starts an engine; returns when it accepts commands.
     *
     * @param context concluded here.
     * @return the running engine.
     * @throws IllegalArgumentException when the context cannot be.
     * @throws StartRefusedException    when the engine must not or cannot start; everything opened is closed again.
     */
    public static EngineNode launch(final EngineContext context)
    {
        context.conclude();
        throw new StartRefusedException("REFUSED", 1, "the engine is not assembled yet");
    }

    /**
     * The line that says that commands are accepted:
     * {@code ready ingress=HOST:PORT feed=CHANNEL dir=DIR sequence=N digest=32 HEX DIGITS}.
     */
    public String readyLine()
    {
        return "";
    }

    /**
     * HOST:PORT that clients are given; the port is the one bound, also when 0 was asked for.
     */
    public String ingress()
    {
        return "";
    }

    /**
     * Channel of the feed, or {@link EngineContext#FEED_OFF}.
     */
    public String feed()
    {
        return EngineContext.FEED_OFF;
    }

    /**
     * From now on SIGTERM and SIGINT stop this engine in order: intake stops, what is journaled is answered and synced, and
     * {@link #awaitShutdown()} returns.
     */
    public void stopOnSignals()
    {
    }

    /**
     * Waits until the engine has stopped, whoever stopped it.
     *
     * @return exit code of the process: 0 after {@link #close()} or a signal, else why the engine had to stop; then one line
     * went to the log.
     */
    public int awaitShutdown()
    {
        return 0;
    }

    /**
     * Stops the engine in order and waits for it; again does nothing.
     */
    @Override
    public void close()
    {
    }
}

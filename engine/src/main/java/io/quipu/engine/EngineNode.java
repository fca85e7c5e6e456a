package io.quipu.engine;

import io.quipu.journal.JournalException;
import io.quipu.transport.TransportException;
import org.agrona.concurrent.IdleStrategy;
import sun.misc.Signal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A running engine: directory locked, journal recovered, ingress open. Launched and closed by any thread; the work is
 * done by two threads of its own, the sequencer's and the syncer's. One per process is usual, several are possible.
 * <p>
 * The sequencer's thread runs a loop of ours, not an AgentRunner: that one goes on after an exception from a duty
 * cycle, and interrupts its thread on close, which would close the journal's files under it.
 */
public final class EngineNode implements AutoCloseable
{
    private static final int EXIT_GOOD = 0;
    private static final int EXIT_REFUSED = 1;
    private static final String REFUSED = "REFUSED";
    private static final String[] STOP_SIGNALS = { "TERM", "INT" };

    private final EngineContext context;
    private final EngineRun run;
    private final Thread thread;
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    private volatile boolean stopRequested;
    private volatile int exitCode = EXIT_GOOD;

    private EngineNode(final EngineContext context)
    {
        this.context = context;
        run = new EngineRun(context);
        thread = new Thread(this::run, "quipu-sequencer");
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
        final EngineNode node = new EngineNode(context);
        node.thread.start();
        try
        {
            node.started.join();
        }
        catch (final CompletionException ex)
        {
            node.awaitShutdown();
            throw (StartRefusedException)ex.getCause();
        }

        return node;
    }

    /**
     * The line that says that commands are accepted:
     * {@code ready ingress=HOST:PORT feed=CHANNEL dir=DIR sequence=N digest=32 HEX DIGITS}.
     */
    public String readyLine()
    {
        return run.readyLine();
    }

    /**
     * HOST:PORT that clients are given; the port is the one bound, also when 0 was asked for.
     */
    public String ingress()
    {
        return run.ingressAddress();
    }

    /**
     * Channel of the feed, or {@link EngineContext#FEED_OFF}.
     */
    public String feed()
    {
        return run.feedChannel();
    }

    /**
     * From now on SIGTERM and SIGINT stop this engine in order: intake stops, what is journaled is answered and
     * synced, and {@link #awaitShutdown()} returns.
     */
    public void stopOnSignals()
    {
        for (final String name : STOP_SIGNALS)
        {
            Signal.handle(new Signal(name), signal ->
            {
                context.log().accept("SIG" + signal.getName() + ": stopping");
                stopRequested = true;
            });
        }
    }

    /**
     * Waits until the engine has stopped, whoever stopped it.
     *
     * @return exit code of the process: 0 after {@link #close()} or a signal, else why the engine had to stop; then
     * one line went to the log.
     */
    public int awaitShutdown()
    {
        boolean interrupted = false;
        while (true)
        {
            try
            {
                thread.join();
                break;
            }
            catch (final InterruptedException ex)
            {
                interrupted = true;
                stopRequested = true;
            }
        }

        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }

        return exitCode;
    }

    /**
     * Stops the engine in order and waits for it; again does nothing.
     */
    @Override
    public void close()
    {
        stopRequested = true;
        awaitShutdown();
    }

    private void run()
    {
        try (EngineRun engine = run)
        {
            if (start(engine))
            {
                serve(engine);
            }
        }
        catch (final Exception ex)
        {
            stopOn(ex);
        }
        catch (final Error ex)
        {
            stopOn(ex);
            throw ex;
        }
    }

    private boolean start(final EngineRun engine)
    {
        try
        {
            engine.start();
            started.complete(null);
            return true;
        }
        catch (final IOException | RuntimeException ex)
        {
            refuse(engine, ex);
            return false;
        }
        catch (final Error ex)
        {
            refuse(engine, ex);
            throw ex;
        }
    }

    /** Whoever waits for the start is told, whatever else fails on the way. */
    private void refuse(final EngineRun engine, final Throwable cause)
    {
        final StartRefusedException refusal = refusal(cause);
        try
        {
            engine.close();
        }
        catch (final RuntimeException ex)
        {
            refusal.addSuppressed(ex);
        }
        finally
        {
            started.completeExceptionally(refusal);
        }
    }

    private void serve(final EngineRun engine) throws Exception
    {
        final IdleStrategy idle = context.idle().strategy();
        while (!stopRequested)
        {
            idle.idle(engine.doWork());
        }

        engine.shutDown();
    }

    /** An engine never goes on half alive: whatever came out of a turn ends it, with one line. */
    private void stopOn(final Throwable cause)
    {
        exitCode = EXIT_REFUSED;
        String verdict = "FAILED";
        if (cause instanceof EngineFailedException)
        {
            exitCode = ((EngineFailedException)cause).exitCode();
            verdict = ((EngineFailedException)cause).verdict();
        }
        else if (cause instanceof JournalException)
        {
            exitCode = ((JournalException)cause).verdict().exitCode();
            verdict = ((JournalException)cause).verdict().name();
        }

        context.log().accept(verdict + ": " + oneLine(cause));
    }

    private StartRefusedException refusal(final Throwable cause)
    {
        if (cause instanceof JournalException)
        {
            final JournalException ex = (JournalException)cause;
            return new StartRefusedException(ex.verdict().name(), ex.verdict().exitCode(), ex.getMessage(), ex);
        }

        if (cause instanceof TransportException)
        {
            return new StartRefusedException(REFUSED, EXIT_REFUSED, cause.getMessage(), cause);
        }

        if (cause instanceof IOException)
        {
            return new StartRefusedException(
                REFUSED,
                EXIT_REFUSED,
                "dir=" + context.dir() + ": cannot be created or written (" + oneLine(cause) +
                "): choose another --dir",
                cause);
        }

        return new StartRefusedException(REFUSED, EXIT_REFUSED, "cannot start: " + oneLine(cause), cause);
    }

    private static String oneLine(final Throwable cause)
    {
        final String message = cause.getMessage();
        if (cause instanceof InternalError && null != message && message.contains("unsafe memory access"))
        {
            return "a page of a mapped file could not be had: shared memory or the disk is full, or was taken away (" + message +
                "); what is journaled is not lost: make room, and start again";
        }

        final boolean speaks = null != message &&
            (cause instanceof EngineFailedException ||
            cause instanceof JournalException ||
            cause instanceof TransportException);
        return (speaks ? message : cause.toString()).replace('\n', ' ');
    }
}

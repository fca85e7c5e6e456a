package io.quipu.engine.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.PrintStream;

/**
 * A progress bar on standard error for work that takes a while, when that is a terminal; else nothing. It appears with
 * the first step that comes after half a second, so that short work stays silent. Used by one thread.
 */
public final class WorkProgress implements AutoCloseable
{
    private static final long SILENT_NS = 500_000_000L;
    private static final int UPDATE_MS = 200;
    private static final int WIDTH = 80;
    private static final long MIB = 1024 * 1024;

    private final String task;
    private final PrintStream err;
    private final long startedNs = System.nanoTime();
    private final boolean visible = QuipuTool.isTerminal("err");
    private ProgressBar bar;

    /**
     * @param task what is being done, as {@code verifying}.
     * @param err  standard error.
     */
    public WorkProgress(final String task, final PrintStream err)
    {
        this.task = task;
        this.err = err;
    }

    /**
     * Shows bytes done.
     *
     * @param done  so far.
     * @param total at the end; below 1 when that is not known.
     */
    public void bytes(final long done, final long total)
    {
        if (visible && (bar != null || System.nanoTime() - startedNs > SILENT_NS))
        {
            bar().maxHint(total < 1 ? -1 : Math.max(1, total));
            bar.stepTo(done);
        }
    }

    /** Words behind the bar. */
    public void message(final String message)
    {
        if (bar != null)
        {
            bar.setExtraMessage(message);
        }
    }

    /** Prints a line above the bar, or just prints it. */
    public void note(final String line)
    {
        if (bar == null)
        {
            err.print(line + "\n");
        }
        else
        {
            // The bar is drawn again, whole, on the line behind.
            err.print("\r\u001b[K" + line + "\n");
            bar.refresh();
        }
        err.flush();
    }

    /** Ends the bar. Idempotent. */
    @Override
    public void close()
    {
        if (bar != null)
        {
            bar.close();
            bar = null;
        }
    }

    private ProgressBar bar()
    {
        if (bar == null)
        {
            bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" MiB", MIB)
                .setUpdateIntervalMillis(UPDATE_MS)
                .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                .build();
        }
        return bar;
    }
}

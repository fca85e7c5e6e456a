package io.quipu.transport;

import org.agrona.ErrorHandler;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What driver and client report: counted, and logged as one line each, at most ten a second. The transport's thread only.
 */
final class ErrorLog implements ErrorHandler
{
    private static final int MAX_LINES = 10;
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final TransportGauges gauges;
    private final Consumer<String> log;
    private long intervalEndNs = System.nanoTime();
    private int lines;

    ErrorLog(final TransportGauges gauges, final Consumer<String> log)
    {
        this.gauges = gauges;
        this.log = log;
    }

    @Override
    public void onError(final Throwable ex)
    {
        gauges.driverErrors++;
        final long nowNs = System.nanoTime();
        if (nowNs - intervalEndNs >= 0)
        {
            intervalEndNs = nowNs + INTERVAL_NS;
            lines = 0;
        }
        if (lines++ < MAX_LINES)
        {
            log.accept("transport: " + String.valueOf(ex.getMessage()).lines().findFirst().orElse(ex.toString()));
        }
    }
}

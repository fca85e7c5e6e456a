package io.quipu.engine.status;

import java.util.Arrays;

/**
 * Figures of parts that run on another thread, as that thread last wrote them down. Each side holds the lock for some
 * hundred stores or reads, and neither does so more often than a few times a second. Allocates only while the number
 * of figures grows.
 */
public final class GaugeSnapshot implements StatusReporter.GaugeSource
{
    private static final int INITIAL_CAPACITY = 64;

    private final StatusReporter.GaugeSink writer = this::add;
    private String[] labels = new String[INITIAL_CAPACITY];
    private long[] values = new long[INITIAL_CAPACITY];
    private int count;

    /** Writes all figures of a source down, in place of the last ones; on the thread that they belong to. */
    public synchronized void take(final StatusReporter.GaugeSource source)
    {
        count = 0;
        source.gauges(writer);
    }

    @Override
    public synchronized void gauges(final StatusReporter.GaugeSink sink)
    {
        for (int i = 0; i < count; i++)
        {
            sink.onGauge(labels[i], values[i]);
        }
    }

    private void add(final String label, final long value)
    {
        if (count == labels.length)
        {
            labels = Arrays.copyOf(labels, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        labels[count] = label;
        values[count++] = value;
    }
}

package io.quipu.transport;

/**
 * Takes the figures of {@link EngineTransport#gauges}.
 */
public interface GaugeHandler
{
    /**
     * @param label lower case, dots between parts, never changed once published, such as {@code rejects.malformed}.
     * @param value a count since the start, or a level where the label says so.
     */
    void onGauge(String label, long value);
}

package io.quipu.engine;

import io.quipu.engine.status.StatusReporter;
import io.quipu.transport.Egress;
import io.quipu.transport.Feed;
import io.quipu.transport.Ingress;

import java.util.function.LongSupplier;

/**
 * What joins an {@link EngineCore} to the world, beside the journal and the clock.
 *
 * @param ingress   where frames come from; polled by {@link EngineCore#sequence()}.
 * @param egress    the way back to clients; offered to by {@link EngineCore#publish()}.
 * @param feed      the way out to everybody who listens; as egress.
 * @param freeBytes room left on the disk; asked by the syncer's thread. What it throws stops the engine.
 * @param onDurable called by the syncer's thread when replies that waited for it may leave.
 * @param gauges    figures for a status beside the core's own; asked by {@link EngineCore#sequence()}.
 */
public record EngineSeams(
    Ingress ingress,
    Egress egress,
    Feed feed,
    LongSupplier freeBytes,
    Runnable onDurable,
    StatusReporter.GaugeSource gauges)
{
}

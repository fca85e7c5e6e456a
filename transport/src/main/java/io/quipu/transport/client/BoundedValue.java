package io.quipu.transport.client;

/**
 * What a bounded add did.
 *
 * @param value   of the counter after it.
 * @param applied the delta really applied: smaller than the one asked for when it was saturated.
 */
public record BoundedValue(long value, long applied)
{
}

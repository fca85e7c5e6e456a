package io.quipu.transport.client;

/**
 * A counter as a query saw it.
 *
 * @param counter its name.
 * @param value   0 when missing.
 * @param present whether there is such a counter.
 */
public record CounterValue(String counter, long value, boolean present)
{
}

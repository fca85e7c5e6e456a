package io.quipu.transport.client;

import io.quipu.codecs.ingress.Limit;

/**
 * A logical limit of the engine.
 *
 * @param which of them.
 * @param value the limit.
 * @param used  of it.
 */
public record LimitValue(Limit which, long value, long used)
{
}

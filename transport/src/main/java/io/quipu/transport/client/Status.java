package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;

import java.util.HexFormat;
import java.util.Map;

/**
 * The engine at one sequence.
 *
 * @param sequence        of the last entry.
 * @param durableSequence up to here everything survives power loss.
 * @param epoch           of the engine.
 * @param ackReached      what the last entry had reached when the answer left.
 * @param timeNs          journaled time of the last entry, ns since 1970.
 * @param digest          of the whole logical state at {@code sequence}, 32 hex digits.
 * @param parts           digests of its parts, by label, in the engine's order.
 * @param gauges          figures about the running engine, by label, in the engine's order.
 */
public record Status(
    long sequence,
    long durableSequence,
    int epoch,
    AckReached ackReached,
    long timeNs,
    String digest,
    Map<String, String> parts,
    Map<String, Long> gauges)
{
    static String digest(final long high, final long low)
    {
        final HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}

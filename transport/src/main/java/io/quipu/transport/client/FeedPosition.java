package io.quipu.transport.client;

/**
 * What a feed message has seen.
 *
 * @param epoch    of the engine.
 * @param packet   number of the message within the epoch, from 1.
 * @param sequence last entry seen.
 * @param timeNs   journaled time of that entry.
 * @param digest   of the whole state at that sequence, 32 hex digits.
 */
public record FeedPosition(int epoch, long packet, long sequence, long timeNs, String digest)
{
}

package io.quipu.transport.client;

/**
 * A row of a board; ranks as in {@link MemberRank}.
 *
 * @param ordinal     rank in the total order.
 * @param competition rank shared by equal columns.
 * @param dense       rank shared by equal columns, no gap behind.
 * @param member      its name.
 * @param score       its columns.
 */
public record Standing(long ordinal, long competition, long dense, String member, long[] score)
{
}

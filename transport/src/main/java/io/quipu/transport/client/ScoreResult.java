package io.quipu.transport.client;

/**
 * A member after its score.
 *
 * @param score   its columns.
 * @param oldRank ordinal rank before the command; 0 when it was not on the board.
 * @param newRank ordinal rank as of the command.
 */
public record ScoreResult(long[] score, long oldRank, long newRank)
{
}

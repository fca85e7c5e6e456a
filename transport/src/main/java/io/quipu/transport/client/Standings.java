package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;

import java.util.List;

/**
 * A part of a board at one sequence.
 *
 * @param boardMembers members of the whole board.
 * @param total        rows in the range asked for, before skip and limit.
 * @param rows         in board order.
 * @param sequence     the last entry that the answer has seen.
 * @param epoch        the engine's epoch.
 * @param ackReached   what that entry had reached when the answer left.
 */
public record Standings(
    long boardMembers, long total, List<Standing> rows, long sequence, int epoch, AckReached ackReached)
{
}

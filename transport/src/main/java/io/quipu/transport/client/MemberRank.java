package io.quipu.transport.client;

/**
 * Where a member stands. Ranks start at 1; all figures are 0 and {@code score} is empty when the member is not on the board.
 *
 * @param member      its name.
 * @param present     whether it is on the board.
 * @param ordinal     rank in the total order: 1,2,3,4.
 * @param competition rank shared by equal columns: 1,2,2,4.
 * @param dense       rank shared by equal columns, no gap behind: 1,2,2,3.
 * @param ties        members with the same columns, this one counted.
 * @param percentile  members strictly worse x 1,000,000 / all members, rounded down.
 * @param score       its columns.
 * @param changedAt   sequence of the command that last changed the columns.
 * @param boardMembers members of the whole board at that moment.
 */
public record MemberRank(
    String member,
    boolean present,
    long ordinal,
    long competition,
    long dense,
    long ties,
    long percentile,
    long[] score,
    long changedAt,
    long boardMembers)
{
}

package io.quipu.engine.state;

/**
 * What {@link Lookahead} saw of a member ahead of the command on it. If it names a member that is certain; where it stood and
 * would stand may be out of date, and whoever uses it looks whether it still holds. One object, filled anew for each command.
 */
final class Sighting
{
    /** The member, {@link MemberTable#NULL_MEMBER} if it is to be looked for. */
    int member;

    /** Where it stood, {@link RankTree#NULL_PLACE} if that is not known. */
    long place;

    /** The leaf that its new key seemed to belong to, {@link RankNode#NULL_NODE} for its own or if that is not known. */
    int target;

    Sighting set(final int member, final long place, final int target)
    {
        this.member = member;
        this.place = place;
        this.target = target;

        return this;
    }
}

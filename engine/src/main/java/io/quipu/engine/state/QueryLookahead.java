package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Reads ahead what queries for the ranks of members will need, of all queries that are answered one behind the other, as
 * {@link Lookahead} does for the commands of a run: names, who bears them, their leaves, and what is above those. Alone, a rank
 * waits for each of these in turn.
 * <p>
 * Nothing is handed on: a query looks for itself, in the cache. One thread.
 */
final class QueryLookahead
{
    private final NameTable names;
    private final MemberTable members;
    private final RankLookahead ranks;
    private final long[] hashes = new long[Lookahead.WINDOW];
    private final int[] found = new int[Lookahead.WINDOW];
    private final long[] addresses = new long[Lookahead.WINDOW];
    private int count;
    private long touched;

    QueryLookahead(final NameTable names, final Boards boards)
    {
        this.names = names;
        members = boards.members();
        ranks = new RankLookahead(members, boards.rankings(), Lookahead.WINDOW);
    }

    /** Takes the name of a member into account, as long as the window has room. */
    void add(final DirectBuffer buffer, final int offset, final int length)
    {
        if (count < Lookahead.WINDOW)
        {
            hashes[count] = names.hash(buffer, offset, length);
            addresses[count] = names.bucket(hashes[count]);
            count++;
        }
    }

    /** Takes all passes, and forgets the names. Of those that several bear it only reads the name. */
    void look()
    {
        touch();
        for (int i = 0; i < count; i++)
        {
            final int bearer = names.candidate(hashes[i]);
            found[i] = Bearer.isMember(bearer) ? bearer : MemberTable.NULL_MEMBER;
            addresses[i] = bearer == Bearer.NONE ? addresses[i] : names.nameIdAddress(bearer);
        }
        touch();
        for (int i = 0; i < count; i++)
        {
            addresses[i] = found[i] == MemberTable.NULL_MEMBER ? addresses[i] : names.address(members.nameId(found[i]));
        }
        touch();
        ranks.touchLeaves(found, count);
        ranks.findPlaces(found, count);
        count = 0;
    }

    private void touch()
    {
        touched += OffHeap.readAll(addresses, count);
    }
}

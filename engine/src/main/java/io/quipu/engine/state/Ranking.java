package io.quipu.engine.state;

/**
 * The members that a board ranks, from its creation or a reset until the next reset or its drop, and then until they are
 * released. It ties together the tree, which knows their order, and their share of the digest. The board points to one
 * ranking; dropping or resetting it only moves that pointer.
 * <p>
 * In the digest a member counts as an entry of its own ({@link DigestEntry#MEMBER}), plus its score: a sum over columns and
 * changedAt, times a pseudo-random odd weight of its handle. That is linear, so that a change costs one multiplication a lane,
 * and reads no name.
 */
final class Ranking
{
    /** Number that members name it by: layout, no logical state. */
    final int id;
    final RankTree tree = new RankTree();

    private final NameTable names;
    private final MemberTable members;
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();
    private final long[] key = new long[BoardDefinition.MAX_COLUMNS + 1];

    /** The part of the whole digest that this ranking's is counted in. */
    private DigestPart whole;
    private Board board;
    private long startedAt;
    private long endedAt;

    /** The one behind it in the {@link ReleaseQueue}, or before it. */
    Ranking next;
    Ranking previous;

    /**
     * Used for nothing yet.
     *
     * @param id      number of it.
     * @param names   of members.
     * @param members of all rankings.
     */
    Ranking(final int id, final NameTable names, final MemberTable members)
    {
        this.id = id;
        this.names = names;
        this.members = members;
    }

    /**
     * Begins without members.
     *
     * @param board    that it belongs to.
     * @param nodes    for keys of the board's number of columns.
     * @param sequence of the command that begins it: the name of this ranking in the digest.
     * @param whole    part of the digest that it is counted in.
     */
    void begin(final Board board, final RankNodes nodes, final long sequence, final DigestPart whole)
    {
        this.whole = whole;
        this.board = board;
        startedAt = sequence;
        endedAt = 0;
        digest.clear();
        tree.begin(nodes, members, board.isTiedByName(), id);
    }

    Board board()
    {
        return board;
    }

    /** Sequence of the command that began it. */
    long startedAt()
    {
        return startedAt;
    }

    /** Sequence of the command that gave it up, 0 for none. */
    long endedAt()
    {
        return endedAt;
    }

    void endedAt(final long sequence)
    {
        endedAt = sequence;
    }

    /** The share of its members in the digest. */
    DigestPart digest()
    {
        return digest;
    }

    // ---- changes ----

    /** Adds a member, and returns its place. */
    long add(final int member, final long[] values, final long changedAt)
    {
        board.toKey(values, changedAt, key);
        count(presence(member), 1);
        countScore(member, values, changedAt, 1);

        return tree.insert(key, member);
    }

    /**
     * Adds a member behind all others, of an image; {@link #endAppend()} is to follow behind the last one.
     *
     * @return false when it does not stand behind all others.
     */
    boolean append(final int member, final long[] values, final long changedAt)
    {
        board.toKey(values, changedAt, key);
        count(presence(member), 1);
        countScore(member, values, changedAt, 1);

        return tree.append(key, member);
    }

    /** Ends a run of {@link #append}. */
    void endAppend()
    {
        tree.endAppend();
    }

    /**
     * Gives a member other columns.
     *
     * @param member    to be changed.
     * @param place     of it.
     * @param values    its columns from now on.
     * @param changedAt sequence of the command.
     * @param ordinal   rank that it has; 0 where nobody asks.
     * @param target    leaf that it seems to move to, see {@link RankTree#move}.
     * @return the ordinal rank that it has now; 0 where nobody asks.
     */
    int change(
        final int member,
        final long place,
        final long[] values,
        final long changedAt,
        final int ordinal,
        final int target)
    {
        countChange(member, place, values, changedAt);
        board.toKey(values, changedAt, key);

        return tree.move(place, key, member, ordinal, target);
    }

    /** Removes a member from a place. */
    void remove(final int member, final long place)
    {
        countScore(member, place, -1);
        count(presence(member), -1);
        tree.remove(place);
    }

    /**
     * Takes the first member away, of a ranking that is given up.
     *
     * @return the member, which is in no tree any more.
     */
    int takeFirst()
    {
        final long place = tree.first();
        final int member = tree.memberAt(place);
        countScore(member, place, -1);
        count(presence(member), -1);
        tree.takeFirst();

        return member;
    }

    /** Moves its share of the digest from one part to another. */
    void countIn(final DigestPart part)
    {
        whole.subtract(digest);
        part.add(digest);
        whole = part;
    }

    // ---- reads ----

    int size()
    {
        return tree.size();
    }

    long place(final int member)
    {
        return tree.placeOf(members.leaf(member), member);
    }

    /**
     * The place of a member.
     *
     * @param member in question.
     * @param seen   where it stood earlier, or any place.
     * @return where it stands.
     */
    long place(final int member, final long seen)
    {
        final int leaf = members.leaf(member);
        return tree.isAt(seen, leaf, member) ? seen : tree.placeOf(leaf, member);
    }

    int ordinal(final int member)
    {
        return tree.ordinal(place(member));
    }

    /** A column as it was scored. */
    long value(final long place, final int column)
    {
        return board.toValue(tree.wordAt(place, column), column);
    }

    /** Sequence of the command that last changed the columns. */
    long changedAt(final long place)
    {
        return board.toChangedAt(tree.wordAt(place, board.columnCount()));
    }

    // ---- digest ----

    private DigestEntry presence(final int member)
    {
        return entry
            .begin(DigestEntry.MEMBER)
            .put(startedAt)
            .put(members.ids().handle(member))
            .put(names.hash(members.nameId(member)));
    }

    private void countScore(final int member, final long place, final int times)
    {
        entry.begin(DigestEntry.MEMBER).put(changedAt(place));
        for (int i = 0; i < board.columnCount(); i++)
        {
            entry.put(value(place, i));
        }
        countWeighted(member, times);
    }

    private void countScore(final int member, final long[] values, final long changedAt, final int times)
    {
        entry.begin(DigestEntry.MEMBER).put(changedAt);
        for (int i = 0; i < board.columnCount(); i++)
        {
            entry.put(values[i]);
        }
        countWeighted(member, times);
    }

    /** As if the score at a place were counted out and the new one in: the sum is linear. */
    private void countChange(final int member, final long place, final long[] values, final long changedAt)
    {
        entry.beginDifference().put(changedAt - changedAt(place));
        for (int i = 0; i < board.columnCount(); i++)
        {
            entry.put(values[i] - value(place, i));
        }
        countWeighted(member, 1);
    }

    private void countWeighted(final int member, final int times)
    {
        final long handle = members.ids().handle(member);
        final long high = DigestEntry.weightHigh(handle) * entry.sumHigh() * times;
        final long low = DigestEntry.weightLow(handle) * entry.sumLow() * times;
        digest.add(high, low);
        whole.add(high, low);
    }

    private void count(final DigestEntry presence, final int times)
    {
        digest.add(presence.high() * times, presence.low() * times);
        whole.add(presence.high() * times, presence.low() * times);
    }
}

package io.quipu.engine.state;

/**
 * The members of all boards: who they are and which leaf of their ranking's tree holds them. What they scored stands in that
 * leaf, and nowhere else.
 * <pre>
 *   record, 20 B    as {@link IdTable}, 8 B | name id i32 | ranking i32 | leaf i32
 * </pre>
 * A member is found by its ranking and name in an {@link IdIndex}, so members of a reset or dropped board, whose ranking
 * waits for its release, are never found again. Each holds a reference to its name. One thread; nothing is allocated on the
 * heap.
 */
final class MemberTable implements RankTree.Members, AutoCloseable
{
    static final int NULL_MEMBER = IdTable.NULL_ID;

    private static final int NAME_OFFSET = IdTable.HEADER_LENGTH;
    private static final int RANKING_OFFSET = NAME_OFFSET + Integer.BYTES;
    private static final int LEAF_OFFSET = RANKING_OFFSET + Integer.BYTES;
    private static final int RECORD_LENGTH = LEAF_OFFSET + Integer.BYTES;

    private final NameTable names;
    private final IdTable ids;
    private final IdIndex index = new IdIndex();

    /**
     * No member.
     *
     * @param names  that members are named by.
     * @param digest that free ids are counted in.
     */
    MemberTable(final NameTable names, final DigestPart digest)
    {
        this.names = names;
        ids = new IdTable(Handle.MEMBER, DigestEntry.FREE_MEMBER, RECORD_LENGTH, digest);
    }

    /**
     * Finds a member.
     *
     * @param ranking that it is in.
     * @param nameId  of its name.
     * @return its id, or {@link #NULL_MEMBER}.
     */
    int find(final int ranking, final int nameId)
    {
        final int hash = hash(ranking, nameId);
        for (long slot = index.first(hash); slot != IdIndex.NULL_SLOT; slot = index.next(slot, hash))
        {
            final int member = IdIndex.id(slot);
            if (nameId(member) == nameId && ranking(member) == ranking)
            {
                return member;
            }
        }

        return NULL_MEMBER;
    }

    /** Address of the bucket where a member would be. */
    long bucket(final int ranking, final int nameId)
    {
        return index.bucketOf(hash(ranking, nameId));
    }

    /** The first member whose hash looks like this one's, or {@link #NULL_MEMBER}: it may be another. */
    int candidate(final int ranking, final int nameId)
    {
        final long slot = index.first(hash(ranking, nameId));
        return slot == IdIndex.NULL_SLOT ? NULL_MEMBER : IdIndex.id(slot);
    }

    /**
     * Creates a member, in no leaf yet.
     *
     * @param ranking that it will be in.
     * @param nameId  whose reference becomes the member's.
     * @return its id.
     */
    int create(final int ranking, final int nameId)
    {
        final int member = ids.take();
        enter(member, ranking, nameId);

        return member;
    }

    /** Frees a member that is in no tree any more, and gives its name's reference back. */
    void free(final int member)
    {
        leave(member);
        ids.give(member);
    }

    /** Takes back a {@link #create}. */
    void undoCreate(final int member, final boolean wasFresh)
    {
        leave(member);
        ids.undoTake(member, wasFresh);
    }

    /** Takes back a {@link #free}: the name was held since. */
    void undoFree(final int member, final int ranking, final int nameId)
    {
        ids.undoGive(member);
        names.retain(nameId);
        enter(member, ranking, nameId);
    }

    /** Ids, generations and free ids. */
    IdTable ids()
    {
        return ids;
    }

    int nameId(final int member)
    {
        return OffHeap.getInt(ids.address(member) + NAME_OFFSET);
    }

    int ranking(final int member)
    {
        return OffHeap.getInt(ids.address(member) + RANKING_OFFSET);
    }

    int leaf(final int member)
    {
        return OffHeap.getInt(ids.address(member) + LEAF_OFFSET);
    }

    @Override
    public void onLeaf(final int member, final int leaf)
    {
        OffHeap.putInt(ids.address(member) + LEAF_OFFSET, leaf);
    }

    @Override
    public int compareNames(final int left, final int right)
    {
        return left == right ? 0 : names.compare(nameId(left), nameId(right));
    }

    long bytes()
    {
        return ids.bytes() + index.bytes();
    }

    @Override
    public void close()
    {
        ids.close();
        index.close();
    }

    private void enter(final int member, final int ranking, final int nameId)
    {
        final long record = ids.address(member);
        OffHeap.putInt(record + NAME_OFFSET, nameId);
        OffHeap.putInt(record + RANKING_OFFSET, ranking);
        index.add(hash(ranking, nameId), member);
    }

    private void leave(final int member)
    {
        final int nameId = nameId(member);
        index.remove(hash(ranking(member), nameId), member);
        names.release(nameId);
    }

    private static int hash(final int ranking, final int nameId)
    {
        return (int)DigestEntry.mix64((long)ranking << Integer.SIZE | nameId & 0xFFFF_FFFFL);
    }
}

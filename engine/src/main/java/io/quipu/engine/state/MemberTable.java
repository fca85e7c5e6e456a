package io.quipu.engine.state;

/**
 * The members of all boards: who they are and which leaf of their ranking's tree holds them. What they scored stands in that
 * leaf, and nowhere else, and which ranking it is in stands in the leaf's header.
 * <pre>
 *   record, 12 B    name id i32 | as {@link IdTable} i32 | leaf i32
 * </pre>
 * The index of names leads to a member whose name nobody else bears. Those whose name is shared are found by ranking and name
 * in an {@link IdIndex}, so members of a reset or dropped board, whose ranking waits for its release, are never found again.
 * Each holds a reference to its name. One thread; nothing is allocated on the heap.
 */
final class MemberTable implements NameTable.Bearers, RankTree.Members, AutoCloseable
{
    static final int NULL_MEMBER = IdTable.NULL_ID;

    private static final int NAME_OFFSET = IdTable.LIVE_OFFSET;
    private static final int LEAF_OFFSET = IdTable.HEADER_LENGTH;
    private static final int RECORD_LENGTH = LEAF_OFFSET + Integer.BYTES;

    private final NameTable names;
    private final RankForest forest;
    private final IdTable ids;
    /** Members whose name is shared. */
    private final IdIndex index = new IdIndex();

    private final long[] addresses = new long[Boards.RELEASE_STEPS];
    private final long[] hashes = new long[Boards.RELEASE_STEPS];
    private long touched;
    private long departures;

    /**
     * No member.
     *
     * @param names  that members are named by.
     * @param forest that they stand in.
     * @param digest that free ids are counted in.
     */
    MemberTable(final NameTable names, final RankForest forest, final DigestPart digest)
    {
        this.names = names;
        this.forest = forest;
        ids = new IdTable(Handle.MEMBER, DigestEntry.FREE_MEMBER, RECORD_LENGTH, digest);
        names.members(this);
    }

    /**
     * Finds a member.
     *
     * @param ranking that it is in.
     * @param bearer  of its name, {@link Bearer#NONE} for none.
     * @return its id, or {@link #NULL_MEMBER}.
     */
    int find(final int ranking, final int bearer)
    {
        if (Bearer.isMember(bearer))
        {
            return ranking(bearer) == ranking ? bearer : NULL_MEMBER;
        }

        return Bearer.isShared(bearer) ? findShared(ranking, names.nameId(bearer)) : NULL_MEMBER;
    }

    /** Address of the bucket where a member with a shared name would be, for {@link Lookahead}. */
    long bucket(final int ranking, final int bearer)
    {
        return index.bucketOf(hash(ranking, names.nameId(bearer)));
    }

    /** What {@link #find} would look at first, or {@link #NULL_MEMBER}: it may be another member. */
    int candidate(final int ranking, final int bearer)
    {
        if (Bearer.isShared(bearer))
        {
            final long slot = index.first(hash(ranking, names.nameId(bearer)));
            return slot == IdIndex.NULL_SLOT ? NULL_MEMBER : IdIndex.id(slot);
        }

        return Bearer.isMember(bearer) ? bearer : NULL_MEMBER;
    }

    /**
     * Creates a member, in no leaf yet.
     *
     * @param ranking that it will be in.
     * @param nameId  of its name.
     * @return its id.
     */
    int create(final int ranking, final int nameId)
    {
        final int member = ids.take();
        enter(member, ranking, nameId);

        return member;
    }

    /** Brings a member back from an image, in no leaf yet; its name is interned. */
    void restore(final int member, final int generation, final int ranking, final int nameId)
    {
        ids.restore(member, generation);
        enter(member, ranking, nameId);
    }

    /**
     * Reads what {@link #free} will need for many members, a step for all of them at once, see {@link Lookahead}.
     *
     * @param going   members.
     * @param count   of them.
     * @param ranking that they are in.
     */
    void touch(final int[] going, final int count, final int ranking)
    {
        for (int i = 0; i < count; i++)
        {
            addresses[i] = ids.address(going[i]);
        }
        touched += OffHeap.readAll(addresses, count);
        for (int i = 0; i < count; i++)
        {
            addresses[i] = names.address(nameId(going[i]));
        }
        touched += OffHeap.readAll(addresses, count);
        for (int i = 0; i < count; i++)
        {
            hashes[i] = names.hash(nameId(going[i]));
            addresses[i] = names.bucket(hashes[i]);
        }
        touched += OffHeap.readAll(addresses, count);
        for (int i = 0; i < count; i++)
        {
            addresses[i] = names.overflow(hashes[i]);
        }
        touched += OffHeap.readAll(addresses, count);
        touchShared(going, count, ranking);
    }

    /** Two steps more for members whose names are shared. */
    private void touchShared(final int[] going, final int count, final int ranking)
    {
        boolean anyShared = false;
        for (int i = 0; i < count; i++)
        {
            final int bearer = names.candidate(hashes[i]);
            if (Bearer.isShared(bearer))
            {
                anyShared = true;
                addresses[i] = names.nameIdAddress(bearer);
            }
        }
        if (anyShared)
        {
            touched += OffHeap.readAll(addresses, count);
            for (int i = 0; i < count; i++)
            {
                addresses[i] = index.bucketOf(hash(ranking, nameId(going[i])));
            }
            touched += OffHeap.readAll(addresses, count);
        }
    }

    /** Frees a member that is in no tree any more since the last change, and gives its name's reference back. */
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
        enter(member, ranking, nameId);
    }

    /** Ids, generations and free ids. */
    IdTable ids()
    {
        return ids;
    }

    int nameId(final int member)
    {
        return OffHeap.getInt(nameIdAddress(member));
    }

    @Override
    public long nameIdAddress(final int member)
    {
        return ids.address(member) + NAME_OFFSET;
    }

    long address(final int member)
    {
        return ids.address(member);
    }

    /** How often a member went: while that stays the same, a name has the member that it had, in each ranking. */
    long departures()
    {
        return departures;
    }

    int ranking(final int member)
    {
        return forest.rankingOf(leaf(member));
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
    public void onShared(final int member)
    {
        index.add(hash(ranking(member), nameId(member)), member);
    }

    @Override
    public void onUnshared(final int member)
    {
        index.remove(hash(ranking(member), nameId(member)), member);
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

    private int findShared(final int ranking, final int nameId)
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

    private void enter(final int member, final int ranking, final int nameId)
    {
        OffHeap.putInt(ids.address(member) + NAME_OFFSET, nameId);
        if (names.retain(nameId, member))
        {
            index.add(hash(ranking, nameId), member);
        }
    }

    private void leave(final int member)
    {
        final int nameId = nameId(member);
        final int ranking = ranking(member);
        departures++;
        if (names.release(nameId, member))
        {
            index.remove(hash(ranking, nameId), member);
        }
    }

    private static int hash(final int ranking, final int nameId)
    {
        return (int)DigestEntry.mix64((long)ranking << Integer.SIZE | nameId & 0xFFFF_FFFFL);
    }
}

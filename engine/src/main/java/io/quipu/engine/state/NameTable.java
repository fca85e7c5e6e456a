package io.quipu.engine.state;

import java.util.Arrays;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Names of 1..128 bytes, each stored once off-heap, counted by the objects that bear it: a counter, a board, a member
 * each hold one reference. A name goes with its last reference, and its room is used again.
 * <pre>
 *   hash of a name --&gt; NameIndex --&gt; bearer --+--&gt; counter's record  -- name id --&gt; NameRooms: length, bytes
 *                                             +--&gt; member's record   -- name id --&gt;
 *                                             +--&gt; shared name       -- name id --&gt;
 *
 *   shared name, 16 B     references i32 | name id i32 | counter id i32, or next free | a member that bears it, 0 if unknown i32
 * </pre>
 * Almost every name has one bearer, a counter or a member: the index leads to that, and the bearer to the name, so a name
 * has a record of its own only while it is shared, or is a board's. Members with a shared name are found by ranking
 * and name, see {@link MemberTable}. Ids of names are layout, never logical state: they stand in no handle, no digest and no
 * reply.
 * <p>
 * Within an ATOMIC request the table is held ({@link #hold()}): names whose last reference goes leave table and count
 * at once, but their id and bytes stay untouched until {@link #settle()}, so that a rollback can revive them.
 */
final class NameTable implements NameIndex.Hashes, AutoCloseable
{
    static final int NULL_NAME = 0;
    static final int MIN_LENGTH = 1;
    static final int MAX_LENGTH = 128;
    /** Of all names together. */
    static final long MAX_NAMES = (1 << 28) - 1;

    private static final int REFERENCES_OFFSET = 0;
    private static final int NAME_OFFSET = 4;
    private static final int COUNTER_OFFSET = 8;
    private static final int MEMBER_OFFSET = 12;
    private static final int SHARED_LENGTH = 16;

    /**
     * Objects of one kind that bear names.
     */
    interface Bearers
    {
        /**
         * Where its name is noted.
         *
         * @param id of a bearer.
         * @return address of the id of its name.
         */
        long nameIdAddress(int id);

        /**
         * The name, which nobody else bore, is shared from now on: the index of names leads to this bearer no more.
         *
         * @param id of the bearer.
         */
        void onShared(int id);

        /**
         * Nobody else bears the name any more: the index of names leads to this bearer again.
         *
         * @param id of the bearer.
         */
        void onUnshared(int id);
    }

    private final NameIndex index = new NameIndex(this);
    private final NameRooms rooms = new NameRooms();
    private final Slab shared = new Slab(SHARED_LENGTH);
    private int highestShared;
    private int freeShared;
    private Bearers counters;
    private Bearers members;

    private final UnsafeBuffer copy =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_LENGTH + Long.BYTES, OffHeap.CACHE_LINE_LENGTH));
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    private int[] held = new int[64];
    private int heldCount;
    private boolean isHeld;

    NameTable()
    {
        shared.ensure(0);
    }

    /** Sets where counters that bear names are found. */
    void counters(final Bearers bearers)
    {
        counters = bearers;
    }

    /** Sets where members that bear names are found. */
    void members(final Bearers bearers)
    {
        members = bearers;
    }

    /** Makes room in the index for so many names at once, as long as there is none; at most {@link #MAX_NAMES}. */
    void reserve(final long count)
    {
        index.reserve(Math.min(count, MAX_NAMES));
    }

    // ---- find ----

    /**
     * @return bearer of the name, or {@link Bearer#NONE}.
     */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final long bytes = bytesOf(buffer, offset, length);
        return find(bytes, length, Xxh64.hash(bytes, length));
    }

    /**
     * @param hash of the name, as {@link #hash(DirectBuffer, int, int)} gives it.
     * @return bearer of the name, or {@link Bearer#NONE}.
     */
    int find(final DirectBuffer buffer, final int offset, final int length, final long hash)
    {
        return find(bytesOf(buffer, offset, length), length, hash);
    }

    /** The counter of a name, {@link CounterTable#NULL_COUNTER} for none. */
    int counter(final int bearer)
    {
        if (Bearer.isCounter(bearer))
        {
            return Bearer.counter(bearer);
        }

        return Bearer.isShared(bearer) ?
            OffHeap.getInt(sharedAddress(bearer) + COUNTER_OFFSET) :
            CounterTable.NULL_COUNTER;
    }

    /** The name of a bearer. */
    int nameId(final int bearer)
    {
        return OffHeap.getInt(nameIdAddress(bearer));
    }

    // ---- for those who look ahead ----

    /** Address of the bucket where a name of this hash would be. */
    long bucket(final long hash)
    {
        return index.bucket(hash);
    }

    /** Address of the block behind that bucket, or of the bucket. */
    long overflow(final long hash)
    {
        return index.overflow(hash);
    }

    /** The first bearer whose name may have this hash, or {@link Bearer#NONE}. */
    int candidate(final long hash)
    {
        final long slot = index.first(hash);
        return slot == NameIndex.NULL_SLOT ? Bearer.NONE : NameIndex.bearer(slot);
    }

    /** Where the id of a bearer's name stands. */
    long nameIdAddress(final int bearer)
    {
        if (Bearer.isCounter(bearer))
        {
            return counters.nameIdAddress(Bearer.counter(bearer));
        }

        return Bearer.isShared(bearer) ? sharedAddress(bearer) + NAME_OFFSET : members.nameIdAddress(bearer);
    }

    /**
     * Whether a name has these bytes.
     *
     * @param address as {@link #address} gives it.
     */
    boolean matches(
        final int nameId, final long address, final DirectBuffer buffer, final int offset, final int length)
    {
        return NameRooms.length(nameId, address) == length &&
            OffHeap.isEqual(address, bytesOf(buffer, offset, length), length);
    }

    @Override
    public void hash(final int[] bearers, final int count, final long[] hashes)
    {
        for (int i = 0; i < count; i++)
        {
            hashes[i] = nameId(bearers[i]);
        }
        for (int i = 0; i < count; i++)
        {
            hashes[i] = hash((int)hashes[i]);
        }
    }

    // ---- references ----

    /**
     * Finds or stores the name; {@link #retain} is to follow. The caller has checked that a new name is within the limit
     * ({@link #size()}) and has 1..128 bytes.
     *
     * @return its id.
     */
    int intern(final DirectBuffer buffer, final int offset, final int length)
    {
        return intern(buffer, offset, length, hash(buffer, offset, length));
    }

    /**
     * As {@link #intern(DirectBuffer, int, int)}.
     *
     * @param hash of the name, as {@link #hash(DirectBuffer, int, int)} gives it.
     */
    int intern(final DirectBuffer buffer, final int offset, final int length, final long hash)
    {
        final long bytes = bytesOf(buffer, offset, length);
        final int bearer = find(bytes, length, hash);

        return bearer == Bearer.NONE ? rooms.store(bytes, length) : nameId(bearer);
    }

    /**
     * Takes a reference. Also revives a name that went within the ATOMIC request that is being rolled back.
     *
     * @param nameId of a name that is stored.
     * @param bearer of it from now on, which knows its name already; {@link Bearer#BOARD} for one that is found otherwise.
     * @return whether the name is shared now.
     */
    boolean retain(final int nameId, final int bearer)
    {
        final long hash = hash(nameId);
        final long slot = slotOf(nameId, hash);
        if (slot == NameIndex.NULL_SLOT)
        {
            index.add(hash, bearer == Bearer.BOARD ? share(nameId, 1) : bearer);
            countReferences(nameId, hash, 0, 1);
            return bearer == Bearer.BOARD;
        }

        final int before = NameIndex.bearer(slot);
        if (!Bearer.isShared(before))
        {
            shareWith(slot, nameId);
        }
        final long record = sharedAddress(NameIndex.bearer(slot));
        final int references = OffHeap.getInt(record + REFERENCES_OFFSET);
        OffHeap.putInt(record + REFERENCES_OFFSET, references + 1);
        note(record, bearer);
        countReferences(nameId, hash, references, references + 1);

        return true;
    }

    /**
     * Gives a reference back; with the last one the name goes. Inside an ATOMIC request its id and bytes stay untouched
     * until the request has ended.
     *
     * @param nameId of the name.
     * @param bearer as it was retained; it knows its name still.
     * @return whether the name was shared.
     */
    boolean release(final int nameId, final int bearer)
    {
        final long hash = hash(nameId);
        final long slot = slotOf(nameId, hash);
        if (slot == NameIndex.NULL_SLOT)
        {
            throw new IllegalStateException("released, but nobody bears it: nameId=" + nameId + " bearer=" + bearer);
        }

        final int before = NameIndex.bearer(slot);
        final boolean wasShared = Bearer.isShared(before);
        final int references = references(before);
        countReferences(nameId, hash, references, references - 1);
        if (references > 1)
        {
            leaveShared(slot, bearer, references - 1);
            return true;
        }

        if (wasShared)
        {
            freeShared(before);
        }
        index.removeLast(hash);
        if (isHeld)
        {
            hold(nameId);
        }
        else
        {
            rooms.free(nameId);
        }

        return wasShared;
    }

    /**
     * Keeps what goes from here on, so that it can be revived.
     */
    void hold()
    {
        isHeld = true;
    }

    /**
     * Lets go of what was held and not revived. A rollback may hold a name a second time; it is freed once.
     */
    void settle()
    {
        isHeld = false;
        Arrays.sort(held, 0, heldCount);
        for (int i = 0; i < heldCount; i++)
        {
            final boolean isSeen = i > 0 && held[i] == held[i - 1];
            if (!isSeen && slotOf(held[i], hash(held[i])) == NameIndex.NULL_SLOT)
            {
                rooms.free(held[i]);
            }
        }
        heldCount = 0;
    }

    /** References to a name, by its bearer; 0 for {@link Bearer#NONE}. */
    int references(final int bearer)
    {
        if (Bearer.isShared(bearer))
        {
            return OffHeap.getInt(sharedAddress(bearer) + REFERENCES_OFFSET);
        }

        return bearer == Bearer.NONE ? 0 : 1;
    }

    // ---- bytes ----

    /** 64-bit hash of its bytes, {@link Xxh64}: it stands in the digest. */
    long hash(final int nameId)
    {
        return Xxh64.hash(address(nameId), length(nameId));
    }

    int length(final int nameId)
    {
        return rooms.length(nameId);
    }

    /** Address of its bytes, valid while it is referenced. */
    long address(final int nameId)
    {
        return rooms.address(nameId);
    }

    /**
     * Compares the bytes as unsigned; the shorter first where one starts the other.
     */
    int compare(final int leftId, final int rightId)
    {
        return OffHeap.compare(address(leftId), length(leftId), address(rightId), length(rightId));
    }

    boolean matches(final int nameId, final DirectBuffer buffer, final int offset, final int length)
    {
        return matches(nameId, bytesOf(buffer, offset, length), length);
    }

    boolean startsWith(final int nameId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length > length(nameId))
        {
            return false;
        }

        final long address = address(nameId);
        for (int i = 0; i < length; i++)
        {
            if (OffHeap.getByte(address + i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }

        return true;
    }

    /**
     * @return names that are referenced.
     */
    long size()
    {
        return index.size();
    }

    /** How often the index has worked out a hash again because it grew. */
    long rehashed()
    {
        return index.rehashed();
    }

    /** Hash that {@link #hash(int)} gives once these bytes are interned. */
    long hash(final DirectBuffer buffer, final int offset, final int length)
    {
        return Xxh64.hash(bytesOf(buffer, offset, length), length);
    }

    DigestPart digest()
    {
        return digest;
    }

    /**
     * @return off-heap memory in use.
     */
    long bytes()
    {
        return index.bytes() + rooms.bytes() + shared.bytes();
    }

    @Override
    public void close()
    {
        index.close();
        rooms.close();
        shared.close();
    }

    private int find(final long bytes, final int length, final long hash)
    {
        for (long slot = index.first(hash); slot != NameIndex.NULL_SLOT; slot = index.next(hash))
        {
            final int bearer = NameIndex.bearer(slot);
            if (matches(nameId(bearer), bytes, length))
            {
                return bearer;
            }
        }

        return Bearer.NONE;
    }

    /** The slot of a stored name, {@link NameIndex#NULL_SLOT} when nobody bears it. */
    private long slotOf(final int nameId, final long hash)
    {
        long slot = index.first(hash);
        while (slot != NameIndex.NULL_SLOT && nameId(NameIndex.bearer(slot)) != nameId)
        {
            slot = index.next(hash);
        }

        return slot;
    }

    private boolean matches(final int nameId, final long bytes, final int length)
    {
        final long address = rooms.address(nameId);
        return NameRooms.length(nameId, address) == length && OffHeap.isEqual(address, bytes, length);
    }

    private void countReferences(final int nameId, final long hash, final int before, final int after)
    {
        final int length = length(nameId);
        if (before > 0)
        {
            digest.subtract(entry.begin(DigestEntry.NAME).put(hash).put(length).put(before));
        }
        if (after > 0)
        {
            digest.add(entry.begin(DigestEntry.NAME).put(hash).put(length).put(after));
        }
    }

    private void hold(final int nameId)
    {
        if (heldCount == held.length)
        {
            held = Arrays.copyOf(held, heldCount * 2);
        }
        held[heldCount++] = nameId;
    }

    // ---- shared names ----

    /** Puts a shared name in the place of its only bearer. */
    private void shareWith(final long slot, final int nameId)
    {
        final int only = NameIndex.bearer(slot);
        final int sharedBearer = share(nameId, 1);
        NameIndex.bearer(slot, sharedBearer);
        note(sharedAddress(sharedBearer), only);
        if (Bearer.isCounter(only))
        {
            counters.onShared(Bearer.counter(only));
        }
        else
        {
            members.onShared(only);
        }
    }

    /** Writes down in a shared name who bears it, as far as there is room for it. */
    private static void note(final long record, final int bearer)
    {
        if (Bearer.isCounter(bearer))
        {
            OffHeap.putInt(record + COUNTER_OFFSET, Bearer.counter(bearer));
        }
        else if (bearer != Bearer.BOARD)
        {
            OffHeap.putInt(record + MEMBER_OFFSET, bearer);
        }
    }

    /** Takes a bearer off a shared name, and gives the name back to its only bearer, if that is known. */
    private void leaveShared(final long slot, final int bearer, final int references)
    {
        final int sharedBearer = NameIndex.bearer(slot);
        final long record = sharedAddress(sharedBearer);
        OffHeap.putInt(record + REFERENCES_OFFSET, references);
        if (Bearer.isCounter(bearer))
        {
            OffHeap.putInt(record + COUNTER_OFFSET, CounterTable.NULL_COUNTER);
        }
        else if (OffHeap.getInt(record + MEMBER_OFFSET) == bearer)
        {
            OffHeap.putInt(record + MEMBER_OFFSET, MemberTable.NULL_MEMBER);
        }

        final int counter = OffHeap.getInt(record + COUNTER_OFFSET);
        final int member = OffHeap.getInt(record + MEMBER_OFFSET);
        if (references == 1 && counter != CounterTable.NULL_COUNTER)
        {
            NameIndex.bearer(slot, Bearer.ofCounter(counter));
            counters.onUnshared(counter);
            freeShared(sharedBearer);
        }
        else if (references == 1 && member != MemberTable.NULL_MEMBER)
        {
            NameIndex.bearer(slot, member);
            members.onUnshared(member);
            freeShared(sharedBearer);
        }
    }

    private int share(final int nameId, final int references)
    {
        int id = freeShared;
        if (id == 0)
        {
            id = ++highestShared;
            shared.ensure(id);
        }
        else
        {
            freeShared = OffHeap.getInt(shared.address(id) + COUNTER_OFFSET);
        }

        final long record = shared.address(id);
        OffHeap.putInt(record + REFERENCES_OFFSET, references);
        OffHeap.putInt(record + NAME_OFFSET, nameId);
        OffHeap.putInt(record + COUNTER_OFFSET, CounterTable.NULL_COUNTER);
        OffHeap.putInt(record + MEMBER_OFFSET, MemberTable.NULL_MEMBER);

        return Bearer.ofShared(id);
    }

    private void freeShared(final int bearer)
    {
        final int id = Bearer.shared(bearer);
        OffHeap.putInt(shared.address(id) + COUNTER_OFFSET, freeShared);
        freeShared = id;
    }

    private long sharedAddress(final int bearer)
    {
        return shared.address(Bearer.shared(bearer));
    }

    /** Where the bytes stand; those of a buffer on the heap are copied first. */
    private long bytesOf(final DirectBuffer buffer, final int offset, final int length)
    {
        if (buffer.byteArray() == null)
        {
            buffer.boundsCheck(offset, length);
            return buffer.addressOffset() + offset;
        }

        buffer.getBytes(offset, copy, 0, length);
        return copy.addressOffset();
    }
}

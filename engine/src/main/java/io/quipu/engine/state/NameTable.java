package io.quipu.engine.state;

import java.util.Arrays;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Names of 1..128 bytes, each stored once off-heap, counted by the objects that bear it: a counter, a board, a member
 * each hold one reference. A name goes with its last reference, and its room is used again.
 * <pre>
 *   record    references i32 | counter id i32, or next free | length u8 | bytes        in slabs of 13 sizes:
 *             16, 24, 32 ... 80, 96, 112, 128, 144 B; the smallest that fits
 *   name id   size class, 4 bits | index in its slab, 28 bits, from 1
 * </pre>
 * The counter of a name is found with the name, without a table of its own. Ids of names are layout, never logical
 * state: they stand in no handle, no digest and no reply.
 * <p>
 * Within an ATOMIC request the table is held ({@link #hold()}): names whose last reference goes leave table and count
 * at once, but their id and bytes stay untouched until {@link #settle()}, so that a rollback can revive them.
 */
final class NameTable implements AutoCloseable
{
    static final int NULL_NAME = 0;
    static final int MIN_LENGTH = 1;
    static final int MAX_LENGTH = 128;
    /** Of all names together; one size class can hold as many. */
    static final long MAX_NAMES = (1 << 28) - 1;

    private static final int REFERENCES_OFFSET = 0;
    private static final int COUNTER_OFFSET = 4;
    private static final int LENGTH_OFFSET = 8;
    private static final int BYTES_OFFSET = 9;

    private static final int FREE = -1;
    private static final int INDEX_BITS = 28;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int[] RECORD_LENGTHS = { 16, 24, 32, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144 };
    private static final byte[] CLASS_OF_LENGTH = classOfLength();

    private final IdIndex index = new IdIndex();
    private final Slab[] slabs = new Slab[RECORD_LENGTHS.length];
    /** In each class: the highest index ever given, and the first of the free ones. */
    private final int[] highest = new int[RECORD_LENGTHS.length];
    private final int[] freeHeads = new int[RECORD_LENGTHS.length];

    private final UnsafeBuffer copy =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_LENGTH + Long.BYTES, OffHeap.CACHE_LINE_LENGTH));
    private final DigestPart digest = new DigestPart();
    private final DigestEntry entry = new DigestEntry();

    private int[] held = new int[64];
    private int heldCount;
    private boolean isHeld;
    private long size;

    NameTable()
    {
        for (int i = 0; i < slabs.length; i++)
        {
            slabs[i] = new Slab(RECORD_LENGTHS[i]);
        }
    }

    /**
     * @return id of the name, or {@link #NULL_NAME} when nobody bears it.
     */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final long bytes = bytesOf(buffer, offset, length);
        return find(bytes, length, Xxh64.hash(bytes, length));
    }

    /**
     * @param hash of the name, as {@link #hash(DirectBuffer, int, int)} gives it.
     * @return id of the name, or {@link #NULL_NAME} when nobody bears it.
     */
    int find(final DirectBuffer buffer, final int offset, final int length, final long hash)
    {
        return find(bytesOf(buffer, offset, length), length, hash);
    }

    /** Address of the bucket where a name of this hash would be. */
    long bucket(final long hash)
    {
        return index.bucketOf((int)hash);
    }

    /** The first name whose hash looks like this one, or {@link #NULL_NAME}: its bytes may be others. */
    int candidate(final long hash)
    {
        final long slot = index.first((int)hash);
        return slot == IdIndex.NULL_SLOT ? NULL_NAME : IdIndex.id(slot);
    }

    /**
     * Finds or stores the name, and takes a reference to it. The caller has checked that a new name is within the limit
     * ({@link #size()}) and has 1..128 bytes.
     *
     * @return its id.
     */
    int intern(final DirectBuffer buffer, final int offset, final int length)
    {
        final long bytes = bytesOf(buffer, offset, length);
        final long hash = Xxh64.hash(bytes, length);
        final int found = find(bytes, length, hash);
        if (found != NULL_NAME)
        {
            retain(found);
            return found;
        }

        final int nameId = allocate(CLASS_OF_LENGTH[length]);
        final long record = record(nameId);
        OffHeap.putInt(record + REFERENCES_OFFSET, 0);
        OffHeap.putInt(record + COUNTER_OFFSET, 0);
        OffHeap.putByte(record + LENGTH_OFFSET, (byte)length);
        OffHeap.copy(bytes, record + BYTES_OFFSET, length);
        link(nameId, hash);

        return nameId;
    }

    /**
     * Takes one more reference. Also revives a name that went within the ATOMIC request that is being rolled back.
     */
    void retain(final int nameId)
    {
        final long hash = hash(nameId);
        final int references = references(nameId);
        if (references == 0)
        {
            link(nameId, hash);
        }
        else
        {
            countReferences(nameId, hash, references, references + 1);
        }
    }

    /**
     * Gives a reference back; with the last one the name goes. Inside an ATOMIC request its id and bytes stay untouched
     * until the request has ended.
     */
    void release(final int nameId)
    {
        final long hash = hash(nameId);
        final int references = references(nameId);
        countReferences(nameId, hash, references, references - 1);
        if (references > 1)
        {
            return;
        }

        index.remove((int)hash, nameId);
        size--;
        if (isHeld)
        {
            hold(nameId);
        }
        else
        {
            free(nameId);
        }
    }

    /**
     * Keeps what goes from here on, so that it can be revived.
     */
    void hold()
    {
        isHeld = true;
    }

    /**
     * Lets go of what was held and not revived.
     */
    void settle()
    {
        isHeld = false;
        for (int i = 0; i < heldCount; i++)
        {
            if (references(held[i]) == 0)
            {
                free(held[i]);
            }
        }
        heldCount = 0;
    }

    /** 64-bit hash of its bytes, {@link Xxh64}: it stands in the digest. */
    long hash(final int nameId)
    {
        return Xxh64.hash(address(nameId), length(nameId));
    }

    int length(final int nameId)
    {
        return OffHeap.getByte(record(nameId) + LENGTH_OFFSET) & 0xFF;
    }

    /** Address of its bytes, valid while it is referenced. */
    long address(final int nameId)
    {
        return record(nameId) + BYTES_OFFSET;
    }

    /** The counter of this name, 0 for none. */
    int counter(final int nameId)
    {
        return OffHeap.getInt(record(nameId) + COUNTER_OFFSET);
    }

    void counter(final int nameId, final int counterId)
    {
        OffHeap.putInt(record(nameId) + COUNTER_OFFSET, counterId);
    }

    int references(final int nameId)
    {
        return OffHeap.getInt(record(nameId) + REFERENCES_OFFSET);
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
        return matches(record(nameId), bytesOf(buffer, offset, length), length);
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
        return size;
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
        long sum = index.bytes();
        for (final Slab slab : slabs)
        {
            sum += slab.bytes();
        }

        return sum;
    }

    @Override
    public void close()
    {
        index.close();
        for (final Slab slab : slabs)
        {
            slab.close();
        }
    }

    private int find(final long bytes, final int length, final long hash)
    {
        final int key = (int)hash;
        for (long slot = index.first(key); slot != IdIndex.NULL_SLOT; slot = index.next(slot, key))
        {
            final int nameId = IdIndex.id(slot);
            if (matches(record(nameId), bytes, length))
            {
                return nameId;
            }
        }

        return NULL_NAME;
    }

    private static boolean matches(final long record, final long bytes, final int length)
    {
        if ((OffHeap.getByte(record + LENGTH_OFFSET) & 0xFF) != length)
        {
            return false;
        }

        final long own = record + BYTES_OFFSET;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES)
        {
            if (OffHeap.getLong(own + i) != OffHeap.getLong(bytes + i))
            {
                return false;
            }
        }
        if (i + Integer.BYTES <= length)
        {
            if (OffHeap.getInt(own + i) != OffHeap.getInt(bytes + i))
            {
                return false;
            }
            i += Integer.BYTES;
        }
        for (; i < length; i++)
        {
            if (OffHeap.getByte(own + i) != OffHeap.getByte(bytes + i))
            {
                return false;
            }
        }

        return true;
    }

    private void link(final int nameId, final long hash)
    {
        index.add((int)hash, nameId);
        size++;
        countReferences(nameId, hash, 0, 1);
    }

    private void countReferences(final int nameId, final long hash, final int before, final int after)
    {
        OffHeap.putInt(record(nameId) + REFERENCES_OFFSET, after);
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

    /** A name may be held twice, when it went, was revived and went again; it is freed once. */
    private void hold(final int nameId)
    {
        if (heldCount == held.length)
        {
            held = Arrays.copyOf(held, heldCount * 2);
        }
        held[heldCount++] = nameId;
    }

    private int allocate(final int sizeClass)
    {
        final int free = freeHeads[sizeClass];
        if (free != NULL_NAME)
        {
            freeHeads[sizeClass] = OffHeap.getInt(record(free) + COUNTER_OFFSET);
            return free;
        }

        final int next = ++highest[sizeClass];
        slabs[sizeClass].ensure(next);

        return sizeClass << INDEX_BITS | next;
    }

    private void free(final int nameId)
    {
        final int sizeClass = nameId >>> INDEX_BITS;
        final long record = record(nameId);
        OffHeap.putInt(record + REFERENCES_OFFSET, FREE);
        OffHeap.putInt(record + COUNTER_OFFSET, freeHeads[sizeClass]);
        freeHeads[sizeClass] = nameId;
    }

    private long record(final int nameId)
    {
        return slabs[nameId >>> INDEX_BITS].address(nameId & INDEX_MASK);
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

    private static byte[] classOfLength()
    {
        final byte[] classes = new byte[MAX_LENGTH + 1];
        int sizeClass = 0;
        for (int length = 0; length <= MAX_LENGTH; length++)
        {
            while (RECORD_LENGTHS[sizeClass] < BYTES_OFFSET + length)
            {
                sizeClass++;
            }
            classes[length] = (byte)sizeClass;
        }

        return classes;
    }
}

package io.quipu.engine.state;

/**
 * Room for the bytes of names, off-heap, in rooms of 16 sizes: short names waste 3 bytes at most, those of some usual lengths
 * none.
 * <pre>
 *   room, in use    bytes                        names of exactly 8, 12, 16, 20 bytes: their size says how long they are
 *                   length u8 | bytes            8, 12, 16 .. 32 B; for names of 32 bytes and more 48, 72 .. 144 B
 *   room, free      next free room of this size i32
 *   name id         size, 4 bits | number of the room among those of its size, 28 bits, from 1
 * </pre>
 * Each size has room for {@link NameTable#MAX_NAMES}, whatever lengths names had before: a free room waits for a name of its
 * size. One thread.
 */
final class NameRooms implements AutoCloseable
{
    private static final int LENGTH_OFFSET = 0;
    private static final int BYTES_OFFSET = 1;
    private static final int NEXT_OFFSET = 0;

    private static final int NUMBER_BITS = 28;
    private static final int NUMBER_MASK = (1 << NUMBER_BITS) - 1;

    private static final int LONGEST_SHORT_NAME = 31;
    private static final int SHORT_STEP = 4;
    private static final int SHORT_SIZES = 7;
    private static final int LONG_STEP = 24;
    private static final int LONG_SIZES = 5;
    /** From this size on, names fill their rooms. */
    private static final int FIRST_EXACT_SIZE = SHORT_SIZES + LONG_SIZES;
    private static final int SHORTEST_EXACT_NAME = 8;
    private static final int LONGEST_EXACT_NAME = 20;
    private static final int SIZES = 16;

    private final Slab[] rooms = new Slab[SIZES];
    /** Of each size: the highest number ever given, and the id of the room freed last. */
    private final int[] highest = new int[rooms.length];
    private final int[] free = new int[rooms.length];

    NameRooms()
    {
        for (int size = 0; size < rooms.length; size++)
        {
            rooms[size] = new Slab(roomLength(size));
        }
    }

    /**
     * Copies the bytes of a name.
     *
     * @param address of its bytes.
     * @param length  1..128.
     * @return its id.
     */
    int store(final long address, final int length)
    {
        final int nameId = allocate(sizeOf(length));
        if (!isExact(nameId))
        {
            OffHeap.putByte(room(nameId) + LENGTH_OFFSET, (byte)length);
        }
        OffHeap.copy(address, address(nameId), length);

        return nameId;
    }

    /** Gives a room back, once. */
    void free(final int nameId)
    {
        final int size = nameId >>> NUMBER_BITS;
        OffHeap.putInt(room(nameId) + NEXT_OFFSET, free[size]);
        free[size] = nameId;
    }

    /** Length of a name. */
    int length(final int nameId)
    {
        return length(nameId, address(nameId));
    }

    /** Length of a name, by its id and the address of its bytes. */
    static int length(final int nameId, final long address)
    {
        return isExact(nameId) ?
            SHORTEST_EXACT_NAME + ((nameId >>> NUMBER_BITS) - FIRST_EXACT_SIZE) * SHORT_STEP :
            OffHeap.getByte(address - BYTES_OFFSET + LENGTH_OFFSET) & 0xFF;
    }

    /** Address of a name's bytes. */
    long address(final int nameId)
    {
        return isExact(nameId) ? room(nameId) : room(nameId) + BYTES_OFFSET;
    }

    long bytes()
    {
        long sum = 0;
        for (final Slab slab : rooms)
        {
            sum += slab.bytes();
        }

        return sum;
    }

    @Override
    public void close()
    {
        for (final Slab slab : rooms)
        {
            slab.close();
        }
    }

    private long room(final int nameId)
    {
        return rooms[nameId >>> NUMBER_BITS].address(nameId & NUMBER_MASK);
    }

    private int allocate(final int size)
    {
        final int nameId = free[size];
        if (nameId != NameTable.NULL_NAME)
        {
            free[size] = OffHeap.getInt(room(nameId) + NEXT_OFFSET);
            return nameId;
        }
        if (highest[size] == NUMBER_MASK)
        {
            throw new IllegalStateException("all rooms in use, of " + rooms[size].recordLength() + " B");
        }

        final int number = ++highest[size];
        rooms[size].ensure(number);

        return size << NUMBER_BITS | number;
    }

    private static boolean isExact(final int nameId)
    {
        return nameId >>> NUMBER_BITS >= FIRST_EXACT_SIZE;
    }

    private static int roomLength(final int size)
    {
        if (size >= FIRST_EXACT_SIZE)
        {
            return SHORTEST_EXACT_NAME + (size - FIRST_EXACT_SIZE) * SHORT_STEP;
        }

        return size < SHORT_SIZES ? (size + 2) * SHORT_STEP : (size - SHORT_SIZES + 2) * LONG_STEP;
    }

    private static int sizeOf(final int length)
    {
        if (length >= SHORTEST_EXACT_NAME && length <= LONGEST_EXACT_NAME && length % SHORT_STEP == 0)
        {
            return FIRST_EXACT_SIZE + (length - SHORTEST_EXACT_NAME) / SHORT_STEP;
        }

        final int bytes = BYTES_OFFSET + length;
        return length > LONGEST_SHORT_NAME ?
            SHORT_SIZES - 2 + (bytes + LONG_STEP - 1) / LONG_STEP :
            Math.max(0, (bytes + SHORT_STEP - 1) / SHORT_STEP - 2);
    }
}

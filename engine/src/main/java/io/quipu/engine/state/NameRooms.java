package io.quipu.engine.state;

/**
 * Room for the bytes of names, off-heap, in two arenas: short names waste 3 bytes at most, and 32 bits number enough room
 * for the longest.
 * <pre>
 *   room, in use    length u8 | bytes                 2..8 pieces of 4 B, or from 32 bytes on 2..6 pieces of 24 B
 *   room, free      0 u8 | next free room i32
 *   name id         arena, 1 bit | number of the first piece, 31 bits, from 1
 * </pre>
 * Pieces of a room stand behind each other in one segment. A free room is used again by a name that needs as many pieces.
 * One thread.
 */
final class NameRooms implements AutoCloseable
{
    private static final int LENGTH_OFFSET = 0;
    private static final int BYTES_OFFSET = 1;
    private static final int NEXT_OFFSET = 1;

    private static final int LONG_ROOM = 1 << 31;
    private static final int SHORT_PIECE = 4;
    private static final int LONG_PIECE = 24;
    private static final int LONGEST_SHORT_NAME = 31;
    private static final int MIN_PIECES = 2;
    private static final int MAX_PIECES = 8;

    private final Slab shortPieces = new Slab(SHORT_PIECE);
    private final Slab longPieces = new Slab(LONG_PIECE);
    /** Free rooms by their number of pieces. */
    private final int[] freeShort = new int[MAX_PIECES + 1];
    private final int[] freeLong = new int[MAX_PIECES + 1];
    /** The first piece of each arena that was never used. */
    private int nextShort = 1;
    private int nextLong = 1;

    /**
     * Copies the bytes of a name.
     *
     * @param address of its bytes.
     * @param length  1..128.
     * @return its id.
     */
    int store(final long address, final int length)
    {
        final int nameId = allocate(length);
        final long room = room(nameId);
        OffHeap.putByte(room + LENGTH_OFFSET, (byte)length);
        OffHeap.copy(address, room + BYTES_OFFSET, length);

        return nameId;
    }

    void free(final int nameId)
    {
        final int[] freeRooms = nameId < 0 ? freeLong : freeShort;
        final int pieces = pieces(length(nameId));
        final long room = room(nameId);
        OffHeap.putByte(room + LENGTH_OFFSET, (byte)0);
        OffHeap.putInt(room + NEXT_OFFSET, freeRooms[pieces]);
        freeRooms[pieces] = nameId;
    }

    /** Length of a name; 0 when its room is free. */
    int length(final int nameId)
    {
        return OffHeap.getByte(room(nameId) + LENGTH_OFFSET) & 0xFF;
    }

    /** Address of a name's bytes. */
    long address(final int nameId)
    {
        return room(nameId) + BYTES_OFFSET;
    }

    long bytes()
    {
        return shortPieces.bytes() + longPieces.bytes();
    }

    @Override
    public void close()
    {
        shortPieces.close();
        longPieces.close();
    }

    private long room(final int nameId)
    {
        return nameId < 0 ? longPieces.address(nameId & ~LONG_ROOM) : shortPieces.address(nameId);
    }

    private int allocate(final int length)
    {
        final int pieces = pieces(length);
        final boolean isLong = length > LONGEST_SHORT_NAME;
        final int[] freeRooms = isLong ? freeLong : freeShort;
        final int free = freeRooms[pieces];
        if (free != NameTable.NULL_NAME)
        {
            freeRooms[pieces] = OffHeap.getInt(room(free) + NEXT_OFFSET);
            return free;
        }

        if (isLong)
        {
            final int first = longPieces.ensureTogether(nextLong, pieces);
            nextLong = first + pieces;
            return first | LONG_ROOM;
        }

        final int first = shortPieces.ensureTogether(nextShort, pieces);
        nextShort = first + pieces;
        return first;
    }

    private static int pieces(final int length)
    {
        final int bytes = BYTES_OFFSET + length;
        return length > LONGEST_SHORT_NAME ?
            (bytes + LONG_PIECE - 1) / LONG_PIECE :
            Math.max(MIN_PIECES, (bytes + SHORT_PIECE - 1) / SHORT_PIECE);
    }
}

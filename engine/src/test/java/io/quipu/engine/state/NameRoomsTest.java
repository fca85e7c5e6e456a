package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameRoomsTest
{
    private static final int NAMES = 500;

    private final NameRooms rooms = new NameRooms();
    private final long bytes = OffHeap.allocate(NameTable.MAX_LENGTH);

    @AfterEach
    void close()
    {
        rooms.close();
        OffHeap.free(bytes);
    }

    @Test
    void shouldHoldNamesOfEachLength()
    {
        final int[] ids = new int[NameTable.MAX_LENGTH + 1];
        final Set<Integer> distinct = new HashSet<>();
        for (int length = 1; length <= NameTable.MAX_LENGTH; length++)
        {
            ids[length] = store(length);
            assertThat(ids[length]).isNotEqualTo(NameTable.NULL_NAME);
            distinct.add(ids[length]);
        }

        assertThat(distinct).hasSize(NameTable.MAX_LENGTH);
        for (int length = 1; length <= NameTable.MAX_LENGTH; length++)
        {
            assertThat(rooms.length(ids[length])).isEqualTo(length);
            for (int i = 0; i < length; i++)
            {
                assertThat(OffHeap.getByte(rooms.address(ids[length]) + i)).isEqualTo((byte)(length + i));
            }
        }
    }

    /** What one size has used up leaves the others as much as ever. */
    @Test
    void shouldNumberTheRoomsOfEachSizeApart()
    {
        final int[] ids = new int[NAMES];
        for (int length = 1; length <= NameTable.MAX_LENGTH; length++)
        {
            for (int i = 0; i < NAMES; i++)
            {
                ids[i] = store(length);
                assertThat(ids[i] & (1 << 28) - 1).isBetween(1, NAMES);
            }
            for (final int id : ids)
            {
                rooms.free(id);
            }
        }
    }

    @Test
    void shouldUseAFreeRoomAgain()
    {
        final int first = store(21);
        store(21);
        rooms.free(first);

        assertThat(store(23)).isEqualTo(first);
        assertThat(rooms.length(first)).isEqualTo(23);
    }

    @Test
    void shouldSpendNothingOnTheLengthOfUsualNames()
    {
        for (int length = 8; length <= 20; length += 4)
        {
            final int first = store(length);
            final int second = store(length);
            assertThat(rooms.address(second) - rooms.address(first)).isEqualTo(length);
            assertThat(rooms.length(second)).isEqualTo(length);

            rooms.free(first);
            assertThat(store(length - 1)).isNotEqualTo(first);
            assertThat(store(length)).isEqualTo(first);
        }
    }

    private int store(final int length)
    {
        for (int i = 0; i < length; i++)
        {
            OffHeap.putByte(bytes + i, (byte)(length + i));
        }

        return rooms.store(bytes, length);
    }
}

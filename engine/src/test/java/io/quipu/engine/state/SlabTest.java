package io.quipu.engine.state;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SlabTest
{
    @ParameterizedTest
    @ValueSource(ints = { 4, 8, 20, 64, 1344 })
    void shouldKeepEachRecordApartOverManySegments(final int recordLength)
    {
        final int records = 1000;
        try (Slab slab = new Slab(recordLength, 4096))
        {
            for (int id = 0; id < records; id++)
            {
                slab.ensure(id);
                for (int i = 0; i < recordLength; i += 4)
                {
                    assertThat(OffHeap.getInt(slab.address(id) + i)).isZero();
                    OffHeap.putInt(slab.address(id) + i, id * 31 + i);
                }
            }

            for (int id = 0; id < records; id++)
            {
                for (int i = 0; i < recordLength; i += 4)
                {
                    assertThat(OffHeap.getInt(slab.address(id) + i)).isEqualTo(id * 31 + i);
                }
            }
        }
    }

    @Test
    void shouldNotMoveRecordsWhenGrowing()
    {
        try (Slab slab = new Slab(64, 4096))
        {
            slab.ensure(0);
            final long address = slab.address(0);
            slab.ensure(100_000);

            assertThat(slab.address(0)).isEqualTo(address);
            assertThat(address % 64).isZero();
            assertThat(slab.capacity()).isGreaterThan(100_000);
            assertThat(slab.bytes()).isEqualTo(slab.capacity() * 64L);
        }
    }

    @Test
    void shouldTouchFewPagesInOneStep()
    {
        try (Slab slab = new Slab(64))
        {
            slab.ensure(0);

            assertThat(slab.bytes()).isLessThanOrEqualTo(16 << 10);
        }
    }

    @Test
    void shouldAnnounceTheSegmentBehindOneThatIsHalfFull()
    {
        final List<Segment> announced = new ArrayList<>();
        StateMachine.onSegments(announced::add);
        try (Slab slab = new Slab(64, 64 << 10))
        {
            slab.ensure(500);
            assertThat(announced).isEmpty();
            slab.ensure(600);
            assertThat(announced).hasSize(1);
            final long address = announced.get(0).take();
            assertThat(address % Segment.ALIGNMENT).isZero();
            slab.ensure(1024);
            assertThat(slab.address(1024)).isEqualTo(address);
        }
        finally
        {
            StateMachine.onSegments((segment) -> {});
        }
    }

    @Test
    void shouldCloseTwice()
    {
        final Slab slab = new Slab(8);
        slab.ensure(10);
        slab.close();
        slab.close();

        assertThat(slab.capacity()).isZero();
    }

    @Test
    void shouldRefuseLengthsThatCannotBeAligned()
    {
        assertThatThrownBy(() -> new Slab(6)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("6");
        assertThatThrownBy(() -> new Slab(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldCompareBytesUnsignedAndPrefixesFirst()
    {
        try (Slab slab = new Slab(8))
        {
            slab.ensure(1);
            final long left = slab.address(0);
            final long right = slab.address(1);
            OffHeap.putByte(left, (byte)0xF0);
            OffHeap.putByte(right, (byte)0x10);

            assertThat(OffHeap.compare(left, 1, right, 1)).isPositive();
            assertThat(OffHeap.compare(right, 8, left, 8)).isNegative();
            assertThat(OffHeap.compare(left, 3, left, 3)).isZero();
            assertThat(OffHeap.compare(left, 2, left, 3)).isNegative();
        }
    }
}

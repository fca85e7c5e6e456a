package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

/**
 * Segments that another thread makes ready while their slab uses or closes them.
 */
class SegmentTest
{
    private static final int LENGTH = 64 << 10;

    private final List<Long> prepared = new ArrayList<>();

    @Test
    void shouldBeReservedByWhoeverComesFirst()
    {
        final Segment early = new Segment(LENGTH);
        final Segment late = new Segment(LENGTH);
        final long before = Segment.reservedBytes();

        assertThat(early.reserve()).isTrue();
        assertThat(early.prepare(4096, 100, (address, length) -> prepared.add(address))).isTrue();
        final long address = early.take();
        assertThat(prepared).containsExactly(address + 4096);
        assertThat(late.prepare(0, 100, (at, length) -> prepared.add(at))).isFalse();
        assertThat(late.take() % Segment.ALIGNMENT).isZero();
        assertThat(late.reserve()).isTrue();
        assertThat(Segment.reservedBytes()).isEqualTo(before + 2 * LENGTH);

        early.close();
        late.close();
        assertThat(prepared).hasSize(1);
        assertThat(Segment.reservedBytes()).isEqualTo(before);
    }

    @Test
    void shouldBeLeftAloneOnceItIsClosed()
    {
        final Segment reserved = new Segment(LENGTH);
        reserved.reserve();
        final Segment announced = new Segment(LENGTH);
        reserved.close();
        announced.close();

        assertThat(reserved.prepare(0, 100, (address, length) -> prepared.add(address))).isFalse();
        assertThat(announced.reserve()).isFalse();
        assertThat(announced.prepare(0, 100, (address, length) -> prepared.add(address))).isFalse();
        assertThat(prepared).isEmpty();
    }

    @Test
    void shouldBeTakenWhileItIsTouchedAndClosedBehindIt() throws InterruptedException
    {
        final Segment segment = new Segment(LENGTH);
        segment.reserve();
        final CountDownLatch touching = new CountDownLatch(1);
        final CountDownLatch taken = new CountDownLatch(1);
        final List<String> order = new ArrayList<>();
        final Thread other = new Thread(() -> segment.prepare(0, LENGTH, (address, length) ->
        {
            touching.countDown();
            await(taken);
            order.add("touched");
        }));
        other.start();
        await(touching);

        OffHeap.putLong(segment.take(), 42);
        taken.countDown();
        segment.close();
        order.add("closed");
        other.join();

        assertThat(order).containsExactly("touched", "closed");
    }

    @Test
    void shouldCountWhatIsReservedAheadOfAState()
    {
        final long before = Segment.reservedBytes();
        try (StateMachine state = new StateMachine())
        {
            final List<Long> gauges = new ArrayList<>();
            state.forEachGauge((label, value) ->
            {
                if ("segmentBytes".equals(label) || "stateBytes".equals(label))
                {
                    gauges.add(value);
                }
            });
            assertThat(gauges).hasSize(2);
            assertThat(gauges.get(1)).isEqualTo(Segment.reservedBytes()).isGreaterThan(gauges.get(0) + before);
        }
        assertThat(Segment.reservedBytes()).isEqualTo(before);
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException ex)
        {
            throw new AssertionError(ex);
        }
    }
}

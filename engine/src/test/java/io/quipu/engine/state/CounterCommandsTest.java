package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CounterCommandsTest
{
    private static final long MAX = Long.MAX_VALUE;
    private static final long MIN = Long.MIN_VALUE;
    private static final long FIRST_COUNTER = 0x1000_0000_0000_0001L;
    private static final long FIRST_COUNTER_AGAIN = 0x1000_0001_0000_0001L;

    private final Story story = new Story();

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldAddAndCreateAtZero()
    {
        story.send(story.request().add("a", 5).add("a", -2).add("b", 0).add("a", 1));
        story.send(story.ack().add("a", 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 5, 3, 0, 4",
            "1/2 @6 1 commands");
    }

    @Test
    void shouldRefuseOverflowAndLeaveTheValue()
    {
        story.send(story.request().set("a", MAX).add("a", 1).add("a", 0).set("b", MIN).add("b", -1).add("b", MAX));
        story.send(story.ack().add("a", MAX).add("b", 1).add("b", MIN));

        assertThat(story.events).containsExactly(
            "1/1 @2 " + MAX + ", " + MAX + " OVERFLOW, " + MAX + ", " + MIN + ", " + MIN + " OVERFLOW, -1",
            "1/2 @8 3 commands, 0:OVERFLOW");
    }

    @Test
    void shouldAddWithinBounds()
    {
        story.send(story.request()
            .addBounded("a", 5, 0, 10, false)
            .addBounded("a", 6, 0, 10, false)
            .addBounded("a", 5, 0, 10, false)
            .addBounded("a", -11, 0, 10, false)
            .addBounded("a", 1, 3, 2, false)
            .addBounded("missing", -1, 0, 10, false)
            .add("missing", 0));

        assertThat(story.events).containsExactly(
            "1/1 @2 [5 5], [5 0] OUT_OF_BOUNDS, [10 5], [10 0] OUT_OF_BOUNDS, [10 0] BAD_BOUNDS, " +
                "[0 0] OUT_OF_BOUNDS, [0]");
    }

    @Test
    void shouldSaturateAndAnswerTheDeltaReallyApplied()
    {
        story.send(story.request()
            .addBounded("a", 15, 0, 10, true)
            .addBounded("a", -25, 0, 10, true)
            .addBounded("a", 3, 0, 10, true)
            .set("a", MAX)
            .addBounded("a", MAX, MIN, MAX, true)
            .addBounded("a", MAX, MIN, 100, true)
            .set("a", MIN)
            .addBounded("a", 1, 0, 100, true));

        assertThat(story.events).containsExactly(
            "1/1 @2 [10 10], [0 -10], [3 3], [" + MAX + "], [" + MAX + " 0], [100 " + (100 - MAX) + "], [" + MIN +
                "], [" + MIN + " 0] OVERFLOW");
    }

    @Test
    void shouldSetAndDelete()
    {
        story.send(story.request().set("a", 7).set("a", -7).delete("a").delete("a").delete("b").add("a", 1));

        assertThat(story.events).containsExactly("1/1 @2 7, -7, -7, 0 NOT_FOUND, 0 NOT_FOUND, 1");
    }

    @Test
    void shouldAddByHandleUntilTheCounterIsDeleted()
    {
        story.send(story.request().add("a", 1).addByHandle(FIRST_COUNTER, 4));
        story.send(story.request().delete("a").addByHandle(FIRST_COUNTER, 1).add("b", 2));
        story.send(story.request().addByHandle(FIRST_COUNTER, 1).addByHandle(FIRST_COUNTER_AGAIN, 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 1, 5",
            "1/2 @4 5, 0 STALE_HANDLE, 2",
            "1/3 @7 0 STALE_HANDLE, 3");
    }

    @Test
    void shouldRefuseHandlesOfOtherKindsAndOfNothing()
    {
        story.send(story.request()
            .add("a", 1)
            .addByHandle(0, 1)
            .addByHandle(-1, 1)
            .addByHandle(FIRST_COUNTER + 1, 1)
            .addByHandle(FIRST_COUNTER | 0xFFFF_FFFFL, 1)
            .addByHandle(0x2000_0000_0000_0001L, 1)
            .addByHandle(0x9000_0000_0000_0001L, 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 1, 0 STALE_HANDLE, 0 STALE_HANDLE, 0 STALE_HANDLE, 0 STALE_HANDLE, 0 STALE_HANDLE, 0 STALE_HANDLE");
    }

    @Test
    void shouldAnswerRanksWithoutRanks()
    {
        story.send(story.ranks().add("a", 1).addBounded("a", 1, 0, 9, false).addByHandle(7, 7));

        assertThat(story.events).containsExactly("1/1 @2 [1] 0>0, [2 1] 0>0, [] 0>0 STALE_HANDLE");
    }

    @Test
    void shouldGiveFreedIdsAgainLastFreedFirst()
    {
        story.send(story.request().add("a", 1).add("b", 2).add("c", 3).delete("a").delete("c"));
        story.send(story.request().add("d", 4).add("e", 5).add("f", 6));
        story.send(story.request()
            .addByHandle(0x1000_0001_0000_0003L, 0)
            .addByHandle(0x1000_0001_0000_0001L, 0)
            .addByHandle(0x1000_0000_0000_0004L, 0)
            .addByHandle(0x1000_0000_0000_0002L, 0));

        assertThat(story.events).element(2).isEqualTo("1/3 @10 4, 5, 6, 2");
    }
}

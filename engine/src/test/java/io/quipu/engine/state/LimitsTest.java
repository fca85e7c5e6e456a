package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Limit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest
{
    private static final int NAMES = Limit.NAMES.value();
    private static final int COUNTERS = Limit.COUNTERS.value();
    private static final int REQUEST_COMMANDS = Limit.REQUEST_COMMANDS.value();

    private final Story story = new Story();

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldRefuseNewNamesAtTheLimit()
    {
        story.send(story.request().limit(NAMES, 2).add("a", 1).add("b", 1).add("c", 1).set("c", 1).add("a", 1));
        story.send(story.request().addBounded("c", 1, 0, 9, false).delete("a").addBounded("c", 1, 0, 9, false));

        assertThat(story.events).containsExactly(
            "1/1 @2 0, 1, 1, 0 REJECT_CAPACITY, 0 REJECT_CAPACITY, 2",
            "1/2 @8 [0 0] REJECT_CAPACITY, [2], [1 1]");
    }

    @Test
    void shouldRefuseNewCountersAtTheLimit()
    {
        story.send(story.request().limit(COUNTERS, 1).add("a", 1).add("b", 1).delete("a").add("b", 2));

        assertThat(story.events).containsExactly("1/1 @2 0, 1, 0 REJECT_CAPACITY, 1, 2");
    }

    @Test
    void shouldRefuseLimitsThatCannotBe()
    {
        story.send(story.request()
            .add("a", 1)
            .add("b", 1)
            .limit(NAMES, 1)
            .limit(COUNTERS, 1)
            .limit(NAMES, 0)
            .limit(NAMES, -1)
            .limit(NAMES, NameTable.MAX_NAMES + 1)
            .limit(0, 1)
            .limit(7, 1)
            .limit(255, 1)
            .limit(REQUEST_COMMANDS, Limits.MAX_REQUEST_COMMANDS + 1)
            .limit(NAMES, 2)
            .limit(NAMES, NameTable.MAX_NAMES)
            .limit(REQUEST_COMMANDS, 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 1, 1" + ", 0 BAD_LIMIT".repeat(9) + ", 0, 0, 0");
        assertThat(story.state.limits().names()).isEqualTo(NameTable.MAX_NAMES);
        assertThat(story.state.limits().requestCommands()).isEqualTo(1);
    }

    @Test
    void shouldNeverHoldARequestToALimitThatAdmissionHasJudged()
    {
        story.send(story.request().limit(REQUEST_COMMANDS, 1));
        story.send(story.request().add("a", 1).add("a", 1));

        assertThat(story.events).endsWith("1/2 @3 1, 2");
    }
}

package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ReplyForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AtomicTest
{
    private final Story story = new Story();
    private final Story reference = new Story();

    @AfterEach
    void close()
    {
        story.close();
        reference.close();
    }

    @Test
    void shouldApplyAllCommands()
    {
        story.send(story.request().atomic().add("a", 1).set("b", 2).delete("a"));
        story.send(story.ack().atomic().add("a", 1).set("b", 2));

        assertThat(story.events).containsExactly("1/1 @2 1, 2, 1", "1/2 @5 2 commands");
    }

    @Test
    void shouldNameTheFirstRefusalAndApplyNothing()
    {
        story.send(story.request().add("a", 1));
        story.send(story.request().atomic().add("a", 1).add("b", 1).delete("c").add("a", Long.MAX_VALUE));
        story.send(story.ack().atomic().add("a", Long.MAX_VALUE));
        story.send(story.ranks().atomic().add("a", 1).addByHandle(5, 1));
        story.send(story.request().add("a", 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 1",
            "1/2 @3 refused 2:NOT_FOUND",
            "1/3 @7 refused 0:OVERFLOW",
            "1/4 @8 refused 1:STALE_HANDLE",
            "1/5 @10 2");
    }

    @Test
    void shouldRestoreIdsGenerationsAndFreeListExactly()
    {
        prepare(story);
        prepare(reference);
        story.send(refused(story));
        reference.send(reference.request().atomic().delete("none").add("a", 0).add("a", 0).add("a", 0)
            .add("a", 0).add("a", 0).add("a", 0).add("a", 0).add("a", 0).add("a", 0));

        assertThat(parts(story)).isEqualTo(parts(reference));

        story.send(story.request().add("x", 1).add("y", 1).add("z", 1));
        reference.send(reference.request().add("x", 1).add("y", 1).add("z", 1));
        assertThat(story.events.get(2)).isEqualTo(reference.events.get(2));
        assertThat(story.digest()).isEqualTo(reference.digest());
    }

    @Test
    void shouldCountNamesThatWentAsGone()
    {
        story.send(story.request().add("a", 1).limit(Limit.NAMES.value(), 1));
        story.send(story.request().atomic().delete("a").add("b", 1));
        story.send(story.request().atomic().delete("b").add("c", 1).add("d", 1));
        story.send(story.request().atomic().delete("b").add("b", 5).delete("b").add("b", 7));

        assertThat(story.events).containsExactly(
            "1/1 @2 1, 0",
            "1/2 @4 1, 1",
            "1/3 @6 refused 2:REJECT_CAPACITY",
            "1/4 @9 1, 5, 5, 7");
    }

    @Test
    void shouldRestoreALimit()
    {
        final int names = Limit.NAMES.value();
        story.send(story.request().atomic().limit(names, 5).limit(names, 6).limit(names, 0));

        assertThat(story.events).containsExactly("1/1 @2 refused 2:BAD_LIMIT");
        assertThat(story.state.limits().names()).isEqualTo(Limits.DEFAULT_NAMES);
    }

    @Test
    void shouldTakeBackTheLargestRequest()
    {
        final RequestBuilder built = story.request().form(ReplyForm.ACK).atomic();
        for (int i = 0; i < Limits.MAX_REQUEST_COMMANDS - 1; i++)
        {
            built.set("n" + i % 2_000, i);
        }
        story.send(built.delete("none"));
        story.send(story.request().add("n0", 0));

        assertThat(story.events).containsExactly(
            "1/1 @2 refused 16383:NOT_FOUND", "1/2 @" + (2 + Limits.MAX_REQUEST_COMMANDS) + " 0");
    }

    private static void prepare(final Story told)
    {
        told.send(told.request().add("a", 1).add("b", 2).add("c", 3).add("d", 4).delete("b").delete("d"));
    }

    private static RequestBuilder refused(final Story told)
    {
        return told.request().atomic()
            .add("a", 7).delete("c").delete("a").add("a", 3).add("n", 1).add("o", 1).delete("n").set("o", 9)
            .add("p", 1).delete("none");
    }

    /** All parts but sessions, whose kept replies differ. */
    private static String parts(final Story told)
    {
        final StringBuilder text = new StringBuilder();
        told.state.digest().forEachPart((label, high, low) ->
            text.append("sessions".contentEquals(label) ? "" : label + "=" + high + "," + low + "\n"));
        return text.toString();
    }
}

package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quipu.codecs.ingress.Limit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest
{
    private final Story story = new Story();
    private final SessionTable sessions = story.state.sessions();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldOpenFindAndClose()
    {
        assertThat(sessions.find(1000, 1001)).isEqualTo(1);
        assertThat(sessions.find(1001, 1001)).isEqualTo(SessionTable.NULL_SESSION);
        assertThat(sessions.nextSessionId()).isEqualTo(2);

        story.open(2).send(2, story.request().add("a", 1)).close(2).close(2);

        assertThat(story.events).containsExactly("opened 2", "2/1 @3 1");
        assertThat(sessions.isOpen(1)).isTrue();
        assertThat(sessions.isOpen(2)).isFalse();
        assertThat(sessions.find(2000, 2001)).isEqualTo(SessionTable.NULL_SESSION);
        assertThat(sessions.nextSessionId()).isEqualTo(3);
        assertThat(sessions.size()).isEqualTo(1);
        assertThat(sessions.evictedUpTo()).isZero();
        assertThat(sessions.keptBytes()).isZero();
    }

    @Test
    void shouldKeepRepliesUntilTheyWereReceived()
    {
        story.send(1, 0, story.request().add("a", 1));
        story.send(1, 0, story.request().add("a", 1).add("a", 1));
        story.send(1, 0, story.request().set("a", 9));

        assertThat(kept(1)).isEqualTo("1/1 @2 1");
        assertThat(kept(2)).isEqualTo("1/2 @3 2, 3");
        assertThat(kept(3)).isEqualTo("1/3 @5 9");
        assertThat(sessions.keptLastSequence(1, 2)).isEqualTo(4);
        assertThat(sessions.keptCountAfter(1, 0)).isEqualTo(3);
        assertThat(sessions.keptCountAfter(1, 2)).isEqualTo(1);
        assertThat(sessions.keptCountAfter(1, 9)).isZero();
        assertThat(sessions.keptBytesAfter(1, 0)).isEqualTo(3 * 37 + 4 * 9);
        assertThat(sessions.keptBytesAfter(1, 1)).isEqualTo(2 * 37 + 3 * 9);
        assertThat(sessions.keptBytesAfter(1, 3)).isZero();

        story.send(1, 2, story.request().delete("a"));

        assertThat(kept(1)).isNull();
        assertThat(kept(2)).isNull();
        assertThat(kept(3)).isEqualTo("1/3 @5 9");
        assertThat(kept(4)).isEqualTo("1/4 @6 9");
        assertThat(sessions.keptLastSequence(1, 1)).isZero();
        assertThat(sessions.keptBytes()).isEqualTo(2 * 37 + 2 * 9);
        assertThat(sessions.lastRequestSequence(1)).isEqualTo(4);
    }

    @Test
    void shouldHoldAFullWindowAndNoMore()
    {
        for (int i = 0; i < SessionTable.MAX_KEPT_REPLIES; i++)
        {
            story.send(1, 0, story.request().add("a", 1));
        }
        assertThat(kept(1)).isEqualTo("1/1 @2 1");
        assertThat(kept(64)).isEqualTo("1/64 @65 64");

        assertThatThrownBy(() -> story.send(1, 0, story.request().add("a", 1)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("keptReplies=65");
    }

    @Test
    void shouldKeepRepliesOfEverySize()
    {
        for (int commands = 1, request = 1; commands < 7_000; commands += 1 + commands / 3, request++)
        {
            final RequestBuilder built = story.request();
            for (int i = 0; i < commands; i++)
            {
                built.add("a", 1);
            }
            story.send(1, request - 1, built);

            assertThat(kept(request)).isEqualTo(story.events.get(request - 1));
            assertThat(sessions.keptBytes()).isEqualTo(37 + commands * 9);
        }
    }

    @Test
    void shouldStopAtARequestOutOfOrder()
    {
        assertThatThrownBy(() ->
        {
            try (Story broken = new Story())
            {
                broken.send(7, broken.request().add("a", 1));
                assertThat(broken.events).containsExactly("gone 7/1");
                final BodyBuilder body = new BodyBuilder().request(1, 2, 0, broken.request().add("a", 1));
                broken.state.apply(body.buffer(), 0, body.length(), 3, Story.SECOND_NS, broken);
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("requestSequence=2 expected=1");
    }

    @Test
    void shouldStopAtASessionIdThatIsNotTheNext()
    {
        assertThatThrownBy(() -> story.open(3))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("sessionId=3 expected=2");
    }

    @Test
    void shouldEvictTheSessionWhoseLastRequestIsOldest()
    {
        story.send(story.request().limit(Limit.SESSIONS.value(), 3));
        story.open(2).open(3);
        story.send(2, story.request().add("a", 1));
        story.send(1, story.request().add("a", 1));
        story.open(4);

        assertThat(sessions.isOpen(3)).isFalse();
        assertThat(sessions.evictedUpTo()).isEqualTo(4);
        assertThat(sessions.size()).isEqualTo(3);

        story.open(5);

        assertThat(sessions.isOpen(2)).isFalse();
        assertThat(sessions.isOpen(1)).isTrue();
        assertThat(sessions.evictedUpTo()).isEqualTo(5);
        story.send(2, story.request().add("a", 1));
        assertThat(story.events).endsWith("gone 2/2");
        assertThat(story.state.sequence()).isEqualTo(9);
    }

    @Test
    void shouldExpireAfterSevenDaysWithAFollowingEntry()
    {
        story.open(2).later(1).send(2, story.request().add("a", 1));
        story.later(SessionTable.EXPIRY_NS - 1).tick(1);
        assertThat(sessions.size()).isEqualTo(2);

        story.later(1).tick(1);
        assertThat(sessions.isOpen(1)).isFalse();
        assertThat(sessions.isOpen(2)).isTrue();
        assertThat(sessions.evictedUpTo()).isEqualTo(1);

        story.later(1);
        story.send(2, story.request().add("a", 1));
        assertThat(story.events).endsWith("gone 2/2");
        assertThat(sessions.evictedUpTo()).isEqualTo(3);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void shouldExpireAFewAtATime()
    {
        for (int id = 2; id <= 10; id++)
        {
            story.open(id);
        }
        story.later(SessionTable.EXPIRY_NS + 1).tick(1);
        assertThat(sessions.size()).isEqualTo(6);
        story.tick(1);
        assertThat(sessions.size()).isEqualTo(2);
        story.tick(1);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void shouldReplaceASessionOfTheSameToken()
    {
        story.send(story.request().add("a", 1));
        final BodyBuilder body = new BodyBuilder().open(2, 1000, 1001);
        story.state.apply(body.buffer(), 0, body.length(), 3, Story.SECOND_NS, story);

        assertThat(sessions.find(1000, 1001)).isEqualTo(2);
        assertThat(sessions.size()).isEqualTo(1);
        assertThat(sessions.lastRequestSequence(2)).isZero();
        assertThat(sessions.evictedUpTo()).isEqualTo(2);
    }

    private String kept(final long requestSequence)
    {
        return sessions.keptReply(1, requestSequence, view) ? Story.text(view, 0, view.capacity()) : null;
    }
}

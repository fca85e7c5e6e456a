package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.BiConsumer;

import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ReplyForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A tenth more than each journaled limit allows: as many as it allows are taken, each further one is refused and costs no
 * memory, and what is there goes on.
 */
class FloodTest
{
    private static final int REQUEST = 1_000;
    private static final BoardSpec BOARD = BoardSpec.points();

    private final Story story = new Story();

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldTakeNoMoreNamesThanAllowed()
    {
        flood(Limit.NAMES, 100_000, (request, i) -> request.add("name " + i, 1));
    }

    @Test
    void shouldTakeNoMoreCountersThanAllowed()
    {
        flood(Limit.COUNTERS, 100_000, (request, i) -> request.set("counter " + i, i));
    }

    @Test
    void shouldTakeNoMoreMembersThanAllowed()
    {
        story.send(story.request().create("board", BOARD));
        flood(Limit.MEMBERS, 100_000, (request, i) -> request.onBoard("board").score("member " + i, i));
    }

    @Test
    void shouldTakeNoMoreBoardsThanAllowed()
    {
        flood(Limit.BOARDS, 10_000, (request, i) -> request.create("board " + i, BOARD));
    }

    private void flood(final Limit limit, final int allowed, final BiConsumer<RequestBuilder, Integer> command)
    {
        story.send(story.request().limit(limit.value(), allowed));
        final int first = (int)count(limit);
        assertThat(refused(command, first, allowed)).isZero();
        // The longest of these replies is kept for a retry, once.
        assertThat(refused(command, allowed, allowed + REQUEST)).isEqualTo(REQUEST);
        final long fullBytes = story.state.bytes();

        assertThat(refused(command, allowed, allowed + allowed / 10)).isEqualTo(allowed / 10);
        assertThat(count(limit)).isEqualTo(allowed);
        assertThat(story.state.bytes()).isEqualTo(fullBytes);
        assertThat(refused(command, first, REQUEST)).as("what is there goes on").isZero();
        System.out.println(limit + ": " + allowed + " allowed, " + allowed / 10 + " refused, bytes " + fullBytes);
    }

    private int refused(final BiConsumer<RequestBuilder, Integer> command, final int from, final int to)
    {
        int refused = 0;
        for (int i = from; i < to; i += REQUEST)
        {
            final RequestBuilder request = story.request().form(ReplyForm.ACK);
            for (int each = i; each < Math.min(to, i + REQUEST); each++)
            {
                command.accept(request, each);
            }
            story.events.clear();
            story.send(request);
            refused += story.events.get(0).split("REJECT_CAPACITY", -1).length - 1;
        }
        return refused;
    }

    private long count(final Limit limit)
    {
        return gauge(limit.name().toLowerCase(Locale.ROOT));
    }

    private long gauge(final String wanted)
    {
        final long[] found = new long[1];
        story.state.forEachGauge((label, value) -> found[0] += label.equals(wanted) ? value : 0);
        return found[0];
    }

    @Test
    void shouldKeepNoMoreSessionsThanAllowed()
    {
        final int allowed = (int)story.state.limits().sessions();
        for (int id = 2; id <= allowed; id++)
        {
            story.open(id);
        }
        assertThat(story.state.sessions().evictedUpTo()).isZero();
        final long fullBytes = story.state.bytes();
        for (int id = allowed + 1; id <= allowed + allowed / 10; id++)
        {
            story.open(id);
        }

        assertThat(gauge("sessions")).isEqualTo(allowed);
        assertThat(story.state.sessions().evictedUpTo()).isPositive();
        assertThat(story.state.sessions().isOpen(allowed / 10)).isFalse();
        assertThat(story.state.sessions().isOpen(allowed / 10 + 1)).isTrue();
        assertThat(story.state.bytes()).isEqualTo(fullBytes);
    }
}

package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How many members of boards given up go with each request, and that they go faster than any commands bring others.
 */
class ReleaseTest
{
    private static final int MEMBERS = 30_000;
    private static final int LONGEST = 600;

    private final StateMachine state = new StateMachine();
    private final RequestBuilder request = new RequestBuilder();
    private final BodyBuilder body = new BodyBuilder();

    @AfterEach
    void close()
    {
        state.close();
    }

    @Test
    void shouldReleaseAFewForEachCommandAndMoreForTheFirst()
    {
        fill();
        apply(request.clear().onBoard("old").drop());
        assertThat(unreleased()).isEqualTo(MEMBERS);

        apply(request.clear().add("a", 1));
        assertThat(unreleased()).isEqualTo(MEMBERS - 64);
        apply(request.clear().add("a", 1).add("a", 1).add("a", 1));
        assertThat(unreleased()).isEqualTo(MEMBERS - 64 - 64 - 2 * 4);
        for (int commands = 1; commands <= 1 << 16; commands *= 2)
        {
            assertThat(Boards.releaseSteps(commands)).isBetween(2L * commands, 64L * commands);
        }
    }

    @Test
    void shouldReleaseFasterThanCommandsCreate()
    {
        final long seed = System.nanoTime();
        System.out.println("ReleaseTest seed " + seed);
        final Random random = new Random(seed);
        fill();
        apply(request.clear().onBoard("old").drop());
        int number = 0;
        long before = state.boards().memberCount();
        while (unreleased() > Boards.releaseSteps(LONGEST))
        {
            final int commands = 1 + random.nextInt(LONGEST);
            request.clear().onBoard("young");
            for (int i = 0; i < commands; i++)
            {
                request.score("m" + number++, random.nextInt(1_000));
            }
            apply(request);

            final long now = state.boards().memberCount();
            assertThat(now).isEqualTo(before + commands - Boards.releaseSteps(commands)).isLessThan(before);
            before = now;
        }
        assertThat(number).isPositive();
    }

    @Test
    void shouldReleaseBoardsThatAreResetAgainAndAgain()
    {
        fill();
        long before = Long.MAX_VALUE;
        for (int round = 0; round < 100; round++)
        {
            request.clear().onBoard("old");
            for (int i = 0; i < 200; i++)
            {
                request.reset();
            }
            apply(request);
            assertThat(unreleased()).isLessThan(before);
            before = unreleased() == 0 ? Long.MAX_VALUE : unreleased();
        }
        assertThat(unreleased()).isZero();
        assertThat(state.boards().memberCount()).isZero();
    }

    private void fill()
    {
        body.clear().open(1, 1, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, ReplyHandler.NONE);
        apply(request.clear().create("old", BoardSpec.points()));
        apply(request.clear().create("young", BoardSpec.points()));
        for (int first = 0; first < MEMBERS; first += LONGEST)
        {
            request.clear().onBoard("old");
            for (int i = first; i < first + LONGEST; i++)
            {
                request.score("m" + i, i % 977);
            }
            apply(request);
        }
    }

    private long unreleased()
    {
        return state.boards().unreleasedCount();
    }

    private void apply(final RequestBuilder commands)
    {
        final long last = state.sessions().lastRequestSequence(1);
        body.clear().request(1, last + 1, last, commands);
        state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, 1, ReplyHandler.NONE);
    }
}

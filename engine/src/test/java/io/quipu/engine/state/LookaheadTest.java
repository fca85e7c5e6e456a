package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/**
 * Long runs, whose commands are looked at ahead, against the same commands one a request: names come and go within a window.
 */
class LookaheadTest
{
    private static final int NAMES = 600;

    private final RequestBuilder request = new RequestBuilder();
    private final BodyBuilder body = new BodyBuilder();

    @Test
    void shouldApplyRunsAsItAppliesSingleCommands()
    {
        final long seed = System.nanoTime();
        System.out.println("LookaheadTest seed " + seed);
        try (StateMachine runs = new StateMachine(); StateMachine singles = new StateMachine())
        {
            open(runs);
            open(singles);
            final Random random = new Random(seed);
            final Random inRuns = new Random(seed);
            final Random inSingles = new Random(seed);
            for (int round = 1; round <= 150; round++)
            {
                final int kind = random.nextInt(7);
                final int commands = 1 + random.nextInt(4 * Lookahead.WINDOW);
                final boolean isAtomic = random.nextInt(4) == 0;
                request.clear();
                if (isAtomic)
                {
                    request.atomic();
                }
                for (int i = 0; i < commands; i++)
                {
                    command(request, kind, i == 0, inRuns);
                }
                apply(runs);

                for (int i = 0; i < commands; i++)
                {
                    command(request.clear(), kind, true, inSingles);
                    apply(singles);
                }
                assertThat(partsOf(runs)).isEqualTo(partsOf(singles));
            }
        }
    }

    /** None is ever refused, so that ATOMIC requests come to the same. */
    private static void command(final RequestBuilder to, final int kind, final boolean isFirst, final Random random)
    {
        final byte[] name = ("name" + random.nextInt(NAMES)).getBytes(ISO_8859_1);
        final long value = random.nextInt(100);
        switch (kind)
        {
            case 0:
                to.add(name, value);
                break;

            case 1:
                to.set(name, value);
                break;

            case 2:
                to.addBounded(name, value, Long.MIN_VALUE, Long.MAX_VALUE, true);
                break;

            case 3:
                to.set(name, value);
                to.delete(name);
                break;

            default:
                if (isFirst)
                {
                    to.onBoard("board".getBytes(ISO_8859_1));
                }
                to.score(name, value);
                break;
        }
    }

    private void open(final StateMachine state)
    {
        body.clear().open(1, 1, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, new Silent());
        request.clear().create("board".getBytes(ISO_8859_1), new BoardSpec(1, 3, 1, 0, 0, 0, "points"));
        apply(state);
    }

    private void apply(final StateMachine state)
    {
        final long last = state.sessions().lastRequestSequence(1);
        body.clear().request(1, last + 1, last, request);
        state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, 1, new Silent());
    }

    private static Map<String, Long> partsOf(final StateMachine state)
    {
        final Map<String, Long> parts = new TreeMap<>();
        state.digest().forEachPart((label, high, low) -> parts.put(label.toString(), high ^ low));
        parts.remove("sessions");
        return parts;
    }

    private static final class Silent implements ReplyHandler
    {
        @Override
        public void onReply(
            final int sessionId,
            final long requestSequence,
            final long lastSequence,
            final DirectBuffer buffer,
            final int offset,
            final int length)
        {
            // the digest tells
        }

        @Override
        public void onSessionOpened(final int sessionId)
        {
            // the only one
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            throw new IllegalStateException("sessionId=" + sessionId);
        }
    }
}

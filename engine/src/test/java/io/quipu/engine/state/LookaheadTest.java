package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

/**
 * Long runs, whose commands are looked at ahead, against the same commands one a request: names come and go within a window.
 */
class LookaheadTest
{
    private static final int NAMES = 600;
    private static final int KINDS = 11;
    /** Kinds below are never refused, so that ATOMIC requests of them come to the same as their commands. */
    private static final int NEVER_REFUSED = 6;

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
            for (int round = 1; round <= 300; round++)
            {
                final int kind = random.nextInt(KINDS);
                final int commands = 1 + random.nextInt(4 * Lookahead.WINDOW);
                final boolean isAtomic = kind < NEVER_REFUSED && random.nextInt(3) == 0;
                final boolean isTakenBack = isAtomic && random.nextInt(3) == 0;
                final long commandsSeed = random.nextLong();
                fill(kind, commands, isAtomic, isTakenBack, new Random(commandsSeed));
                apply(runs);
                final Random inSingles = new Random(commandsSeed);
                for (int i = 0; i < commands && !isTakenBack; i++)
                {
                    command(request.clear(), kind, true, inSingles);
                    apply(singles);
                }
                if (isTakenBack)
                {
                    takeSequences(singles, runs.sequence() - singles.sequence());
                }
                assertThat(partsOf(runs)).as("round %d, kind %d", round, kind).isEqualTo(partsOf(singles));
            }
        }
    }

    /** What is taken back has taken its sequences, which stand in the digest of what follows. */
    private void takeSequences(final StateMachine state, final long commands)
    {
        request.clear();
        for (long i = 0; i < commands; i++)
        {
            request.delete("nobody");
        }
        apply(state);
    }

    private void fill(
        final int kind, final int commands, final boolean isAtomic, final boolean isTakenBack, final Random random)
    {
        request.clear();
        if (isAtomic)
        {
            request.atomic();
        }
        for (int i = 0; i < commands; i++)
        {
            command(request, kind, i == 0, random);
        }
        if (isTakenBack)
        {
            request.delete("nobody");
        }
    }

    /** Counters and the members of two boards share their names. */
    private static void command(
        final RequestBuilder to, final int kind, final boolean isFirst, final Random random)
    {
        final byte[] name = ("name" + random.nextInt(NAMES)).getBytes(ISO_8859_1);
        final long value = random.nextInt(100);
        final String board = kind % 2 == 0 ? "board" : "other";
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

            case 4:
            case 5:
                selectOnce(to, board, isFirst);
                to.score(name, value);
                break;

            case 6:
                to.delete(name);
                break;

            case 7:
            case 8:
                selectOnce(to, board, isFirst);
                to.remove(name);
                break;

            case 9:
                to.addByHandle(Handle.of(Handle.COUNTER, random.nextInt(3), random.nextInt(NAMES)), value);
                break;

            default:
                to.scoreByHandle(Handle.of(Handle.MEMBER, random.nextInt(3), random.nextInt(2 * NAMES)), value);
                break;
        }
    }

    private static void selectOnce(final RequestBuilder to, final String board, final boolean isFirst)
    {
        if (isFirst)
        {
            to.onBoard(board);
        }
    }

    private void open(final StateMachine state)
    {
        body.clear().open(1, 1, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, ReplyHandler.NONE);
        final BoardSpec spec = new BoardSpec(1, 3, 1, 0, 0, 0, "points");
        request.clear().create("board", spec).create("other", spec);
        apply(state);
    }

    private void apply(final StateMachine state)
    {
        final long last = state.sessions().lastRequestSequence(1);
        body.clear().request(1, last + 1, last, request);
        state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, 1, ReplyHandler.NONE);
    }

    private static Map<String, Long> partsOf(final StateMachine state)
    {
        final Map<String, Long> parts = new TreeMap<>();
        state.digest().forEachPart((label, high, low) -> parts.put(label.toString(), high ^ low));
        parts.remove("sessions");
        return parts;
    }
}

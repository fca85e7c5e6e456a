package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests made to prove {@link Lookahead} wrong, against the naive twin: between the look and the command, names go and come
 * back, ids are given again, boards are dropped and created, members leave a leaf until it is freed and another board takes it.
 * Every reply is compared byte for byte, then the digest, and all trees are walked through.
 */
class LookaheadTwinTest
{
    /** So many that there are leaves without a common parent. */
    private static final int LARGE = 5_000;
    private static final int NAMES = 6_000;
    private static final int HOT_NAMES = 90;
    private static final int ROUNDS = 700;

    private static final String ONE = "one";
    private static final String OTHER = "other";
    private static final String SMALL = "small";
    /** That of a member of most boards, too. */
    private static final String SHORT_LIVED = "n7";

    private final Twin twin = new Twin();
    private final StateMachine state = new StateMachine();
    private final RequestBuilder request = new RequestBuilder();
    private final BodyBuilder body = new BodyBuilder();
    private final List<byte[]> replies = new ArrayList<>();
    private final List<Long> memberHandles = new ArrayList<>(List.of(0L));
    private final List<Long> counterHandles = new ArrayList<>(List.of(0L));
    private Random random;
    private long distance;

    /** Scores near each other, with many ties; and far apart, in narrow leaves and in wide ones. */
    @ParameterizedTest
    @ValueSource(longs = { 300, 1L << 30, 1L << 39 })
    void shouldApplyWhatIsWhateverWasSeenAhead(final long distance)
    {
        final long seed = System.nanoTime();
        System.out.println("LookaheadTwinTest seed " + seed + " distance " + distance);
        random = new Random(seed);
        this.distance = distance;
        try (StateMachine closed = state)
        {
            begin();
            for (int round = 0; round < ROUNDS; round++)
            {
                next();
                apply();
                assertThat(digest()).as("round %d", round).isEqualTo(twin.digest());
                if (round % 10 == 0)
                {
                    walk();
                }
            }
            assertThat(twin.coverage).containsKeys(
                "taken back", "OVERFLOW", "STALE_HANDLE", "NO_SUCH_BOARD", "WRONG_COLUMNS", "NOT_FOUND", "NOT_KEPT");
        }
    }

    private void begin()
    {
        final byte[] opened = body.clear().open(1, 1, 1).toBytes();
        twin.apply(opened, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, ReplyHandler.NONE);
        request.clear()
            .create(ONE, BoardSpec.of(BoardSpec.LAST, BoardSpec.FIRST, "points"))
            .create(OTHER, BoardSpec.of(BoardSpec.LAST, BoardSpec.LATEST, "points").ascending(1))
            .create(SMALL, BoardSpec.of(BoardSpec.BEST, BoardSpec.MEMBER, "points").capacity(150));
        apply();
        for (final String board : new String[]{ ONE, OTHER })
        {
            for (int i = 0; i < LARGE; i += 500)
            {
                request.clear().onBoard(board);
                for (int name = i; name < i + 500; name++)
                {
                    request.score("n" + name, value());
                }
                apply();
            }
        }
    }

    private void next()
    {
        request.clear().form(ReplyForm.get((short)random.nextInt(3)));
        if (random.nextInt(3) == 0)
        {
            request.atomic();
        }
        for (int part = random.nextInt(3); part >= 0; part--)
        {
            part();
        }
    }

    private void part()
    {
        switch (random.nextInt(10))
        {
            case 0:
                scores(random.nextBoolean() ? ONE : OTHER, 1 + random.nextInt(200));
                break;

            case 1:
                scores(SMALL, 1 + random.nextInt(200));
                break;

            case 2:
                removeAndScore(random.nextBoolean() ? ONE : SMALL);
                break;

            case 3:
                dropAndCreate();
                break;

            case 4:
                counters();
                break;

            case 5:
                countersByHandle();
                break;

            case 6:
                scoresByHandle();
                break;

            case 7:
                changeColumns();
                break;

            case 8:
                swapPlaces();
                break;

            default:
                crowd();
                break;
        }
    }

    // ---- what is asked ----

    /** Evicts where the board is full: then names go within the run, and are scored for again. */
    private void scores(final String board, final int count)
    {
        request.onBoard(board);
        for (int i = 0; i < count; i++)
        {
            request.score(name(), value());
        }
    }

    private void removeAndScore(final String board)
    {
        final List<String> names = names(40);
        request.onBoard(board);
        for (int turn = 0; turn < 2; turn++)
        {
            names.forEach(name -> request.score(name, value()));
            names.forEach(request::remove);
            names.forEach(name -> request.score(name, value()));
        }
    }

    /** The same names on a board that is another one each time. */
    private void dropAndCreate()
    {
        final List<String> names = names(60);
        for (int turn = 0; turn < 3; turn++)
        {
            final int columns = 1 + random.nextInt(2);
            request.create(SHORT_LIVED, new BoardSpec(
                1 + random.nextInt(3), 1 + random.nextInt(3), columns, random.nextInt(2), 0, 0, columns == 1 ? "a" : "a,b"));
            request.onBoard(SHORT_LIVED);
            names.forEach(name -> score(name, columns));
            if (random.nextBoolean())
            {
                request.reset();
            }
            names.forEach(name -> score(name, columns));
            if (random.nextInt(4) > 0)
            {
                request.drop();
            }
            if (random.nextInt(8) == 0)
            {
                score(names.get(0), columns);
            }
        }
    }

    private void score(final String name, final int columns)
    {
        final long value = random.nextInt(50) == 0 ? Long.MAX_VALUE : value();
        if (columns == 1)
        {
            request.score(name, value);
        }
        else
        {
            request.scoreColumns(name, value, random.nextInt(3));
        }
    }

    /** Deletes some of them, which gives their ids to others. */
    private void counters()
    {
        final List<String> names = names(70);
        final int kind = random.nextInt(3);
        for (int turn = 0; turn < 2; turn++)
        {
            for (final String name : names)
            {
                switch (kind)
                {
                    case 0:
                        request.add(name, value());
                        break;

                    case 1:
                        request.set(name, value());
                        break;

                    default:
                        request.addBounded(name, value(), -distance, distance, random.nextInt(50) > 0);
                        break;
                }
            }
            names.stream().filter(name -> name.hashCode() % 3 == 0 || random.nextInt(60) == 0).forEach(request::delete);
        }
        names.forEach(name -> counterHandles.add(twin.state.counterHandle(name)));
    }

    private void countersByHandle()
    {
        for (int i = random.nextInt(300); i >= 0; i--)
        {
            request.addByHandle(any(counterHandles), value());
        }
    }

    private void scoresByHandle()
    {
        for (int i = random.nextInt(200); i >= 0; i--)
        {
            request.scoreByHandle(any(memberHandles), value());
        }
        for (final TwinBoard board : twin.state.boards.values())
        {
            board.ranking.stream().skip(random.nextInt(board.ranking.size() + 1)).limit(30)
                .forEach(member -> memberHandles.add(member.handle()));
        }
    }

    /** With another number of columns than the board has, here and there. */
    private void changeColumns()
    {
        request.onBoard(random.nextBoolean() ? ONE : SHORT_LIVED);
        for (int i = random.nextInt(150); i >= 0; i--)
        {
            request.scoreColumns(name(), random.nextInt(40) == 0 ? new long[]{ 1, 2, 3 } : new long[]{ value() });
        }
    }

    /**
     * One window: neighbours leave until their leaves are freed, members of another board come to the same values, whose leaves
     * are taken anew, and then some come to where the neighbours stood.
     */
    private void swapPlaces()
    {
        final List<TwinBoard.Member> neighbours = neighbours(ONE, 290);
        final long low = neighbours.get(neighbours.size() - 1).columns()[0];
        final long width = neighbours.get(0).columns()[0] - low;
        for (int i = 0; i < 56; i++)
        {
            request.scoreByHandle(neighbours.get(random.nextInt(neighbours.size())).handle(), value());
        }
        final List<TwinBoard.Member> others = twin.state.boards.get(OTHER).ranking;
        for (int i = 0; i < 36; i++)
        {
            request.scoreByHandle(any(others).handle(), low + random.nextLong(width + 1));
        }
        final List<TwinBoard.Member> all = twin.state.boards.get(ONE).ranking;
        for (int i = 0; i < 36; i++)
        {
            request.scoreByHandle(any(all).handle(), low + random.nextLong(width + 1));
        }
    }

    /** All come to one place, by name: each next one finds leaves that are not what they were. */
    private void crowd()
    {
        final String board = random.nextBoolean() ? ONE : OTHER;
        final long[] place = neighbours(board, 1).get(0).columns();
        final List<TwinBoard.Member> leaving = neighbours(board, 60);
        request.onBoard(board);
        for (final TwinBoard.Member member : leaving)
        {
            request.score(member.name(), place[0] + random.nextInt(5));
        }
        for (int i = random.nextInt(140); i >= 0; i--)
        {
            request.score(name(), place[0] + random.nextInt(5) - 2);
        }
    }

    private List<TwinBoard.Member> neighbours(final String board, final int count)
    {
        final List<TwinBoard.Member> ranking = twin.state.boards.get(board).ranking;
        final int first = random.nextInt(ranking.size() - count);
        return ranking.subList(first, first + count);
    }

    private List<String> names(final int count)
    {
        final List<String> names = new ArrayList<>();
        for (int i = random.nextInt(count); i >= 0; i--)
        {
            names.add(name());
        }
        return random.nextBoolean() ? names : new ArrayList<>(new LinkedHashSet<>(names));
    }

    private String name()
    {
        return "n" + random.nextInt(random.nextInt(3) == 0 ? HOT_NAMES : NAMES);
    }

    private long value()
    {
        return random.nextLong(distance);
    }

    private <T> T any(final List<T> list)
    {
        return list.get(random.nextInt(list.size()));
    }

    // ---- what is compared ----

    private void apply()
    {
        final long last = state.sessions().lastRequestSequence(1);
        body.clear().request(1, last + 1, last, request);
        final List<Twin.Event> expected = twin.apply(body.toBytes(), 1);
        replies.clear();
        state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, 1, new Replies());

        assertThat(replies).hasSize(1);
        final byte[] reply = expected.get(0).reply();
        if (!Arrays.equals(replies.get(0), reply))
        {
            assertThat(Story.text(new UnsafeBuffer(replies.get(0)), 0, replies.get(0).length))
                .as("at sequence %d", state.sequence())
                .isEqualTo(Story.text(new UnsafeBuffer(reply), 0, reply.length));
        }
        assertThat(replies.get(0)).isEqualTo(reply);
    }

    private String digest()
    {
        return String.format("%016x%016x", state.digest().high(), state.digest().low());
    }

    /** All invariants of all trees; no leaf is left over. */
    private void walk()
    {
        final Map<Integer, Integer> leaves = new HashMap<>();
        for (Board board = state.boards().next(1); board != null; board = state.boards().next(Handle.id(board.handle()) + 1))
        {
            final int columns = board.columnCount();
            final RankTreeWalker walker = new RankTreeWalker(
                state.boards().rankings().nodes(columns), board.ranking().id, orderOf(board));
            walker.walk(board.ranking().tree);
            leaves.merge(columns, walker.leaves(), Integer::sum);
        }
        if (state.boards().unreleasedCount() == 0)
        {
            leaves.forEach((columns, count) ->
                assertThat(state.boards().rankings().nodes(columns).leafCount()).isEqualTo(count));
        }
    }

    private RankTreeWalker.EntryOrder orderOf(final Board board)
    {
        return (leftNode, left, rightNode, right) ->
        {
            for (int word = 0; word < board.columnCount() + (board.isTiedByName() ? 0 : 1); word++)
            {
                final int order = Long.compare(
                    RankNode.word(leftNode, word, left), RankNode.word(rightNode, word, right));
                if (order != 0)
                {
                    return order;
                }
            }
            return state.boards().members().compareNames(
                RankNode.member(leftNode, left), RankNode.member(rightNode, right));
        };
    }

    private final class Replies implements ReplyHandler
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
            final byte[] reply = new byte[length];
            buffer.getBytes(offset, reply);
            replies.add(reply);
        }

        @Override
        public void onSessionOpened(final int sessionId)
        {
            throw new IllegalStateException("sessionId=" + sessionId);
        }

        @Override
        public void onSessionGone(final int sessionId, final long requestSequence)
        {
            throw new IllegalStateException("sessionId=" + sessionId);
        }
    }
}

package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.quipu.codecs.ingress.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueriesTest
{
    private static final byte[] NO_NAME = {};

    private final Story story = new Story();
    private final QueryText queries = new QueryText(story.state);
    private final QueryBuilder query = new QueryBuilder();

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldGetCountersInTheOrderAsked()
    {
        story.send(story.request().add("a", 5).add("b", 0));

        assertThat(run(query.clear().counters(bytes("b"), bytes("none"), bytes("a"))))
            .containsExactly("0", "0 missing", "5");
        assertThat(run(query.clear().counters())).isEmpty();
        assertThat(queries.chunks()).isEqualTo(1);
    }

    @Test
    void shouldResolveAndNeverCreate()
    {
        story.send(story.request().add("a", 5).create("b", BoardSpec.points()).onBoard("b").score("a", 1));

        assertThat(run(query.clear().resolve(Kind.COUNTER, bytes("a"), bytes("b")))).containsExactly(
            "1000000000000001", "0");
        assertThat(run(query.clear().resolve(Kind.BOARD, bytes("a"), bytes("b")))).containsExactly(
            "0", "2000000000000001");
        assertThat(run(on("b").resolve(Kind.MEMBER, bytes("a"), bytes("c")))).containsExactly("3000000000000001", "0");
        assertThat(run(on("none").resolve(Kind.MEMBER, bytes("a")))).containsExactly("NO_SUCH_BOARD");
    }

    @Test
    void shouldWalkOverCountersABoundedWay()
    {
        final int count = Queries.MAX_WALK * 2 + 100;
        for (int i = 0; i < count; i += 1_000)
        {
            final RequestBuilder built = story.request();
            for (int j = i; j < Math.min(count, i + 1_000); j++)
            {
                built.add((j == 0 || j == count - 1 ? "x" : "n") + j, j);
            }
            story.send(built);
        }

        assertThat(run(query.clear().listCounters(0, 10, bytes("x")))).containsExactly("next 4097", "x0 0");
        assertThat(run(query.clear().listCounters(4097, 10, bytes("x")))).containsExactly("next 8193");
        assertThat(run(query.clear().listCounters(8193, 10, bytes("x")))).containsExactly(
            "next 0", "x" + (count - 1) + " " + (count - 1));
        assertThat(run(query.clear().listCounters(0, 3, bytes("n")))).containsExactly(
            "next 5", "n1 1", "n2 2", "n3 3");
        assertThat(run(query.clear().listCounters(Long.MAX_VALUE / 2, 3, NO_NAME))).containsExactly("next 0");
        assertThat(run(query.clear().listCounters(-1, 3, NO_NAME))).containsExactly("MALFORMED");
        assertThat(run(query.clear().listCounters(0, 1001, NO_NAME))).containsExactly("REQUEST_TOO_LARGE");
    }

    @Test
    void shouldEndAListWhereTheChunkIsFull()
    {
        final RequestBuilder built = story.request();
        for (int i = 0; i < 1_000; i++)
        {
            built.add(String.format("%0128d", i), i);
        }
        story.send(built);

        final List<String> all = new ArrayList<>();
        long cursor = 0;
        int answers = 0;
        do
        {
            final List<String> lines = run(query.clear().listCounters(cursor, 1_000, NO_NAME));
            assertThat(queries.chunks()).isEqualTo(1);
            all.addAll(lines.subList(1, lines.size()));
            cursor = Long.parseLong(lines.get(0).substring("next ".length()));
            answers++;
        }
        while (cursor != 0);

        assertThat(all).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(answers).isEqualTo(3);
    }

    @Test
    void shouldEndAWalkBehindTheLastId()
    {
        story.send(story.request().add("a", 1));

        assertThat(run(query.clear().listCounters(2, 10, NO_NAME))).containsExactly("next 0");
        assertThat(run(query.clear().listCounters(Long.MAX_VALUE, 10, NO_NAME))).containsExactly("next 0");
        assertThat(run(query.clear().listBoards(Long.MAX_VALUE, 10, NO_NAME))).containsExactly("next 0");
    }

    @Test
    void shouldCutLargeAnswersIntoChunks()
    {
        final RequestBuilder built = story.request().create("b", BoardSpec.points()).onBoard("b");
        final byte[][] members = new byte[1_000][];
        for (int i = 0; i < members.length; i++)
        {
            members[i] = String.format("%0128d", i).getBytes(UTF_8);
            built.score(members[i], -i);
        }
        story.send(built);

        final List<String> page = run(on("b").page(0, 1_000));
        assertThat(queries.chunks()).isEqualTo(4);
        assertThat(page).hasSize(1_001).startsWith("members=1000 total=1000 columns=1").endsWith(
            "1000/1000/1000 [-999 0 0 0] " + new String(members[999], UTF_8));

        final List<String> ranks = run(on("b").ranks(members));
        assertThat(queries.chunks()).isEqualTo(2);
        assertThat(ranks).hasSize(1_001).endsWith("1000/1000/1000 ties=1 percentile=0 [-999 0 0 0] @1002");
    }

    @Test
    void shouldListAndDescribeBoards()
    {
        story.send(story.request()
            .create("b", BoardSpec.of(BoardSpec.BEST, BoardSpec.LATEST, "x,y").ascending(2).capacity(7).feedRows(9))
            .create("c", BoardSpec.points())
            .create("bb", BoardSpec.points())
            .onBoard("c").score("ann", 1).score("bob", 1));
        final String b = "b 2000000000000001 members=0 capacity=7 feed=9 op=2 ties=2 columns=2 ascending=2 x,y";
        final String c = "c 2000000000000002 members=2 capacity=0 feed=0 op=1 ties=1 columns=1 ascending=0 points";
        final String bb = "bb 2000000000000003 members=0 capacity=0 feed=0 op=1 ties=1 columns=1 ascending=0 points";

        assertThat(run(query.clear().listBoards(0, 10, NO_NAME))).containsExactly("next 0", b, c, bb);
        assertThat(run(query.clear().listBoards(0, 1, bytes("b")))).containsExactly("next 3", b);
        assertThat(run(query.clear().listBoards(3, 1, bytes("b")))).containsExactly("next 0", bb);
        assertThat(run(query.clear().listBoards(9, 1, bytes("b")))).containsExactly("next 0");
        assertThat(run(query.clear().listBoards(1L << 40, 1, bytes("b")))).containsExactly("next 0");
        assertThat(run(query.clear().listBoards(-1, 1, bytes("b")))).containsExactly("MALFORMED");
        assertThat(run(on("c").describe())).containsExactly("next 0", c);
        assertThat(run(query.clear().onBoard(0x2000_0000_0000_0003L, NO_NAME).describe()))
            .containsExactly("next 0", bb);
    }

    @Test
    void shouldRefuseWhatCannotBeAnswered()
    {
        story.send(story.request().create("b", BoardSpec.points()).onBoard("b").score("ann", 1));

        assertThat(run(on("none").page(0, 1))).containsExactly("NO_SUCH_BOARD");
        assertThat(run(query.clear().onBoard(0x2000_0001_0000_0001L, NO_NAME).page(0, 1)))
            .containsExactly("STALE_HANDLE");
        assertThat(run(on("b").page(-1, 1))).containsExactly("MALFORMED");
        assertThat(run(on("b").page(0, 1_001))).containsExactly("REQUEST_TOO_LARGE");
        assertThat(run(on("b").around(bytes("bob"), 3))).containsExactly("NOT_FOUND");
        assertThat(run(on("b").around(bytes("ann"), 1_001))).containsExactly("REQUEST_TOO_LARGE");
        assertThat(run(on("b").range(new long[2], true, new long[0], true, 0, 1))).containsExactly("WRONG_COLUMNS");
        assertThat(run(on("b").range(new long[0], true, new long[0], true, -1, 1))).containsExactly("MALFORMED");
        assertThat(run(on("b").range(new long[0], true, new long[0], true, 0, 1_001)))
            .containsExactly("REQUEST_TOO_LARGE");
        assertThat(run(query.clear().status())).containsExactly("UNKNOWN_TEMPLATE");
    }

    @Test
    void shouldShowLimitsAndTheirUse()
    {
        story.send(story.request()
            .add("a", 1).create("b", BoardSpec.points()).onBoard("b").score("a", 1).score("c", 1));

        assertThat(run(query.clear().limits())).containsExactly(
            "1 200000000 3", "2 200000000 1", "3 100000 1", "4 200000000 2", "5 16384 1", "6 4096 0");
    }

    @Test
    void shouldChangeNothing()
    {
        story.send(story.request().add("a", 1).create("b", BoardSpec.points()).onBoard("b").score("a", 1));
        final String digest = story.digest();
        for (int i = 0; i < 1_000; i++)
        {
            run(query.clear().counters(bytes("a"), bytes("b")));
            run(on("b").page(0, 10));
            run(on("b").ranks(bytes("a"), bytes("new")));
        }

        assertThat(story.digest()).isEqualTo(digest);
        assertThat(story.state.sequence()).isEqualTo(4);
    }

    private List<String> run(final QueryBuilder built)
    {
        return queries.run(built);
    }

    private QueryBuilder on(final String board)
    {
        return query.clear().onBoard(0, bytes(board));
    }

    private static byte[] bytes(final String name)
    {
        return name.getBytes(UTF_8);
    }
}

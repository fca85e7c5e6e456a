package io.quipu.engine.state;

import static io.quipu.engine.state.BoardSpec.BEST;
import static io.quipu.engine.state.BoardSpec.FIRST;
import static io.quipu.engine.state.BoardSpec.LAST;
import static io.quipu.engine.state.BoardSpec.LATEST;
import static io.quipu.engine.state.BoardSpec.MEMBER;
import static io.quipu.engine.state.BoardSpec.SUM;
import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Limit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoardCommandsTest
{
    private static final long MAX = Long.MAX_VALUE;
    private static final long FIRST_BOARD = 0x2000_0000_0000_0001L;
    private static final long FIRST_BOARD_AGAIN = 0x2000_0001_0000_0001L;
    private static final long FIRST_MEMBER = 0x3000_0000_0000_0001L;

    private final Story story = new Story();
    private final QueryText queries = new QueryText(story.state);
    private final QueryBuilder query = new QueryBuilder();

    @AfterEach
    void close()
    {
        story.close();
    }

    @Test
    void shouldCreateOnceAndRefuseAnotherDefinition()
    {
        story.send(story.request()
            .create("epl", BoardSpec.of(SUM, FIRST, "points,diff"))
            .create("epl", BoardSpec.of(SUM, FIRST, "points,diff"))
            .create("epl", BoardSpec.of(SUM, FIRST, "points,goals"))
            .create("epl", BoardSpec.of(SUM, LATEST, "points,diff"))
            .create("epl", BoardSpec.of(SUM, FIRST, "points,diff").feedRows(1))
            .create("liga", BoardSpec.points()));

        assertThat(story.events).containsExactly("1/1 @2 " + FIRST_BOARD + ", " + FIRST_BOARD +
            ", 0 BOARD_EXISTS, 0 BOARD_EXISTS, 0 BOARD_EXISTS, " + (FIRST_BOARD + 1));
    }

    @Test
    void shouldRefuseABoardThatCannotBe()
    {
        story.send(story.request()
            .create("b", BoardSpec.points().columnCount(0))
            .create("b", BoardSpec.points().columnCount(2))
            .create("b", BoardSpec.of(SUM, FIRST, "a,b,c,d,e"))
            .create("b", BoardSpec.of(SUM, FIRST, "a,,c"))
            .create("b", BoardSpec.of(SUM, FIRST, "a,a"))
            .create("b", BoardSpec.points().ascending(2))
            .create("b", BoardSpec.points().capacity(-1))
            .create("b", BoardSpec.points().capacity(10))
            .create("b", BoardSpec.points().feedRows(1001))
            .create("b", BoardSpec.of(0, FIRST, "a"))
            .create("b", BoardSpec.of(SUM, 4, "a")));

        assertThat(story.events).containsExactly("1/1 @2 0 BAD_DEFINITION" + ", 0 BAD_DEFINITION".repeat(10));
    }

    @Test
    void shouldSumAndRank()
    {
        story.send(story.request().create("b", BoardSpec.points()));
        story.send(story.ranks().onBoard("b").score("ann", 5).score("bob", 7).score("ann", 3).score("cyd", 8));
        story.send(story.request().onBoard("b").score("bob", 1).score("bob", MAX).score("bob", -9));

        assertThat(story.events.subList(1, 3)).containsExactly(
            "1/2 @3 [5] 0>1, [7] 0>1, [8] 2>1, [8] 0>2",
            "1/3 @7 8, 8 OVERFLOW, -1");
    }

    @Test
    void shouldKeepAllColumnsOfTheBetterAttempt()
    {
        story.send(story.request().create("b", BoardSpec.of(BEST, FIRST, "points,time").ascending(2)));
        story.send(story.request().onBoard("b")
            .scoreColumns("ann", 10, 90)
            .scoreColumns("ann", 10, 95)
            .scoreColumns("ann", 9, 1)
            .scoreColumns("ann", 10, 80)
            .scoreColumns("ann", 11, 99));

        assertThat(story.events).endsWith("1/2 @3 [10 90], [10 90], [10 90], [10 80], [11 99]");
    }

    @Test
    void shouldTakeTheLastScore()
    {
        story.send(story.request().create("b", BoardSpec.of(LAST, FIRST, "points")));
        story.send(story.ranks().onBoard("b").score("ann", 10).score("bob", 20).score("bob", 5).score("bob", 5));

        assertThat(story.events).endsWith("1/2 @3 [10] 0>1, [20] 0>1, [5] 1>2, [5] 2>2");
    }

    @Test
    void shouldOrderTiesAsDefined()
    {
        for (final int ties : new int[]{ FIRST, LATEST, MEMBER })
        {
            story.send(story.request().create("b" + ties, BoardSpec.of(SUM, ties, "points"))
                .onBoard("b" + ties).score("bob", 5).score("ann", 4).score("cyd", 5).score("ann", 1).score("bob", 0));
        }

        assertThat(queries.run(query.clear().onBoard(0, "b1".getBytes()).page(0, 9))).containsExactly(
            "members=3 total=3 columns=1", "1/1/1 [5 0 0 0] bob", "2/1/1 [5 0 0 0] cyd", "3/1/1 [5 0 0 0] ann");
        assertThat(queries.run(query.clear().onBoard(0, "b2".getBytes()).page(0, 9))).containsExactly(
            "members=3 total=3 columns=1", "1/1/1 [5 0 0 0] ann", "2/1/1 [5 0 0 0] cyd", "3/1/1 [5 0 0 0] bob");
        assertThat(queries.run(query.clear().onBoard(0, "b3".getBytes()).page(0, 9))).containsExactly(
            "members=3 total=3 columns=1", "1/1/1 [5 0 0 0] ann", "2/1/1 [5 0 0 0] bob", "3/1/1 [5 0 0 0] cyd");
    }

    @Test
    void shouldRefuseWhatTheBoardCannotTake()
    {
        story.send(story.request().create("b", BoardSpec.of(SUM, FIRST, "a,b")).create("one", BoardSpec.points()));
        story.send(story.request()
            .onBoard("b").score("ann", 1).scoreColumns("ann", 1, 2).scoreColumns("ann", 1).scoreColumns("ann", 1, 2, 3)
            .scoreColumns("ann", 0, MAX).scoreByHandle(FIRST_MEMBER, 1)
            .onBoard("none").score("ann", 1).remove("ann").drop().reset()
            .onBoard(FIRST_BOARD + 7).score("ann", 1).drop()
            .onBoard(0).reset()
            .onBoard("one").remove("ann")
            .scoreByHandle(FIRST_MEMBER + 1, 1)
            .scoreByHandle(FIRST_BOARD, 1));

        assertThat(story.events).endsWith("1/2 @4 [] WRONG_COLUMNS, [1 2], [1 2] WRONG_COLUMNS, [1 2] WRONG_COLUMNS, " +
            "[1 2] OVERFLOW, [1 2] WRONG_COLUMNS, [] NO_SUCH_BOARD, [] NO_SUCH_BOARD, [] NO_SUCH_BOARD, " +
            "[] NO_SUCH_BOARD, [] STALE_HANDLE, [] STALE_HANDLE, [] STALE_HANDLE, [] NOT_FOUND, [] STALE_HANDLE, " +
            "[] STALE_HANDLE");
    }

    @Test
    void shouldScoreByHandleUntilTheMemberIsRemoved()
    {
        story.send(story.request().create("b", BoardSpec.points()).onBoard("b").score("ann", 1));
        story.send(story.ranks().scoreByHandle(FIRST_MEMBER, 4).onBoard("b").remove("ann").remove("ann")
            .scoreByHandle(FIRST_MEMBER, 4));

        assertThat(story.events).endsWith("1/2 @4 [5] 1>1, [5] 1>0, [] 0>0 NOT_FOUND, [] 0>0 STALE_HANDLE");
    }

    @Test
    void shouldKeepNoMoreThanTheCapacity()
    {
        story.send(story.request().create("b", BoardSpec.of(BEST, FIRST, "points").capacity(2)));
        story.send(story.ranks().onBoard("b").score("ann", 5).score("bob", 7).score("cyd", 5).score("dee", 6)
            .score("ann", 9).remove("bob").score("ann", 1));

        assertThat(story.events).endsWith(
            "1/2 @3 [5] 0>1, [7] 0>1, [] 0>0 NOT_KEPT, [6] 0>2, [9] 0>1, [7] 2>0, [9] 1>1");
    }

    @Test
    void shouldDropAndForget()
    {
        story.send(story.request().create("b", BoardSpec.points()).onBoard("b").score("ann", 1).score("bob", 2));
        story.send(story.request().onBoard("b").drop().score("ann", 1).onBoard(FIRST_BOARD).drop());
        story.send(story.request().create("b", BoardSpec.points()).onBoard("b").score("ann", 5)
            .scoreByHandle(FIRST_MEMBER, 1));

        assertThat(story.events.subList(1, 3)).containsExactly(
            "1/2 @5 0, 0 NO_SUCH_BOARD, 0 STALE_HANDLE",
            "1/3 @8 " + FIRST_BOARD_AGAIN + ", 5, 0 STALE_HANDLE");
    }

    @Test
    void shouldReleaseMembersOfAResetBoardInBoardOrderWithFollowingEntries()
    {
        final RequestBuilder built = story.request().create("b", BoardSpec.points()).onBoard("b");
        for (int i = 0; i < 150; i++)
        {
            built.score("m" + i, i);
        }
        story.send(built);
        story.send(story.request().onBoard("b").reset());
        assertThat(story.state.boards().unreleasedCount()).isEqualTo(150);

        story.send(story.request().onBoard("b").score("m0", 1));
        assertThat(story.state.boards().unreleasedCount()).isEqualTo(86);
        assertThat(story.state.boards().memberCount()).isEqualTo(87);
        assertThat(queries.run(query.clear().onBoard(0, "b".getBytes()).ranks("m0".getBytes(), "m1".getBytes())))
            .containsExactly("members=1 columns=1", "1/1/1 ties=1 percentile=0 [1 0 0 0] @154", "missing");

        story.tick(2);
        assertThat(story.state.boards().unreleasedCount()).isZero();
        assertThat(story.state.boards().memberCount()).isEqualTo(1);
    }

    @Test
    void shouldRefuseBoardsAndMembersAtTheLimit()
    {
        story.send(story.request()
            .limit(Limit.BOARDS.value(), 1)
            .limit(Limit.MEMBERS.value(), 1)
            .create("b", BoardSpec.points())
            .create("c", BoardSpec.points())
            .onBoard("b").score("ann", 1).score("bob", 1).score("ann", 1)
            .drop()
            .create("c", BoardSpec.points())
            .onBoard("c").score("bob", 1));
        story.send(story.request().onBoard("c").score("bob", 1).limit(Limit.MEMBERS.value(), 1));

        assertThat(story.events).containsExactly(
            "1/1 @2 0, 0, " + FIRST_BOARD + ", 0 REJECT_CAPACITY, 1, 0 REJECT_CAPACITY, 2, 0, " + FIRST_BOARD_AGAIN +
                ", 0 REJECT_CAPACITY",
            "1/2 @12 1, 0");
    }

    @Test
    void shouldTakeBackAnAtomicRequestOnBoards()
    {
        story.send(story.request().create("b", BoardSpec.of(LAST, FIRST, "points").capacity(2))
            .onBoard("b").score("ann", 5).score("bob", 7));
        final String before = parts();
        story.send(story.request().atomic()
            .onBoard("b").score("cyd", 9).score("bob", 1).remove("bob").score("bob", 2).reset().score("dee", 1).drop()
            .create("b", BoardSpec.points()).onBoard("b").score("eve", 1).create("x", BoardSpec.points())
            .onBoard("none").drop());

        assertThat(story.events).endsWith("1/2 @5 refused 10:NO_SUCH_BOARD");
        assertThat(parts()).isEqualTo(before);
        assertThat(queries.run(query.clear().onBoard(FIRST_BOARD, new byte[0]).page(0, 9))).containsExactly(
            "members=2 total=2 columns=1", "1/1/1 [7 0 0 0] bob", "2/2/2 [5 0 0 0] ann");
    }

    private String parts()
    {
        final StringBuilder text = new StringBuilder();
        story.state.digest().forEachPart((label, high, low) ->
            text.append("sessions".contentEquals(label) ? "" : label + "=" + high + "," + low + "\n"));
        return text.toString();
    }
}

package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.quipu.codecs.ingress.Limit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Boards against their naive twin: random runs of all commands, all reads and the digest from scratch compared after each
 * step; then the rules one by one, as stories.
 */
class BoardsTest
{
    private static final long[] EXTREMES =
    {
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };
    private static final String[] COLUMNS = { "a", "a,b", "a,b,c", "a,b,c,d" };

    private final BoardsHarness harness = new BoardsHarness();

    @AfterEach
    void close()
    {
        harness.close();
    }

    static Stream<Arguments> definitions()
    {
        final List<Arguments> definitions = new ArrayList<>();
        for (int operator = BoardSpec.SUM; operator <= BoardSpec.LAST; operator++)
        {
            for (int ties = BoardSpec.FIRST; ties <= BoardSpec.MEMBER; ties++)
            {
                for (int columns = 1; columns <= 4; columns++)
                {
                    definitions.add(Arguments.of(operator, ties, columns));
                }
            }
        }
        return definitions.stream();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void shouldEqualTheTwinForEachDefinition(final int operator, final int ties, final int columns)
    {
        final Random random = random(operator * 100 + ties * 10 + columns);
        final BoardSpec spec = BoardSpec.of(operator, ties, COLUMNS[columns - 1])
            .ascending(random.nextInt(1 << columns))
            .capacity(operator == BoardSpec.SUM || random.nextBoolean() ? 0 : 70);
        harness.create("board", spec);
        for (int step = 0; step < 600; step++)
        {
            final String member = memberName(random, 110);
            if (random.nextInt(8) == 0)
            {
                harness.remove("board", member);
            }
            else
            {
                harness.score("board", member, values(random, columns));
            }
            harness.checkReads("board", random);
            if (step % 8 == 0)
            {
                harness.check();
            }
        }
        harness.check();
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
    void shouldEqualTheTwinOnAllCommands(final int variant)
    {
        final Random random = random(variant);
        if (variant % 2 == 0)
        {
            harness.limit(Limit.NAMES, 30);
            harness.limit(Limit.BOARDS, 3);
            harness.limit(Limit.MEMBERS, variant == 4 ? 14 : 60);
        }
        final List<Long> handles = new ArrayList<>(List.of(0L, -1L, Handle.of(Handle.COUNTER, 0, 1)));
        for (int step = 0; step < 3_000; step++)
        {
            final boolean isAtomic = random.nextInt(6) == 0;
            if (isAtomic)
            {
                harness.beginAtomic();
            }
            for (int command = isAtomic ? random.nextInt(12) : 1; command > 0; command--)
            {
                apply(random, handles);
            }
            if (isAtomic && random.nextBoolean())
            {
                harness.commit();
            }
            else if (isAtomic)
            {
                harness.rollback();
            }
            if (random.nextInt(8) == 0)
            {
                harness.takeAllChanged();
            }
            harness.release(random.nextInt(4) == 0 ? random.nextInt(6) : 0);
            harness.check();
            harness.checkReads(boardName(random), random);
        }
    }

    private void apply(final Random random, final List<Long> handles)
    {
        final String board = boardName(random);
        switch (random.nextInt(16))
        {
            case 0:
                harness.create(board, spec(random));
                break;
            case 1:
                if (random.nextInt(3) == 0)
                {
                    harness.drop(board);
                }
                break;
            case 2:
                if (random.nextInt(3) == 0)
                {
                    harness.reset(board);
                }
                break;
            case 3:
            case 4:
                harness.remove(board, memberName(random, 40));
                break;
            case 5:
            case 6:
                harness.scoreByHandle(handles.get(random.nextInt(handles.size())), values(random, 1)[0]);
                break;
            default:
                score(board, random, handles);
                break;
        }
    }

    private void score(final String board, final Random random, final List<Long> handles)
    {
        final BoardsTwin.NamedRanking ranking = harness.twin.find(board);
        final int columns = ranking == null || random.nextInt(20) == 0 ?
            1 + random.nextInt(4) : ranking.spec.columnCount();
        final String member = memberName(random, 40);
        harness.score(board, member, values(random, columns));
        if (ranking != null)
        {
            handles.add(harness.boards.resolve(
                harness.boards.find(BoardsHarness.buffer(board)), BoardsHarness.buffer(member)));
        }
        if (handles.size() > 60)
        {
            handles.subList(10, 40).clear();
        }
    }

    @Test
    void shouldKeepTheStampWhenNothingChanges()
    {
        harness.create("sum", BoardSpec.of(BoardSpec.SUM, BoardSpec.FIRST, "points"));
        harness.score("sum", "ann", 5);
        harness.score("sum", "bob", 5);
        harness.score("sum", "ann", 0);
        assertThat(top("sum")).containsExactly("ann", "bob");

        harness.score("sum", "ann", 1);
        harness.score("sum", "ann", -1);
        assertThat(top("sum")).containsExactly("bob", "ann");
    }

    @Test
    void shouldNeverMixColumnsOfTwoAttempts()
    {
        harness.create("best", BoardSpec.of(BoardSpec.BEST, BoardSpec.FIRST, "level,time").ascending(0b10));
        harness.score("best", "ann", 3, 90);
        harness.score("best", "ann", 2, 10);
        assertThat(harness.boards.column(0)).isEqualTo(3);
        assertThat(harness.boards.column(1)).isEqualTo(90);

        harness.score("best", "ann", 3, 80);
        assertThat(harness.boards.column(1)).isEqualTo(80);
    }

    @Test
    void shouldChangeNoColumnWhenOneOverflows()
    {
        harness.create("sum", BoardSpec.of(BoardSpec.SUM, BoardSpec.FIRST, "a,b"));
        harness.score("sum", "ann", 1, Long.MAX_VALUE);
        final long high = harness.boards.digest().high();

        assertThat(harness.score("sum", "ann", 1, 1)).isEqualTo(Outcome.OVERFLOW);
        assertThat(harness.boards.column(0)).isEqualTo(1);
        assertThat(harness.boards.digest().high()).isEqualTo(high);
    }

    @Test
    void shouldKeepTheBestWithinItsCapacity()
    {
        harness.create("best", BoardSpec.of(BoardSpec.BEST, BoardSpec.FIRST, "points").capacity(2));
        harness.score("best", "ann", 10);
        harness.score("best", "bob", 20);
        final long names = harness.names.size();

        assertThat(harness.score("best", "cyd", 10)).isEqualTo(Outcome.NOT_KEPT);
        assertThat(harness.names.size()).isEqualTo(names);
        assertThat(harness.score("best", "dan", 15)).isEqualTo(Outcome.OK);
        assertThat(top("best")).containsExactly("bob", "dan");
    }

    @Test
    void shouldReleaseInBoardOrderStepByStep()
    {
        harness.create("old", BoardSpec.points());
        for (int i = 0; i < 200; i++)
        {
            harness.score("old", "m" + i, i * 37 % 200);
        }
        final long worst = harness.boards.resolve(
            harness.boards.find(BoardsHarness.buffer("old")), BoardsHarness.buffer("m0"));
        harness.drop("old");
        assertThat(harness.boards.memberCount()).isEqualTo(200);
        assertThat(harness.scoreByHandle(worst, 1)).isEqualTo(Outcome.STALE_HANDLE);
        harness.create("old", BoardSpec.points());
        harness.score("old", "m7", 1);

        for (int left = 200; left > 0; left -= 64)
        {
            harness.check();
            assertThat(harness.boards.unreleasedCount()).isEqualTo(left);
            harness.release(Boards.RELEASE_STEPS);
        }
        harness.check();
        assertThat(harness.boards.unreleasedCount()).isZero();
        assertThat(harness.names.size()).isEqualTo(2);
        assertThat(harness.boards.releaseDigest().high()).isZero();
    }

    @Test
    void shouldTakeBackADropOfALargeBoard()
    {
        harness.create("large", BoardSpec.of(BoardSpec.LAST, BoardSpec.MEMBER, "a,b").feedRows(10));
        final Random random = random(7);
        for (int i = 0; i < 800; i++)
        {
            harness.score("large", "m" + i, random.nextInt(40), random.nextInt(40));
        }
        harness.beginAtomic();
        harness.drop("large");
        harness.create("large", BoardSpec.points());
        harness.score("large", "m1", 5);
        harness.reset("large");
        harness.create("other", BoardSpec.points().feedRows(1));
        harness.drop("large");
        harness.rollback();

        harness.check();
        harness.takeAllChanged();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "a,", ",a", "a,,b", "a,a", "a,b,c", "a" })
    void shouldRefuseColumnNamesThatAreNotTwo(final String names)
    {
        final BoardSpec spec = new BoardSpec(BoardSpec.SUM, BoardSpec.FIRST, 2, 0, 0, 0, names);
        assertThat(harness.create("board", spec)).isEqualTo(Outcome.BAD_DEFINITION);
        assertThat(harness.names.size()).isZero();
    }

    @Test
    void shouldRefuseDefinitionsThatCannotBe()
    {
        final BoardSpec good = BoardSpec.of(BoardSpec.BEST, BoardSpec.FIRST, "a,bb");
        for (final BoardSpec bad : List.of(
            good.columnCount(0),
            good.columnCount(1),
            good.columnCount(5),
            good.ascending(0b100),
            good.capacity(-1),
            good.feedRows(1001),
            BoardSpec.of(0, BoardSpec.FIRST, "a"),
            BoardSpec.of(4, BoardSpec.FIRST, "a"),
            BoardSpec.of(BoardSpec.BEST, 0, "a"),
            BoardSpec.of(BoardSpec.BEST, 4, "a"),
            BoardSpec.of(BoardSpec.SUM, BoardSpec.FIRST, "a").capacity(1),
            BoardSpec.of(BoardSpec.SUM, BoardSpec.FIRST, "x".repeat(129))))
        {
            assertThat(harness.create("board", bad)).as(bad.toString()).isEqualTo(Outcome.BAD_DEFINITION);
        }
        assertThat(harness.create("board", good.capacity(Long.MAX_VALUE).feedRows(1000).ascending(3))).isZero();
    }

    private List<String> top(final String board)
    {
        harness.check();
        final List<String> names = new ArrayList<>();
        harness.twin.find(board).sorted().forEach(member -> names.add(member.name));
        return names;
    }

    private static BoardSpec spec(final Random random)
    {
        final int columns = 1 + random.nextInt(2);
        return new BoardSpec(
            1 + random.nextInt(3),
            1 + random.nextInt(3),
            columns,
            random.nextInt(3),
            random.nextInt(2) * 10,
            random.nextInt(3) * 7,
            COLUMNS[columns - 1]);
    }

    private static String boardName(final Random random)
    {
        return "m" + random.nextInt(5);
    }

    /** Some are prefixes of others, some have bytes above 127, some also name boards. */
    private static String memberName(final Random random, final int count)
    {
        final int number = random.nextInt(count);
        switch (number % 4)
        {
            case 0:
                return "m" + number;
            case 1:
                return "\u00ff" + (char)number;
            case 2:
                return "x".repeat(1 + number);
            default:
                return "y" + (char)(200 + number % 40) + "z".repeat(number / 40);
        }
    }

    private static long[] values(final Random random, final int columns)
    {
        final long[] values = new long[columns];
        for (int i = 0; i < columns; i++)
        {
            values[i] = random.nextInt(40) == 0 ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(7) - 2;
        }
        return values;
    }

    private static Random random(final int variant)
    {
        final long seed = 20261122L * 37 + variant;
        System.out.println("seed " + seed);
        return new Random(seed);
    }
}

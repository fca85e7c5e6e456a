package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.quipu.codecs.ingress.Kind;

/**
 * Random queries, answered by the state and, in the same words, by the twin.
 */
public final class TwinQueries
{
    private static final byte[] NO_NAME = {};

    private final Random random;
    private final Twin twin;
    private final RandomCommands names;
    private final QueryText text;
    private final QueryBuilder query = new QueryBuilder();

    public TwinQueries(final Random random, final Twin twin, final StateMachine state, final RandomCommands names)
    {
        this.random = random;
        this.twin = twin;
        this.names = names;
        text = new QueryText(state);
    }

    public void assertSome()
    {
        assertCounters();
        assertCounterList();
        assertBoardList();
        assertLimits();
        final String name = names.boardName();
        final TwinBoard board = twin.state.boards.get(name);
        if (board == null)
        {
            assertThat(text.run(on(name).page(0, 10))).containsExactly("NO_SUCH_BOARD");
            return;
        }
        assertRanks(board);
        assertPage(board);
        assertAround(board);
        assertRange(board);
    }

    private void assertCounters()
    {
        final List<String> asked = asked();
        final List<String> values = new ArrayList<>();
        final List<String> handles = new ArrayList<>();
        final List<String> boards = new ArrayList<>();
        for (final String name : asked)
        {
            final Long value = twin.state.counter(name);
            values.add(value == null ? "0 missing" : value.toString());
            handles.add(Long.toHexString(twin.state.counterHandle(name)));
            final TwinBoard board = twin.state.boards.get(name);
            boards.add(Long.toHexString(board == null ? 0 : board.handle));
        }

        assertThat(text.run(query.clear().counters(bytes(asked)))).isEqualTo(values);
        assertThat(text.run(query.clear().resolve(Kind.COUNTER, bytes(asked)))).isEqualTo(handles);
        assertThat(text.run(query.clear().resolve(Kind.BOARD, bytes(asked)))).isEqualTo(boards);
    }

    private void assertCounterList()
    {
        final String prefix = prefix();
        final List<String> expected = new ArrayList<>();
        for (final Map.Entry<Integer, String> entry : twin.state.countersById().entrySet())
        {
            if (entry.getValue().startsWith(prefix))
            {
                expected.add(entry.getValue() + " " + twin.state.counter(entry.getValue()));
            }
        }

        final int maxRows = 1 + random.nextInt(200);
        final List<String> actual = new ArrayList<>();
        long cursor = 0;
        do
        {
            final List<String> lines = text.run(query.clear().listCounters(cursor, maxRows, bytes(prefix)));
            assertThat(lines.size()).isLessThanOrEqualTo(maxRows + 1);
            actual.addAll(lines.subList(1, lines.size()));
            cursor = Long.parseLong(lines.get(0).substring("next ".length()));
        }
        while (cursor != 0);
        assertThat(actual).isEqualTo(expected);
    }

    private void assertBoardList()
    {
        final List<String> expected = new ArrayList<>();
        for (final TwinBoard board : twin.state.boardsById().values())
        {
            expected.add(describe(board));
            assertThat(text.run(on(board.name).describe())).containsExactly("next 0", describe(board));
        }

        final List<String> actual = new ArrayList<>();
        long cursor = 0;
        do
        {
            final List<String> lines = text.run(query.clear().listBoards(cursor, 2, NO_NAME));
            actual.addAll(lines.subList(1, lines.size()));
            cursor = Long.parseLong(lines.get(0).substring("next ".length()));
        }
        while (cursor != 0);
        assertThat(actual).isEqualTo(expected);
    }

    private static String describe(final TwinBoard board)
    {
        final BoardSpec spec = board.spec;
        return board.name + " " + Long.toHexString(board.handle) + " members=" + board.ranking.size() + " capacity=" +
            spec.capacity() + " feed=" + spec.feedRows() + " op=" + spec.scoreOperator() + " ties=" + spec.ties() +
            " columns=" + spec.columnCount() + " ascending=" + spec.ascending() + " " + spec.columnNames();
    }

    private void assertLimits()
    {
        final List<String> expected = new ArrayList<>();
        for (int which = 1; which < twin.state.limits.length; which++)
        {
            expected.add(which + " " + twin.state.limits[which] + " " + twin.state.used(which, twin.sessionCount()));
        }

        assertThat(text.run(query.clear().limits())).isEqualTo(expected);
    }

    private void assertRanks(final TwinBoard board)
    {
        final List<String> asked = asked();
        final List<String> expected = new ArrayList<>();
        final List<String> handles = new ArrayList<>();
        expected.add("members=" + board.ranking.size() + " columns=" + board.spec.columnCount());
        for (final String name : asked)
        {
            final TwinBoard.Member member = board.members.get(name);
            final int place = (int)board.ordinal(name) - 1;
            handles.add(Long.toHexString(member == null ? 0 : member.handle()));
            expected.add(member == null ? "missing" :
                ranks(board, place) + " ties=" + board.ties(place) + " percentile=" + board.percentile(place) + " " +
                columns(member) + " @" + member.changedAt());
        }

        assertThat(text.run(on(board.name).ranks(bytes(asked)))).isEqualTo(expected);
        assertThat(text.run(query.clear().onBoard(board.handle, NO_NAME).ranks(bytes(asked)))).isEqualTo(expected);
        assertThat(text.run(on(board.name).resolve(Kind.MEMBER, bytes(asked)))).isEqualTo(handles);
    }

    private void assertPage(final TwinBoard board)
    {
        final int skip = random.nextInt(board.ranking.size() + 10);
        final int maxRows = 1 + random.nextInt(50);

        assertThat(text.run(on(board.name).page(skip, maxRows)))
            .isEqualTo(rows(board, skip, maxRows, board.ranking.size()));
    }

    private void assertAround(final TwinBoard board)
    {
        final String member = names.name();
        final int maxRows = 1 + random.nextInt(20);
        final int place = (int)board.ordinal(member) - 1;
        final List<String> actual = text.run(on(board.name).around(bytes(member), maxRows));
        if (place < 0)
        {
            assertThat(actual).containsExactly("NOT_FOUND");
            return;
        }
        final int rows = Math.min(maxRows, board.ranking.size());
        final int skip = Math.max(0, Math.min(board.ranking.size() - rows, place - maxRows / 2));
        assertThat(actual).isEqualTo(rows(board, skip, rows, board.ranking.size()));
    }

    private void assertRange(final TwinBoard board)
    {
        final long[] from = bound(board);
        final long[] to = bound(board);
        final boolean fromInclusive = random.nextBoolean();
        final boolean toInclusive = random.nextBoolean();
        int first = 0;
        while (first < board.ranking.size() && isBefore(board, first, from, fromInclusive))
        {
            first++;
        }
        int end = first;
        while (end < board.ranking.size() && !isBehind(board, end, to, toInclusive))
        {
            end++;
        }
        final int skip = random.nextInt(6);
        final int maxRows = random.nextInt(20);
        final int rows = Math.max(0, Math.min(maxRows, end - first - skip));

        assertThat(text.run(on(board.name).range(from, fromInclusive, to, toInclusive, skip, maxRows)))
            .isEqualTo(rows(board, first + skip, rows, end - first));
    }

    private long[] bound(final TwinBoard board)
    {
        final long[] bound = new long[random.nextInt(board.spec.columnCount() + 1)];
        final boolean isTaken = random.nextBoolean() && !board.ranking.isEmpty();
        final int place = board.ranking.isEmpty() ? 0 : random.nextInt(board.ranking.size());
        for (int i = 0; i < bound.length; i++)
        {
            bound[i] = isTaken ? board.ranking.get(place).columns()[i] : names.value();
        }
        return bound;
    }

    private static boolean isBefore(
        final TwinBoard board, final int place, final long[] from, final boolean isInclusive)
    {
        final int order = board.compareColumns(board.ranking.get(place).columns(), from, from.length);
        return order < 0 || order == 0 && !isInclusive && from.length > 0;
    }

    private static boolean isBehind(final TwinBoard board, final int place, final long[] to, final boolean isInclusive)
    {
        final int order = board.compareColumns(board.ranking.get(place).columns(), to, to.length);
        return order > 0 || order == 0 && !isInclusive && to.length > 0;
    }

    private static List<String> rows(final TwinBoard board, final int skip, final int maxRows, final int total)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("members=" + board.ranking.size() + " total=" + total + " columns=" + board.spec.columnCount());
        for (int place = skip; place < Math.min(skip + maxRows, board.ranking.size()); place++)
        {
            final TwinBoard.Member member = board.ranking.get(place);
            lines.add(ranks(board, place) + " " + columns(member) + " " + member.name());
        }
        return lines;
    }

    private static String ranks(final TwinBoard board, final int place)
    {
        return place + 1 + "/" + board.competition(place) + "/" + board.dense(place);
    }

    private static String columns(final TwinBoard.Member member)
    {
        final long[] columns = new long[4];
        System.arraycopy(member.columns(), 0, columns, 0, member.columns().length);
        return "[" + columns[0] + " " + columns[1] + " " + columns[2] + " " + columns[3] + "]";
    }

    private QueryBuilder on(final String board)
    {
        return query.clear().onBoard(0, bytes(board));
    }

    private List<String> asked()
    {
        final List<String> asked = new ArrayList<>();
        final int count = random.nextInt(30);
        for (int i = 0; i < count; i++)
        {
            asked.add(names.name());
        }
        return asked;
    }

    private String prefix()
    {
        final String name = names.name();
        return name.substring(0, random.nextInt(3) == 0 ? 1 : 0);
    }

    private static byte[][] bytes(final List<String> names)
    {
        return names.stream().map(TwinQueries::bytes).toArray(byte[][]::new);
    }

    private static byte[] bytes(final String name)
    {
        return name.getBytes(ISO_8859_1);
    }
}

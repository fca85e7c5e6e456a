package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.quipu.codecs.ingress.Limit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Boards} and their {@link BoardsTwin}, changed together. Each command compares its code and answer; {@link #check()}
 * compares all that can be read, the digest with one computed from scratch, and walks through every tree.
 */
final class BoardsHarness implements AutoCloseable
{
    final NameTable names = new NameTable();
    final Limits limits = new Limits();
    final UndoLog undo = new UndoLog();
    final Boards boards = new Boards(names, limits, undo);
    BoardsTwin twin = new BoardsTwin();
    long sequence;

    private final Sighting unseen = new Sighting();
    private final Standings standings = boards.newStandings();
    private final BoardDefinition definition = new BoardDefinition();
    private final UnsafeBuffer wrapped = new UnsafeBuffer();
    private BoardsTwin before;

    void limit(final Limit which, final long value)
    {
        limits.set(which.value(), value);
        switch (which)
        {
            case NAMES:
                twin.maxNames = value;
                break;
            case BOARDS:
                twin.maxBoards = value;
                break;
            default:
                twin.maxMembers = value;
                break;
        }
    }

    // ---- commands ----

    int create(final String name, final BoardSpec spec)
    {
        sequence++;
        definition.set(
            spec.scoreOperator(),
            spec.ties(),
            spec.columnCount(),
            spec.ascending(),
            spec.feedRows(),
            spec.capacity());
        definition.columnNames(buffer(spec.columnNames()));
        final int code = boards.create(sequence, buffer(name), definition);
        assertThat(code).isEqualTo(twin.create(sequence, name, spec, definition.isValid()));
        checkAnswer(false);
        return code;
    }

    int drop(final String name)
    {
        sequence++;
        final int code = boards.drop(sequence, boards.find(buffer(name)));
        assertThat(code).isEqualTo(twin.drop(sequence, name));
        checkAnswer(false);
        return code;
    }

    int reset(final String name)
    {
        sequence++;
        final int code = boards.reset(sequence, boards.find(buffer(name)));
        assertThat(code).isEqualTo(twin.reset(sequence, name));
        checkAnswer(false);
        return code;
    }

    int score(final String board, final String member, final long... values)
    {
        sequence++;
        final long[] padded = new long[BoardDefinition.MAX_COLUMNS];
        System.arraycopy(values, 0, padded, 0, values.length);
        final boolean ranked = sequence % 3 != 0;
        final int code = boards.score(
            sequence, boards.find(buffer(board)), unseen, buffer(member), padded, values.length, ranked);
        assertThat(code).isEqualTo(twin.score(sequence, board, member, values));
        checkAnswer(ranked);
        return code;
    }

    int scoreByHandle(final long handle, final long value)
    {
        sequence++;
        final int code = boards.scoreByHandle(sequence, handle, unseen, value, true);
        assertThat(code).isEqualTo(twin.scoreByHandle(sequence, handle, value));
        checkAnswer(true);
        return code;
    }

    int remove(final String board, final String member)
    {
        sequence++;
        final boolean ranked = sequence % 3 != 0;
        final int code = boards.remove(sequence, boards.find(buffer(board)), buffer(member), ranked);
        assertThat(code).isEqualTo(twin.remove(board, member));
        checkAnswer(ranked);
        return code;
    }

    void release(final int steps)
    {
        boards.release(steps);
        twin.release(steps);
    }

    void takeAllChanged()
    {
        final List<Long> taken = new ArrayList<>();
        for (Board board = boards.takeChanged(); board != null; board = boards.takeChanged())
        {
            taken.add(board.handle());
        }
        assertThat(taken).isEqualTo(twin.changed);
        twin.changed.clear();
    }

    void beginAtomic()
    {
        before = twin.copy();
        undo.begin();
        names.hold();
    }

    void commit()
    {
        undo.commit();
        names.settle();
    }

    void rollback()
    {
        undo.rollback(boards::onUndo);
        names.settle();
        twin = before;
    }

    // ---- comparison ----

    void check()
    {
        assertThat(boards.boardCount()).isEqualTo(twin.boards.size());
        assertThat(boards.memberCount()).isEqualTo(twin.memberCount());
        assertThat(boards.unreleasedCount()).isEqualTo(twin.unreleased());
        assertThat(names.size()).isEqualTo(twin.names().size());
        checkFree(boards.ids(), twin.boardIds);
        checkFree(boards.members().ids(), twin.memberIds);
        checkSum(boards.digest(), twin.digest(names));
        checkSum(boards.releaseDigest(), twin.releaseDigest(names));

        int listed = 0;
        for (Board board = boards.next(1); board != null; board = boards.next(Handle.id(board.handle()) + 1))
        {
            listed++;
            check(board);
        }
        assertThat(listed).isEqualTo(twin.boards.size());
    }

    private void check(final Board board)
    {
        wrapped.wrap(names.address(board.nameId()), names.length(board.nameId()));
        final BoardsTwin.NamedRanking expected = twin.find(text(wrapped));
        assertThat(board.handle()).isEqualTo(expected.handle);
        assertThat(boards.byHandle(board.handle())).isSameAs(board);
        checkSum(board.digest(), BoardsTwin.digest(expected, names));

        final List<BoardsTwin.Member> sorted = expected.sorted();
        assertThat(standings.page(board, 0, Integer.MAX_VALUE)).isEqualTo(sorted.size());
        checkRows(expected, sorted, 0, sorted.size());

        final RankTree tree = board.ranking().tree;
        final Comparing comparing = new Comparing(board);
        new RankTreeWalker(nodesOf(board), board.ranking().id, comparing).walk(tree);
    }

    /** Pages, neighbourhoods, ranges and single members of one board, at random. */
    void checkReads(final String name, final Random random)
    {
        final BoardsTwin.NamedRanking expected = twin.find(name);
        final Board board = boards.find(buffer(name));
        assertThat(board == null).isEqualTo(expected == null);
        if (board == null)
        {
            return;
        }

        final List<BoardsTwin.Member> sorted = expected.sorted();
        final int skip = random.nextInt(sorted.size() + 3);
        final int rows = random.nextInt(12);
        final int size = sorted.size();
        assertThat(standings.page(board, skip, rows)).isEqualTo(Math.min(rows, Math.max(0, size - skip)));
        assertThat(standings.total()).isEqualTo(size);
        checkRows(expected, sorted, skip, Math.min(rows, Math.max(0, size - skip)));

        final String missing = "nobody";
        assertThat(standings.member(board, buffer(missing))).isFalse();
        assertThat(standings.around(board, buffer(missing), 3)).isEqualTo(-1);
        assertThat(standings.next()).isFalse();
        assertThat(boards.resolve(board, buffer(missing))).isZero();
        if (!sorted.isEmpty())
        {
            final int own = random.nextInt(size);
            final BoardsTwin.Member member = sorted.get(own);
            assertThat(boards.resolve(board, buffer(member.name))).isEqualTo(member.handle());
            assertThat(standings.member(board, buffer(member.name))).isTrue();
            checkRow(expected, sorted, own);
            assertThat(standings.next()).isFalse();

            final int first = Math.max(0, Math.min(own - rows / 2, size - rows));
            assertThat(standings.around(board, buffer(member.name), rows)).isEqualTo(Math.min(rows, size));
            checkRows(expected, sorted, first, Math.min(rows, size));
            checkRange(expected, board, sorted, random);
        }
    }

    private void checkRange(
        final BoardsTwin.NamedRanking expected,
        final Board board,
        final List<BoardsTwin.Member> sorted,
        final Random random)
    {
        final int columns = expected.spec.columnCount();
        final long[] from = sorted.get(random.nextInt(sorted.size())).values.clone();
        final long[] to = sorted.get(random.nextInt(sorted.size())).values.clone();
        from[random.nextInt(columns)] += random.nextInt(3) - 1;
        to[random.nextInt(columns)] += random.nextInt(3) - 1;
        final int fromColumns = random.nextInt(columns + 1);
        final int toColumns = random.nextInt(columns + 1);
        final boolean fromInclusive = random.nextBoolean();
        final boolean toInclusive = random.nextBoolean();
        int total = 0;
        int first = -1;
        for (int i = 0; i < sorted.size(); i++)
        {
            final long[] values = sorted.get(i).values;
            final int low = expected.compareColumns(values, from, fromColumns);
            final int high = expected.compareColumns(values, to, toColumns);
            if ((fromColumns == 0 || low > 0 || low == 0 && fromInclusive) &&
                (toColumns == 0 || high < 0 || high == 0 && toInclusive))
            {
                first = first < 0 ? i : first;
                total++;
            }
        }

        final int skip = random.nextInt(4);
        final int rows = random.nextInt(6);
        final int given = Math.min(rows, Math.max(0, total - skip));
        assertThat(standings.range(
            board, from, fromColumns, fromInclusive, to, toColumns, toInclusive, skip, rows)).isEqualTo(given);
        assertThat(standings.total()).isEqualTo(total);
        checkRows(expected, sorted, first + skip, given);
    }

    private void checkRows(
        final BoardsTwin.NamedRanking expected, final List<BoardsTwin.Member> sorted, final int first, final int count)
    {
        for (int i = first; i < first + count; i++)
        {
            assertThat(standings.next()).isTrue();
            checkRow(expected, sorted, i);
        }
        assertThat(standings.next()).isFalse();
    }

    private void checkRow(
        final BoardsTwin.NamedRanking expected, final List<BoardsTwin.Member> sorted, final int index)
    {
        final BoardsTwin.Member member = sorted.get(index);
        final int columns = expected.spec.columnCount();
        int better = 0;
        int equal = 0;
        int groups = 1;
        for (int i = 0; i < sorted.size(); i++)
        {
            final int comparison = expected.compareColumns(sorted.get(i).values, member.values, columns);
            better += comparison < 0 ? 1 : 0;
            equal += comparison == 0 ? 1 : 0;
            groups += i > 0 && i <= index &&
                expected.compareColumns(sorted.get(i - 1).values, sorted.get(i).values, columns) != 0 ? 1 : 0;
        }

        standings.wrapName(wrapped);
        if (!text(wrapped).equals(member.name) ||
            standings.ordinal() != index + 1 ||
            standings.competition() != better + 1 ||
            standings.dense() != groups ||
            standings.ties() != equal ||
            standings.percentile() != (sorted.size() - better - equal) * 1_000_000L / sorted.size() ||
            standings.changedAt() != member.changedAt ||
            standings.memberHandle() != member.handle())
        {
            throw new AssertionError("row " + (index + 1) + " of " + expected.name + ": " + member.name);
        }
        for (int i = 0; i < BoardDefinition.MAX_COLUMNS; i++)
        {
            assertThat(standings.column(i)).isEqualTo(i < columns ? member.values[i] : 0);
        }
    }

    private void checkAnswer(final boolean ranked)
    {
        assertThat(boards.columnCount()).isEqualTo(twin.answer.length);
        for (int i = 0; i < BoardDefinition.MAX_COLUMNS; i++)
        {
            assertThat(boards.column(i)).isEqualTo(i < twin.answer.length ? twin.answer[i] : 0);
        }
        assertThat(boards.oldRank()).isEqualTo(ranked ? twin.oldRank : 0);
        assertThat(boards.newRank()).isEqualTo(ranked ? twin.newRank : 0);
    }

    private static void checkFree(final IdTable ids, final BoardsTwin.Ids expected)
    {
        int id = ids.freeHead();
        for (int i = expected.free.size() - 1; i >= 0; i--)
        {
            assertThat(id).isEqualTo(expected.free.get(i));
            assertThat(ids.isLive(id)).isFalse();
            id = ids.freeBelow(id);
        }
        assertThat(id).isZero();
        assertThat(ids.highest()).isEqualTo(expected.generations.size());
        for (int i = 1; i <= ids.highest(); i++)
        {
            assertThat(ids.generation(i)).isEqualTo(expected.generation(i));
        }
    }

    private static void checkSum(final DigestPart part, final DigestPart expected)
    {
        assertThat(part.high()).isEqualTo(expected.high());
        assertThat(part.low()).isEqualTo(expected.low());
    }

    private RankNodes nodesOf(final Board board)
    {
        return boards.rankings().nodes(board.columnCount());
    }

    static DirectBuffer buffer(final String name)
    {
        return new UnsafeBuffer(BoardsTwin.bytes(name));
    }

    private static String text(final DirectBuffer name)
    {
        final byte[] bytes = new byte[name.capacity()];
        name.getBytes(0, bytes);
        return new String(bytes, ISO_8859_1);
    }

    @Override
    public void close()
    {
        boards.close();
        names.close();
        undo.close();
    }

    /** The order of a board's leaves, apart from the tree's own code. */
    private final class Comparing implements RankTreeWalker.EntryOrder
    {
        private final Board board;

        Comparing(final Board board)
        {
            this.board = board;
        }

        @Override
        public int compare(final long leftNode, final int left, final long rightNode, final int right)
        {
            for (int i = 0; i < board.columnCount(); i++)
            {
                final long leftWord = RankNode.word(leftNode, i, left);
                final long rightWord = RankNode.word(rightNode, i, right);
                if (leftWord != rightWord)
                {
                    return Long.compare(leftWord, rightWord);
                }
            }
            return board.isTiedByName() ?
                names.compare(
                    boards.members().nameId(RankNode.member(leftNode, left)),
                    boards.members().nameId(RankNode.member(rightNode, right))) :
                Long.compare(
                    RankNode.word(leftNode, board.columnCount(), left),
                    RankNode.word(rightNode, board.columnCount(), right));
        }
    }
}

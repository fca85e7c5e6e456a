package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tree against a sorted list, all invariants walked through after each step. The boards' tests add ascending columns and the
 * three tie rules; to the tree a key is words that ascend.
 */
class RankTreeTest
{
    private static final long[] EXTREMES =
    {
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };

    static Stream<Arguments> columnsAndTies()
    {
        return IntStream.rangeClosed(1, 4).boxed().flatMap(
            columns -> Stream.of(Arguments.of(columns, false), Arguments.of(columns, true)));
    }

    @ParameterizedTest
    @MethodSource("columnsAndTies")
    void shouldEqualTheTwinOnRandomChanges(final int columns, final boolean isTiedByName)
    {
        final Random random = random(columns);
        try (RankTreeTwin twin = new RankTreeTwin(columns, isTiedByName))
        {
            for (int step = 0; step < 3_000; step++)
            {
                final int member = 1 + random.nextInt(600);
                if (!twin.byMember.containsKey(member) || random.nextInt(4) != 0)
                {
                    twin.put(member, words(columns, () -> random.nextInt(columns == 1 ? 300 : 6)));
                }
                else
                {
                    twin.remove(member);
                }
                twin.check();
                twin.checkReads(random);
            }
        }
    }

    /** Enough members for inner nodes above inner nodes, then down to nothing. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 1_000_000_000 })
    void shouldGrowAndShrinkOverSeveralLevels(final int distinctWords)
    {
        final Random random = random(distinctWords);
        try (RankTreeTwin twin = new RankTreeTwin(1, false))
        {
            final int members = 6_000;
            for (int member = 1; member <= members; member++)
            {
                twin.put(member, random.nextInt(distinctWords));
                if (member % 16 == 0)
                {
                    twin.check();
                    twin.checkReads(random);
                }
            }
            assertThat(twin.tree.shape().height()).isEqualTo(2);

            for (int step = 0; step < 1_000; step++)
            {
                twin.put(1 + random.nextInt(members), random.nextInt(distinctWords));
                twin.check();
            }

            final List<Integer> order = new ArrayList<>(twin.byMember.keySet());
            Collections.shuffle(order, random);
            for (final int member : order)
            {
                twin.remove(member);
                if (twin.size() % 16 == 0)
                {
                    twin.check();
                    twin.checkReads(random);
                }
            }
            assertThat(twin.nodes.leafCount() + twin.nodes.innerCount()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("columnsAndTies")
    void shouldTakeSortedReverseAndEqualKeys(final int columns, final boolean isTiedByName)
    {
        for (int factor = -1; factor <= 1; factor++)
        {
            final Random random = random(factor);
            try (RankTreeTwin twin = new RankTreeTwin(columns, isTiedByName))
            {
                for (int member = 1; member <= 400; member++)
                {
                    final int word = member * factor;
                    twin.put(member, words(columns, () -> word));
                    twin.check();
                    twin.checkReads(random);
                }
                for (int member = 1; member <= 400; member++)
                {
                    twin.remove(member % 2 == 0 ? member : 400 - member);
                    twin.check();
                    twin.checkReads(random);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("columnsAndTies")
    void shouldOrderTheExtremes(final int columns, final boolean isTiedByName)
    {
        final Random random = random(columns);
        try (RankTreeTwin twin = new RankTreeTwin(columns, isTiedByName))
        {
            for (int step = 0; step < 1_500; step++)
            {
                twin.put(1 + random.nextInt(300), words(columns, () -> EXTREMES[random.nextInt(EXTREMES.length)]));
                twin.check();
                twin.checkReads(random);
            }
        }
    }

    /** Numbers around those that fill the last node of a level, and then changes wherever they come. */
    @ParameterizedTest
    @MethodSource("columnsAndTies")
    void shouldBeFilledInOrder(final int columns, final boolean isTiedByName)
    {
        final int full = RankShape.HIGH_COUNT;
        for (final int members : new int[] { 0, 1, full - 1, full, full + 1, 2 * full + 1, 7 * full, full * full - 1,
            full * full, full * full + 1, full * full + full + 1, 2 * full * full + 1 })
        {
            final Random random = random(members);
            try (RankTreeTwin twin = new RankTreeTwin(columns, isTiedByName))
            {
                twin.append(Stream
                    .generate(() -> words(columns, () -> anyWord(random)))
                    .limit(members)
                    .toList());
                twin.check();
                twin.checkReads(random);
                for (int step = 0; step < 50; step++)
                {
                    final int member = 1 + random.nextInt(members + 10);
                    twin.put(member, words(columns, () -> anyWord(random)));
                    twin.remove(member);
                    twin.check();
                }
            }
        }
    }

    @Test
    void shouldNotBeFilledOutOfOrder()
    {
        try (RankTreeTwin twin = new RankTreeTwin(1, false))
        {
            twin.append(List.of(new long[] { 5 }, new long[] { 6 }));
            assertThat(twin.tree.append(new long[] { 6, 1 }, 3)).isFalse();
            assertThat(twin.tree.append(new long[] { 4, 9 }, 3)).isFalse();
            twin.check();
        }
    }

    /** Of words near each other, of a few that are equal, and of extremes. */
    private static long anyWord(final Random random)
    {
        final int kind = random.nextInt(20);
        return kind == 0 ? EXTREMES[random.nextInt(EXTREMES.length)] :
            kind < 10 ? random.nextInt(40) : random.nextInt(1 << 30);
    }

    /** Fills one leaf until it splits, and empties it until it merges, many times over, at the front, the middle and the end. */
    @ParameterizedTest
    @ValueSource(ints = { 0, 5_000, 9_999 })
    void shouldBreatheAtTheBorderOfSplitAndMerge(final int where)
    {
        final Random random = random(where);
        try (RankTreeTwin twin = new RankTreeTwin(1, false))
        {
            for (int member = 1; member <= 300; member++)
            {
                twin.put(member, member * 33L);
            }
            int next = 1_000;
            for (int round = 0; round < 6; round++)
            {
                final int first = next;
                for (; next < first + 150; next++)
                {
                    twin.put(next, where + (round % 2 == 0 ? next : -next));
                    twin.check();
                    twin.checkReads(random);
                }
                for (int member = first; member < next; member++)
                {
                    twin.remove(round < 3 ? member : next - 1 - (member - first));
                    twin.check();
                }
            }
            assertThat(twin.size()).isEqualTo(300);
        }
    }

    /** Takes away, puts in and moves right where one leaf ends and the next begins, where heads and first keys change. */
    @ParameterizedTest
    @ValueSource(ints = { 3, 1_000 })
    void shouldKeepHeadsAndFirstKeysAtTheBordersOfLeaves(final int distinctWords)
    {
        final Random random = random(distinctWords);
        try (RankTreeTwin twin = new RankTreeTwin(1, false))
        {
            for (int member = 1; member <= 500; member++)
            {
                twin.put(member, random.nextInt(distinctWords));
            }
            for (int step = 0; step < 3_000; step++)
            {
                int index = 1 + random.nextInt(twin.size() - 1);
                while (index < twin.size() && twin.leafAt(index - 1) == twin.leafAt(index))
                {
                    index++;
                }
                final int border = Math.min(index - random.nextInt(2), twin.size() - 1);
                final RankTreeTwin.Entry entry = twin.sorted.get(border);
                switch (random.nextInt(3))
                {
                    case 0:
                        twin.put(entry.member(), entry.key()[0] + random.nextInt(3) - 1);
                        break;
                    case 1:
                        twin.put(501 + step, entry.key()[0] + random.nextInt(3) - 1);
                        break;
                    default:
                        twin.remove(entry.member());
                        break;
                }
                twin.check();
                twin.checkReads(random);
            }
        }
    }

    /** Leaves become wide when a word is too far away, and narrow again when it is gone; also for the sake of a tie word. */
    @ParameterizedTest
    @MethodSource("columnsAndTies")
    void shouldChangeBetweenNarrowAndWideLeaves(final int columns, final boolean isTiedByName)
    {
        final Random random = random(columns);
        try (RankTreeTwin twin = new RankTreeTwin(columns, isTiedByName))
        {
            final long[] distances = { 1, 1L << 16, RankNode.MAX_OFFSET / 2, RankNode.MAX_OFFSET, 1L << 33, 1L << 62 };
            boolean wasWide = false;
            for (int step = 0; step < 2_400; step++)
            {
                final long distance = distances[step / 100 % distances.length];
                final int member = 1 + random.nextInt(200);
                if (twin.byMember.containsKey(member) && random.nextInt(5) == 0)
                {
                    twin.remove(member);
                }
                else
                {
                    twin.put(member, words(columns, () -> (random.nextInt(5) - 2) * distance + random.nextInt(20)));
                }
                twin.passTime(random.nextInt(50) == 0 ? distance & ~(3L << 61) : 0);
                wasWide |= twin.nodes.wideLeafCount() > 0;
                twin.check();
                twin.checkReads(random);
            }
            assertThat(wasWide).isTrue();

            for (int i = 0; i < 2_000; i++)
            {
                twin.put(1 + i % 200, words(columns, () -> random.nextInt(1_000)));
                twin.check();
            }
            for (int member = 201; member <= 500; member++)
            {
                twin.put(member, words(columns, () -> random.nextInt(1_000)));
                twin.check();
            }
            assertThat(twin.nodes.wideLeafCount()).isZero();
        }
    }

    /** Moves of a few at the very border of what a leaf's offsets can say, both ways. */
    @ParameterizedTest
    @ValueSource(longs = { Long.MIN_VALUE, Long.MAX_VALUE - (1L << 33), -(1L << 32), 0 })
    void shouldFindOtherBasesBeforeALeafIsWide(final long start)
    {
        final Random random = random(0);
        try (RankTreeTwin twin = new RankTreeTwin(1, false))
        {
            for (long word = start; word < start + (1L << 32); word += RankNode.MAX_OFFSET / 50)
            {
                for (int member = 1; member <= 20; member++)
                {
                    twin.put(member, word + random.nextInt(100));
                    twin.check();
                }
                assertThat(twin.nodes.wideLeafCount()).isZero();
            }
            for (int member = 3; member <= 20; member++)
            {
                twin.remove(member);
            }
            final long middle = start + RankNode.MAX_OFFSET / 2;
            twin.put(1, middle);
            twin.put(2, middle);
            twin.put(1, start);
            twin.put(2, start + RankNode.MAX_OFFSET);
            twin.check();
            assertThat(twin.nodes.wideLeafCount()).isZero();
            twin.put(2, start + RankNode.MAX_OFFSET + 1);
            twin.check();
            twin.checkReads(random);
            assertThat(twin.nodes.wideLeafCount()).isOne();
        }
    }

    /** However many members move, leaves stay full; and while some come and go, none is far from it. */
    @Test
    void shouldStayFullAfterManyRandomMoves()
    {
        final Random random = random(0);
        final int members = 30_000;
        final int[] leaves = new int[members + 1];
        try (RankNodes nodes = new RankNodes(1))
        {
            final RankTree tree = new RankTree();
            tree.begin(nodes, leavesIn(leaves), false, 1);
            final long[] key = new long[2];
            for (int member = 1; member <= members; member++)
            {
                key[0] = random.nextLong(1L << 40);
                key[1]++;
                tree.insert(key, member);
            }
            for (int move = 0; move < 20 * members; move++)
            {
                final int member = 1 + random.nextInt(members);
                key[0] = random.nextLong(1L << 40);
                key[1]++;
                tree.move(tree.placeOf(leaves[member], member), key, member, 0, RankNode.NULL_NODE);
            }

            assertThat(members / ((double)nodes.leafCount() * RankNode.CAPACITY)).isGreaterThan(0.83);
            final RankTreeWalker walker = new RankTreeWalker(
                nodes,
                1,
                (leftNode, left, rightNode, right) -> Long.compare(
                    RankNode.word(leftNode, 0, left), RankNode.word(rightNode, 0, right)) * 2 +
                    Long.compare(RankNode.word(leftNode, 1, left), RankNode.word(rightNode, 1, right)));
            assertThat(walker.walk(tree).members()).hasSize(members);
        }
    }

    @Test
    void shouldTakeMembersAwayFromTheFront()
    {
        final Random random = random(0);
        for (final int members : new int[]{ 1, 64, 65, 300, 5_000 })
        {
            try (RankTreeTwin twin = new RankTreeTwin(2, false))
            {
                for (int member = 1; member <= members; member++)
                {
                    twin.put(member, random.nextInt(50), random.nextInt(50));
                }
                for (int i = 0; i < members; i++)
                {
                    assertThat(twin.tree.memberAt(twin.tree.first())).isEqualTo(twin.sorted.get(i).member());
                    assertThat(twin.tree.takeFirst()).isEqualTo(twin.sorted.get(i).member());
                    assertThat(twin.tree.size()).isEqualTo(members - i - 1);
                }
                assertThat(twin.tree.first()).isEqualTo(RankTree.NULL_PLACE);
                assertThat(twin.nodes.leafCount() + twin.nodes.innerCount()).isZero();
            }
        }
    }

    @Test
    void shouldShareNodesBetweenTrees()
    {
        try (RankNodes nodes = new RankNodes(1))
        {
            final RankTree.Members leaves = leavesIn(new int[10_001]);
            final RankTree[] trees = new RankTree[10];
            for (int i = 0; i < trees.length; i++)
            {
                trees[i] = new RankTree();
                trees[i].begin(nodes, leaves, true, i);
            }
            for (int member = 1; member <= 10_000; member++)
            {
                trees[member % 10].insert(new long[]{ member % 77, 0 }, member);
            }

            for (int i = 0; i < trees.length; i++)
            {
                final RankTreeWalker walker = new RankTreeWalker(
                    nodes,
                    i,
                    (leftNode, left, rightNode, right) -> 2 * Long.compare(
                        RankNode.word(leftNode, 0, left), RankNode.word(rightNode, 0, right)) +
                        Integer.compare(RankNode.member(leftNode, left), RankNode.member(rightNode, right)));
                final int digit = i;
                assertThat(walker.walk(trees[i]).members()).hasSize(1_000).allMatch(member -> member % 10 == digit);
            }
        }
    }

    /** What was seen as the leaf to move to may be one of another tree by then. */
    @Test
    void shouldNotMoveToALeafOfAnotherTree()
    {
        final Random random = random(0);
        final int members = 1_000;
        final int[] leaves = new int[members + 1];
        try (RankNodes nodes = new RankNodes(1))
        {
            final RankTree[] trees = { new RankTree(), new RankTree() };
            for (int i = 0; i < trees.length; i++)
            {
                trees[i].begin(nodes, leavesIn(leaves), false, i);
            }
            for (int member = 1; member <= members; member++)
            {
                trees[member % 2].insert(new long[]{ member, member }, member);
            }
            for (int member = 2; member <= members; member += 2)
            {
                final int other = 1 + 2 * random.nextInt(members / 2);
                final long place = trees[0].placeOf(leaves[member], member);
                trees[0].move(place, new long[]{ other, members + member }, member, 0, leaves[other]);
            }

            for (int i = 0; i < trees.length; i++)
            {
                final RankTreeWalker walker = new RankTreeWalker(
                    nodes,
                    i,
                    (leftNode, left, rightNode, right) -> Long.compare(
                        RankNode.word(leftNode, 0, left), RankNode.word(rightNode, 0, right)) * 2 +
                        Long.compare(RankNode.word(leftNode, 1, left), RankNode.word(rightNode, 1, right)));
                final int rest = i;
                assertThat(walker.walk(trees[i]).members()).hasSize(members / 2).allMatch(member -> member % 2 == rest);
            }
        }
    }

    private static RankTree.Members leavesIn(final int[] leaves)
    {
        return new RankTree.Members()
        {
            public void onLeaf(final int member, final int leaf)
            {
                leaves[member] = leaf;
            }

            public int compareNames(final int left, final int right)
            {
                return Integer.compare(left, right);
            }
        };
    }

    private static long[] words(final int columns, final LongSupplier supplier)
    {
        final long[] words = new long[columns];
        for (int i = 0; i < columns; i++)
        {
            words[i] = supplier.getAsLong();
        }
        return words;
    }

    private static Random random(final int variant)
    {
        final long seed = 20261122L * 31 + variant;
        System.out.println("seed " + seed);
        return new Random(seed);
    }
}

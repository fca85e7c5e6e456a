package io.quipu.engine.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link RankTree} and its naive twin, a sorted list, changed together and compared after each step: the twin counts, it does
 * not calculate. All invariants of the tree are walked through each time.
 */
final class RankTreeTwin implements AutoCloseable
{
    private static final int RANKING = 77;

    /** One member's key. */
    record Entry(long[] key, int member)
    {
    }

    final RankNodes nodes;
    final RankTree tree = new RankTree();
    final List<Entry> sorted = new ArrayList<>();
    final Map<Integer, Entry> byMember = new HashMap<>();
    private final int columns;
    private final boolean isTiedByName;
    private final Comparator<Entry> order;
    private final Map<Integer, Integer> leafOfMember = new HashMap<>();
    /** All numbers of leaves that there ever were, and that of none. */
    private final List<Integer> leavesSeen = new ArrayList<>(List.of(RankNode.NULL_NODE));
    private final Random random = new Random(1);
    private final RankTreeWalker walker;
    private long stamp;

    RankTreeTwin(final int columns, final boolean isTiedByName)
    {
        this.columns = columns;
        this.isTiedByName = isTiedByName;
        nodes = new RankNodes(columns);
        order = this::compare;
        walker = new RankTreeWalker(
            nodes,
            RANKING,
            (leftNode, left, rightNode, right) -> compare(entryAt(leftNode, left), entryAt(rightNode, right)));
        tree.begin(
            nodes,
            new RankTree.Members()
            {
                public void onLeaf(final int member, final int leaf)
                {
                    leafOfMember.put(member, leaf);
                    leavesSeen.add(leaf);
                }

                public int compareNames(final int left, final int right)
                {
                    return Integer.compare(name(left), name(right));
                }
            },
            isTiedByName,
            RANKING);
    }

    int size()
    {
        return sorted.size();
    }

    void put(final int member, final long... words)
    {
        final Entry entry = new Entry(keyOf(words), member);
        final Entry old = byMember.put(member, entry);
        if (old == null)
        {
            tree.insert(entry.key, member);
        }
        else
        {
            final int oldPosition = positionOf(old);
            sorted.remove(oldPosition);
            final int newPosition = -Collections.binarySearch(sorted, entry, order) - 1;
            final long place = tree.placeOf(leafOfMember.get(member), member);
            assertThat(tree.move(place, entry.key, member, oldPosition + 1, anyLeaf())).isEqualTo(newPosition + 1);
        }
        sorted.add(-Collections.binarySearch(sorted, entry, order) - 1, entry);
    }

    /** Fills the empty tree in order, with members 1.. and any words. */
    void append(final List<long[]> words)
    {
        for (final long[] each : words)
        {
            final Entry entry = new Entry(keyOf(each), sorted.size() + 1);
            byMember.put(entry.member, entry);
            sorted.add(entry);
        }
        sorted.sort(order);
        for (final Entry entry : sorted)
        {
            assertThat(tree.append(entry.key, entry.member)).isTrue();
        }
        tree.endAppend();
    }

    /** What a move may take for its target: one of the last leaves, in use or not, right or wrong. */
    private int anyLeaf()
    {
        return leavesSeen.get(Math.max(0, leavesSeen.size() - 1 - random.nextInt(200)));
    }

    /** Lets the tie words go on farther behind, as after so many commands on other boards. */
    void passTime(final long commands)
    {
        stamp += commands;
    }

    void remove(final int member)
    {
        final Entry old = byMember.remove(member);
        sorted.remove(positionOf(old));
        tree.remove(tree.placeOf(leafOfMember.remove(member), member));
    }

    /** Which leaf holds the entry of an ordinal rank, its first and last neighbours in the same leaf. */
    int leafAt(final int index)
    {
        return leafOfMember.get(sorted.get(index).member);
    }

    void check()
    {
        walker.walk(tree);
        assertThat(walker.members()).hasSize(sorted.size());
        for (int i = 0; i < sorted.size(); i++)
        {
            final int member = sorted.get(i).member;
            if (walker.members().get(i) != member || !walker.leafOfMember().get(i).equals(leafOfMember.get(member)))
            {
                throw new AssertionError("member " + member + " at " + i);
            }
        }
        assertThat(nodes.leafCount()).isEqualTo(walker.leaves());
        assertThat(nodes.innerCount()).isEqualTo(walker.inners());
    }

    /** Compares every kind of read at some random members and bounds. */
    void checkReads(final Random random)
    {
        for (int i = 0; i < 4 && !sorted.isEmpty(); i++)
        {
            checkReads(random.nextInt(sorted.size()));
            final long[] bound = sorted.get(random.nextInt(sorted.size())).key.clone();
            bound[random.nextInt(columns)] += random.nextInt(3) - 1;
            checkBounds(bound);
        }
    }

    private void checkReads(final int index)
    {
        final Entry entry = sorted.get(index);
        int groupStart = index;
        while (groupStart > 0 && hasEqualColumns(sorted.get(groupStart - 1), entry))
        {
            groupStart--;
        }
        int groupEnd = index + 1;
        while (groupEnd < sorted.size() && hasEqualColumns(sorted.get(groupEnd), entry))
        {
            groupEnd++;
        }
        int groups = 1;
        for (int i = 1; i <= index; i++)
        {
            groups += hasEqualColumns(sorted.get(i - 1), sorted.get(i)) ? 0 : 1;
        }

        final long place = tree.placeOf(leafOfMember.get(entry.member), entry.member);
        assertThat(tree.memberAt(place)).isEqualTo(entry.member);
        assertThat(tree.ordinal(place)).isEqualTo(index + 1);
        assertThat(tree.select(index + 1)).isEqualTo(place);
        final long rank = tree.rank(place);
        assertThat(RankNodes.sizeOf(rank)).isEqualTo(index + 1);
        assertThat(RankNodes.groupsOf(rank)).isEqualTo(groups);
        assertThat(tree.ordinalOfOwnGroup(place, rank)).isEqualTo(groupStart + 1);
        assertThat(tree.ordinalOfNextGroup(place, rank)).isEqualTo(groupEnd + 1);
        assertThat(tree.isHead(place)).isEqualTo(groupStart == index);
        assertThat(tree.ordinalOfGroup(groups)).isEqualTo(groupStart + 1);
        assertThat(tree.ordinalOfGroup(groups + 1)).isEqualTo(groupEnd + 1);
        assertThat(tree.next(place))
            .isEqualTo(index + 1 == sorted.size() ? RankTree.NULL_PLACE : tree.select(index + 2));
        for (int i = 0; i <= columns; i++)
        {
            assertThat(tree.wordAt(place, i)).isEqualTo(entry.key[i]);
        }
    }

    private void checkBounds(final long[] bound)
    {
        for (int words = 1; words <= columns; words++)
        {
            int before = 0;
            int equal = 0;
            for (final Entry entry : sorted)
            {
                final int comparison = compareColumns(entry.key, bound, words);
                before += comparison < 0 ? 1 : 0;
                equal += comparison == 0 ? 1 : 0;
            }
            assertThat(tree.countBefore(bound, words, false)).isEqualTo(before);
            assertThat(tree.countBefore(bound, words, true)).isEqualTo(before + equal);
        }
    }

    private int positionOf(final Entry entry)
    {
        return Collections.binarySearch(sorted, entry, order);
    }

    private long[] keyOf(final long[] words)
    {
        final long[] key = new long[columns + 1];
        System.arraycopy(words, 0, key, 0, columns);
        key[columns] = ++stamp;
        return key;
    }

    private Entry entryAt(final long node, final int position)
    {
        final long[] key = new long[columns + 1];
        for (int i = 0; i <= columns; i++)
        {
            key[i] = RankNode.word(node, i, position);
        }
        return new Entry(key, RankNode.member(node, position));
    }

    private int compare(final Entry left, final Entry right)
    {
        final int comparison = compareColumns(left.key, right.key, columns);
        return comparison != 0 ? comparison : isTiedByName ?
            Integer.compare(name(left.member), name(right.member)) :
            Long.compare(left.key[columns], right.key[columns]);
    }

    private boolean hasEqualColumns(final Entry left, final Entry right)
    {
        return compareColumns(left.key, right.key, columns) == 0;
    }

    private static int compareColumns(final long[] left, final long[] right, final int words)
    {
        for (int i = 0; i < words; i++)
        {
            if (left[i] != right[i])
            {
                return Long.compare(left[i], right[i]);
            }
        }
        return 0;
    }

    /** A name whose order has nothing to do with that of the members. */
    private static int name(final int member)
    {
        return member * 0x9E3779B1;
    }

    @Override
    public void close()
    {
        nodes.close();
    }
}

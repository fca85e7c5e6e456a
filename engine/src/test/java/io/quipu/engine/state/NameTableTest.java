package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NameTableTest
{
    private final NameTable names = new NameTable();
    private final People counters = new People();
    private final People members = new People();
    private final UnsafeBuffer direct = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, 64));

    @BeforeEach
    void open()
    {
        names.counters(counters);
        names.members(members);
    }

    @AfterEach
    void close()
    {
        names.close();
        counters.close();
        members.close();
    }

    @Test
    void shouldStoreOnceAndCountReferences()
    {
        final int first = bear("football", 1);
        assertThat(find("football")).isEqualTo(1);
        final int second = bear("football", 2);

        assertThat(second).isEqualTo(first);
        assertThat(names.size()).isEqualTo(1);
        assertThat(names.references(find("football"))).isEqualTo(2);
        assertThat(text(first)).isEqualTo("football");

        leave(1);
        assertThat(find("football")).isEqualTo(2);
        leave(2);
        assertThat(find("football")).isEqualTo(Bearer.NONE);
        assertThat(names.size()).isZero();
        assertThat(names.digest().high()).isZero();
        assertThat(names.digest().low()).isZero();
    }

    @Test
    void shouldRefuseToReleaseANameThatNobodyBears()
    {
        final int nameId = bear("football", 1);
        names.release(nameId, 1);
        final int stored = store("tennis");

        assertThatThrownBy(() -> names.release(stored, 1)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("nameId=" + stored);
    }

    @Test
    void shouldLeadToTheCounterOfASharedName()
    {
        bear("goals", 1);
        final int nameId = bear("goals", Bearer.ofCounter(7), counters);
        names.retain(nameId, Bearer.BOARD);

        assertThat(names.counter(find("goals"))).isEqualTo(7);
        assertThat(names.nameId(find("goals"))).isEqualTo(nameId);
        assertThat(members.shared).containsExactly(1);

        leave(Bearer.ofCounter(7));
        assertThat(names.counter(find("goals"))).isEqualTo(CounterTable.NULL_COUNTER);
        names.release(nameId, Bearer.BOARD);
        assertThat(find("goals")).isEqualTo(1);
        assertThat(members.shared).isEmpty();
    }

    @Test
    void shouldTakeNamesFromHeapAndFromDirectBuffers()
    {
        final byte[] bytes = "xfootball".getBytes(ISO_8859_1);
        final int id = bear("football", 3);

        assertThat(names.find(new UnsafeBuffer(bytes), 1, 8)).isEqualTo(3);
        assertThat(names.matches(id, new UnsafeBuffer(bytes), 1, 8)).isTrue();
        assertThat(names.matches(id, new UnsafeBuffer(bytes), 0, 8)).isFalse();
        assertThat(names.startsWith(id, new UnsafeBuffer(bytes), 1, 4)).isTrue();
        assertThat(names.startsWith(id, new UnsafeBuffer(bytes), 0, 4)).isFalse();
    }

    @Test
    void shouldUseRoomOfReleasedNamesAgain()
    {
        for (int i = 1; i <= 1_000; i++)
        {
            bear("name of some length" + i, i);
        }
        final long bytes = names.bytes();
        for (int i = 1; i <= 1_000; i++)
        {
            leave(i);
        }
        for (int i = 1; i <= 1_000; i++)
        {
            bear("text of same length" + i, i);
        }

        assertThat(names.bytes()).isEqualTo(bytes);
    }

    /** Numbers around a whole count of buckets, and around powers of two of them; then more names than were expected. */
    @Test
    void shouldHaveRoomForNamesAtOnce()
    {
        for (final int expected : new int[] { 0, 1, 72, 73, 143, 144, 145, 153, 1_151, 1_152, 1_153, 5_000 })
        {
            try (NameTable reserved = new NameTable(); People bearers = new People())
            {
                reserved.members(bearers);
                reserved.reserve(expected);
                for (int i = 1; i <= expected + 2_000; i++)
                {
                    direct.putStringWithoutLengthAscii(0, "name " + i);
                    final int nameId = reserved.intern(direct, 0, ("name " + i).length());
                    bearers.nameId(i, nameId);
                    reserved.retain(nameId, i);
                    if (i == expected)
                    {
                        assertThat(reserved.rehashed()).as("dealt out again, of %d", expected).isZero();
                        reserved.reserve(1 << 20);
                    }
                }
                for (int i = 1; i <= expected + 2_000; i++)
                {
                    direct.putStringWithoutLengthAscii(0, "name " + i);
                    assertThat(reserved.find(direct, 0, ("name " + i).length())).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void shouldReviveWhatWentWhileHeld()
    {
        final int kept = bear("kept", 1);
        final int gone = bear("gone", 2);
        names.hold();
        leave(1);
        leave(2);
        assertThat(find("kept")).isEqualTo(Bearer.NONE);
        final int again = bear("gone", 3);
        assertThat(again).isNotEqualTo(gone);
        assertThat(text(kept)).isEqualTo("kept");

        leave(3);
        members.nameId(1, kept);
        names.retain(kept, 1);
        leave(1);
        members.nameId(1, kept);
        names.retain(kept, 1);
        names.settle();

        assertThat(find("kept")).isEqualTo(1);
        assertThat(find("gone")).isEqualTo(Bearer.NONE);
        assertThat(names.size()).isEqualTo(1);
        assertThat(bear("gon1", 11)).isIn(gone, again);
        assertThat(bear("gon2", 12)).isIn(gone, again);
        assertThat(bear("gon3", 13)).isNotIn(gone, again, kept);
    }

    @Test
    void shouldRehashFewNamesWithEach()
    {
        long most = 0;
        for (int i = 1; i <= 300_000; i++)
        {
            final long before = names.rehashed();
            bear("name" + i, i);
            most = Math.max(most, names.rehashed() - before);
        }

        assertThat(most).isBetween(1L, 64L);
        assertThat(names.rehashed()).isLessThan(2 * 300_000);
    }

    @Test
    void shouldCompareAsUnsignedBytes()
    {
        assertThat(names.compare(store("a"), store("b"))).isNegative();
        assertThat(names.compare(store("b"), store("a"))).isPositive();
        assertThat(names.compare(store("a"), store("ab"))).isNegative();
        assertThat(names.compare(store("z"), store("\u00e4"))).isNegative();
        assertThat(names.compare(store("same"), store("same"))).isZero();
    }

    @Test
    void shouldAgreeWithTwin()
    {
        final long seed = System.nanoTime();
        System.out.println("NameTableTest seed " + seed);
        final Random random = new Random(seed);
        final Map<String, Set<Integer>> bearers = new HashMap<>();
        final List<Integer> all = new ArrayList<>();
        final Map<Integer, String> borne = new HashMap<>();
        for (int step = 1; step <= 200_000; step++)
        {
            final String name;
            if (all.isEmpty() || random.nextInt(10_000) < 6_000 - all.size())
            {
                name = name(random);
                final Set<Integer> those = bearers.computeIfAbsent(name, ignored -> new HashSet<>());
                final boolean hasCounter = those.stream().anyMatch(Bearer::isCounter);
                final int bearer = hasCounter || random.nextBoolean() ? step : Bearer.ofCounter(step);
                assertThat(text(bear(name, bearer, bearer < 0 ? counters : members))).isEqualTo(name);
                those.add(bearer);
                all.add(bearer);
                borne.put(bearer, name);
            }
            else
            {
                final int last = all.size() - 1;
                Collections.swap(all, random.nextInt(all.size()), last);
                final int bearer = all.remove(last);
                name = borne.remove(bearer);
                leave(bearer);
                bearers.get(name).remove(bearer);
            }
            assertFound(name, bearers.get(name));
        }
        bearers.forEach(this::assertFound);
        assertThat(names.size()).isEqualTo(bearers.values().stream().filter(those -> !those.isEmpty()).count());
    }

    private void assertFound(final String name, final Set<Integer> bearers)
    {
        final int found = find(name);
        assertThat(names.references(found)).isEqualTo(bearers.size());
        assertThat(names.counter(found)).isEqualTo(
            bearers.stream().filter(Bearer::isCounter).map(Bearer::counter).findAny().orElse(CounterTable.NULL_COUNTER));
        if (!bearers.isEmpty() && !Bearer.isShared(found))
        {
            assertThat(bearers).containsExactly(found);
        }
        for (final int bearer : bearers)
        {
            final People people = Bearer.isCounter(bearer) ? counters : members;
            assertThat(people.shared.contains(people.idOf(bearer))).isEqualTo(Bearer.isShared(found));
        }
    }

    private static String name(final Random random)
    {
        final int number = random.nextInt(5_000);
        final int length = 1 + number % NameTable.MAX_LENGTH;
        final String digits = Integer.toString(number);
        return length <= digits.length() ?
            digits.substring(0, length) : "\u00ff".repeat(length - digits.length()) + digits;
    }

    private int store(final String name)
    {
        return names.intern(direct, 3, put(name));
    }

    /** Lets a member bear a name. */
    private int bear(final String name, final int member)
    {
        return bear(name, member, members);
    }

    private int bear(final String name, final int bearer, final People people)
    {
        final int nameId = store(name);
        people.nameId(people.idOf(bearer), nameId);
        if (names.retain(nameId, bearer))
        {
            people.shared.add(people.idOf(bearer));
        }
        return nameId;
    }

    private void leave(final int bearer)
    {
        final People people = Bearer.isCounter(bearer) ? counters : members;
        if (names.release(people.nameId(people.idOf(bearer)), bearer))
        {
            assertThat(people.shared.remove(people.idOf(bearer))).isTrue();
        }
        people.nameId(people.idOf(bearer), NameTable.NULL_NAME);
    }

    private int find(final String name)
    {
        return names.find(direct, 3, put(name));
    }

    private int put(final String name)
    {
        final byte[] bytes = name.getBytes(ISO_8859_1);
        direct.putBytes(3, bytes);
        return bytes.length;
    }

    private String text(final int id)
    {
        final byte[] bytes = new byte[names.length(id)];
        new UnsafeBuffer(names.address(id), bytes.length).getBytes(0, bytes);
        return new String(bytes, ISO_8859_1);
    }

    /** Who bears what, and whose names are shared. */
    private static final class People implements NameTable.Bearers, AutoCloseable
    {
        final Set<Integer> shared = new HashSet<>();
        private final Slab nameIds = new Slab(Integer.BYTES);

        int idOf(final int bearer)
        {
            return Math.abs(bearer);
        }

        int nameId(final int id)
        {
            return OffHeap.getInt(nameIdAddress(id));
        }

        void nameId(final int id, final int nameId)
        {
            nameIds.ensure(id);
            OffHeap.putInt(nameIdAddress(id), nameId);
        }

        @Override
        public long nameIdAddress(final int id)
        {
            return nameIds.address(id);
        }

        @Override
        public void close()
        {
            nameIds.close();
        }

        @Override
        public void onShared(final int id)
        {
            assertThat(shared.add(id)).isTrue();
        }

        @Override
        public void onUnshared(final int id)
        {
            assertThat(shared.remove(id)).isTrue();
        }
    }
}

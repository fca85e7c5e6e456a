package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameTableTest
{
    private final NameTable names = new NameTable();
    private final UnsafeBuffer direct = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, 64));

    @AfterEach
    void close()
    {
        names.close();
    }

    @Test
    void shouldInternOnceAndCountReferences()
    {
        final int first = intern("football");
        final int second = intern("football");

        assertThat(second).isEqualTo(first);
        assertThat(names.size()).isEqualTo(1);
        assertThat(names.references(first)).isEqualTo(2);
        assertThat(text(first)).isEqualTo("football");

        names.release(first);
        assertThat(find("football")).isEqualTo(first);
        names.release(first);
        assertThat(find("football")).isEqualTo(NameTable.NULL_NAME);
        assertThat(names.size()).isZero();
        assertThat(names.digest().high()).isZero();
        assertThat(names.digest().low()).isZero();
    }

    @Test
    void shouldTakeNamesFromHeapAndFromDirectBuffers()
    {
        final byte[] bytes = "xfootball".getBytes(ISO_8859_1);
        final int id = intern("football");

        assertThat(names.find(new UnsafeBuffer(bytes), 1, 8)).isEqualTo(id);
        assertThat(names.matches(id, new UnsafeBuffer(bytes), 1, 8)).isTrue();
        assertThat(names.matches(id, new UnsafeBuffer(bytes), 0, 8)).isFalse();
        assertThat(names.startsWith(id, new UnsafeBuffer(bytes), 1, 4)).isTrue();
        assertThat(names.startsWith(id, new UnsafeBuffer(bytes), 0, 4)).isFalse();
    }

    @Test
    void shouldUseRoomOfReleasedNamesAgain()
    {
        final List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++)
        {
            ids.add(intern("name of some length" + i));
        }
        final long bytes = names.bytes();
        ids.forEach(names::release);
        for (int i = 0; i < 1_000; i++)
        {
            intern("text of equal length" + i);
        }

        assertThat(names.bytes()).isEqualTo(bytes);
    }

    @Test
    void shouldReviveWhatWentWhileHeld()
    {
        final int kept = intern("kept");
        final int gone = intern("gone");
        names.hold();
        names.release(kept);
        names.release(gone);
        assertThat(find("kept")).isEqualTo(NameTable.NULL_NAME);
        final int again = intern("gone");
        assertThat(again).isNotEqualTo(gone);
        assertThat(text(kept)).isEqualTo("kept");

        names.release(again);
        names.retain(kept);
        names.release(kept);
        names.retain(kept);
        names.settle();

        assertThat(find("kept")).isEqualTo(kept);
        assertThat(find("gone")).isEqualTo(NameTable.NULL_NAME);
        assertThat(names.size()).isEqualTo(1);
        assertThat(intern("gon1")).isIn(gone, again);
        assertThat(intern("gon2")).isIn(gone, again);
        assertThat(intern("gon3")).isNotIn(gone, again, kept);
    }

    @Test
    void shouldCompareAsUnsignedBytes()
    {
        assertThat(names.compare(intern("a"), intern("b"))).isNegative();
        assertThat(names.compare(intern("b"), intern("a"))).isPositive();
        assertThat(names.compare(intern("a"), intern("ab"))).isNegative();
        assertThat(names.compare(intern("z"), intern("\u00e4"))).isNegative();
        assertThat(names.compare(intern("same"), intern("same"))).isZero();
    }

    @Test
    void shouldAgreeWithTwin()
    {
        final long seed = System.nanoTime();
        System.out.println("NameTableTest seed " + seed);
        final Random random = new Random(seed);
        final Map<String, Integer> references = new HashMap<>();
        final Map<String, Integer> ids = new HashMap<>();
        for (int step = 0; step < 200_000; step++)
        {
            final String name = name(random);
            final int id = find(name);
            assertThat(id).isEqualTo(ids.getOrDefault(name, NameTable.NULL_NAME));
            if (id == NameTable.NULL_NAME || random.nextInt(3) == 0)
            {
                ids.put(name, intern(name));
                references.merge(name, 1, Integer::sum);
                assertThat(text(ids.get(name))).isEqualTo(name);
            }
            else
            {
                names.release(id);
                references.merge(name, -1, Integer::sum);
                if (references.remove(name, 0))
                {
                    ids.remove(name);
                }
            }
            assertThat(names.size()).isEqualTo(references.size());
        }
        references.forEach((name, count) -> assertThat(names.references(find(name))).isEqualTo(count));
    }

    private static String name(final Random random)
    {
        final int number = random.nextInt(5_000);
        final int length = 1 + number % NameTable.MAX_LENGTH;
        final String digits = Integer.toString(number);
        return length <= digits.length() ?
            digits.substring(0, length) : "\u00ff".repeat(length - digits.length()) + digits;
    }

    private int intern(final String name)
    {
        return names.intern(direct, 3, put(name));
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
}

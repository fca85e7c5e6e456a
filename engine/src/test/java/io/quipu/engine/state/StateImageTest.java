package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/**
 * Images of a state: what is in them, and what is not taken for one. That a state goes on from its image is shown by
 * {@link TwinTest}.
 */
class StateImageTest
{
    @Test
    void shouldBeEmptyForAnEmptyState()
    {
        try (StateMachine state = new StateMachine(); StateMachine loaded = StateImages.of(state).load())
        {
            assertThat(digestOf(loaded)).isEqualTo(digestOf(state));
            assertThat(loaded.sequence()).isZero();
        }
    }

    @Test
    void shouldLieInChunksThatHoldWholeEntries()
    {
        try (Story story = storyOfAll())
        {
            for (int i = 0; i < 20_000; i++)
            {
                story.send(story.request().add("counter-with-a-longer-name-" + i, i));
            }
            final StateImages image = StateImages.of(story.state);
            assertThat(image.chunkCount()).isGreaterThan(2);
            try (StateMachine loaded = image.load())
            {
                assertThat(digestOf(loaded)).isEqualTo(digestOf(story.state));
            }
        }
    }

    /** How many names there will be is a hint: it may be wrong in both directions, and absurd. */
    @Test
    void shouldNotRelyOnTheNumberOfNamesExpected()
    {
        try (Story story = storyOfAll())
        {
            for (int i = 0; i < 2_000; i++)
            {
                story.send(story.request().add("counter " + i, i));
            }
            final StateImages image = StateImages.of(story.state);
            for (final long names : new long[] { 1, story.state.nameCount(), 10_000, 0xFFFF_FFFFL })
            {
                try (StateMachine loaded = new StateMachine())
                {
                    final StateImageReader reader = loaded.newImageReader(image.bytes().length);
                    reader.expectNames(names);
                    image.read(reader);
                    assertThat(digestOf(loaded)).isEqualTo(digestOf(story.state));
                    assertThat(loaded.bytes()).isLessThan(2 * story.state.bytes() + image.bytes().length);
                }
            }
        }
    }

    @Test
    void shouldRefuseMembersOutOfTheirOrder()
    {
        try (Story story = new Story())
        {
            story.send(story.request().create("board", BoardSpec.points()).onBoard("board").score("a", 7).score("b", 7));
            final byte[] bytes = StateImages.of(story.state).bytes();
            // The members have equal columns; the one that came first says now that it came last.
            final int first = indexOf(bytes, "a") - 1 - Long.BYTES - Long.BYTES;
            bytes[first] += 2;
            assertThat(digestOrRefusal(bytes)).contains("is not behind the one before it");
        }
    }

    private static int indexOf(final byte[] bytes, final String name)
    {
        int last = -1;
        for (int i = 1; i < bytes.length; i++)
        {
            last = bytes[i - 1] == 1 && bytes[i] == name.charAt(0) ? i : last;
        }
        return last;
    }

    /** There is no checksum here: what gets through is a state of its own, and its digest is another one. */
    @Test
    void shouldNeverTakeADamagedImageForTheSameState()
    {
        try (Story story = storyOfAll())
        {
            final byte[] bytes = StateImages.of(story.state).bytes();
            final String digest = digestOf(story.state);
            final int sequenceAndTimeEnd = 1 + 2 * Long.BYTES;
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++)
            {
                final byte[] damaged = bytes.clone();
                damaged[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
                final boolean isBesideDigest = bit / Byte.SIZE >= 1 && bit / Byte.SIZE < sequenceAndTimeEnd;
                assertThat(digestOrRefusal(damaged).equals(digest)).as("bit %d", bit).isEqualTo(isBesideDigest);
            }
        }
    }

    @Test
    void shouldRefuseEveryTruncation()
    {
        try (Story story = storyOfAll())
        {
            final byte[] bytes = StateImages.of(story.state).bytes();
            for (int length = 0; length < bytes.length; length++)
            {
                final StateImages cut = StateImages.of(Arrays.copyOf(bytes, length));
                assertThatThrownBy(cut::load).as("length %d", length).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void shouldRefuseRandomBytesInOrder()
    {
        final long seed = System.nanoTime();
        System.out.println("StateImageTest seed " + seed);
        final Random random = new Random(seed);
        try (Story story = storyOfAll())
        {
            final byte[] bytes = StateImages.of(story.state).bytes();
            final String digest = digestOf(story.state);
            for (int i = 0; i < 5_000; i++)
            {
                final byte[] damaged = bytes.clone();
                for (int edits = 0; edits < 4; edits++)
                {
                    damaged[17 + random.nextInt(damaged.length - 17)] = (byte)random.nextInt();
                }
                assertThat(digestOrRefusal(damaged).equals(digest)).isEqualTo(Arrays.equals(damaged, bytes));
            }
        }
    }

    @Test
    void shouldOnlyFillAnEmptyState()
    {
        try (Story story = storyOfAll())
        {
            assertThatThrownBy(() -> story.state.newImageReader(1_000)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldProveThatTheImageIsWhatTheDigestHasCounted()
    {
        try (Story story = storyOfAll())
        {
            final StateImages image = StateImages.of(story.state);
            final StateImageDigest digest = new StateImageDigest();
            image.read(digest.newReader(image.bytes().length));
            assertThat(story.state.digest().isOf(digest)).isTrue();
        }
    }

    /** What the live digest never sees: a value altered in memory behind its back. */
    @Test
    void shouldNoticeAValueThatWasAlteredInMemory() throws ReflectiveOperationException
    {
        try (Story story = storyOfAll())
        {
            final String before = digestOf(story.state);
            alterFirstCounter(story.state);
            assertThat(digestOf(story.state)).isEqualTo(before);

            final StateImages image = StateImages.of(story.state);
            final StateImageDigest digest = new StateImageDigest();
            image.read(digest.newReader(image.bytes().length));
            assertThat(story.state.digest().isOf(digest)).isFalse();
        }
    }

    /** Replies are kept, and what is kept is in the digest: so the next record says what the shadow does not find. */
    @Test
    void shouldHaveAnotherDigestBehindTheFirstReplyThatShowsAnAlteredValue() throws ReflectiveOperationException
    {
        try (Story altered = storyOfAll(); Story right = storyOfAll())
        {
            alterFirstCounter(altered.state);
            for (final Story story : List.of(altered, right))
            {
                story.send(story.ack().add("a", 1));
            }
            assertThat(digestOf(altered.state)).as("nobody was told the value").isEqualTo(digestOf(right.state));
            for (final Story story : List.of(altered, right))
            {
                story.send(story.request().add("a", 1));
            }
            assertThat(digestOf(altered.state)).isNotEqualTo(digestOf(right.state));
        }
    }

    private static void alterFirstCounter(final StateMachine state) throws ReflectiveOperationException
    {
        final Field field = StateMachine.class.getDeclaredField("counters");
        field.setAccessible(true);
        final long value = ((CounterTable)field.get(state)).ids().address(1) + IdTable.HEADER_LENGTH;
        OffHeap.putLong(value, OffHeap.getLong(value) ^ 1L << 40);
    }

    /** Counters, free ids, boards of several kinds, members that wait for their release, shared names, kept replies. */
    static Story storyOfAll()
    {
        final Story story = new Story();
        story.open(2);
        story.send(2, 0, story.request().add("a", 1).add("b", -5).add("c", 7).delete("b"));
        story.send(1, 0, story.request()
            .create("board", BoardSpec.of(BoardSpec.BEST, BoardSpec.LATEST, "points,diff").ascending(2).feedRows(10))
            .onBoard("board")
            .scoreColumns("a", 5, 6)
            .scoreColumns("bob", -1, Long.MIN_VALUE)
            .create("gone", BoardSpec.points()));
        final RequestBuilder many = story.request().onBoard("gone");
        for (int i = 0; i < 100; i++)
        {
            many.score("m" + i, i);
        }
        story.send(1, 1, many);
        story.send(1, 2, story.request().onBoard("gone").drop().add("d", 1));
        return story;
    }

    private static String digestOrRefusal(final byte[] image)
    {
        try (StateMachine loaded = StateImages.of(image).load())
        {
            return digestOf(loaded);
        }
        catch (final IllegalStateException refusal)
        {
            return refusal.getMessage();
        }
    }

    private static String digestOf(final StateMachine state)
    {
        return String.format("%016x%016x", state.digest().high(), state.digest().low());
    }
}

package io.quipu.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.quipu.codecs.ingress.Limit;
import org.junit.jupiter.api.Test;

/**
 * The digests of fixed small states, computed beforehand by another program from the definition in the README. They are
 * part of the format: a change here means that no journal of before can be checked any more, and calls for a new logic
 * version.
 */
class DigestTest
{
    @Test
    void shouldMixAsDrawn()
    {
        final DigestEntry entry = new DigestEntry();

        assertThat(DigestEntry.mix64(1)).isEqualTo(0x5692161D100B05E5L);
        assertThat(entry.begin(0).high()).isEqualTo(0xC4B455F3D9E5EAA3L);
        assertThat(entry.begin(0).low()).isEqualTo(0xBA995C2489CD8B07L);
        assertThat(entry.begin(1).put(2).put(3).high()).isEqualTo(0xA2B8227D8B56397FL);
        assertThat(entry.begin(1).put(2).put(3).low()).isEqualTo(0xEF4AEE09A8A2ACE7L);
        assertThat(DigestEntry.weightHigh(0x1000_0000_0000_0001L)).isEqualTo(0x721714279C1AE299L);
        assertThat(DigestEntry.weightLow(0x1000_0000_0000_0001L)).isEqualTo(0x84ADFA1891689FA1L);
    }

    @Test
    void shouldHaveTheDigestsOfTheTestVectors()
    {
        assertVector("21240a4582577e985adcc9f3d089b792", story -> { });
        assertVector("2cc32e3cdf5ce2d1ef3104d60f07e34b", story -> story.send(story.request().add("a", 1)));
        assertVector("a08236f1df22f4cf1f311d5756e8d862", story ->
            story.send(story.request().add("a", 1).set("b", -5).delete("a")));
        assertVector("86af4854ec9998442329d2bcff1d46e2", story ->
            story.send(story.request().limit(Limit.NAMES.value(), 1000)));
        assertVector("70b583ac5322c656d445752df3a17fea", story ->
            story.send(1, 0, story.request().add("a", 1)).send(1, 0, story.ack().add("a", 1)));
        assertVector("2d87feb9d2f6f4edb8543d182196cb6b", story ->
            story.send(story.request().add("a", 1)).close(1));
        assertVector("4692ab57911c18a002bf8c7dc270a888", DigestTest::board);
        assertVector("572b496211426ca9edcba8c926e03131", story ->
        {
            board(story);
            story.send(story.request().onBoard("b").reset());
        });
        assertVector("66ccde9abfc737228079ff624a0efd41", story ->
        {
            board(story);
            story.send(story.request().onBoard("b").reset()).tick(1);
        });
        assertVector("b0877678722e915ed4555fec2d597deb", story ->
        {
            board(story);
            story.send(story.request().onBoard("b").reset()).tick(1).send(story.request().onBoard("b").drop());
        });
    }

    @Test
    void shouldChangeWithAnyOneField()
    {
        final BoardSpec spec = BoardSpec.of(BoardSpec.BEST, BoardSpec.FIRST, "x,y").capacity(9);
        final List<Consumer<Story>> variants = new ArrayList<>();
        variants.add(story -> { });
        for (final String counter : new String[]{ "a", "b", "aa" })
        {
            for (long value = -1; value <= 1; value++)
            {
                final long set = value;
                variants.add(story -> story.send(story.request().set(counter, set)));
            }
        }
        for (final BoardSpec variant : new BoardSpec[]{
            spec, spec.capacity(8), spec.ascending(1), spec.ascending(2), spec.feedRows(1),
            BoardSpec.of(BoardSpec.LAST, BoardSpec.FIRST, "x,y").capacity(9),
            BoardSpec.of(BoardSpec.BEST, BoardSpec.LATEST, "x,y").capacity(9),
            BoardSpec.of(BoardSpec.BEST, BoardSpec.FIRST, "x,z").capacity(9) })
        {
            variants.add(story -> story.send(story.request().create("b", variant)));
        }
        for (final long[] columns : new long[][]{ { 1, 2 }, { 2, 1 }, { 1, 1 }, { 0, 2 } })
        {
            variants.add(story -> story.send(story.request().create("b", spec).onBoard("b").scoreColumns("m", columns)));
        }
        variants.add(story -> story.send(story.request().create("b", spec).onBoard("b").scoreColumns("n", 1, 2)));
        variants.add(story -> story.send(story.request().create("c", spec).onBoard("c").scoreColumns("m", 1, 2)));
        variants.add(story -> story.send(story.request().create("b", spec)
            .onBoard("b").remove("n").scoreColumns("m", 1, 2)));
        variants.add(story -> story.send(story.request().add("x", 1).delete("x")));
        variants.add(story -> story.send(story.request().add("x", 1).add("y", 1).delete("x").delete("y")));
        variants.add(story -> story.send(story.request().add("x", 1).add("y", 1).delete("y").delete("x")));
        for (int which = 1; which <= Limits.count(); which++)
        {
            final int limit = which;
            variants.add(story -> story.send(story.request().limit(limit, 100)));
            variants.add(story -> story.send(story.request().limit(limit, 101)));
        }

        assertAllDifferent(variants, "sessions");
    }

    @Test
    void shouldChangeWithAnyFieldOfASession()
    {
        final List<Consumer<Story>> variants = new ArrayList<>();
        variants.add(story -> { });
        variants.add(story -> story.open(2));
        variants.add(story -> story.open(2).close(2));
        variants.add(story -> story.close(1));
        variants.add(story -> story.later(1).send(story.ack().delete("none")));
        variants.add(story -> story.send(story.ack().delete("none")));
        variants.add(story -> story.tick(1).send(story.ack().delete("none")));
        variants.add(story -> story.send(story.request().delete("none")));
        variants.add(story -> story.send(1, 0, story.ack().delete("none")).send(1, 0, story.ack().delete("none")));
        variants.add(story -> story.send(1, 0, story.ack().delete("none")).send(1, 1, story.ack().delete("none")));
        variants.add(story -> story.send(story.request().delete("none"))
            .later(SessionTable.EXPIRY_NS + 1).tick(1));

        assertAllDifferent(variants, "none");
    }

    @Test
    void shouldChangeWithWhateverDecidesInWhichOrderMembersOfADroppedBoardAreReleased()
    {
        final List<Consumer<Story>> variants = new ArrayList<>();
        for (final BoardSpec spec : new BoardSpec[]{
            BoardSpec.points(), BoardSpec.points().ascending(1),
            BoardSpec.of(BoardSpec.SUM, BoardSpec.LATEST, "points"),
            BoardSpec.of(BoardSpec.SUM, BoardSpec.MEMBER, "points") })
        {
            variants.add(story -> story.send(story.request().create("b", spec)
                .onBoard("b").score("ann", 5).score("bob", 5).drop()));
        }

        assertAllDifferent(variants, "sessions");
    }

    @Test
    void shouldNameTheFirstBoardsOnlyWhereAskedTo()
    {
        try (Story story = new Story())
        {
            board(story);
            story.send(story.request()
                .create(new byte[]{ (byte)0xE9, (byte)0xFF }, BoardSpec.points())
                .create("c", BoardSpec.points()));
            final DigestPart sum = new DigestPart();
            final List<String> labels = new ArrayList<>();
            story.state.digest().forEachPart(
                (label, high, low) ->
                {
                    labels.add(label.toString());
                    sum.add(high, low);
                },
                2);

            assertThat(labels).containsExactly(
                "names", "counters", "sessions", "limits", "releases", "board:b", "board:\u00e9\u00ff", "boards");
            assertThat(sum.high()).isEqualTo(story.state.digest().high());
            assertThat(sum.low()).isEqualTo(story.state.digest().low());
        }
    }

    @Test
    void shouldSumUpOfItsParts()
    {
        try (Story story = new Story())
        {
            board(story);
            story.send(story.request().create("c", BoardSpec.points()).add("x", 1).onBoard("b").remove("ann"));
            final DigestPart sum = new DigestPart();
            final List<String> labels = new ArrayList<>();
            story.state.digest().forEachPart((label, high, low) ->
            {
                labels.add(label.toString());
                sum.add(high, low);
            });

            assertThat(labels).containsExactly(
                "names", "counters", "sessions", "limits", "releases", "board:b", "board:c", "boards");
            assertThat(sum.high()).isEqualTo(story.state.digest().high());
            assertThat(sum.low()).isEqualTo(story.state.digest().low());
        }
    }

    private static void board(final Story story)
    {
        story.send(story.request().create("b", BoardSpec.points()).onBoard("b").score("ann", 5).score("bob", -1));
    }

    private static void assertVector(final String expected, final Consumer<Story> told)
    {
        try (Story story = new Story())
        {
            told.accept(story);

            assertThat(story.digest()).isEqualTo(expected);
        }
    }

    /** Without a part that differs anyway; both lanes for themselves. */
    private static void assertAllDifferent(final List<Consumer<Story>> variants, final String excluded)
    {
        final Set<Long> highs = new HashSet<>();
        final Set<Long> lows = new HashSet<>();
        for (final Consumer<Story> variant : variants)
        {
            try (Story story = new Story())
            {
                variant.accept(story);
                final DigestPart sum = new DigestPart();
                story.state.digest().forEachPart((label, high, low) ->
                {
                    if (!excluded.contentEquals(label))
                    {
                        sum.add(high, low);
                    }
                });
                highs.add(sum.high());
                lows.add(sum.low());
            }
        }

        assertThat(highs).hasSameSizeAs(variants);
        assertThat(lows).hasSameSizeAs(variants);
    }
}

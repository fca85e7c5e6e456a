package io.quipu.codecs;

import static io.quipu.codecs.FrameValidator.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Every frame of {@link Samples}, and random ones, damaged in every way that lengths can be wrong. Each damaged frame
 * is judged in a buffer that ends where it ends, so that a read outside throws, and amid neighbours of several kinds,
 * which must not matter; and by the naive twin.
 */
class FrameFaultsTest
{
    private static final Set<Integer> CODES = Set.of(
        OK,
        FrameValidator.BAD_NAME,
        FrameValidator.MALFORMED,
        FrameValidator.REQUEST_TOO_LARGE,
        FrameValidator.UNKNOWN_TEMPLATE,
        FrameValidator.UNSUPPORTED_VERSION,
        FrameValidator.WRONG_COLUMNS);

    private static final NaiveFrames NAIVE_INGRESS = NaiveFrames.of("ingress");
    private static final NaiveFrames NAIVE_EGRESS = NaiveFrames.of("egress");
    private static final NaiveFrames NAIVE_FEED = NaiveFrames.of("feed");

    private interface Validator
    {
        int validate(DirectBuffer buffer, int offset, int length);
    }

    private record Direction(Validator fast, Predicate<byte[]> naive, Map<String, byte[]> samples)
    {
    }

    private static final Direction INGRESS =
        new Direction(FrameValidator::validateIngress, NAIVE_INGRESS::acceptsIngress, Samples.ingress());

    private static final Direction[] DIRECTIONS = {
        INGRESS,
        new Direction(FrameValidator::validateEgress, NAIVE_EGRESS::acceptsEgress, Samples.egress()),
        new Direction(FrameValidator::validateFeed, NAIVE_FEED::acceptsMessage, Samples.feed()),
    };

    @Test
    void shouldRefuseEveryTruncation()
    {
        for (final Direction direction : DIRECTIONS)
        {
            direction.samples.forEach((name, frame) ->
            {
                for (int length = 0; length < frame.length; length++)
                {
                    assertThat(judge(direction, Arrays.copyOf(frame, length)))
                        .as(name + " cut to " + length).isNotEqualTo(OK);
                }
            });
        }
    }

    @Test
    void shouldRefuseEveryExtension()
    {
        for (final Direction direction : DIRECTIONS)
        {
            direction.samples.forEach((name, frame) ->
            {
                for (int more = 1; more <= 24; more++)
                {
                    assertThat(judge(direction, Arrays.copyOf(frame, frame.length + more))).as(name).isNotEqualTo(OK);
                }
            });
        }
    }

    /** Every field at every edge, wherever it stands: the lengths and counts are among them. */
    @Test
    void shouldJudgeEveryFieldAtItsEdgesAsTheTwinDoes()
    {
        for (final Direction direction : DIRECTIONS)
        {
            for (final byte[] frame : direction.samples.values())
            {
                for (final int width : new int[]{ 1, 2, 4 })
                {
                    for (int offset = 0; offset + width <= frame.length; offset++)
                    {
                        judgeEdges(direction, frame, offset, width);
                    }
                }
            }
        }
    }

    private static void judgeEdges(final Direction direction, final byte[] frame, final int offset, final int width)
    {
        final long value = Bytes.read(frame, offset, width);
        final long max = (1L << width * 8) - 1;
        final long[] edges = { 0, 1, max, max - 1, max >>> 1, (max >>> 1) + 1, value + 1, value - 1, 128, 129 };
        for (final long edge : edges)
        {
            judge(direction, Bytes.with(frame, offset, width, edge));
        }
    }

    @Test
    void shouldJudgeEveryFlippedBitAsTheTwinDoes()
    {
        for (final Direction direction : DIRECTIONS)
        {
            for (final byte[] frame : direction.samples.values())
            {
                for (int bit = 0; bit < frame.length * 8; bit++)
                {
                    final byte[] flipped = frame.clone();
                    flipped[bit / 8] ^= (byte)(1 << bit % 8);
                    judge(direction, flipped);
                }
            }
        }
    }

    @Property(tries = 300)
    void shouldAcceptEveryGeneratedFrame(@ForAll final long seed)
    {
        assertThat(judge(INGRESS, new FrameGenerator(seed).submit().frame())).isEqualTo(OK);
    }

    @Property(tries = 1500)
    void shouldJudgeRandomDamageAsTheTwinDoes(@ForAll final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] frame = new FrameGenerator(seed).submit().frame();
        for (int i = random.nextInt(1, 4); i > 0; i--)
        {
            final int value = random.nextBoolean() ? random.nextInt() : random.nextInt(0, 3);
            frame[random.nextInt(frame.length)] = (byte)value;
        }
        judge(INGRESS, random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length)) : frame);
    }

    @Property(tries = 1000)
    void shouldJudgeGarbageAsTheTwinDoes(@ForAll final byte[] garbage)
    {
        for (final Direction direction : DIRECTIONS)
        {
            judge(direction, garbage);
        }
    }

    /** A valid frame behind the one judged: were a length believed, its bytes would be read. */
    @Test
    void shouldNotReadAValidNeighbour()
    {
        final byte[] neighbour = Samples.ingress().get("Submit");
        INGRESS.samples.forEach((name, frame) ->
        {
            for (int length = 0; length < frame.length; length += 3)
            {
                final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length + neighbour.length]);
                buffer.putBytes(0, frame, 0, length);
                buffer.putBytes(length, neighbour);
                final byte[] cut = Arrays.copyOf(frame, length);
                assertThat(FrameValidator.validateIngress(buffer, 0, length)).as(name).isEqualTo(judge(INGRESS, cut));
            }
        });
    }

    private static int judge(final Direction direction, final byte[] frame)
    {
        final int code = direction.fast.validate(Bytes.exactly(frame), 0, frame.length);
        if (!CODES.contains(code) || (OK == code) != direction.naive.test(frame))
        {
            fail("answer %d on %s", code, HexFormat.of().formatHex(frame));
        }
        for (final int neighbour : new int[]{ 0x00, 0xFF, 0x01 })
        {
            final int margin = 72;
            final int beside = direction.fast.validate(Bytes.amid(frame, neighbour, margin), margin, frame.length);
            if (beside != code)
            {
                fail("answer %d, beside %d: %d on %s", code, neighbour, beside, HexFormat.of().formatHex(frame));
            }
        }
        return code;
    }
}

package io.quipu.codecs;

import static io.quipu.codecs.FrameValidator.BAD_NAME;
import static io.quipu.codecs.FrameValidator.MALFORMED;
import static io.quipu.codecs.FrameValidator.OK;
import static io.quipu.codecs.FrameValidator.REQUEST_TOO_LARGE;
import static io.quipu.codecs.FrameValidator.UNKNOWN_TEMPLATE;
import static io.quipu.codecs.FrameValidator.UNSUPPORTED_VERSION;
import static io.quipu.codecs.FrameValidator.WRONG_COLUMNS;
import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.DropBoardEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRangeEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.IdempotencyKeyDecoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestDecoder;
import io.quipu.codecs.ingress.ResolveDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Which refusal which fault gets. {@link FrameFaultsTest} asks whether anything slips through.
 */
class FrameValidatorTest
{
    private static final int HEADER = 8;
    private static final int REQUEST = 24;
    private static final int REQUEST_BLOCK = REQUEST + HEADER;
    private static final int COMMANDS = REQUEST_BLOCK + RequestDecoder.BLOCK_LENGTH;
    private static final int RUN = COMMANDS + HEADER;
    private static final int QUERY = HEADER + 24;

    private final Map<String, byte[]> samples = Samples.ingress();

    @Test
    void shouldAcceptOneFrameOfEveryTemplate()
    {
        samples.forEach((name, frame) -> assertThat(validate(frame)).as(name).isEqualTo(OK));
        Samples.egress().forEach((name, frame) -> assertThat(
            FrameValidator.validateEgress(Bytes.exactly(frame), 0, frame.length)).as(name).isEqualTo(OK));
        Samples.feed().forEach((name, frame) -> assertThat(
            FrameValidator.validateFeed(Bytes.exactly(frame), 0, frame.length)).as(name).isEqualTo(OK));
    }

    @Test
    void shouldRefuseNothingAndNegativeLengths()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(samples.get("Submit"));
        assertThat(FrameValidator.validateIngress(buffer, 0, 0)).isEqualTo(MALFORMED);
        assertThat(FrameValidator.validateIngress(buffer, 8, -1)).isEqualTo(MALFORMED);
        assertThat(FrameValidator.validateIngress(buffer, 0, Integer.MIN_VALUE)).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseForeignSchemaTemplateAndVersion()
    {
        final byte[] frame = samples.get("Submit Add");
        for (final int header : new int[]{ 0, REQUEST, COMMANDS })
        {
            assertThat(validate(Bytes.with(frame, header + 4, 2, 7402))).isEqualTo(MALFORMED);
            assertThat(validate(Bytes.with(frame, header + 2, 2, 25))).isEqualTo(UNKNOWN_TEMPLATE);
            assertThat(validate(Bytes.with(frame, header + 2, 2, 0))).isEqualTo(UNKNOWN_TEMPLATE);
            assertThat(validate(Bytes.with(frame, header + 2, 2, 0xFFFF))).isEqualTo(UNKNOWN_TEMPLATE);
            assertThat(validate(Bytes.with(frame, header + 6, 2, 0x0100))).isEqualTo(UNSUPPORTED_VERSION);
            assertThat(validate(Bytes.with(frame, header + 6, 2, 0x00FF))).isEqualTo(OK);
        }
    }

    @Test
    void shouldRefuseReservedTemplates()
    {
        final byte[] frame = Bytes.with(samples.get("Submit Add"), COMMANDS + 2, 2, IdempotencyKeyDecoder.TEMPLATE_ID);
        assertThat(validate(frame)).isEqualTo(UNKNOWN_TEMPLATE);
    }

    @Test
    void shouldRefuseMessagesOutOfPlace()
    {
        final byte[] submit = samples.get("Submit Add");
        final byte[] query = samples.get("Query GetStatus");
        assertThat(validate(Arrays.copyOfRange(submit, REQUEST, submit.length))).isEqualTo(MALFORMED);
        assertThat(validate(Arrays.copyOfRange(query, QUERY, query.length))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.ends(
            new GetStatusEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header).limit())))).isEqualTo(MALFORMED);
        final FrameBuilder f = new FrameBuilder().query(1, 2).add(1, "a");
        assertThat(validate(f.frame())).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseFramesThatAreTooLong()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 17]);
        assertThat(FrameValidator.validateIngress(buffer, 0, FrameValidator.MAX_FRAME_LENGTH + 1))
            .isEqualTo(REQUEST_TOO_LARGE);
    }

    @Test
    void shouldAcceptTheLargestFrame()
    {
        final long[] pairs = new long[2 * 4091];
        final byte[] frame = commands((f) -> f.addByHandle(pairs));
        assertThat(frame.length).isLessThanOrEqualTo(FrameValidator.MAX_FRAME_LENGTH)
            .isGreaterThan(FrameValidator.MAX_FRAME_LENGTH - 24);
        assertThat(validate(frame)).isEqualTo(OK);
    }

    @Test
    void shouldNameBadNames()
    {
        final byte[] frame = samples.get("Submit Delete");
        final int firstName = RUN + 4 + 1;
        assertThat(validate(Bytes.with(frame, firstName, 1, 0))).isEqualTo(BAD_NAME);
        assertThat(validate(Bytes.with(frame, firstName, 1, 129))).isEqualTo(BAD_NAME);
        assertThat(validate(Bytes.with(frame, firstName, 1, 255))).isEqualTo(BAD_NAME);
        assertThat(validate(Bytes.with(frame, firstName, 1, 128))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.add(1, "x".repeat(128))))).isEqualTo(OK);
        final byte[] longName = Bytes.with(commands((f) -> f.add(1, "x".repeat(128), "y")), RUN + 4 + 8, 1, 129);
        assertThat(validate(longName)).isEqualTo(BAD_NAME);
        assertThat(validate(commands((f) -> f.createBoard("", "points")))).isEqualTo(BAD_NAME);
        assertThat(validate(commands((f) -> f.createBoard("epl", "")))).isEqualTo(OK);
    }

    @Test
    void shouldWantABoardByHandleOrByName()
    {
        assertThat(validate(commands((f) -> f.onBoard("").score(1, "A")))).isEqualTo(BAD_NAME);
        assertThat(validate(commands((f) -> f.onBoard(1).score(1, "A")))).isEqualTo(OK);
        final byte[] both = Bytes.with(commands((f) -> f.onBoard("epl").score(1, "A")), COMMANDS + HEADER, 8, 1);
        assertThat(validate(both)).isEqualTo(MALFORMED);
    }

    @Test
    void shouldWantABoardInFrontOfBoardCommands()
    {
        assertThat(validate(commands((f) -> f.score(1, "A")))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.scoreColumns(1, 2, "A")))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.remove("A")))).isEqualTo(MALFORMED);
        assertThat(validate(commands(FrameBuilder::resetBoard))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.ends(
            new DropBoardEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header).limit())))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.score(1, "A").onBoard("epl")))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.onBoard("epl").add(1, "a").score(1, "A")))).isEqualTo(OK);
        assertThat(validate(new FrameBuilder().submit(1, 2)
            .request(1).onBoard("epl").score(1, "A").endRequest()
            .request(2).score(1, "A").endRequest().frame())).isEqualTo(MALFORMED);
    }

    @Test
    void shouldCountCommandsOverRuns()
    {
        final byte[] frame = commands((f) -> f.add(1, "a", "b").onBoard("epl").score(1, "A").resetBoard());
        final int commandCount = REQUEST_BLOCK + RequestDecoder.commandCountEncodingOffset();
        assertThat(Bytes.read(frame, commandCount, 2)).isEqualTo(4);
        assertThat(validate(frame)).isEqualTo(OK);
        for (final long wrong : new long[]{ 0, 1, 3, 5, 0xFFFF })
        {
            assertThat(validate(Bytes.with(frame, commandCount, 2, wrong))).isEqualTo(MALFORMED);
        }
        assertThat(validate(commands((f) -> f.onBoard("epl")))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.add(1)))).isEqualTo(MALFORMED);
        assertThat(validate(commands((f) -> f.add(1, "a").addByHandle()))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldWantExactlyTheRequestsCounted()
    {
        final byte[] frame = samples.get("Submit");
        final int requestCount = HEADER + SubmitDecoder.requestCountEncodingOffset();
        for (final long wrong : new long[]{ 0, 1, 2, 4, 0xFFFF })
        {
            assertThat(validate(Bytes.with(frame, requestCount, 2, wrong))).isEqualTo(MALFORMED);
        }
        assertThat(validate(Arrays.copyOf(frame, frame.length + 8))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldWantZeroPaddingUpToEight()
    {
        final byte[] frame = commands((f) -> f.add(1, "ab"));
        final int payload = (int)Bytes.read(frame, REQUEST_BLOCK + RequestDecoder.lengthEncodingOffset(), 4);
        assertThat(frame.length - COMMANDS - payload).isEqualTo(1);
        assertThat(validate(Bytes.with(frame, frame.length - 1, 1, 1))).isEqualTo(MALFORMED);
        assertThat(validate(Arrays.copyOf(frame, frame.length - 1))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseSequencesThatCannotBe()
    {
        assertThat(validate(sequenced(1, 0))).isEqualTo(OK);
        assertThat(validate(sequenced(Long.MAX_VALUE, Long.MAX_VALUE - 1))).isEqualTo(OK);
        assertThat(validate(sequenced(0, 0))).isEqualTo(MALFORMED);
        assertThat(validate(sequenced(-1, 0))).isEqualTo(MALFORMED);
        assertThat(validate(sequenced(5, 5))).isEqualTo(MALFORMED);
        assertThat(validate(sequenced(5, -1))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseUnknownEnumValues()
    {
        final byte[] frame = samples.get("Submit Add");
        for (final long foreign : new long[]{ 4, 127, 128, 254, 255 })
        {
            assertThat(validate(Bytes.with(frame, REQUEST_BLOCK + RequestDecoder.ackEncodingOffset(), 1, foreign)))
                .isEqualTo(MALFORMED);
            assertThat(validate(Bytes.with(
                frame, REQUEST_BLOCK + RequestDecoder.replyFormEncodingOffset(), 1, foreign))).isEqualTo(MALFORMED);
            assertThat(validate(Bytes.with(frame, REQUEST_BLOCK + RequestDecoder.modeEncodingOffset(), 1, foreign)))
                .isEqualTo(MALFORMED);
            assertThat(validate(Bytes.with(samples.get("Submit AddBounded"), RUN + 4 + 24, 1, foreign)))
                .isEqualTo(MALFORMED);
            assertThat(validate(Bytes.with(samples.get("Query GetStatus"), HEADER + 16, 1, foreign)))
                .isEqualTo(MALFORMED);
            final int kind = QUERY + HEADER + ResolveDecoder.kindEncodingOffset();
            assertThat(validate(Bytes.with(samples.get("Query Resolve counters"), kind, 1, foreign)))
                .isEqualTo(MALFORMED);
        }
    }

    @Test
    void shouldLeaveBoardDefinitionsAndLimitsToApply()
    {
        final byte[] board = samples.get("Submit CreateBoard");
        for (int i = 0; i < 8; i++)
        {
            assertThat(validate(Bytes.with(board, COMMANDS + HEADER + i, 1, 0xFF))).isEqualTo(OK);
        }
        assertThat(validate(Bytes.with(samples.get("Submit SetLimit"), COMMANDS + HEADER + 8, 1, 99))).isEqualTo(OK);
    }

    @Test
    void shouldWantABoardInFrontOfBoardQueriesOnly()
    {
        final byte[] page = samples.get("Query GetPage");
        final int boardLength = HEADER + 8 + 1 + "epl".length();
        final byte[] withoutBoard = new byte[page.length - boardLength];
        System.arraycopy(page, 0, withoutBoard, 0, QUERY);
        System.arraycopy(page, QUERY + boardLength, withoutBoard, QUERY, withoutBoard.length - QUERY);
        assertThat(validate(withoutBoard)).isEqualTo(MALFORMED);

        final FrameBuilder f = new FrameBuilder().query(1, 2).onBoard("epl");
        f.ends(new GetStatusEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header).limit());
        assertThat(validate(f.frame())).isEqualTo(MALFORMED);

        final int kind = QUERY + HEADER + ResolveDecoder.kindEncodingOffset();
        assertThat(validate(Bytes.with(samples.get("Query Resolve counters"), kind, 1, 2))).isEqualTo(OK);
        assertThat(validate(Bytes.with(samples.get("Query Resolve counters"), kind, 1, 3))).isEqualTo(MALFORMED);
        final int kindBehindBoard = kind + boardLength;
        assertThat(validate(Bytes.with(samples.get("Query Resolve members"), kindBehindBoard, 1, 1)))
            .isEqualTo(MALFORMED);
    }

    @Test
    void shouldWantExactlyOneQuery()
    {
        final byte[] one = samples.get("Query GetLimits");
        final byte[] two = Arrays.copyOf(one, one.length + HEADER);
        System.arraycopy(one, QUERY, two, one.length, HEADER);
        assertThat(validate(two)).isEqualTo(MALFORMED);
        assertThat(validate(Arrays.copyOf(one, QUERY))).isEqualTo(MALFORMED);
        assertThat(validate(new FrameBuilder().query(1, 2).onBoard("epl").frame())).isEqualTo(MALFORMED);
    }

    @Test
    void shouldBoundListsAndPages()
    {
        assertThat(validate(getCounters(0))).isEqualTo(OK);
        assertThat(validate(getCounters(1000))).isEqualTo(OK);
        assertThat(validate(getCounters(1001))).isEqualTo(REQUEST_TOO_LARGE);
        assertThat(validate(getPage(1))).isEqualTo(OK);
        assertThat(validate(getPage(1000))).isEqualTo(OK);
        assertThat(validate(getPage(1001))).isEqualTo(REQUEST_TOO_LARGE);
        assertThat(validate(getPage(0))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldBoundTheColumnsOfARange()
    {
        final FrameBuilder f = new FrameBuilder().query(1, 2).onBoard("epl");
        final byte[] frame = f.ends(new GetRangeEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header)
            .maxRows(5).fromColumns((short)5).toColumns((short)0).fromInclusive(Flag.NO).toInclusive(Flag.NO).limit())
            .frame();
        assertThat(validate(frame)).isEqualTo(WRONG_COLUMNS);
    }

    @Test
    void shouldWalkOverWhatANewerMinorVersionAdds()
    {
        final byte[] submit = samples.get("Submit Add");
        assertThat(validate(Bytes.with(Bytes.insert(submit, REQUEST, 8), 0, 2, 24))).isEqualTo(OK);
        assertThat(validate(Bytes.with(Bytes.insert(submit, COMMANDS, 8), REQUEST, 2, 40))).isEqualTo(OK);

        final byte[] adds = Bytes.with(Bytes.insert(commands((f) -> f.addByHandle(1, 2)), RUN + 4 + 16, 3), RUN, 2, 19);
        assertThat(validate(Bytes.refitted(adds, HEADER + 4 + 19))).isEqualTo(OK);

        final byte[] add = Bytes.with(Bytes.insert(commands((f) -> f.add(1, "ab")), RUN + 4 + 8, 5), RUN, 2, 13);
        assertThat(validate(Bytes.refitted(add, HEADER + 4 + 13 + 3))).isEqualTo(OK);

        final byte[] query = samples.get("Query GetPage");
        assertThat(validate(Bytes.with(Bytes.insert(query, QUERY, 5), 0, 2, 29))).isEqualTo(OK);
    }

    @Test
    void shouldRefuseShorterBlocksThanOurs()
    {
        final byte[] adds = samples.get("Submit AddByHandle");
        for (final int blockLength : new int[]{ 0, 1, 15 })
        {
            assertThat(validate(Bytes.with(adds, RUN, 2, blockLength))).isEqualTo(MALFORMED);
        }
        assertThat(validate(Bytes.with(adds, REQUEST, 2, RequestDecoder.BLOCK_LENGTH - 1))).isEqualTo(MALFORMED);
        assertThat(validate(Bytes.with(adds, 0, 2, SubmitDecoder.BLOCK_LENGTH - 1))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldNotOverflowOnTheLargestCounts()
    {
        final byte[] adds = Bytes.with(samples.get("Submit AddByHandle"), RUN, 4, -1);
        assertThat(validate(adds)).isEqualTo(MALFORMED);
        assertThat(validate(Bytes.with(adds, REQUEST_BLOCK + RequestDecoder.lengthEncodingOffset(), 4, -1)))
            .isEqualTo(MALFORMED);
    }

    @Test
    void shouldWantABodyBehindGoodQueryRepliesOnly()
    {
        final Map<String, byte[]> egress = Samples.egress();
        final byte[] good = egress.get("QueryReply Handles");
        final int code = HEADER + io.quipu.codecs.egress.QueryReplyDecoder.codeEncodingOffset();
        assertThat(validateEgress(Bytes.with(good, code, 1, 3))).isEqualTo(MALFORMED);
        assertThat(validateEgress(Bytes.with(egress.get("QueryReply refused"), code, 1, 0))).isEqualTo(MALFORMED);
    }

    private static byte[] sequenced(final long sequence, final long upTo)
    {
        return new FrameBuilder().submit(1, 2)
            .request(sequence, upTo, Ack.JOURNALED, ReplyForm.ACK, Mode.INDEPENDENT).add(1, "a").endRequest().frame();
    }

    private static byte[] getCounters(final int names)
    {
        final FrameBuilder f = new FrameBuilder().query(1, 2);
        final GetCountersEncoder message = new GetCountersEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        final GetCountersEncoder.CountersEncoder list = message.countersCount(names);
        for (int i = 0; i < names; i++)
        {
            list.next().reserved((short)0).putCounter(FrameBuilder.utf8("c" + i), 0, 2);
        }
        return f.ends(message.limit()).frame();
    }

    private static byte[] getPage(final int maxRows)
    {
        final FrameBuilder f = new FrameBuilder().query(1, 2).onBoard("epl");
        return f.ends(new GetPageEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header)
            .skip(0).maxRows(maxRows).limit()).frame();
    }

    private static byte[] commands(final UnaryOperator<FrameBuilder> commands)
    {
        return commands.apply(new FrameBuilder().submit(1, 2).request(1)).endRequest().frame();
    }

    private static int validate(final byte[] frame)
    {
        return FrameValidator.validateIngress(Bytes.exactly(frame), 0, frame.length);
    }

    private static int validateEgress(final byte[] frame)
    {
        return FrameValidator.validateEgress(Bytes.exactly(frame), 0, frame.length);
    }
}

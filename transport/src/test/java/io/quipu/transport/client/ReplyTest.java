package io.quipu.transport.client;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.ReplyEncoder;
import io.quipu.codecs.egress.ResultAckEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.ResultColumnsEncoder;
import io.quipu.codecs.egress.ResultRanksEncoder;
import io.quipu.codecs.egress.ResultValuesEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReplyTest
{
    private static final int FRAME = 16;
    private static final int NOT_REFUSED = 65_535;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @Test
    void shouldReadTheEnvelope()
    {
        final int result = envelope();
        final ResultValuesEncoder values = new ResultValuesEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(12).firstSequence(100).sessionId(7).commandCount(2)
            .refusedIndex(NOT_REFUSED).code(ResultCode.OK);
        values.resultsCount(2)
            .next().value(-5).code(ResultCode.OK)
            .next().value(6).code(ResultCode.OVERFLOW);
        final Reply reply = reply(result, values.encodedLength());

        assertThat(reply.requestSequence()).isEqualTo(12);
        assertThat(reply.firstSequence()).isEqualTo(100);
        assertThat(reply.lastSequence()).isEqualTo(101);
        assertThat(reply.sessionId()).isEqualTo(7);
        assertThat(reply.epoch()).isEqualTo(3);
        assertThat(reply.ackReached()).isEqualTo(AckReached.DURABLE);
        assertThat(reply.retried()).isTrue();
        assertThat(reply.code()).isEqualTo(ResultCode.OK);
        assertThat(reply.refusedIndex()).isEqualTo(Reply.NOT_REFUSED);
        assertThat(reply.refusedCount()).isEqualTo(1);
        assertThat(reply.value(0)).isEqualTo(-5);
        assertThat(reply.column(0, 1)).isZero();
        assertThat(reply.code(1)).isEqualTo(ResultCode.OVERFLOW);
        assertThat(reply.oldRank(0)).isZero();
        assertThatThrownBy(() -> reply.code(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reply.value(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldKeepItsBytesInACopy()
    {
        final int result = envelope();
        final ResultValuesEncoder values = new ResultValuesEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(12).firstSequence(100).sessionId(7).commandCount(1)
            .refusedIndex(NOT_REFUSED).code(ResultCode.OK);
        values.resultsCount(1).next().value(42).code(ResultCode.OK);
        final Reply copy = reply(result, values.encodedLength()).copy();
        final byte[] expected = new byte[copy.resultLength()];
        buffer.getBytes(result, expected);
        buffer.setMemory(0, 1024, (byte)-1);

        assertThat(copy.value(0)).isEqualTo(42);
        assertThat(copy.epoch()).isEqualTo(3);
        assertThat(copy.retried()).isTrue();
        final byte[] actual = new byte[copy.resultLength()];
        copy.resultBuffer().getBytes(copy.resultOffset(), actual);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void shouldListOnlyRefusalsInAck()
    {
        final int result = envelope();
        final ResultAckEncoder ack = new ResultAckEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(1).firstSequence(1).sessionId(1).commandCount(5)
            .refusedIndex(NOT_REFUSED).code(ResultCode.OK);
        ack.refusedCount(2)
            .next().index(1).code(ResultCode.NOT_FOUND)
            .next().index(4).code(ResultCode.NO_SUCH_BOARD);
        final Reply reply = reply(result, ack.encodedLength());

        assertThat(reply.refusedCount()).isEqualTo(2);
        assertThat(reply.code(0)).isEqualTo(ResultCode.OK);
        assertThat(reply.code(1)).isEqualTo(ResultCode.NOT_FOUND);
        assertThat(reply.code(4)).isEqualTo(ResultCode.NO_SUCH_BOARD);
        assertThat(reply.value(0)).isZero();
        assertThat(reply.columnCount(0)).isZero();
    }

    @Test
    void shouldReadColumnsAndRanks()
    {
        final int result = envelope();
        final ResultColumnsEncoder columns = new ResultColumnsEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(1).firstSequence(1).sessionId(1).commandCount(1)
            .refusedIndex(NOT_REFUSED).code(ResultCode.OK);
        columns.resultsCount(1).next()
            .value0(1).value1(2).value2(3).value3(4).columnCount((short)3).code(ResultCode.NOT_KEPT);
        final Reply wide = reply(result, columns.encodedLength());
        assertThat(wide.columnCount(0)).isEqualTo(3);
        assertThat(wide.column(0, 2)).isEqualTo(3);
        assertThat(wide.column(0, 3)).isZero();
        assertThat(wide.code(0)).isEqualTo(ResultCode.NOT_KEPT);

        final ResultRanksEncoder ranks = new ResultRanksEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(1).firstSequence(1).sessionId(1).commandCount(1)
            .refusedIndex(NOT_REFUSED).code(ResultCode.OK);
        ranks.resultsCount(1).next().value0(1).value1(2).value2(3).value3(4)
            .oldRank(9).newRank(8).columnCount((short)1).code(ResultCode.OK);
        final Reply ranked = reply(result, ranks.encodedLength());
        assertThat(ranked.columnCount(0)).isEqualTo(1);
        assertThat(ranked.value(0)).isEqualTo(1);
        assertThat(ranked.oldRank(0)).isEqualTo(9);
        assertThat(ranked.newRank(0)).isEqualTo(8);
    }

    @Test
    void shouldGiveEachCommandTheCodeOfARefusedAtomicRequest()
    {
        final int result = envelope();
        final ResultRanksEncoder ranks = new ResultRanksEncoder().wrapAndApplyHeader(buffer, result, header)
            .requestSequence(1).firstSequence(1).sessionId(1).commandCount(3)
            .refusedIndex(1).code(ResultCode.OVERFLOW);
        ranks.resultsCount(0);
        final Reply reply = reply(result, ranks.encodedLength());
        assertThat(reply.refusedIndex()).isEqualTo(1);
        assertThat(reply.refusedCount()).isEqualTo(3);
        assertThat(reply.code(2)).isEqualTo(ResultCode.OVERFLOW);
        assertThat(reply.newRank(2)).isZero();
        assertThat(reply.columnCount(2)).isZero();
    }

    private int envelope()
    {
        return FRAME + 8 + new ReplyEncoder().wrapAndApplyHeader(buffer, FRAME, header)
            .attachment(5).epoch(3).ackReached(AckReached.DURABLE).retried(Flag.YES).encodedLength();
    }

    private Reply reply(final int result, final int encodedLength)
    {
        final int length = result - FRAME + 8 + encodedLength;
        assertThat(FrameValidator.validateEgress(buffer, FRAME, length)).isEqualTo(FrameValidator.OK);
        return new Reply().wrap(buffer, FRAME, length);
    }
}

package io.quipu.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.ReplyEncoder;
import io.quipu.codecs.egress.ResultAckEncoder;
import io.quipu.codecs.egress.ResultColumnsEncoder;
import io.quipu.codecs.egress.ResultRanksEncoder;
import io.quipu.codecs.egress.ResultValuesEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/**
 * The lengths computed before the append are those that the encoders reach.
 */
class ResultLengthsTest
{
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @Test
    void shouldMatchTheEncoders()
    {
        for (final int commands : new int[]{ 1, 2, 64, 1000, 4096 })
        {
            final ResultAckEncoder ack = new ResultAckEncoder().wrapAndApplyHeader(buffer, 0, header);
            final ResultAckEncoder.RefusedEncoder refused = ack.refusedCount(commands);
            final ResultValuesEncoder values = new ResultValuesEncoder().wrapAndApplyHeader(buffer, 0, header);
            final ResultValuesEncoder.ResultsEncoder value = values.resultsCount(commands);
            final ResultColumnsEncoder columns = new ResultColumnsEncoder().wrapAndApplyHeader(buffer, 0, header);
            final ResultColumnsEncoder.ResultsEncoder column = columns.resultsCount(commands);
            final ResultRanksEncoder ranks = new ResultRanksEncoder().wrapAndApplyHeader(buffer, 0, header);
            final ResultRanksEncoder.ResultsEncoder rank = ranks.resultsCount(commands);
            for (int i = 0; i < commands; i++)
            {
                refused.next();
                value.next();
                column.next();
                rank.next();
            }
            assertThat(worstCase(ReplyForm.ACK, commands, false)).isEqualTo(ack.limit());
            assertThat(worstCase(ReplyForm.ACK, commands, true)).isEqualTo(ack.limit());
            assertThat(worstCase(ReplyForm.VALUES, commands, false)).isEqualTo(values.limit());
            assertThat(worstCase(ReplyForm.VALUES, commands, true)).isEqualTo(columns.limit());
            assertThat(worstCase(ReplyForm.RANKS, commands, true)).isEqualTo(ranks.limit());
        }
        assertThat(ResultLengths.REPLY_ENVELOPE_LENGTH)
            .isEqualTo(new ReplyEncoder().wrapAndApplyHeader(buffer, 0, header).limit());
    }

    private static int worstCase(final ReplyForm form, final int commands, final boolean anyWide)
    {
        return ResultLengths.worstCase(form.value(), commands, anyWide);
    }
}

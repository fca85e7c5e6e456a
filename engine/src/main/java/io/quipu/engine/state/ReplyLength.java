package io.quipu.engine.state;

import io.quipu.codecs.egress.ResultAckEncoder;
import io.quipu.codecs.egress.ResultColumnsEncoder;
import io.quipu.codecs.egress.ResultRanksEncoder;
import io.quipu.codecs.egress.ResultValuesEncoder;
import io.quipu.codecs.egress.GroupSizeEncodingEncoder;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;

/**
 * Which result message answers a request and how long it gets at worst: decided by reply form, mode, templates and
 * number of its commands alone, so that it is known before the append.
 *
 * <pre>
 *   ACK     ResultAck       header 8 | block | group 4 | 3 B a refused command; none when ATOMIC
 *   VALUES  ResultValues    header 8 | block | group 4 | 9 B a command
 *           ResultColumns   the same with 34 B a command, when the request holds a run of ScoreColumns, AddBounded or Remove
 *   RANKS   ResultRanks     header 8 | block | group 4 | 50 B a command
 * </pre>
 */
public final class ReplyLength
{
    private static final int BEFORE_ROWS = MessageHeaderEncoder.ENCODED_LENGTH + GroupSizeEncodingEncoder.ENCODED_LENGTH;

    private ReplyLength()
    {
    }

    /**
     * @param templateId of a run of commands (ingress schema).
     * @return whether it makes VALUES answer by ResultColumns.
     */
    public static boolean needsColumns(final int templateId)
    {
        return templateId == ScoreColumnsDecoder.TEMPLATE_ID ||
            templateId == AddBoundedDecoder.TEMPLATE_ID ||
            templateId == RemoveDecoder.TEMPLATE_ID;
    }

    /**
     * @param replyForm    ingress ReplyForm.
     * @param mode         ingress Mode.
     * @param needsColumns whether {@link #needsColumns(int)} holds for any run of the request.
     * @param commandCount commands of the request.
     * @return the longest result message with its header.
     */
    public static int worstCase(
        final int replyForm, final int mode, final boolean needsColumns, final int commandCount)
    {
        if (replyForm == ReplyForm.RANKS.value())
        {
            return BEFORE_ROWS + ResultRanksEncoder.BLOCK_LENGTH +
                commandCount * ResultRanksEncoder.ResultsEncoder.sbeBlockLength();
        }

        if (replyForm == ReplyForm.VALUES.value())
        {
            return needsColumns ?
                BEFORE_ROWS + ResultColumnsEncoder.BLOCK_LENGTH +
                    commandCount * ResultColumnsEncoder.ResultsEncoder.sbeBlockLength() :
                BEFORE_ROWS + ResultValuesEncoder.BLOCK_LENGTH +
                    commandCount * ResultValuesEncoder.ResultsEncoder.sbeBlockLength();
        }

        return BEFORE_ROWS + ResultAckEncoder.BLOCK_LENGTH +
            (mode == Mode.ATOMIC.value() ? 0 : commandCount * ResultAckEncoder.RefusedEncoder.sbeBlockLength());
    }
}

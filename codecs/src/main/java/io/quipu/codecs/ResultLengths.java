package io.quipu.codecs;

import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import io.quipu.codecs.egress.ResultColumnsDecoder;
import io.quipu.codecs.egress.ResultRanksDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import io.quipu.codecs.ingress.ReplyForm;

/**
 * How long the result of a request can become, known before it is applied: from its reply form, the templates of its
 * commands and their number alone.
 * <p>
 * Engine and client count with the same numbers: the window of kept replies is part of the conversation.
 */
public final class ResultLengths
{
    /** The Reply envelope in front of a result message. */
    public static final int REPLY_ENVELOPE_LENGTH = SchemaShape.HEADER_LENGTH + ReplyDecoder.BLOCK_LENGTH;

    /** Most bytes of a result message: with its envelope it has to fit one frame. */
    public static final int MAX_RESULT_LENGTH = FrameValidator.MAX_FRAME_LENGTH - REPLY_ENVELOPE_LENGTH;

    private static final int ACK_FIXED = fixed(ResultAckDecoder.BLOCK_LENGTH);
    private static final int VALUES_FIXED = fixed(ResultValuesDecoder.BLOCK_LENGTH);
    private static final int COLUMNS_FIXED = fixed(ResultColumnsDecoder.BLOCK_LENGTH);
    private static final int RANKS_FIXED = fixed(ResultRanksDecoder.BLOCK_LENGTH);

    private ResultLengths()
    {
    }

    /**
     * Template of the result message that answers a request.
     *
     * @param replyForm  {@link ReplyForm} value.
     * @param anyWide    see {@link CommandRuns#anyWide}.
     * @return egress template id.
     */
    public static int resultTemplateId(final int replyForm, final boolean anyWide)
    {
        if (ReplyForm.RANKS.value() == replyForm)
        {
            return ResultRanksDecoder.TEMPLATE_ID;
        }
        if (ReplyForm.VALUES.value() == replyForm)
        {
            return anyWide ? ResultColumnsDecoder.TEMPLATE_ID : ResultValuesDecoder.TEMPLATE_ID;
        }
        return ResultAckDecoder.TEMPLATE_ID;
    }

    /**
     * Longest result message of a request; of an ACK, the one in which every command was refused.
     *
     * @param replyForm    {@link ReplyForm} value.
     * @param commandCount commands of the request.
     * @param anyWide      see {@link CommandRuns#anyWide}.
     * @return bytes, without the Reply envelope.
     */
    public static int worstCase(final int replyForm, final int commandCount, final boolean anyWide)
    {
        switch (resultTemplateId(replyForm, anyWide))
        {
            case ResultRanksDecoder.TEMPLATE_ID:
                return RANKS_FIXED + commandCount * ResultRanksDecoder.ResultsDecoder.sbeBlockLength();

            case ResultColumnsDecoder.TEMPLATE_ID:
                return COLUMNS_FIXED + commandCount * ResultColumnsDecoder.ResultsDecoder.sbeBlockLength();

            case ResultValuesDecoder.TEMPLATE_ID:
                return VALUES_FIXED + commandCount * ResultValuesDecoder.ResultsDecoder.sbeBlockLength();

            default:
                return ACK_FIXED + commandCount * ResultAckDecoder.RefusedDecoder.sbeBlockLength();
        }
    }

    private static int fixed(final int blockLength)
    {
        return SchemaShape.HEADER_LENGTH + blockLength + SchemaShape.GROUP_HEADER_LENGTH;
    }
}

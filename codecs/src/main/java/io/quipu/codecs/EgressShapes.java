package io.quipu.codecs;

import static io.quipu.codecs.MessageShape.NO_NAMES;
import static io.quipu.codecs.MessageShape.OPTIONAL;

import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.egress.BoardListDecoder;
import io.quipu.codecs.egress.ConnectedDecoder;
import io.quipu.codecs.egress.CounterListDecoder;
import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.HandlesDecoder;
import io.quipu.codecs.egress.HeartbeatDecoder;
import io.quipu.codecs.egress.LimitListDecoder;
import io.quipu.codecs.egress.MemberRanksDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultAckDecoder;
import io.quipu.codecs.egress.ResultColumnsDecoder;
import io.quipu.codecs.egress.ResultRanksDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.codecs.egress.SessionClosedDecoder;
import io.quipu.codecs.egress.StandingsDecoder;
import io.quipu.codecs.egress.StatusReportDecoder;

/**
 * The egress schema as a table. Result codes and other enums are not bounded: a client decodes a foreign value to
 * {@code SBE_UNKNOWN} and says so.
 */
final class EgressShapes
{
    static final SchemaShape EGRESS = new SchemaShape(
        ReplyDecoder.SCHEMA_ID, ReplyDecoder.SCHEMA_VERSION,

        envelope(ConnectedDecoder.TEMPLATE_ID, ConnectedDecoder.BLOCK_LENGTH),
        envelope(RefusedDecoder.TEMPLATE_ID, RefusedDecoder.BLOCK_LENGTH),
        envelope(SessionAttachedDecoder.TEMPLATE_ID, SessionAttachedDecoder.BLOCK_LENGTH),
        envelope(SessionClosedDecoder.TEMPLATE_ID, SessionClosedDecoder.BLOCK_LENGTH),
        envelope(HeartbeatDecoder.TEMPLATE_ID, HeartbeatDecoder.BLOCK_LENGTH),
        new MessageShape(ReplyDecoder.TEMPLATE_ID, Role.OPENING, ReplyDecoder.BLOCK_LENGTH),
        new MessageShape(QueryReplyDecoder.TEMPLATE_ID, Role.OPENING, QueryReplyDecoder.BLOCK_LENGTH),

        new MessageShape(ResultAckDecoder.TEMPLATE_ID, Role.RESULT, ResultAckDecoder.BLOCK_LENGTH)
            .grouped(rows(ResultAckDecoder.RefusedDecoder.sbeBlockLength(), NO_NAMES)),
        new MessageShape(ResultValuesDecoder.TEMPLATE_ID, Role.RESULT, ResultValuesDecoder.BLOCK_LENGTH)
            .grouped(rows(ResultValuesDecoder.ResultsDecoder.sbeBlockLength(), NO_NAMES)),
        new MessageShape(ResultColumnsDecoder.TEMPLATE_ID, Role.RESULT, ResultColumnsDecoder.BLOCK_LENGTH)
            .grouped(rows(ResultColumnsDecoder.ResultsDecoder.sbeBlockLength(), NO_NAMES)),
        new MessageShape(ResultRanksDecoder.TEMPLATE_ID, Role.RESULT, ResultRanksDecoder.BLOCK_LENGTH)
            .grouped(rows(ResultRanksDecoder.ResultsDecoder.sbeBlockLength(), NO_NAMES)),

        body(CounterValuesDecoder.TEMPLATE_ID, CounterValuesDecoder.BLOCK_LENGTH)
            .grouped(rows(CounterValuesDecoder.CountersDecoder.sbeBlockLength(), NO_NAMES)),
        body(CounterListDecoder.TEMPLATE_ID, CounterListDecoder.BLOCK_LENGTH)
            .grouped(rows(CounterListDecoder.CountersDecoder.sbeBlockLength(), OPTIONAL)),
        body(BoardListDecoder.TEMPLATE_ID, BoardListDecoder.BLOCK_LENGTH)
            .grouped(rows(BoardListDecoder.BoardsDecoder.sbeBlockLength(), OPTIONAL, OPTIONAL)),
        body(HandlesDecoder.TEMPLATE_ID, HandlesDecoder.BLOCK_LENGTH)
            .grouped(rows(HandlesDecoder.RowsDecoder.sbeBlockLength(), NO_NAMES)),
        body(MemberRanksDecoder.TEMPLATE_ID, MemberRanksDecoder.BLOCK_LENGTH)
            .grouped(rows(MemberRanksDecoder.MembersDecoder.sbeBlockLength(), NO_NAMES)),
        body(StandingsDecoder.TEMPLATE_ID, StandingsDecoder.BLOCK_LENGTH)
            .grouped(rows(StandingsDecoder.RowsDecoder.sbeBlockLength(), OPTIONAL)),
        body(StatusReportDecoder.TEMPLATE_ID, StatusReportDecoder.BLOCK_LENGTH)
            .grouped(
                rows(StatusReportDecoder.PartsDecoder.sbeBlockLength(), OPTIONAL),
                rows(StatusReportDecoder.GaugesDecoder.sbeBlockLength(), OPTIONAL)),
        body(LimitListDecoder.TEMPLATE_ID, LimitListDecoder.BLOCK_LENGTH)
            .grouped(rows(LimitListDecoder.LimitsDecoder.sbeBlockLength(), NO_NAMES)));

    private EgressShapes()
    {
    }

    private static MessageShape envelope(final int templateId, final int blockLength)
    {
        return new MessageShape(templateId, Role.ENVELOPE, blockLength);
    }

    private static MessageShape body(final int templateId, final int blockLength)
    {
        return new MessageShape(templateId, Role.BODY, blockLength);
    }

    private static GroupShape rows(final int blockLength, final int... names)
    {
        return new GroupShape(blockLength, names, Bound.NONE, 0, 0xFFFF);
    }
}

package io.quipu.codecs;

import static io.quipu.codecs.FrameValidator.MALFORMED;
import static io.quipu.codecs.FrameValidator.MAX_ROWS;
import static io.quipu.codecs.FrameValidator.REQUEST_TOO_LARGE;
import static io.quipu.codecs.FrameValidator.WRONG_COLUMNS;
import static io.quipu.codecs.MessageShape.BoardUse.FOR_MEMBERS;
import static io.quipu.codecs.MessageShape.BoardUse.YES;
import static io.quipu.codecs.MessageShape.NO_NAMES;
import static io.quipu.codecs.MessageShape.OPTIONAL;
import static io.quipu.codecs.MessageShape.REQUIRED;

import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.AddByHandleDecoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.AttachSessionDecoder;
import io.quipu.codecs.ingress.CloseSessionDecoder;
import io.quipu.codecs.ingress.ConnectDecoder;
import io.quipu.codecs.ingress.CreateBoardDecoder;
import io.quipu.codecs.ingress.DeleteDecoder;
import io.quipu.codecs.ingress.DescribeBoardDecoder;
import io.quipu.codecs.ingress.DisconnectDecoder;
import io.quipu.codecs.ingress.DropBoardDecoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.GetAroundDecoder;
import io.quipu.codecs.ingress.GetCountersDecoder;
import io.quipu.codecs.ingress.GetLimitsDecoder;
import io.quipu.codecs.ingress.GetPageDecoder;
import io.quipu.codecs.ingress.GetRangeDecoder;
import io.quipu.codecs.ingress.GetRanksDecoder;
import io.quipu.codecs.ingress.GetStatusDecoder;
import io.quipu.codecs.ingress.KeepAliveDecoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ListBoardsDecoder;
import io.quipu.codecs.ingress.ListCountersDecoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardDecoder;
import io.quipu.codecs.ingress.QueryDecoder;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.RequestDecoder;
import io.quipu.codecs.ingress.ResetBoardDecoder;
import io.quipu.codecs.ingress.ResolveDecoder;
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import io.quipu.codecs.ingress.SetLimitDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;

/**
 * The ingress schema as a table. Enums are bounded here only where {@code apply} has no result code for a foreign
 * value: a board definition or a limit that cannot be is a command's own refusal. {@code IdempotencyKey} is reserved
 * and therefore absent.
 */
final class IngressShapes
{
    static final SchemaShape INGRESS = new SchemaShape(
        SubmitDecoder.SCHEMA_ID, SubmitDecoder.SCHEMA_VERSION,

        envelope(ConnectDecoder.TEMPLATE_ID, ConnectDecoder.BLOCK_LENGTH),
        envelope(KeepAliveDecoder.TEMPLATE_ID, KeepAliveDecoder.BLOCK_LENGTH),
        envelope(DisconnectDecoder.TEMPLATE_ID, DisconnectDecoder.BLOCK_LENGTH),
        envelope(AttachSessionDecoder.TEMPLATE_ID, AttachSessionDecoder.BLOCK_LENGTH),
        envelope(CloseSessionDecoder.TEMPLATE_ID, CloseSessionDecoder.BLOCK_LENGTH),
        new MessageShape(SubmitDecoder.TEMPLATE_ID, Role.OPENING, SubmitDecoder.BLOCK_LENGTH),
        new MessageShape(QueryDecoder.TEMPLATE_ID, Role.OPENING, QueryDecoder.BLOCK_LENGTH)
            .bounded(Bound.oneOf(QueryDecoder.ackEncodingOffset(), 0, Ack.REPLICATED.value())),

        new MessageShape(RequestDecoder.TEMPLATE_ID, Role.REQUEST, RequestDecoder.BLOCK_LENGTH)
            .bounded(
                Bound.oneOf(RequestDecoder.ackEncodingOffset(), 0, Ack.REPLICATED.value()),
                Bound.oneOf(RequestDecoder.replyFormEncodingOffset(), 0, ReplyForm.RANKS.value()),
                Bound.oneOf(RequestDecoder.modeEncodingOffset(), 0, Mode.ATOMIC.value())),
        new MessageShape(OnBoardDecoder.TEMPLATE_ID, Role.SELECTOR, OnBoardDecoder.BLOCK_LENGTH).named(OPTIONAL),

        command(AddByHandleDecoder.TEMPLATE_ID, AddByHandleDecoder.BLOCK_LENGTH)
            .grouped(run(AddByHandleDecoder.AddsDecoder.sbeBlockLength(), NO_NAMES)),
        command(AddDecoder.TEMPLATE_ID, AddDecoder.BLOCK_LENGTH)
            .grouped(run(AddDecoder.AddsDecoder.sbeBlockLength(), REQUIRED)),
        command(AddBoundedDecoder.TEMPLATE_ID, AddBoundedDecoder.BLOCK_LENGTH)
            .grouped(boundedAdds()),
        command(SetDecoder.TEMPLATE_ID, SetDecoder.BLOCK_LENGTH)
            .grouped(run(SetDecoder.SetsDecoder.sbeBlockLength(), REQUIRED)),
        command(DeleteDecoder.TEMPLATE_ID, DeleteDecoder.BLOCK_LENGTH)
            .grouped(run(DeleteDecoder.DeletesDecoder.sbeBlockLength(), REQUIRED)),

        command(CreateBoardDecoder.TEMPLATE_ID, CreateBoardDecoder.BLOCK_LENGTH).named(REQUIRED, OPTIONAL),
        command(DropBoardDecoder.TEMPLATE_ID, DropBoardDecoder.BLOCK_LENGTH).onBoard(YES),
        command(ResetBoardDecoder.TEMPLATE_ID, ResetBoardDecoder.BLOCK_LENGTH).onBoard(YES),
        command(ScoreDecoder.TEMPLATE_ID, ScoreDecoder.BLOCK_LENGTH).onBoard(YES)
            .grouped(run(ScoreDecoder.ScoresDecoder.sbeBlockLength(), REQUIRED)),
        command(ScoreColumnsDecoder.TEMPLATE_ID, ScoreColumnsDecoder.BLOCK_LENGTH).onBoard(YES)
            .grouped(run(ScoreColumnsDecoder.ScoresDecoder.sbeBlockLength(), REQUIRED)),
        command(ScoreByHandleDecoder.TEMPLATE_ID, ScoreByHandleDecoder.BLOCK_LENGTH)
            .grouped(run(ScoreByHandleDecoder.ScoresDecoder.sbeBlockLength(), NO_NAMES)),
        command(RemoveDecoder.TEMPLATE_ID, RemoveDecoder.BLOCK_LENGTH).onBoard(YES)
            .grouped(run(RemoveDecoder.RemovesDecoder.sbeBlockLength(), REQUIRED)),

        command(SetLimitDecoder.TEMPLATE_ID, SetLimitDecoder.BLOCK_LENGTH),

        query(GetCountersDecoder.TEMPLATE_ID, GetCountersDecoder.BLOCK_LENGTH)
            .grouped(list(GetCountersDecoder.CountersDecoder.sbeBlockLength())),
        query(ListCountersDecoder.TEMPLATE_ID, ListCountersDecoder.BLOCK_LENGTH).named(OPTIONAL)
            .bounded(rows(ListCountersDecoder.maxRowsEncodingOffset(), 1)),
        query(ListBoardsDecoder.TEMPLATE_ID, ListBoardsDecoder.BLOCK_LENGTH).named(OPTIONAL)
            .bounded(rows(ListBoardsDecoder.maxRowsEncodingOffset(), 1)),
        query(ResolveDecoder.TEMPLATE_ID, ResolveDecoder.BLOCK_LENGTH).onBoard(FOR_MEMBERS)
            .bounded(Bound.oneOf(ResolveDecoder.kindEncodingOffset(), Kind.COUNTER.value(), Kind.MEMBER.value()))
            .grouped(list(ResolveDecoder.NamesDecoder.sbeBlockLength())),
        query(GetRanksDecoder.TEMPLATE_ID, GetRanksDecoder.BLOCK_LENGTH).onBoard(YES)
            .grouped(list(GetRanksDecoder.MembersDecoder.sbeBlockLength())),
        query(GetPageDecoder.TEMPLATE_ID, GetPageDecoder.BLOCK_LENGTH).onBoard(YES)
            .bounded(rows(GetPageDecoder.maxRowsEncodingOffset(), 1)),
        query(GetAroundDecoder.TEMPLATE_ID, GetAroundDecoder.BLOCK_LENGTH).onBoard(YES).named(REQUIRED)
            .bounded(rows(GetAroundDecoder.maxRowsEncodingOffset(), 1)),
        query(GetRangeDecoder.TEMPLATE_ID, GetRangeDecoder.BLOCK_LENGTH).onBoard(YES)
            .bounded(
                rows(GetRangeDecoder.maxRowsEncodingOffset(), 0),
                columns(GetRangeDecoder.fromColumnsEncodingOffset()),
                columns(GetRangeDecoder.toColumnsEncodingOffset()),
                Bound.oneOf(GetRangeDecoder.fromInclusiveEncodingOffset(), 0, Flag.YES.value()),
                Bound.oneOf(GetRangeDecoder.toInclusiveEncodingOffset(), 0, Flag.YES.value())),
        query(DescribeBoardDecoder.TEMPLATE_ID, DescribeBoardDecoder.BLOCK_LENGTH).onBoard(YES),
        query(GetStatusDecoder.TEMPLATE_ID, GetStatusDecoder.BLOCK_LENGTH),
        query(GetLimitsDecoder.TEMPLATE_ID, GetLimitsDecoder.BLOCK_LENGTH));

    private IngressShapes()
    {
    }

    private static MessageShape envelope(final int templateId, final int blockLength)
    {
        return new MessageShape(templateId, Role.ENVELOPE, blockLength);
    }

    private static MessageShape command(final int templateId, final int blockLength)
    {
        return new MessageShape(templateId, Role.COMMAND, blockLength);
    }

    private static MessageShape query(final int templateId, final int blockLength)
    {
        return new MessageShape(templateId, Role.QUERY, blockLength);
    }

    private static GroupShape run(final int blockLength, final int... names)
    {
        return new GroupShape(blockLength, names, Bound.NONE, 1, 0xFFFF);
    }

    private static GroupShape boundedAdds()
    {
        final Bound saturate = Bound.oneOf(AddBoundedDecoder.AddsDecoder.saturateEncodingOffset(), 0, Flag.YES.value());
        return new GroupShape(
            AddBoundedDecoder.AddsDecoder.sbeBlockLength(), new int[]{ REQUIRED }, new Bound[]{ saturate }, 1, 0xFFFF);
    }

    private static GroupShape list(final int blockLength)
    {
        return new GroupShape(blockLength, new int[]{ REQUIRED }, Bound.NONE, 0, MAX_ROWS);
    }

    private static Bound rows(final int offset, final int least)
    {
        return new Bound(offset, 2, least, MAX_ROWS, MALFORMED, REQUEST_TOO_LARGE);
    }

    private static Bound columns(final int offset)
    {
        return new Bound(offset, 1, 0, 4, WRONG_COLUMNS, WRONG_COLUMNS);
    }
}

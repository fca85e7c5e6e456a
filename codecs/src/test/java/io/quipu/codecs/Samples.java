package io.quipu.codecs;

import static io.quipu.codecs.FrameBuilder.utf8;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.BoardListEncoder;
import io.quipu.codecs.egress.ConnectedEncoder;
import io.quipu.codecs.egress.CounterListEncoder;
import io.quipu.codecs.egress.CounterValuesEncoder;
import io.quipu.codecs.egress.HandlesEncoder;
import io.quipu.codecs.egress.HeartbeatEncoder;
import io.quipu.codecs.egress.LimitListEncoder;
import io.quipu.codecs.egress.MemberRanksEncoder;
import io.quipu.codecs.egress.QueryReplyEncoder;
import io.quipu.codecs.egress.RefusedEncoder;
import io.quipu.codecs.egress.ReplyEncoder;
import io.quipu.codecs.egress.ResultAckEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.ResultColumnsEncoder;
import io.quipu.codecs.egress.ResultRanksEncoder;
import io.quipu.codecs.egress.ResultValuesEncoder;
import io.quipu.codecs.egress.SessionAttachedEncoder;
import io.quipu.codecs.egress.SessionClosedEncoder;
import io.quipu.codecs.egress.StandingsEncoder;
import io.quipu.codecs.egress.StatusReportEncoder;
import io.quipu.codecs.feed.BoardDroppedEncoder;
import io.quipu.codecs.feed.BoardViewEncoder;
import io.quipu.codecs.feed.CounterViewEncoder;
import io.quipu.codecs.feed.FeedHeaderEncoder;
import io.quipu.codecs.feed.FeedHeartbeatEncoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AttachSessionEncoder;
import io.quipu.codecs.ingress.CloseSessionEncoder;
import io.quipu.codecs.ingress.ConnectEncoder;
import io.quipu.codecs.ingress.DescribeBoardEncoder;
import io.quipu.codecs.ingress.DisconnectEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.GetAroundEncoder;
import io.quipu.codecs.ingress.GetCountersEncoder;
import io.quipu.codecs.ingress.GetLimitsEncoder;
import io.quipu.codecs.ingress.GetPageEncoder;
import io.quipu.codecs.ingress.GetRangeEncoder;
import io.quipu.codecs.ingress.GetRanksEncoder;
import io.quipu.codecs.ingress.GetStatusEncoder;
import io.quipu.codecs.ingress.KeepAliveEncoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.ListBoardsEncoder;
import io.quipu.codecs.ingress.ListCountersEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResolveEncoder;
import io.quipu.codecs.storage.EpochStartEncoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionCloseFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * At least one valid frame of every template, by name. Their bytes of the first version are stored; see {@link
 * GoldenFramesTest}.
 */
final class Samples
{
    private static final long KEY = 0x0123_4567_89AB_CDEFL;

    private Samples()
    {
    }

    static Map<String, byte[]> ingress()
    {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        handshake(frames);
        submits(frames);
        queries(frames);
        return frames;
    }

    private static void handshake(final Map<String, byte[]> frames)
    {
        FrameBuilder f = new FrameBuilder();
        frames.put("Connect", f.ends(new ConnectEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .nonce(77).protocolVersion(1).limit()).frame());
        f = new FrameBuilder();
        frames.put("KeepAlive", f.ends(new KeepAliveEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .connectionKey(KEY).limit()).frame());
        f = new FrameBuilder();
        frames.put("Disconnect", f.ends(new DisconnectEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .connectionKey(KEY).limit()).frame());
        f = new FrameBuilder();
        frames.put("AttachSession", f.ends(new AttachSessionEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .connectionKey(KEY).correlationId(3).tokenHigh(4).tokenLow(5).firstAttachedAt(-1).lastSentRequest(0)
            .limit()).frame());
        f = new FrameBuilder();
        frames.put("CloseSession", f.ends(new CloseSessionEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .connectionKey(KEY).correlationId(3).attachment(4).limit()).frame());
    }

    private static void submits(final Map<String, byte[]> frames)
    {
        submit(frames, "AddByHandle", (f) -> f.addByHandle(11, 1, 12, -2, 13, Long.MAX_VALUE));
        submit(frames, "Add", (f) -> f.add(5, "page:/home", "b"));
        submit(frames, "AddBounded", (f) -> f.addBounded(5, -9, 10, Flag.YES, "stock", "seats"));
        submit(frames, "Set", (f) -> f.set(-5, "temperature", "ü"));
        submit(frames, "Delete", (f) -> f.delete("a", "bb", "ccc"));
        submit(frames, "CreateBoard", (f) -> f.createBoard("epl", "points"));
        submit(frames, "DropBoard", (f) -> f.onBoard("epl").dropBoard());
        submit(frames, "ResetBoard", (f) -> f.onBoard("epl").resetBoard());
        submit(frames, "Score", (f) -> f.onBoard("epl").score(3, "Leicester City", "Arsenal"));
        submit(frames, "ScoreColumns", (f) -> f.onBoard(4242).scoreColumns(3, 3, "Leicester City"));
        submit(frames, "ScoreByHandle", (f) -> f.scoreByHandle(99, 1, 100, 2));
        submit(frames, "Remove", (f) -> f.onBoard("epl").remove("Leicester City", "Arsenal"));
        submit(frames, "SetLimit", (f) -> f.setLimit(Limit.SESSIONS, 100));
        frames.put("Submit", new FrameBuilder().submit(KEY, 7)
            .request(4, 2, Ack.DURABLE, ReplyForm.RANKS, Mode.ATOMIC)
            .add(1, "goals").createBoard("epl", "points,diff").onBoard("epl").score(3, "A", "B").add(2, "goals")
            .onBoard("laliga").scoreColumns(1, 2, "C").remove("D").endRequest()
            .request(5, 3, Ack.ENGINE_DEFAULT, ReplyForm.ACK, Mode.INDEPENDENT).delete("x").endRequest()
            .request(6, 3, Ack.JOURNALED, ReplyForm.VALUES, Mode.INDEPENDENT).addByHandle(1, 1).endRequest()
            .frame());
    }

    private static void submit(
        final Map<String, byte[]> frames, final String name, final UnaryOperator<FrameBuilder> commands)
    {
        frames.put(
            "Submit " + name, commands.apply(new FrameBuilder().submit(KEY, 7).request(1)).endRequest().frame());
    }

    private static void queries(final Map<String, byte[]> frames)
    {
        FrameBuilder f = query();
        final GetCountersEncoder counters = new GetCountersEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header);
        counters.countersCount(2).next().reserved((short)0).putCounter(utf8("a"), 0, 1)
            .next().reserved((short)0).putCounter(utf8("bb"), 0, 2);
        frames.put("Query GetCounters", f.ends(counters.limit()).frame());

        f = query();
        frames.put("Query ListCounters", f.ends(new ListCountersEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header)
            .cursor(0).maxRows(1000).putPrefix(utf8("page:"), 0, 5).limit()).frame());

        f = query();
        frames.put("Query ListBoards", f.ends(new ListBoardsEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header)
            .cursor(5).maxRows(1).putPrefix(utf8(""), 0, 0).limit()).frame());

        frames.put("Query Resolve counters", resolve(query(), Kind.COUNTER));
        frames.put("Query Resolve members", resolve(query().onBoard("epl"), Kind.MEMBER));

        f = query().onBoard("epl");
        final GetRanksEncoder ranks = new GetRanksEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        ranks.membersCount(2).next().reserved((short)0).putMember(utf8("A"), 0, 1)
            .next().reserved((short)0).putMember(utf8("B"), 0, 1);
        frames.put("Query GetRanks", f.ends(ranks.limit()).frame());

        f = query().onBoard("epl");
        frames.put("Query GetPage", f.ends(new GetPageEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header).skip(0).maxRows(10).limit()).frame());

        f = query().onBoard(5);
        frames.put("Query GetAround", f.ends(new GetAroundEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header)
            .maxRows(10).putMember(utf8("A"), 0, 1).limit()).frame());

        f = query().onBoard("epl");
        frames.put("Query GetRange", f.ends(new GetRangeEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header)
            .skip(0).from0(9).from1(8).from2(7).from3(6).to0(5).to1(4).to2(3).to3(2).maxRows(0)
            .fromColumns((short)4).toColumns((short)0).fromInclusive(Flag.YES).toInclusive(Flag.NO).limit()).frame());

        f = query().onBoard("epl");
        frames.put("Query DescribeBoard", f.ends(new DescribeBoardEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header).limit()).frame());

        f = query();
        frames.put("Query GetStatus", f.ends(new GetStatusEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header).limit()).frame());

        f = query();
        frames.put("Query GetLimits", f.ends(new GetLimitsEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header).limit()).frame());
    }

    private static FrameBuilder query()
    {
        return new FrameBuilder().query(KEY, 9);
    }

    private static byte[] resolve(final FrameBuilder f, final Kind kind)
    {
        final ResolveEncoder message = new ResolveEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        message.kind(kind).namesCount(1).next().reserved((short)0).putNamed(utf8("A"), 0, 1);
        return f.ends(message.limit()).frame();
    }

    static Map<String, byte[]> egress()
    {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        EgressFrame f = new EgressFrame();
        frames.put("Connected", f.ends(new ConnectedEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .nonce(1).connectionKey(KEY).sequence(3).epoch(4).maxMessageLength(65536).maxRequestCommands(4096)
            .keptReplies(64).protocolVersion(1).keptReplyBytes(65536).limit()));
        f = new EgressFrame();
        frames.put("Refused", f.ends(new RefusedEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .correlationId(1).requestSequence(2).detail(3).attachment(4).code(ResultCode.BUSY).limit()));
        f = new EgressFrame();
        frames.put("SessionAttached", f.ends(new SessionAttachedEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .correlationId(1).lastRequestSequence(2).sequence(3).attachment(4).sessionId(5).epoch(6).limit()));
        f = new EgressFrame();
        frames.put("SessionClosed", f.ends(new SessionClosedEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .correlationId(1).sequence(2).limit()));
        f = new EgressFrame();
        frames.put("Heartbeat", f.ends(new HeartbeatEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .sequence(1).durableSequence(1).epoch(2).limit()));
        replies(frames);
        bodies(frames);
        f = queryReply(ResultCode.NO_SUCH_BOARD);
        frames.put("QueryReply refused", f.ends(f.position));
        return frames;
    }

    private static void replies(final Map<String, byte[]> frames)
    {
        EgressFrame f = reply();
        final ResultAckEncoder ack = new ResultAckEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        ack.requestSequence(1).firstSequence(2).sessionId(3).commandCount(4).refusedIndex(65535).code(ResultCode.OK)
            .refusedCount(1).next().index(2).code(ResultCode.OVERFLOW);
        frames.put("Reply ResultAck", f.ends(ack.limit()));

        f = reply();
        final ResultValuesEncoder values = new ResultValuesEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        values.requestSequence(1).firstSequence(2).sessionId(3).commandCount(2).refusedIndex(65535).code(ResultCode.OK)
            .resultsCount(2).next().value(2).code(ResultCode.OK).next().value(-3).code(ResultCode.NOT_FOUND);
        frames.put("Reply ResultValues", f.ends(values.limit()));

        f = reply();
        final ResultColumnsEncoder columns = new ResultColumnsEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header);
        columns.requestSequence(1).firstSequence(2).sessionId(3).commandCount(1).refusedIndex(65535).code(ResultCode.OK)
            .resultsCount(1).next().value0(2).value1(3).value2(4).value3(5).columnCount((short)4).code(ResultCode.OK);
        frames.put("Reply ResultColumns", f.ends(columns.limit()));

        f = reply();
        final ResultRanksEncoder ranks = new ResultRanksEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        ranks.requestSequence(1).firstSequence(2).sessionId(3).commandCount(1).refusedIndex(65535).code(ResultCode.OK)
            .resultsCount(1).next().value0(2).value1(3).value2(4).value3(5).oldRank(0).newRank(1)
            .columnCount((short)4).code(ResultCode.OK);
        frames.put("Reply ResultRanks", f.ends(ranks.limit()));
    }

    private static void bodies(final Map<String, byte[]> frames)
    {
        EgressFrame f = queryReply(ResultCode.OK);
        final CounterValuesEncoder values = new CounterValuesEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header);
        values.countersCount(1).next().value(5).present(io.quipu.codecs.egress.Flag.YES);
        frames.put("QueryReply CounterValues", f.ends(values.limit()));

        f = queryReply(ResultCode.OK);
        final CounterListEncoder list = new CounterListEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        list.nextCursor(3).countersCount(2).next().value(5).putCounter(utf8("a"), 0, 1)
            .next().value(6).putCounter(utf8("bb"), 0, 2);
        frames.put("QueryReply CounterList", f.ends(list.limit()));

        f = queryReply(ResultCode.OK);
        final BoardListEncoder boards = new BoardListEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        boards.nextCursor(0).boardsCount(1).next().handle(1).members(2).capacity(3).feedRows(4)
            .scoreOperator((short)1).ties((short)1).columnCount((short)1).ascending((short)0)
            .putBoard(utf8("epl"), 0, 3).putColumnNames(utf8("points"), 0, 6);
        frames.put("QueryReply BoardList", f.ends(boards.limit()));

        f = queryReply(ResultCode.OK);
        final HandlesEncoder handles = new HandlesEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        handles.rowsCount(2).next().handle(1).next().handle(0);
        frames.put("QueryReply Handles", f.ends(handles.limit()));

        f = queryReply(ResultCode.OK);
        final MemberRanksEncoder ranks = new MemberRanksEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        ranks.boardMembers(9).columnCount((short)1).membersCount(1).next().ordinal(1).competition(1).dense(1).ties(2)
            .percentile(500_000).value0(1).value1(2).value2(3).value3(4).changedAt(5)
            .present(io.quipu.codecs.egress.Flag.YES);
        frames.put("QueryReply MemberRanks", f.ends(ranks.limit()));

        f = queryReply(ResultCode.OK);
        final StandingsEncoder standings = new StandingsEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        standings.boardMembers(9).total(9).columnCount((short)1).rowsCount(1).next().ordinal(1).competition(1).dense(1)
            .value0(1).value1(2).value2(3).value3(4).putMember(utf8("A"), 0, 1);
        frames.put("QueryReply Standings", f.ends(standings.limit()));

        f = queryReply(ResultCode.OK);
        final StatusReportEncoder status = new StatusReportEncoder()
            .wrapAndApplyHeader(f.buffer, f.position, f.header);
        status.durableSequence(1).timeNs(2).digestHigh(3).digestLow(4)
            .partsCount(1).next().digestHigh(5).digestLow(6).putLabel(utf8("names"), 0, 5);
        status.gaugesCount(2).next().value(7).putLabel(utf8("a"), 0, 1).next().value(8).putLabel(utf8("b"), 0, 1);
        frames.put("QueryReply StatusReport", f.ends(status.limit()));

        f = queryReply(ResultCode.OK);
        final LimitListEncoder limits = new LimitListEncoder().wrapAndApplyHeader(f.buffer, f.position, f.header);
        limits.limitsCount(1).next().value(100).used(5).which((short)1);
        frames.put("QueryReply LimitList", f.ends(limits.limit()));
    }

    private static EgressFrame reply()
    {
        final EgressFrame f = new EgressFrame();
        f.position = new ReplyEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .attachment(7).epoch(2).ackReached(AckReached.DURABLE).retried(io.quipu.codecs.egress.Flag.NO).limit();
        return f;
    }

    private static EgressFrame queryReply(final ResultCode code)
    {
        final EgressFrame f = new EgressFrame();
        f.position = new QueryReplyEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .correlationId(9).sequence(100).epoch(2).chunk(0).last(io.quipu.codecs.egress.Flag.YES).code(code)
            .ackReached(AckReached.JOURNALED).limit();
        return f;
    }

    static Map<String, byte[]> feed()
    {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        FeedFrame f = new FeedFrame();
        final BoardViewEncoder view = new BoardViewEncoder().wrapAndApplyHeader(f.buffer, 0, f.header);
        feedHeader(view.feedHeader());
        view.boardHandle(7).boardMembers(20).columnCount((short)1).rowsCount(1).next().ordinal(1).competition(1)
            .dense(1).value0(1).value1(2).value2(3).value3(4).putMember(utf8("A"), 0, 1);
        view.putBoard(utf8("epl"), 0, 3);
        frames.put("BoardView", f.ends(view.limit()));

        f = new FeedFrame();
        final BoardDroppedEncoder dropped = new BoardDroppedEncoder().wrapAndApplyHeader(f.buffer, 0, f.header);
        feedHeader(dropped.feedHeader());
        frames.put("BoardDropped", f.ends(dropped.putBoard(utf8("epl"), 0, 3).limit()));

        f = new FeedFrame();
        final CounterViewEncoder counters = new CounterViewEncoder().wrapAndApplyHeader(f.buffer, 0, f.header);
        feedHeader(counters.feedHeader());
        counters.countersCount(1).next().value(5).putCounter(utf8("a"), 0, 1);
        frames.put("CounterView", f.ends(counters.limit()));

        f = new FeedFrame();
        final FeedHeartbeatEncoder heartbeat = new FeedHeartbeatEncoder().wrapAndApplyHeader(f.buffer, 0, f.header);
        feedHeader(heartbeat.feedHeader());
        frames.put("FeedHeartbeat", f.ends(heartbeat.durableSequence(5).limit()));
        return frames;
    }

    /** A body of entries: a session opened, a request, the session closed; and the body of an epoch. */
    static Map<String, byte[]> storage()
    {
        final Map<String, byte[]> bodies = new LinkedHashMap<>();
        final StorageFrame f = new StorageFrame();
        final byte[] submit = ingress().get("Submit");
        final SubmitFrame request = new SubmitFrame().wrap(new UnsafeBuffer(submit), 0, submit.length);
        request.next();
        int position = new SessionOpenFrameEncoder().wrapAndApplyHeader(f.buffer, 0, f.header)
            .tokenHashHigh(1).tokenHashLow(2).sessionId(3).reserved(0).limit();
        final RequestFrameEncoder frame = new RequestFrameEncoder().wrapAndApplyHeader(f.buffer, position, f.header)
            .requestSequence(4).repliesReceivedUpTo(2).sessionId(3).length(request.commandsLength())
            .commandCount(request.commandCount()).replyForm((short)2).mode((short)1).reserved(0);
        f.buffer.putBytes(frame.limit(), request.buffer(), request.commandsOffset(), request.commandsLength());
        position = BitUtil.align(frame.limit() + request.commandsLength(), FrameValidator.FRAME_ALIGNMENT);
        bodies.put("Entries", f.ends(new SessionCloseFrameEncoder().wrapAndApplyHeader(f.buffer, position, f.header)
            .sessionId(3).reserved(0).limit()));

        final StorageFrame epoch = new StorageFrame();
        bodies.put("Epoch", epoch.ends(new EpochStartEncoder().wrapAndApplyHeader(epoch.buffer, 0, epoch.header)
            .journalIdHigh(1).journalIdLow(2).continuesSequence(3).continuesChain(4).logicVersion(1).reserved(0).givenUpTo(5)
            .putEngineVersion(utf8("0.1.0"), 0, 5).limit()));
        return bodies;
    }

    private static void feedHeader(final FeedHeaderEncoder header)
    {
        header.packet(1).sequence(2).timeNs(3).digestHigh(4).digestLow(5).epoch(6);
    }

    private static final class EgressFrame extends Frame
    {
        final io.quipu.codecs.egress.MessageHeaderEncoder header = new io.quipu.codecs.egress.MessageHeaderEncoder();
    }

    private static final class FeedFrame extends Frame
    {
        final io.quipu.codecs.feed.MessageHeaderEncoder header = new io.quipu.codecs.feed.MessageHeaderEncoder();
    }

    private static final class StorageFrame extends Frame
    {
        final io.quipu.codecs.storage.MessageHeaderEncoder header = new io.quipu.codecs.storage.MessageHeaderEncoder();
    }

    private abstract static class Frame
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
        int position;

        byte[] ends(final int limit)
        {
            final byte[] bytes = new byte[limit];
            buffer.getBytes(0, bytes);
            return bytes;
        }
    }
}

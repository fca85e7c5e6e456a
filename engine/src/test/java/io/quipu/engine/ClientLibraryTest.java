package io.quipu.engine;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.BoardInfo;
import io.quipu.transport.client.BoundedValue;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.LimitValue;
import io.quipu.transport.client.MemberRank;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.RefusedException;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;
import io.quipu.transport.client.Rows;
import io.quipu.transport.client.ScoreRange;
import io.quipu.transport.client.ScoreResult;
import io.quipu.transport.client.Standing;
import io.quipu.transport.client.Standings;
import io.quipu.transport.client.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every call of the blocking client against a real engine.
 */
@Timeout(120)
class ClientLibraryTest
{
    private static final BoardDefinition EPL =
        BoardDefinition.named("epl").columns("points:desc,conceded:asc").capacity(0);

    @TempDir
    private Path dir;

    /** Overridden by {@link SplitThreadsTest}. */
    Threads threads()
    {
        return Threads.COMPACT;
    }

    private EngineContext engineContext()
    {
        return new EngineContext()
            .dir(dir.resolve("engine")).ingress("localhost:0").freeBytesFloor(0).threads(threads()).log((line) -> {});
    }

    private static QuipuClient connect(final EngineNode engine)
    {
        return QuipuClient.connect(engine.ingress());
    }

    @Test
    void shouldCount()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            assertThat(client.add("page:/home", 1)).isEqualTo(1);
            assertThat(client.add("page:/home", -3)).isEqualTo(-2);
            client.set("page:/größe", Long.MAX_VALUE);
            assertCode(ResultCode.OVERFLOW, () -> client.add("page:/größe", 1));
            assertThat(client.addBounded("stock", 8, 0, 10, false)).isEqualTo(new BoundedValue(8, 8));
            assertCode(ResultCode.OUT_OF_BOUNDS, () -> client.addBounded("stock", 8, 0, 10, false));
            assertThat(client.addBounded("stock", 8, 0, 10, true)).isEqualTo(new BoundedValue(10, 2));
            assertThat(client.delete("stock")).isEqualTo(10);
            assertCode(ResultCode.NOT_FOUND, () -> client.delete("stock"));

            final Rows<CounterValue> rows = client.get("page:/größe", "stock", "page:/home");
            assertThat(rows).containsExactly(
                new CounterValue("page:/größe", Long.MAX_VALUE, true),
                new CounterValue("stock", 0, false),
                new CounterValue("page:/home", -2, true));
            assertThat(rows.sequence()).isEqualTo(client.status().sequence());
            assertThat(rows.epoch()).isEqualTo(1);
            assertThat(client.counters("page:")).extracting(CounterValue::counter)
                .containsExactlyInAnyOrder("page:/home", "page:/größe");
            assertThat(client.counters("none")).isEmpty();
        }
    }

    @Test
    void shouldTellEachThingInAStatusOnceAndByItsName()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            client.createBoard(BoardDefinition.named("größe"));

            final Status status = client.status();
            assertThat(status.epoch()).isEqualTo(1);
            assertThat(status.gauges())
                .containsKeys("uptimeSeconds", "sessions", "journalBytes", "freeBytes")
                .doesNotContainKeys("sequence", "durableSequence", "epoch", "digest", "timeNs", "parts");
            assertThat(status.parts()).containsKey("board:größe");
        }
    }

    @Test
    void shouldWalkMoreCountersThanOneAnswerHolds()
    {
        final int count = 2500;
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            final Request request = new Request();
            for (int i = 0; i < count; i++)
            {
                request.add("a-rather-long-name-of-a-counter-" + i, i);
                if (99 == i % 100)
                {
                    client.submit(request);
                    request.reset();
                }
            }
            assertThat(client.counters("a-rather")).hasSize(count);
            final List<Long> values = new ArrayList<>();
            client.counters("", (row) -> values.add(row.value()));
            assertThat(values).hasSize(count).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldRank()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            final long handle = client.createBoard(EPL);
            assertThat(client.createBoard(EPL)).isEqualTo(handle);
            assertCode(ResultCode.BOARD_EXISTS, () -> client.createBoard(EPL.operator(Operator.LAST)));
            assertCode(ResultCode.NO_SUCH_BOARD, () -> client.score("liga", "Sevilla", 3, 1));
            assertCode(ResultCode.WRONG_COLUMNS, () -> client.score("epl", "Arsenal", 3));

            assertThat(client.score("epl", "Arsenal", 3, 1).newRank()).isEqualTo(1);
            assertThat(client.score("epl", "Leicester City", 3, 0).newRank()).isEqualTo(1);
            final ScoreResult third = client.score("epl", "Tottenham", 3, 1);
            assertThat(third.score()).containsExactly(3, 1);
            assertThat(third.oldRank()).isZero();
            assertThat(third.newRank()).isEqualTo(3);
            assertThat(client.score("epl", "Tottenham", 1, 0).oldRank()).isEqualTo(3);

            final Standings top = client.top("epl", 10);
            assertThat(top.boardMembers()).isEqualTo(3);
            assertThat(top.rows()).extracting(Standing::member).containsExactly("Tottenham", "Leicester City", "Arsenal");
            assertThat(top.rows().get(0).score()).containsExactly(4, 1);
            assertThat(client.page("epl", 1, 1).rows()).extracting(Standing::member).containsExactly("Leicester City");
            assertThat(client.around("epl", "Arsenal", 2).rows()).extracting(Standing::ordinal).containsExactly(2L, 3L);
            assertCode(ResultCode.NOT_FOUND, () -> client.around("epl", "Chelsea", 2));

            final Rows<MemberRank> ranks = client.rank("epl", "Chelsea", "Arsenal");
            assertThat(ranks.get(0).present()).isFalse();
            assertThat(ranks.get(1)).extracting(
                MemberRank::ordinal, MemberRank::competition, MemberRank::dense, MemberRank::ties, MemberRank::percentile)
                .containsExactly(3L, 3L, 3L, 1L, 0L);
            assertThat(ranks.get(1).score()).containsExactly(3, 1);

            assertThat(client.count("epl", ScoreRange.all().from(3)).total()).isEqualTo(2);
            assertThat(client.range("epl", ScoreRange.all().to(3, 0).toExclusive(), 0, 10).rows())
                .extracting(Standing::member).containsExactly("Tottenham");

            assertThat(client.remove("epl", "Arsenal")).containsExactly(3, 1);
            assertCode(ResultCode.NOT_FOUND, () -> client.remove("epl", "Arsenal"));
            assertThat(client.describe("epl")).isEqualTo(new BoardInfo(EPL, handle, 2));
            assertThat(client.boards("")).containsExactly(new BoardInfo(EPL, handle, 2));
            client.reset("epl");
            assertThat(client.describe("epl").members()).isZero();
            client.drop("epl");
            assertCode(ResultCode.NO_SUCH_BOARD, () -> client.describe("epl"));
            assertThat(client.boards("")).isEmpty();
        }
    }

    @Test
    void shouldSubmitRequestsOfManyCommands()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            final Request request = new Request()
                .createBoard(EPL)
                .board("epl").score("a", 1, 1).score("b", 2, 2)
                .add("goals", 3).addBounded("goals", 9, 0, 5, false)
                .board("none").score("x", 1)
                .board("epl").remove("a")
                .form(ReplyForm.RANKS).ack(Ack.DURABLE);
            final Reply reply = client.submit(request);
            assertThat(reply.code()).isEqualTo(ResultCode.OK);
            assertThat(reply.commandCount()).isEqualTo(7);
            assertThat(reply.refusedIndex()).isEqualTo(Reply.NOT_REFUSED);
            assertThat(reply.refusedCount()).isEqualTo(2);
            assertThat(reply.code(4)).isEqualTo(ResultCode.OUT_OF_BOUNDS);
            assertThat(reply.code(5)).isEqualTo(ResultCode.NO_SUCH_BOARD);
            assertThat(reply.value(3)).isEqualTo(3);
            assertThat(reply.newRank(2)).isEqualTo(1);
            assertThat(reply.oldRank(6)).isEqualTo(2);
            assertThat(reply.ackReached()).isEqualTo(AckReached.DURABLE);
            assertThat(reply.lastSequence()).isEqualTo(client.status().sequence());

            final Reply refused = client.submit(
                request.reset().atomic().add("goals", 1).board("none").dropBoard().add("goals", 1));
            assertThat(refused.code()).isEqualTo(ResultCode.NO_SUCH_BOARD);
            assertThat(refused.refusedIndex()).isEqualTo(1);
            assertThat(refused.code(0)).isEqualTo(ResultCode.NO_SUCH_BOARD);
            assertThat(client.get("goals").get(0).value()).isEqualTo(3);

            final Reply brief = client.submit(
                request.reset().form(ReplyForm.ACK).add("goals", 1).add("goals", Long.MAX_VALUE).add("goals", 1));
            assertThat(brief.refusedCount()).isEqualTo(1);
            assertThat(brief.code(1)).isEqualTo(ResultCode.OVERFLOW);
            assertThat(brief.code(2)).isEqualTo(ResultCode.OK);
            assertThat(brief.value(2)).isZero();
        }
    }

    @Test
    void shouldUseHandles()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            client.createBoard(BoardDefinition.named("b"));
            client.score("b", "m", 5);
            client.add("c", 5);
            final long counter = client.resolve(Kind.COUNTER, null, "c", "missing").get(0);
            final long board = client.resolve(Kind.BOARD, null, "b").get(0);
            final Rows<Long> members = client.resolve(Kind.MEMBER, "b", "missing", "m");
            assertThat(members.get(0)).isZero();

            final Reply reply = client.submit(new Request()
                .addByHandle(counter, 2).addByHandle(counter, 3)
                .scoreByHandle(members.get(1), 1)
                .board(board).score("n", 100));
            assertThat(reply.refusedCount()).isZero();
            assertThat(reply.value(1)).isEqualTo(10);
            assertThat(reply.value(2)).isEqualTo(6);
            client.drop("b");
            assertThat(client.submit(new Request().scoreByHandle(members.get(1), 1)).code(0))
                .isEqualTo(ResultCode.STALE_HANDLE);
        }
    }

    @Test
    void shouldTellAndSetLimits()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            client.setLimit(Limit.COUNTERS, 2);
            client.add("a", 1);
            client.add("b", 1);
            assertCode(ResultCode.REJECT_CAPACITY, () -> client.add("c", 1));
            assertCode(ResultCode.BAD_LIMIT, () -> client.setLimit(Limit.COUNTERS, 1));
            assertThat(client.limits()).contains(new LimitValue(Limit.COUNTERS, 2, 2)).hasSize(6);
        }
    }

    @Test
    void shouldRefuseForGoodWithoutHarmToOthers()
    {
        try (EngineNode engine = EngineNode.launch(engineContext()); QuipuClient client = connect(engine))
        {
            client.setLimit(Limit.REQUEST_COMMANDS, 1500);
            final Request many = new Request();
            for (int i = 0; i < 1501; i++)
            {
                many.add("x", 1);
            }
            assertCode(ResultCode.REQUEST_TOO_LARGE, () -> client.submit(many));
            assertThat(client.add("c", 1)).isEqualTo(1);
            final Request wide = new Request().form(ReplyForm.RANKS);
            for (int i = 0; i < 1400; i++)
            {
                wide.add("y", 1);
            }
            assertCode(ResultCode.REPLY_TOO_LARGE, () -> client.submit(wide));
            assertThat(client.submit(wide.form(ReplyForm.VALUES)).value(1399)).isEqualTo(1400);
            assertCode(ResultCode.ACK_UNAVAILABLE, () -> client.submit(new Request().add("c", 1).ack(Ack.REPLICATED)));
            assertThat(client.add("c", 1)).isEqualTo(2);
            assertThat(client.get("x").get(0).present()).isFalse();
        }
    }

    @Test
    void shouldSeeTheSameAfterARestartAndLeaveQueriesUnjournaled()
    {
        final String digest;
        final String address;
        final Status before;
        final EngineNode first = EngineNode.launch(engineContext());
        address = first.ingress();
        try (QuipuClient client = QuipuClient.connect(new ClientContext().engine(address)))
        {
            client.createBoard(EPL);
            client.score("epl", "Arsenal", 3, 1);
            client.add("c", 7);
            before = client.status();
            for (int i = 0; i < 100; i++)
            {
                client.top("epl", 10);
                client.get("c");
            }
            digest = client.status().digest();
            assertThat(digest).isEqualTo(before.digest()).hasSize(32);
            assertThat(before.parts()).isNotEmpty();
            first.close();

            try (EngineNode second = EngineNode.launch(engineContext().ingress(address)))
            {
                final Status after = client.status();
                assertThat(after.digest()).isEqualTo(digest);
                assertThat(after.sequence()).isEqualTo(before.sequence());
                assertThat(after.epoch()).isEqualTo(2);
                assertThat(after.parts()).isEqualTo(before.parts());
                assertThat(client.add("c", 1)).isEqualTo(8);
                assertThat(second.ingress()).isEqualTo(address);
            }
        }
    }

    private static void assertCode(final ResultCode code, final org.assertj.core.api.ThrowableAssert.ThrowingCallable call)
    {
        assertThatThrownBy(call).isInstanceOfSatisfying(
            RefusedException.class, (refusal) -> assertThat(refusal.code()).isEqualTo(code));
    }
}

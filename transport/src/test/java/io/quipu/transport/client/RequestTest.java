package io.quipu.transport.client;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.SubmitFrame;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.AddByHandleDecoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.CreateBoardDecoder;
import io.quipu.codecs.ingress.DeleteDecoder;
import io.quipu.codecs.ingress.DropBoardDecoder;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResetBoardDecoder;
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import io.quipu.codecs.ingress.SetLimitDecoder;
import io.quipu.codecs.ingress.SubmitEncoder;
import io.quipu.codecs.ingress.Ties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RequestTest
{
    private static final int SUBMIT_LENGTH = 24;
    private static final BoardDefinition BOARD =
        BoardDefinition.named("epl").columns("points:desc,time:asc").operator(Operator.BEST).ties(Ties.LATEST).capacity(9);

    private final Request request = new Request();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameValidator.MAX_FRAME_LENGTH]);

    @Test
    void shouldMergeRunsOfEqualCommandsAndSelectABoardOnce()
    {
        request.board("epl").score("a", 1).score("b", 2).add("c", 3).add("d", 4)
            .board("epl").score("e", 5).board("liga").board("epl").score("f", 6).board("liga").score("g", 7);
        assertThat(runs()).containsExactly(
            "Score on epl x 2", "Add on epl x 2", "Score on epl x 2", "Score on liga x 1");
        assertThat(commands()).containsExactly("epl a 1", "epl b 2", "c 3", "d 4", "epl e 5", "epl f 6", "liga g 7");
        assertThat(request.commandCount()).isEqualTo(7);
    }

    @Test
    void shouldEncodeEveryKindOfCommand()
    {
        request.add("a", -1).addByHandle(77, 2).addBounded("b", 3, -4, 5, true).set("c", 6).delete("d")
            .createBoard(BOARD)
            .board(0x2000_0001_0000_0001L).score("m", 7, 8).score("n", 9, 10, 11, 12).score("o", new long[]{13})
            .scoreByHandle(14, 15).remove("p").resetBoard().dropBoard().setLimit(Limit.SESSIONS, 16);
        assertThat(commands()).containsExactly(
            "a -1", "handle 77 2", "b 3 in -4..5 saturate 1", "c = 6", "delete d",
            "board epl points,time operator 2 ties 2 asc 2 capacity 9 feed 100",
            "2000000100000001 m 7 8", "2000000100000001 n 9 10 11 12", "2000000100000001 o 13",
            "handle 14 score 15", "2000000100000001 remove p", "2000000100000001 reset", "2000000100000001 drop",
            "limit 5 = 16");
    }

    @Test
    void shouldCarryItsOptionsAndStartAnewAfterReset()
    {
        request.atomic().form(ReplyForm.RANKS).ack(Ack.DURABLE).board("epl").score("a", 1);
        final SubmitFrame submit = encode();
        assertThat(submit.mode()).isEqualTo(Mode.ATOMIC.value());
        assertThat(submit.replyForm()).isEqualTo(ReplyForm.RANKS.value());
        assertThat(submit.ack()).isEqualTo(Ack.DURABLE.value());
        assertThat(submit.worstCaseResultLength()).isEqualTo(request.worstCaseReplyLength());

        request.reset().add("b", 1);
        final SubmitFrame next = encode();
        assertThat(next.mode()).isEqualTo(Mode.INDEPENDENT.value());
        assertThat(next.replyForm()).isEqualTo(ReplyForm.VALUES.value());
        assertThat(next.ack()).isEqualTo(Ack.JOURNALED.value());
        assertThat(commands()).containsExactly("b 1");
        assertThatThrownBy(() -> request.reset().score("a", 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseNamesThatCannotBeAndAddNothing()
    {
        final String longest = "x".repeat(126) + "é";
        request.add("first", 1).add(longest, 2);
        refused(ResultCode.BAD_NAME, () -> request.add("", 1));
        refused(ResultCode.BAD_NAME, () -> request.add(longest + "y", 1));
        refused(ResultCode.BAD_NAME, () -> request.board("é".repeat(65)));
        refused(ResultCode.BAD_NAME, () -> request.add(frame, 0, 129, 1));
        refused(ResultCode.WRONG_COLUMNS, () -> request.board("b").score("m", 1, 2, 3, 4, 5));
        refused(ResultCode.WRONG_COLUMNS, () -> request.score("m", new long[0]));
        refused(ResultCode.BAD_DEFINITION, () -> request.createBoard(BOARD.columns("a,b,c,d,e")));
        refused(ResultCode.STALE_HANDLE, () -> request.board(0));
        assertThat(commands()).containsExactly("first 1", longest + " 2");
    }

    @Test
    void shouldRefuseWhatHasNoRoomAndKeepTheRest()
    {
        final String name = "n".repeat(128);
        int count = 0;
        try
        {
            while (true)
            {
                request.board("b").score(name, count).add(name, count);
                count++;
            }
        }
        catch (final RefusedException ex)
        {
            assertThat(ex.code()).isEqualTo(ResultCode.REQUEST_TOO_LARGE);
            assertThat(ex.index()).isEqualTo(request.commandCount());
        }
        assertThat(count).isGreaterThan(100);
        assertThat(request.length()).isLessThanOrEqualTo(Request.MAX_LENGTH).isGreaterThan(Request.MAX_LENGTH - 400);
        assertThat(commands()).hasSize(request.commandCount());
    }

    @Property(tries = 300)
    void shouldSurviveTheValidatorAndComeBackAlike(
        @ForAll final long seed, @ForAll @Size(max = 60) final List<@IntRange(max = 12) Integer> kinds)
    {
        final Random random = new Random(seed);
        final List<String> expected = new ArrayList<>();
        request.reset().board("b0");
        for (final int kind : kinds)
        {
            expected.add(command(kind, random));
        }
        if (!kinds.isEmpty())
        {
            assertThat(commands()).isEqualTo(expected);
            assertThat(encode().worstCaseResultLength()).isEqualTo(request.worstCaseReplyLength());
        }
    }

    @Property(tries = 500)
    void shouldEncodeStringsAsTheJdkDoes(@ForAll final String text)
    {
        final byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Names.utf8Length(text)).isEqualTo(expected.length);
        if (expected.length > 0 && expected.length <= Names.MAX_LENGTH)
        {
            final int end = Names.put(frame, 0, text, expected.length);
            assertThat(end).isEqualTo(1 + expected.length);
            assertThat(frame.getByte(0) & 0xFF).isEqualTo(expected.length);
            final byte[] bytes = new byte[expected.length];
            frame.getBytes(1, bytes);
            assertThat(bytes).isEqualTo(expected);
        }
    }

    private String command(final int kind, final Random random)
    {
        final String name = "é" + random.nextInt(50);
        final String board = "b" + random.nextInt(2);
        final long value = random.nextLong();
        switch (kind)
        {
            case 0:
                request.add(name, value);
                return name + ' ' + value;

            case 1:
                request.addByHandle(value, 1);
                return "handle " + value + " 1";

            case 2:
                request.addBounded(name, value, 1, 2, false);
                return name + ' ' + value + " in 1..2 saturate 0";

            case 3:
                request.set(name, value);
                return name + " = " + value;

            case 4:
                request.delete(name);
                return "delete " + name;

            case 5:
                request.board(board).score(name, value);
                return board + ' ' + name + ' ' + value;

            case 6:
                request.board(board).score(name, value, 2, 3);
                return board + ' ' + name + ' ' + value + " 2 3";

            case 7:
                request.scoreByHandle(value, 4);
                return "handle " + value + " score 4";

            case 8:
                request.board(board).remove(name);
                return board + " remove " + name;

            case 9:
                request.board(board).resetBoard();
                return board + " reset";

            case 10:
                request.board(board).dropBoard();
                return board + " drop";

            case 11:
                request.setLimit(Limit.NAMES, value);
                return "limit 1 = " + value;

            default:
                request.createBoard(BOARD);
                return "board epl points,time operator 2 ties 2 asc 2 capacity 9 feed 100";
        }
    }

    private SubmitFrame encode()
    {
        new SubmitEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
            .connectionKey(1).attachment(2).requestCount(1).reserved(0);
        final RequestWindow window = new RequestWindow(128, FrameValidator.MAX_FRAME_LENGTH, 6, false);
        window.limits(64, 64 * 1024);
        assertThat(window.append(request, 0, Ack.JOURNALED)).isEqualTo(7);
        assertThat(window.prepareRun(FrameValidator.MAX_FRAME_LENGTH, 1)).isTrue();
        window.stampRun();
        frame.putBytes(SUBMIT_LENGTH, window.ring(), window.runOffset(), window.runLength());
        assertThat(window.runLength()).isEqualTo(request.length());
        final int length = SUBMIT_LENGTH + request.length();
        assertThat(FrameValidator.validateIngress(frame, 0, length)).isEqualTo(FrameValidator.OK);
        final SubmitFrame submit = new SubmitFrame().wrap(frame, 0, length);
        assertThat(submit.next()).isTrue();
        assertThat(submit.requestSequence()).isEqualTo(7);
        assertThat(submit.repliesReceivedUpTo()).isEqualTo(6);
        assertThat(submit.commandCount()).isEqualTo(request.commandCount());
        return submit;
    }

    private CommandRuns walk()
    {
        final SubmitFrame submit = encode();
        return new CommandRuns().wrap(frame, submit.commandsOffset(), submit.commandsLength());
    }

    private List<String> runs()
    {
        final List<String> list = new ArrayList<>();
        final CommandRuns runs = walk();
        while (runs.next())
        {
            final String kind = AddDecoder.TEMPLATE_ID == runs.templateId() ? "Add" : "Score";
            list.add(kind + " on " + board(runs) + " x " + runs.count());
        }
        return list;
    }

    private List<String> commands()
    {
        final List<String> list = new ArrayList<>();
        final CommandRuns runs = walk();
        while (runs.next())
        {
            while (runs.nextEntry())
            {
                list.add(describe(runs));
            }
        }
        return list;
    }

    private String describe(final CommandRuns runs)
    {
        final int at = runs.entryOffset();
        switch (runs.templateId())
        {
            case AddDecoder.TEMPLATE_ID:
                return name(runs) + ' ' + frame.getLong(at);

            case AddByHandleDecoder.TEMPLATE_ID:
                return "handle " + frame.getLong(at) + ' ' + frame.getLong(at + 8);

            case AddBoundedDecoder.TEMPLATE_ID:
                return name(runs) + ' ' + frame.getLong(at) + " in " + frame.getLong(at + 8) + ".." +
                    frame.getLong(at + 16) + " saturate " + frame.getByte(at + 24);

            case SetDecoder.TEMPLATE_ID:
                return name(runs) + " = " + frame.getLong(at);

            case DeleteDecoder.TEMPLATE_ID:
                return "delete " + name(runs);

            case CreateBoardDecoder.TEMPLATE_ID:
                return "board " + name(runs) + ' ' +
                    frame.getStringWithoutLengthUtf8(runs.secondNameOffset(), runs.secondNameLength()) +
                    " operator " + frame.getByte(at) + " ties " + frame.getByte(at + 1) + " asc " + frame.getByte(at + 3) +
                    " capacity " + frame.getLong(at + 8) + " feed " + frame.getShort(at + 4);

            case ScoreDecoder.TEMPLATE_ID:
                return board(runs) + ' ' + name(runs) + ' ' + frame.getLong(at);

            case ScoreColumnsDecoder.TEMPLATE_ID:
                final StringBuilder columns = new StringBuilder(board(runs) + ' ' + name(runs));
                for (int i = 0; i < frame.getByte(at + 32); i++)
                {
                    columns.append(' ').append(frame.getLong(at + 8 * i));
                }
                return columns.toString();

            case ScoreByHandleDecoder.TEMPLATE_ID:
                return "handle " + frame.getLong(at) + " score " + frame.getLong(at + 8);

            case RemoveDecoder.TEMPLATE_ID:
                return board(runs) + " remove " + name(runs);

            case ResetBoardDecoder.TEMPLATE_ID:
                return board(runs) + " reset";

            case DropBoardDecoder.TEMPLATE_ID:
                return board(runs) + " drop";

            case SetLimitDecoder.TEMPLATE_ID:
                return "limit " + frame.getByte(at + 8) + " = " + frame.getLong(at);

            default:
                return "template " + runs.templateId();
        }
    }

    private String name(final CommandRuns runs)
    {
        return frame.getStringWithoutLengthUtf8(runs.nameOffset(), runs.nameLength());
    }

    private String board(final CommandRuns runs)
    {
        return 0 != runs.boardHandle() ? Long.toHexString(runs.boardHandle()) :
            frame.getStringWithoutLengthUtf8(runs.boardNameOffset(), runs.boardNameLength());
    }

    private static void refused(
        final ResultCode code, final org.assertj.core.api.ThrowableAssert.ThrowingCallable call)
    {
        assertThatThrownBy(call).isInstanceOfSatisfying(
            RefusedException.class, (refusal) -> assertThat(refusal.code()).isEqualTo(code));
    }
}

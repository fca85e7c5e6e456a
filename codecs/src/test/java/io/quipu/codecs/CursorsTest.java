package io.quipu.codecs;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.AddByHandleDecoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.CreateBoardDecoder;
import io.quipu.codecs.ingress.DeleteDecoder;
import io.quipu.codecs.ingress.DropBoardDecoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ResetBoardDecoder;
import io.quipu.codecs.ingress.ResolveDecoder;
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import io.quipu.codecs.ingress.SetLimitDecoder;
import io.quipu.codecs.storage.EpochStartEncoder;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionCloseFrameDecoder;
import io.quipu.codecs.storage.SessionCloseFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameDecoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * What the cursors read is what the encoders wrote.
 */
class CursorsTest
{
    private static final int MARGIN = 40;

    private final SubmitFrame submit = new SubmitFrame();
    private final CommandRuns runs = new CommandRuns();
    private final StorageFrames frames = new StorageFrames();

    @Property(tries = 500)
    void shouldReadWhatWasSubmitted(@ForAll final long seed)
    {
        final FrameBuilder built = new FrameGenerator(seed).submit();
        final byte[] frame = built.frame();
        assertThat(read(Bytes.amid(frame, 0x55, MARGIN), MARGIN, frame.length)).isEqualTo(built.lines);
    }

    @Property(tries = 200)
    void shouldSkipEntriesThatWereNotVisited(@ForAll final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] frame = new FrameGenerator(seed).submit().frame();
        submit.wrap(new UnsafeBuffer(frame), 0, frame.length);
        while (submit.next())
        {
            int commands = 0;
            runs.wrap(submit.buffer(), submit.commandsOffset(), submit.commandsLength());
            while (runs.next())
            {
                assertThat(runs.firstIndex()).isEqualTo(commands);
                commands += runs.count();
                for (int i = random.nextInt(runs.count() + 1); i > 0; i--)
                {
                    assertThat(runs.nextEntry()).isTrue();
                }
            }
            assertThat(commands).isEqualTo(submit.commandCount());
        }
    }

    @Property(tries = 200)
    void shouldReadBackAJournaledBody(@ForAll final long seed)
    {
        final FrameBuilder built = new FrameGenerator(seed).submit();
        final byte[] wire = built.frame();
        final UnsafeBuffer body = new UnsafeBuffer(new byte[2 * wire.length + 256]);
        final int length = journaled(new UnsafeBuffer(wire), wire.length, body, MARGIN);

        int entries = 0;
        final List<String> lines = new ArrayList<>();
        final List<Integer> templates = new ArrayList<>();
        frames.wrap(body, MARGIN, length);
        while (frames.next())
        {
            templates.add(frames.templateId());
            entries += frames.entryCount();
            if (RequestFrameDecoder.TEMPLATE_ID == frames.templateId())
            {
                assertThat(frames.sessionId()).isEqualTo(9);
                lines.add("request " + frames.requestSequence() + ' ' + frames.repliesReceivedUpTo() + ' ' +
                    ReplyForm.get((short)frames.replyForm()) + ' ' + Mode.get((short)frames.mode()));
                readCommands(body, frames.commandsOffset(), frames.commandsLength(), lines);
            }
            else if (SessionOpenFrameDecoder.TEMPLATE_ID == frames.templateId())
            {
                assertThat(new long[]{ frames.tokenHashHigh(), frames.tokenHashLow(), frames.sessionId() })
                    .containsExactly(1, 2, 9);
            }
            else
            {
                assertThat(frames.sessionId()).isEqualTo(9);
            }
        }
        assertThat(templates)
            .startsWith(SessionOpenFrameDecoder.TEMPLATE_ID).endsWith(SessionCloseFrameDecoder.TEMPLATE_ID);
        assertThat(lines).isEqualTo(built.lines.stream()
            .map((line) -> line.replaceAll("(request \\d+ \\d+) \\w+ ", "$1 ")).toList());
        assertThat(FrameValidator.validateEntries(body, MARGIN, length, entries)).isEqualTo(FrameValidator.OK);
        assertThat(FrameValidator.validateEntries(body, MARGIN, length, entries + 1)).isNotEqualTo(FrameValidator.OK);
        for (int cut = 1; cut < length; cut += 7)
        {
            final UnsafeBuffer exact = new UnsafeBuffer(body, MARGIN, cut);
            assertThat(FrameValidator.validateEntries(exact, 0, cut, entries)).isNotEqualTo(FrameValidator.OK);
        }
    }

    @Test
    void shouldJudgeEpochBodies()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final EpochStartEncoder epoch = new EpochStartEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        epoch.journalIdHigh(1).journalIdLow(2).continuesSequence(3).continuesChain(4).logicVersion(1).reserved(0).givenUpTo(0)
            .putEngineVersion(FrameBuilder.utf8("0.1.0"), 0, 5);
        final int length = epoch.limit();
        assertThat(FrameValidator.validateEpoch(buffer, 0, length)).isEqualTo(FrameValidator.OK);
        assertThat(FrameValidator.validateEpoch(buffer, 0, length + 7 & ~7)).isEqualTo(FrameValidator.OK);
        for (int cut = 0; cut < length; cut++)
        {
            assertThat(FrameValidator.validateEpoch(new UnsafeBuffer(buffer, 0, cut), 0, cut))
                .isEqualTo(FrameValidator.MALFORMED);
        }
        assertThat(FrameValidator.validateEntries(buffer, 0, length, 1)).isEqualTo(FrameValidator.MALFORMED);
        assertThat(FrameValidator.validateEntries(buffer, 0, 0, 0)).isEqualTo(FrameValidator.OK);
    }

    @Test
    void shouldTellWideRequests()
    {
        assertThat(isWide(request().add(1, "a").onBoard("b").score(1, "c"))).isFalse();
        assertThat(isWide(request().add(1, "a").addBounded(1, 0, 2, Flag.NO, "b"))).isTrue();
        assertThat(isWide(request().onBoard("b").remove("m").add(1, "a"))).isTrue();
        assertThat(isWide(request().onBoard("b").scoreColumns(1, 2, "m"))).isTrue();
    }

    @Test
    void shouldWalkOverTheQueryOfAFrame()
    {
        final byte[] frame = Samples.ingress().get("Query Resolve members");
        final DirectBuffer buffer = new UnsafeBuffer(frame);
        runs.wrap(buffer, 32, frame.length - 32);
        assertThat(runs.next()).isTrue();
        assertThat(runs.templateId()).isEqualTo(ResolveDecoder.TEMPLATE_ID);
        assertThat(buffer.getByte(runs.blockOffset() + ResolveDecoder.kindEncodingOffset())).isEqualTo((byte)3);
        assertThat(text(buffer, runs.boardNameOffset(), runs.boardNameLength())).isEqualTo("epl");
        assertThat(runs.nextEntry()).isTrue();
        assertThat(text(buffer, runs.nameOffset(), runs.nameLength())).isEqualTo("A");
        assertThat(runs.nextEntry()).isFalse();
        assertThat(runs.next()).isFalse();
    }

    @Test
    void shouldSeeANewSelectionEvenOfTheSameBoard()
    {
        final byte[] frame = new FrameBuilder().submit(1, 1).request(1)
            .add(1, "a").onBoard("b").score(1, "m").onBoard("b").score(1, "m").endRequest().frame();
        submit.wrap(new UnsafeBuffer(frame), 0, frame.length).next();
        runs.wrap(submit.buffer(), submit.commandsOffset(), submit.commandsLength());
        final List<Integer> selections = new ArrayList<>();
        while (runs.next())
        {
            selections.add(runs.selections());
        }
        assertThat(selections).containsExactly(0, 1, 2);
    }

    private static FrameBuilder request()
    {
        return new FrameBuilder().submit(1, 1).request(1);
    }

    private boolean isWide(final FrameBuilder built)
    {
        final byte[] frame = built.endRequest().frame();
        submit.wrap(new UnsafeBuffer(frame), 0, frame.length).next();
        final boolean isWide = submit.anyWide();
        assertThat(submit.worstCaseResultLength())
            .isEqualTo(ResultLengths.worstCase(ReplyForm.VALUES.value(), submit.commandCount(), isWide));
        return isWide;
    }

    private List<String> read(final DirectBuffer buffer, final int offset, final int length)
    {
        final List<String> lines = new ArrayList<>();
        submit.wrap(buffer, offset, length);
        int requests = 0;
        while (submit.next())
        {
            requests++;
            lines.add("request " + submit.requestSequence() + ' ' + submit.repliesReceivedUpTo() + ' ' +
                Ack.get((short)submit.ack()) + ' ' + ReplyForm.get((short)submit.replyForm()) + ' ' +
                Mode.get((short)submit.mode()));
            readCommands(buffer, submit.commandsOffset(), submit.commandsLength(), lines);
        }
        assertThat(requests).isEqualTo(submit.requestCount());
        return lines;
    }

    private void readCommands(final DirectBuffer buffer, final int offset, final int length, final List<String> lines)
    {
        runs.wrap(buffer, offset, length);
        while (runs.next())
        {
            final String board = 0 == runs.selections() ? "-" :
                0 == runs.boardHandle() ? text(buffer, runs.boardNameOffset(), runs.boardNameLength()) :
                "#" + runs.boardHandle();
            int visited = 0;
            while (runs.nextEntry())
            {
                lines.add(runs.entryIndex() + " @" + board + ' ' + command(buffer));
                visited++;
            }
            assertThat(visited).isEqualTo(runs.count());
        }
    }

    private String command(final DirectBuffer buffer)
    {
        final int at = runs.entryOffset();
        final long first = switch (runs.templateId())
        {
            case DropBoardDecoder.TEMPLATE_ID, ResetBoardDecoder.TEMPLATE_ID, DeleteDecoder.TEMPLATE_ID,
                RemoveDecoder.TEMPLATE_ID -> 0;
            default -> buffer.getLong(at, LITTLE_ENDIAN);
        };
        final String name = text(buffer, runs.nameOffset(), runs.nameLength());
        return switch (runs.templateId())
        {
            case AddByHandleDecoder.TEMPLATE_ID -> "AddByHandle " + first + ' ' + buffer.getLong(at + 8, LITTLE_ENDIAN);
            case AddDecoder.TEMPLATE_ID -> "Add " + first + ' ' + name;
            case AddBoundedDecoder.TEMPLATE_ID -> "AddBounded " + first + ' ' +
                buffer.getLong(at + 8, LITTLE_ENDIAN) + ' ' + buffer.getLong(at + 16, LITTLE_ENDIAN) + ' ' +
                Flag.get(buffer.getByte(at + 24)) + ' ' + name;
            case SetDecoder.TEMPLATE_ID -> "Set " + first + ' ' + name;
            case DeleteDecoder.TEMPLATE_ID -> "Delete " + name;
            case CreateBoardDecoder.TEMPLATE_ID -> "CreateBoard " + name + ' ' +
                text(buffer, runs.secondNameOffset(), runs.secondNameLength());
            case DropBoardDecoder.TEMPLATE_ID -> "DropBoard";
            case ResetBoardDecoder.TEMPLATE_ID -> "ResetBoard";
            case ScoreDecoder.TEMPLATE_ID -> "Score " + first + ' ' + name;
            case ScoreColumnsDecoder.TEMPLATE_ID ->
                "ScoreColumns " + first + ' ' + buffer.getByte(at + 32) + ' ' + name;
            case ScoreByHandleDecoder.TEMPLATE_ID ->
                "ScoreByHandle " + first + ' ' + buffer.getLong(at + 8, LITTLE_ENDIAN);
            case RemoveDecoder.TEMPLATE_ID -> "Remove " + name;
            case SetLimitDecoder.TEMPLATE_ID -> "SetLimit " + buffer.getByte(at + 8) + ' ' + first;
            default -> "?";
        };
    }

    /** What a sequencer does: a session opened, the requests copied, the session closed. */
    private int journaled(final UnsafeBuffer wire, final int length, final UnsafeBuffer body, final int offset)
    {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        int position = new SessionOpenFrameEncoder().wrapAndApplyHeader(body, offset, header)
            .tokenHashHigh(1).tokenHashLow(2).sessionId(9).reserved(0).limit();
        submit.wrap(wire, 0, length);
        while (submit.next())
        {
            position = offset + (position - offset + 7 & ~7);
            final RequestFrameEncoder frame = new RequestFrameEncoder().wrapAndApplyHeader(body, position, header)
                .requestSequence(submit.requestSequence()).repliesReceivedUpTo(submit.repliesReceivedUpTo())
                .sessionId(9).length(submit.commandsLength()).commandCount(submit.commandCount())
                .replyForm((short)submit.replyForm()).mode((short)submit.mode()).reserved(0);
            body.putBytes(frame.limit(), wire, submit.commandsOffset(), submit.commandsLength());
            position = frame.limit() + submit.commandsLength();
        }
        position = offset + (position - offset + 7 & ~7);
        position = new SessionCloseFrameEncoder().wrapAndApplyHeader(body, position, header)
            .sessionId(9).reserved(0).limit();
        return position - offset;
    }

    private static String text(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

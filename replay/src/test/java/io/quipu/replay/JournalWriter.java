package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quipu.codecs.ingress.AddEncoder;
import io.quipu.codecs.ingress.CreateBoardEncoder;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.OnBoardEncoder;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.RemoveEncoder;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.ingress.ScoreColumnsEncoder;
import io.quipu.codecs.ingress.SetEncoder;
import io.quipu.codecs.ingress.Ties;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.state.ReplyHandler;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * Writes a journal as an engine does, of one session, on a clock of its own: build a record in the appender's buffer,
 * append it, apply it.
 */
final class JournalWriter implements AutoCloseable
{
    static final long FIRST_TIME_NS = 1_700_000_000_000_000_000L;
    static final long STEP_NS = 1_000_000L;

    private static final int SESSION = 1;

    private final Journal journal;
    private final StateMachine state = new StateMachine();
    private final MutableDirectBuffer buffer;
    private final int bodyOffset;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final io.quipu.codecs.storage.MessageHeaderEncoder frameHeader =
        new io.quipu.codecs.storage.MessageHeaderEncoder();

    private long timeNs = FIRST_TIME_NS;
    private long durableSequence;
    private long requestSequence;
    private int position;
    private int entryCount;
    private int commandCount;

    JournalWriter(final Path dir)
    {
        this(dir, JournalContext.DEFAULT_ROLL_LENGTH);
    }

    JournalWriter(final Path dir, final long rollLength)
    {
        journal = Journal.open(new JournalContext()
            .directory(dir).rollLength(rollLength).blockLength(8 << 20).aheadLength(0).engineVersion("test"));
        journal.recover((record) ->
        {
            if (!record.isEpoch())
            {
                state.apply(
                    record.buffer(), record.bodyOffset(), record.bodyLength(), record.firstSequence(),
                    record.timestampNs(), ReplyHandler.NONE);
            }
        });
        timeNs = Math.max(timeNs, state.timeNs() + STEP_NS);
        requestSequence = state.sessions().isOpen(SESSION) ? state.sessions().lastRequestSequence(SESSION) : 0;
        journal.startEpoch(timeNs, state.digest().high(), state.digest().low());
        buffer = journal.appender().buffer();
        bodyOffset = journal.appender().bodyOffset();
        position = bodyOffset;
    }

    JournalWriter session()
    {
        position = new SessionOpenFrameEncoder().wrapAndApplyHeader(buffer, position, frameHeader)
            .tokenHashHigh(77).tokenHashLow(78).sessionId(SESSION).reserved(0).limit();
        entryCount++;
        return align();
    }

    JournalWriter request(final Mode mode, final UnaryOperator<JournalWriter> commands)
    {
        final RequestFrameEncoder frame = new RequestFrameEncoder().wrapAndApplyHeader(buffer, position, frameHeader);
        final int payload = frame.limit();
        commandCount = 0;
        position = payload;
        commands.apply(this);
        requestSequence++;
        frame.requestSequence(requestSequence).repliesReceivedUpTo(requestSequence - 1).sessionId(SESSION)
            .length(position - payload).commandCount(commandCount)
            .replyForm((short)ReplyForm.VALUES.value()).mode((short)mode.value()).reserved(0);
        entryCount += commandCount;
        return align();
    }

    JournalWriter request(final UnaryOperator<JournalWriter> commands)
    {
        return request(Mode.INDEPENDENT, commands);
    }

    JournalWriter add(final String counter, final long delta)
    {
        final byte[] name = counter.getBytes(UTF_8);
        final AddEncoder message = new AddEncoder().wrapAndApplyHeader(buffer, position, header);
        message.addsCount(1).next().delta(delta).putCounter(name, 0, name.length);
        return ends(message.limit(), 1);
    }

    JournalWriter set(final String counter, final long value)
    {
        final byte[] name = counter.getBytes(UTF_8);
        final SetEncoder message = new SetEncoder().wrapAndApplyHeader(buffer, position, header);
        message.setsCount(1).next().value(value).putCounter(name, 0, name.length);
        return ends(message.limit(), 1);
    }

    JournalWriter board(final String board)
    {
        final byte[] name = board.getBytes(UTF_8);
        final byte[] columns = "points,diff".getBytes(UTF_8);
        final CreateBoardEncoder message = new CreateBoardEncoder().wrapAndApplyHeader(buffer, position, header);
        message.scoreOperator(Operator.SUM).ties(Ties.FIRST).columnCount((short)2).ascending((short)0).feedRows(100)
            .reserved(0).capacity(0).putBoard(name, 0, name.length).putColumnNames(columns, 0, columns.length);
        return ends(message.limit(), 1);
    }

    JournalWriter onBoard(final String board)
    {
        final byte[] name = board.getBytes(UTF_8);
        final OnBoardEncoder message = new OnBoardEncoder().wrapAndApplyHeader(buffer, position, header);
        return ends(message.handle(0).putBoard(name, 0, name.length).limit(), 0);
    }

    JournalWriter score(final String member, final long points, final long diff)
    {
        final byte[] name = member.getBytes(UTF_8);
        final ScoreColumnsEncoder message = new ScoreColumnsEncoder().wrapAndApplyHeader(buffer, position, header);
        message.scoresCount(1).next().value0(points).value1(diff).value2(0).value3(0).columnCount((short)2)
            .putMember(name, 0, name.length);
        return ends(message.limit(), 1);
    }

    JournalWriter remove(final String member)
    {
        final byte[] name = member.getBytes(UTF_8);
        final RemoveEncoder message = new RemoveEncoder().wrapAndApplyHeader(buffer, position, header);
        message.removesCount(1).next().reserved((short)0).putMember(name, 0, name.length);
        return ends(message.limit(), 1);
    }

    /** Appends what was built as one record and applies it. */
    JournalWriter record()
    {
        return record(0);
    }

    /** As {@link #record()}, with a digest in the header that is wrong by so much. */
    JournalWriter record(final long digestError)
    {
        timeNs += STEP_NS;
        final int length = position - bodyOffset;
        final long firstSequence = journal.appender().nextSequence();
        journal.appender().append(
            length, entryCount, timeNs, durableSequence, state.digest().high() + digestError, state.digest().low());
        state.apply(buffer, bodyOffset, length, firstSequence, timeNs, ReplyHandler.NONE);
        position = bodyOffset;
        entryCount = 0;
        return this;
    }

    /** Appends a record whose only name is longer than its length byte may say. */
    JournalWriter brokenRecord()
    {
        request((r) -> r.add("a", 1));
        buffer.putByte(position - 4, (byte)200);
        journal.appender().append(
            position - bodyOffset, 1, timeNs + STEP_NS, durableSequence, state.digest().high(), state.digest().low());
        return this;
    }

    /** All so far is durable, and the next record says so. */
    JournalWriter sync()
    {
        journal.sync();
        durableSequence = journal.appender().nextSequence() - 1;
        return this;
    }

    StateMachine state()
    {
        return state;
    }

    String digest()
    {
        return DigestText.of(state.digest().high(), state.digest().low());
    }

    @Override
    public void close()
    {
        journal.close();
        state.close();
    }

    private JournalWriter ends(final int limit, final int commands)
    {
        position = limit;
        commandCount += commands;
        return this;
    }

    private JournalWriter align()
    {
        final int aligned = bodyOffset + BitUtil.align(position - bodyOffset, 8);
        buffer.setMemory(position, aligned - position, (byte)0);
        position = aligned;
        return this;
    }
}

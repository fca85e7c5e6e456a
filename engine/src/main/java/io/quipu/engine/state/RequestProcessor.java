package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.ResultLengths;
import io.quipu.codecs.StorageFrames;
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
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import io.quipu.codecs.ingress.SetLimitDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Applies the commands of one request, in order, and writes its result. INDEPENDENT commands succeed or are refused
 * each for itself; of an ATOMIC request the first refusal takes everything back, through the undo log.
 */
final class RequestProcessor
{
    /** Undo of a change of limits: the id is the limit, word 0 its value before. */
    static final int UNDO_LIMIT = 8;

    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;
    private final Limits limits;
    private final Usage usage;
    private final UndoLog undo;
    private final UndoLog.UndoHandler undoHandler = this::onUndo;

    private final Outcome outcome = new Outcome();
    private final CounterCommands counterCommands;
    private final ResultWriter result = new ResultWriter();
    private final CommandRuns runs = new CommandRuns();
    private final Lookahead lookahead;
    private final BoardDefinition definition = new BoardDefinition();
    private final UnsafeBuffer name = new UnsafeBuffer();
    private final long[] values = new long[BoardDefinition.MAX_COLUMNS];

    private DirectBuffer buffer;
    private Board board;
    private boolean isRanked;
    /** Commands that were looked at ahead and not yet applied. */
    private int lookedAt;

    RequestProcessor(
        final NameTable names,
        final CounterTable counters,
        final Boards boards,
        final Limits limits,
        final Usage usage,
        final UndoLog undo)
    {
        this.names = names;
        this.counters = counters;
        this.boards = boards;
        this.limits = limits;
        this.usage = usage;
        this.undo = undo;
        lookahead = new Lookahead(names, counters, boards);
        counterCommands = new CounterCommands(names, counters, limits, outcome);
    }

    /**
     * Applies a request.
     *
     * @param frame         that stands on a request.
     * @param firstSequence of its first command.
     * @return length of its result message in {@link #result()}.
     */
    int apply(final StorageFrames frame, final long firstSequence)
    {
        buffer = frame.buffer();
        isRanked = frame.replyForm() == ReplyForm.RANKS.value();
        final boolean anyWide = frame.replyForm() == ReplyForm.VALUES.value() &&
            runs.anyWide(buffer, frame.commandsOffset(), frame.commandsLength());
        result.begin(
            ResultLengths.resultTemplateId(frame.replyForm(), anyWide),
            frame.sessionId(),
            frame.requestSequence(),
            firstSequence,
            frame.commandCount());
        runs.wrap(buffer, frame.commandsOffset(), frame.commandsLength());

        return frame.mode() == Mode.ATOMIC.value() ? applyAtomic(firstSequence) : applyIndependent(firstSequence);
    }

    UnsafeBuffer result()
    {
        return result.buffer();
    }

    private int applyIndependent(final long firstSequence)
    {
        while (runs.next())
        {
            beginRun();
            while (runs.nextEntry())
            {
                final int index = runs.entryIndex();
                applyCommand(firstSequence + index);
                result.row(index, outcome);
            }
        }

        return result.end();
    }

    private int applyAtomic(final long firstSequence)
    {
        undo.begin();
        names.hold();
        while (runs.next())
        {
            beginRun();
            while (runs.nextEntry())
            {
                final int index = runs.entryIndex();
                applyCommand(firstSequence + index);
                if (outcome.code != Outcome.OK)
                {
                    undo.rollback(undoHandler);
                    names.settle();

                    return result.endRefused(index, outcome.code);
                }
                result.row(index, outcome);
            }
        }
        undo.commit();
        names.settle();

        return result.end();
    }

    private void onUndo(final int kind, final int id, final long words)
    {
        if (kind >= UndoLog.FIRST_BOARD_KIND)
        {
            boards.onUndo(kind, id, words);
        }
        else if (kind == UNDO_LIMIT)
        {
            limits.set(id, OffHeap.getLong(words));
        }
        else
        {
            counters.onUndo(kind, id, words);
        }
    }

    /** Finds the board of a run; a name may mean another board, or none, behind a create or a drop. */
    private void beginRun()
    {
        lookedAt = 0;
        if (runs.selections() == 0)
        {
            board = null;
        }
        else if (runs.boardNameLength() == 0)
        {
            board = boards.byHandle(runs.boardHandle());
        }
        else
        {
            name.wrap(buffer, runs.boardNameOffset(), runs.boardNameLength());
            board = boards.find(name);
        }
    }

    private void applyCommand(final long sequence)
    {
        if (lookedAt-- == 0)
        {
            lookedAt = lookahead.look(runs, board) - 1;
        }

        switch (runs.templateId())
        {
            case AddByHandleDecoder.TEMPLATE_ID:
                counterCommands.addByHandle(
                    field(AddByHandleDecoder.AddsDecoder.handleEncodingOffset()),
                    field(AddByHandleDecoder.AddsDecoder.deltaEncodingOffset()));
                break;

            case AddDecoder.TEMPLATE_ID:
                counterCommands.add(
                    lookahead.nextCounter(buffer),
                    buffer,
                    runs.nameOffset(),
                    runs.nameLength(),
                    field(AddDecoder.AddsDecoder.deltaEncodingOffset()));
                break;

            case AddBoundedDecoder.TEMPLATE_ID:
                addBounded();
                break;

            case SetDecoder.TEMPLATE_ID:
                counterCommands.set(
                    lookahead.nextCounter(buffer),
                    buffer,
                    runs.nameOffset(),
                    runs.nameLength(),
                    field(SetDecoder.SetsDecoder.valueEncodingOffset()));
                break;

            case DeleteDecoder.TEMPLATE_ID:
                counterCommands.delete(lookahead.nextCounter(buffer));
                break;

            case SetLimitDecoder.TEMPLATE_ID:
                setLimit();
                break;

            default:
                applyBoardCommand(sequence);
                break;
        }
    }

    private void applyBoardCommand(final long sequence)
    {
        final int templateId = runs.templateId();
        if (templateId == ScoreByHandleDecoder.TEMPLATE_ID)
        {
            outcome.set(
                boards.scoreByHandle(
                    sequence,
                    field(ScoreByHandleDecoder.ScoresDecoder.handleEncodingOffset()),
                    lookahead.nextMember(),
                    field(ScoreByHandleDecoder.ScoresDecoder.valueEncodingOffset()),
                    isRanked),
                boards);
        }
        else if (templateId == CreateBoardDecoder.TEMPLATE_ID)
        {
            createBoard(sequence);
        }
        else if (board == null)
        {
            outcome.set(runs.boardNameLength() == 0 ? Outcome.STALE_HANDLE : Outcome.NO_SUCH_BOARD);
        }
        else
        {
            applyOnBoard(templateId, sequence);
        }
    }

    private void applyOnBoard(final int templateId, final long sequence)
    {
        switch (templateId)
        {
            case ScoreDecoder.TEMPLATE_ID:
                values[0] = field(ScoreDecoder.ScoresDecoder.valueEncodingOffset());
                score(sequence, 1);
                break;

            case ScoreColumnsDecoder.TEMPLATE_ID:
                values[0] = field(ScoreColumnsDecoder.ScoresDecoder.value0EncodingOffset());
                values[1] = field(ScoreColumnsDecoder.ScoresDecoder.value1EncodingOffset());
                values[2] = field(ScoreColumnsDecoder.ScoresDecoder.value2EncodingOffset());
                values[3] = field(ScoreColumnsDecoder.ScoresDecoder.value3EncodingOffset());
                score(sequence, byteField(ScoreColumnsDecoder.ScoresDecoder.columnCountEncodingOffset()));
                break;

            case RemoveDecoder.TEMPLATE_ID:
                name.wrap(buffer, runs.nameOffset(), runs.nameLength());
                outcome.set(boards.remove(sequence, board, name, isRanked), boards);
                break;

            case DropBoardDecoder.TEMPLATE_ID:
                outcome.set(boards.drop(sequence, board));
                break;

            case ResetBoardDecoder.TEMPLATE_ID:
                outcome.set(boards.reset(sequence, board));
                break;

            default:
                throw new IllegalStateException("templateId=" + templateId);
        }
    }

    private void score(final long sequence, final int columnCount)
    {
        name.wrap(buffer, runs.nameOffset(), runs.nameLength());
        outcome.set(boards.score(sequence, board, lookahead.nextMember(), name, values, columnCount, isRanked), boards);
    }

    private void createBoard(final long sequence)
    {
        definition.set(
            byteField(CreateBoardDecoder.scoreOperatorEncodingOffset()),
            byteField(CreateBoardDecoder.tiesEncodingOffset()),
            byteField(CreateBoardDecoder.columnCountEncodingOffset()),
            byteField(CreateBoardDecoder.ascendingEncodingOffset()),
            buffer.getShort(runs.entryOffset() + CreateBoardDecoder.feedRowsEncodingOffset(), LITTLE_ENDIAN) & 0xFFFF,
            field(CreateBoardDecoder.capacityEncodingOffset()));
        name.wrap(buffer, runs.secondNameOffset(), runs.secondNameLength());
        definition.columnNames(name);
        name.wrap(buffer, runs.nameOffset(), runs.nameLength());
        final int code = boards.create(sequence, name, definition);
        if (code == Outcome.OK)
        {
            outcome.set(code, boards.column(0));
        }
        else
        {
            outcome.set(code);
        }
    }

    private void addBounded()
    {
        counterCommands.addBounded(
            lookahead.nextCounter(buffer),
            buffer,
            runs.nameOffset(),
            runs.nameLength(),
            field(AddBoundedDecoder.AddsDecoder.deltaEncodingOffset()),
            field(AddBoundedDecoder.AddsDecoder.lowerEncodingOffset()),
            field(AddBoundedDecoder.AddsDecoder.upperEncodingOffset()),
            byteField(AddBoundedDecoder.AddsDecoder.saturateEncodingOffset()) == Flag.YES.value());
    }

    private void setLimit()
    {
        final int which = byteField(SetLimitDecoder.whichEncodingOffset());
        final long value = field(SetLimitDecoder.valueEncodingOffset());
        if (!Limits.isKnown(which) || !Limits.isInRange(which, value) || value < usage.of(which))
        {
            outcome.set(Outcome.BAD_LIMIT);
            return;
        }

        if (undo.isActive())
        {
            OffHeap.putLong(undo.push(UNDO_LIMIT, which), limits.value(which));
        }
        limits.set(which, value);
        outcome.set(Outcome.OK);
    }

    private long field(final int fieldOffset)
    {
        return buffer.getLong(runs.entryOffset() + fieldOffset, LITTLE_ENDIAN);
    }

    private int byteField(final int fieldOffset)
    {
        return buffer.getByte(runs.entryOffset() + fieldOffset) & 0xFF;
    }
}

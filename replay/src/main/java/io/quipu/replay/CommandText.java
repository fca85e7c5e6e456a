package io.quipu.replay;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.AddByHandleDecoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.CreateBoardDecoder;
import io.quipu.codecs.ingress.DeleteDecoder;
import io.quipu.codecs.ingress.DropBoardDecoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ResetBoardDecoder;
import io.quipu.codecs.ingress.ScoreByHandleDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import io.quipu.codecs.ingress.ScoreDecoder;
import io.quipu.codecs.ingress.SetDecoder;
import io.quipu.codecs.ingress.SetLimitDecoder;
import io.quipu.codecs.ingress.Ties;
import java.io.IOException;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * The command that a {@link CommandRuns} stands at, as a line of a command file for people and as fields for programs.
 */
final class CommandText
{
    private static final int MAX_COLUMNS = 4;

    private final CommandRuns runs;

    CommandText(final CommandRuns runs)
    {
        this.runs = runs;
    }

    /** The verb of a command's template. */
    static String verb(final int templateId)
    {
        return switch (templateId)
        {
            case AddDecoder.TEMPLATE_ID, AddByHandleDecoder.TEMPLATE_ID, AddBoundedDecoder.TEMPLATE_ID -> "add";
            case SetDecoder.TEMPLATE_ID -> "set";
            case DeleteDecoder.TEMPLATE_ID -> "delete";
            case CreateBoardDecoder.TEMPLATE_ID -> "board";
            case DropBoardDecoder.TEMPLATE_ID -> "drop";
            case ResetBoardDecoder.TEMPLATE_ID -> "reset";
            case ScoreDecoder.TEMPLATE_ID, ScoreColumnsDecoder.TEMPLATE_ID, ScoreByHandleDecoder.TEMPLATE_ID -> "score";
            case RemoveDecoder.TEMPLATE_ID -> "remove";
            case SetLimitDecoder.TEMPLATE_ID -> "limit";
            default -> "template-" + templateId;
        };
    }

    /** The command as a line; objects named by handle as {@code #HANDLE}. */
    String line()
    {
        final String verb = verb(runs.templateId());
        return switch (runs.templateId())
        {
            case AddByHandleDecoder.TEMPLATE_ID, ScoreByHandleDecoder.TEMPLATE_ID ->
                verb + " #" + longAt(0) + ' ' + longAt(Long.BYTES);
            case AddDecoder.TEMPLATE_ID, SetDecoder.TEMPLATE_ID -> verb + ' ' + nameWord() + ' ' + longAt(0);
            case AddBoundedDecoder.TEMPLATE_ID -> verb + ' ' + nameWord() + ' ' + longAt(0) + bounds();
            case DeleteDecoder.TEMPLATE_ID -> verb + ' ' + nameWord();
            case CreateBoardDecoder.TEMPLATE_ID -> verb + ' ' + nameWord() + ' ' + definition();
            case DropBoardDecoder.TEMPLATE_ID, ResetBoardDecoder.TEMPLATE_ID -> verb + ' ' + boardWord();
            case ScoreDecoder.TEMPLATE_ID, ScoreColumnsDecoder.TEMPLATE_ID ->
                verb + ' ' + boardWord() + ' ' + nameWord() + ' ' + score();
            case RemoveDecoder.TEMPLATE_ID -> verb + ' ' + boardWord() + ' ' + nameWord();
            case SetLimitDecoder.TEMPLATE_ID -> verb + ' ' + limit() + ' ' + longAt(0);
            default -> verb;
        };
    }

    /** The command as fields of an object. */
    void fields(final JsonGenerator json) throws IOException
    {
        json.writeStringField("command", verb(runs.templateId()));
        switch (runs.templateId())
        {
            case AddByHandleDecoder.TEMPLATE_ID -> byHandle(json, "delta");
            case ScoreByHandleDecoder.TEMPLATE_ID -> byHandle(json, "score");
            case AddDecoder.TEMPLATE_ID -> counter(json, "delta");
            case SetDecoder.TEMPLATE_ID -> counter(json, "value");
            case AddBoundedDecoder.TEMPLATE_ID ->
            {
                counter(json, "delta");
                json.writeNumberField("lower", longAt(AddBoundedDecoder.AddsDecoder.lowerEncodingOffset()));
                json.writeNumberField("upper", longAt(AddBoundedDecoder.AddsDecoder.upperEncodingOffset()));
                json.writeBooleanField("saturate", saturates());
            }
            case DeleteDecoder.TEMPLATE_ID -> json.writeStringField("counter", name());
            case CreateBoardDecoder.TEMPLATE_ID ->
            {
                json.writeStringField("board", name());
                definition(json);
            }
            case DropBoardDecoder.TEMPLATE_ID, ResetBoardDecoder.TEMPLATE_ID -> board(json);
            case ScoreDecoder.TEMPLATE_ID, ScoreColumnsDecoder.TEMPLATE_ID ->
            {
                board(json);
                json.writeStringField("member", name());
                score(json);
            }
            case RemoveDecoder.TEMPLATE_ID ->
            {
                board(json);
                json.writeStringField("member", name());
            }
            case SetLimitDecoder.TEMPLATE_ID ->
            {
                json.writeStringField("limit", limit());
                json.writeNumberField("value", longAt(0));
            }
            default -> json.writeNumberField("count", runs.count());
        }
    }

    private void byHandle(final JsonGenerator json, final String value) throws IOException
    {
        json.writeNumberField("handle", longAt(0));
        if ("score".equals(value))
        {
            json.writeFieldName(value);
            json.writeArray(new long[]{ longAt(Long.BYTES) }, 0, 1);
        }
        else
        {
            json.writeNumberField(value, longAt(Long.BYTES));
        }
    }

    private void counter(final JsonGenerator json, final String value) throws IOException
    {
        json.writeStringField("counter", name());
        json.writeNumberField(value, longAt(0));
    }

    private void board(final JsonGenerator json) throws IOException
    {
        if (0 == runs.boardNameLength())
        {
            json.writeNumberField("boardHandle", runs.boardHandle());
        }
        else
        {
            json.writeStringField("board", boardName());
        }
    }

    private void score(final JsonGenerator json) throws IOException
    {
        final long[] columns = new long[columnCount()];
        for (int i = 0; i < columns.length; i++)
        {
            columns[i] = longAt(i * Long.BYTES);
        }
        json.writeFieldName("score");
        json.writeArray(columns, 0, columns.length);
    }

    private String score()
    {
        final StringBuilder score = new StringBuilder();
        for (int i = 0, columns = columnCount(); i < columns; i++)
        {
            score.append(0 == i ? "" : ",").append(longAt(i * Long.BYTES));
        }
        return score.toString();
    }

    /** At most as many as there are values: a wrong number is refused by apply, and journaled. */
    private int columnCount()
    {
        return ScoreDecoder.TEMPLATE_ID == runs.templateId() ?
            1 : Math.min(MAX_COLUMNS, byteAt(ScoreColumnsDecoder.ScoresDecoder.columnCountEncodingOffset()));
    }

    private String bounds()
    {
        return " min=" + longAt(AddBoundedDecoder.AddsDecoder.lowerEncodingOffset()) +
            " max=" + longAt(AddBoundedDecoder.AddsDecoder.upperEncodingOffset()) + (saturates() ? " saturate" : "");
    }

    private boolean saturates()
    {
        return Flag.YES.value() == byteAt(AddBoundedDecoder.AddsDecoder.saturateEncodingOffset());
    }

    private String definition()
    {
        final int feedRows = feedRows();
        final long capacity = longAt(CreateBoardDecoder.capacityEncodingOffset());
        return "columns=" + columns() + " op=" + operator() + " ties=" + ties() +
            (0 == capacity ? "" : " capacity=" + capacity) + (0 == feedRows ? "" : " feed=" + feedRows);
    }

    private void definition(final JsonGenerator json) throws IOException
    {
        json.writeStringField("columns", columns());
        json.writeStringField("op", operator());
        json.writeStringField("ties", ties());
        json.writeNumberField("capacity", longAt(CreateBoardDecoder.capacityEncodingOffset()));
        json.writeNumberField("feed", feedRows());
    }

    private String columns()
    {
        final String[] names =
            Names.of(runs.buffer(), runs.secondNameOffset(), runs.secondNameLength()).split(",", -1);
        final int ascending = byteAt(CreateBoardDecoder.ascendingEncodingOffset());
        final StringBuilder columns = new StringBuilder();
        for (int i = 0; i < names.length; i++)
        {
            columns.append(0 == i ? "" : ",").append(names[i]).append(0 == (ascending >> i & 1) ? ":desc" : ":asc");
        }
        return columns.toString();
    }

    private int feedRows()
    {
        return runs.buffer().getShort(runs.entryOffset() + CreateBoardDecoder.feedRowsEncodingOffset(), LITTLE_ENDIAN) &
            0xFFFF;
    }

    private String operator()
    {
        final int value = byteAt(CreateBoardDecoder.scoreOperatorEncodingOffset());
        return word(Operator.get((short)value), Operator.SBE_UNKNOWN, value);
    }

    private String ties()
    {
        final int value = byteAt(CreateBoardDecoder.tiesEncodingOffset());
        return word(Ties.get((short)value), Ties.SBE_UNKNOWN, value);
    }

    private String limit()
    {
        final int value = byteAt(SetLimitDecoder.whichEncodingOffset());
        return word(Limit.get((short)value), Limit.SBE_UNKNOWN, value);
    }

    /** What cannot be is refused by apply, and journaled: its number then. */
    private static String word(final Enum<?> known, final Enum<?> unknown, final int value)
    {
        return known == unknown ? Integer.toString(value) : known.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String name()
    {
        return Names.of(runs.buffer(), runs.nameOffset(), runs.nameLength());
    }

    private String nameWord()
    {
        return Names.word(name());
    }

    private String boardName()
    {
        return Names.of(runs.buffer(), runs.boardNameOffset(), runs.boardNameLength());
    }

    private String boardWord()
    {
        return 0 == runs.boardNameLength() ? "#" + runs.boardHandle() : Names.word(boardName());
    }

    private long longAt(final int fieldOffset)
    {
        final DirectBuffer buffer = runs.buffer();
        return buffer.getLong(runs.entryOffset() + fieldOffset, LITTLE_ENDIAN);
    }

    private int byteAt(final int fieldOffset)
    {
        return runs.buffer().getByte(runs.entryOffset() + fieldOffset) & 0xFF;
    }
}

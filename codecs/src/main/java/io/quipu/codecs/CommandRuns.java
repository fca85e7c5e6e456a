package io.quipu.codecs;

import static io.quipu.codecs.IngressShapes.INGRESS;
import static io.quipu.codecs.SchemaShape.GROUP_HEADER_LENGTH;
import static io.quipu.codecs.SchemaShape.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.ingress.AddBoundedDecoder;
import io.quipu.codecs.ingress.OnBoardDecoder;
import io.quipu.codecs.ingress.RemoveDecoder;
import io.quipu.codecs.ingress.ScoreColumnsDecoder;
import org.agrona.DirectBuffer;

/**
 * Walks over the command messages of a valid request, or over the one query of a valid query frame: the same walk on
 * the wire, in {@code apply}, in recovery and in a dump.
 * <pre>
 *   runs.wrap(buffer, commandsOffset, commandsLength);
 *   while (runs.next())                  // a run: n commands of one template, on the board selected last
 *   {
 *       while (runs.nextEntry())         // a command
 *       {
 *           buffer.getLong(runs.entryOffset() + AddDecoder.AddsDecoder.deltaEncodingOffset(), LITTLE_ENDIAN) ...
 *           runs.nameOffset(), runs.nameLength()
 *       }
 *   }
 * </pre>
 * A message without a group (CreateBoard, DropBoard, SetLimit, a page query ...) is a run of one entry, whose block is
 * the message's. Entries that were not visited are skipped by {@link #next()}. OnBoard is taken in on the way and never
 * shown.
 * <p>
 * The bytes must have been accepted by {@link FrameValidator}: nothing is checked here. A flyweight for one thread,
 * without garbage.
 */
public final class CommandRuns
{
    private DirectBuffer buffer;
    private int limit;
    private int position;

    private MessageShape shape;
    private int templateId;
    private int version;
    private int blockOffset;
    private int firstIndex;
    private int count;
    private int remaining;
    private int entryBlockLength;
    private int[] entryNames = MessageShape.NO_NAMES;

    private int entryOffset;
    private int nameOffset;
    private int nameLength;
    private int secondNameOffset;
    private int secondNameLength;

    private int selections;
    private long boardHandle;
    private int boardNameOffset;
    private int boardNameLength;

    /**
     * Starts anew.
     *
     * @param buffer that holds the messages.
     * @param offset of the first message.
     * @param length of all messages.
     * @return this, before the first run.
     */
    public CommandRuns wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        position = offset;
        limit = offset + length;
        firstIndex = 0;
        count = 0;
        remaining = 0;
        selections = 0;
        boardHandle = 0;
        boardNameOffset = 0;
        boardNameLength = 0;
        return this;
    }

    /**
     * Goes to the next run.
     *
     * @return false at the end.
     */
    public boolean next()
    {
        skipEntries();
        firstIndex += count;
        count = 0;
        while (position < limit)
        {
            templateId = SchemaShape.templateId(buffer, position);
            version = SchemaShape.version(buffer, position);
            shape = INGRESS.shape(templateId);
            blockOffset = position + HEADER_LENGTH;
            position = blockOffset + SchemaShape.blockLength(buffer, position);
            if (Role.SELECTOR != shape.role())
            {
                startRun();
                return true;
            }
            selectBoard();
        }
        return false;
    }

    private void startRun()
    {
        if (0 == shape.groups().length)
        {
            count = 1;
            entryBlockLength = position - blockOffset;
            entryNames = shape.names();
            position = blockOffset;
        }
        else
        {
            count = SchemaShape.groupCount(buffer, position);
            entryBlockLength = SchemaShape.blockLength(buffer, position);
            entryNames = shape.groups()[0].names();
            position += GROUP_HEADER_LENGTH;
        }
        remaining = count;
        entryOffset = position;
        nameOffset = position;
        nameLength = 0;
        secondNameOffset = position;
        secondNameLength = 0;
    }

    private void selectBoard()
    {
        boardHandle = buffer.getLong(blockOffset + OnBoardDecoder.handleEncodingOffset(), LITTLE_ENDIAN);
        boardNameLength = buffer.getByte(position) & 0xFF;
        boardNameOffset = position + 1;
        position = boardNameOffset + boardNameLength;
        selections++;
    }

    private void skipEntries()
    {
        if (0 == entryNames.length)
        {
            position += remaining * entryBlockLength;
            remaining = 0;
        }
        while (remaining > 0)
        {
            nextEntry();
        }
    }

    /**
     * Goes to the next command of this run.
     *
     * @return false at the end of the run.
     */
    public boolean nextEntry()
    {
        if (0 == remaining)
        {
            return false;
        }
        remaining--;
        entryOffset = position;
        position += entryBlockLength;
        if (entryNames.length > 0)
        {
            nameLength = buffer.getByte(position) & 0xFF;
            nameOffset = position + 1;
            position = nameOffset + nameLength;
            if (entryNames.length > 1)
            {
                secondNameLength = buffer.getByte(position) & 0xFF;
                secondNameOffset = position + 1;
                position = secondNameOffset + secondNameLength;
            }
        }
        return true;
    }

    /** @return the buffer that all offsets refer to. */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /** @return the ingress template of this run. */
    public int templateId()
    {
        return templateId;
    }

    /** @return the schema version that this run was encoded with. */
    public int version()
    {
        return version;
    }

    /** @return where the message's own block starts; Resolve and queries without a list have their fields there. */
    public int blockOffset()
    {
        return blockOffset;
    }

    /** @return commands in this run, or names in a query's list. */
    public int count()
    {
        return count;
    }

    /** @return index in the request of this run's first command. */
    public int firstIndex()
    {
        return firstIndex;
    }

    /** @return index in the request of the command visited last. */
    public int entryIndex()
    {
        return firstIndex + count - remaining - 1;
    }

    /** @return where the block of the command visited last starts. */
    public int entryOffset()
    {
        return entryOffset;
    }

    /** @return length of the block of each command of this run; its names stand behind it. */
    public int entryBlockLength()
    {
        return entryBlockLength;
    }

    /** @return commands of this run that were not visited yet. */
    public int remaining()
    {
        return remaining;
    }

    /** @return where the bytes of the entry's name start; only where the template has one. */
    public int nameOffset()
    {
        return nameOffset;
    }

    /** @return length of the entry's name. */
    public int nameLength()
    {
        return nameLength;
    }

    /** @return where the bytes of the entry's second name start; only CreateBoard has one, its column names. */
    public int secondNameOffset()
    {
        return secondNameOffset;
    }

    /** @return length of the entry's second name. */
    public int secondNameLength()
    {
        return secondNameLength;
    }

    /** @return how often a board was selected before this run: 0 when none is; another number, another OnBoard. */
    public int selections()
    {
        return selections;
    }

    /** @return handle of the selected board; 0 when it is named, or none is selected. */
    public long boardHandle()
    {
        return boardHandle;
    }

    /** @return where the bytes of the selected board's name start. */
    public int boardNameOffset()
    {
        return boardNameOffset;
    }

    /** @return length of the selected board's name; 0 when it is selected by handle. */
    public int boardNameLength()
    {
        return boardNameLength;
    }

    /** @return whether commands of this run may answer more than one value, see ResultColumns. */
    public boolean isWide()
    {
        return AddBoundedDecoder.TEMPLATE_ID == templateId ||
            ScoreColumnsDecoder.TEMPLATE_ID == templateId ||
            RemoveDecoder.TEMPLATE_ID == templateId;
    }

    /**
     * Walks over a whole request.
     *
     * @param buffer that holds the messages.
     * @param offset of the first message.
     * @param length of all messages.
     * @return whether any run of the request {@link #isWide()}: VALUES are then answered as ResultColumns.
     */
    public boolean anyWide(final DirectBuffer buffer, final int offset, final int length)
    {
        wrap(buffer, offset, length);
        while (next())
        {
            if (isWide())
            {
                return true;
            }
        }
        return false;
    }
}

package io.quipu.engine.state;

import java.nio.ByteOrder;

import io.quipu.codecs.ingress.Limit;
import io.quipu.codecs.ingress.Operator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes the chunks of a {@link StateImage} apart, and hands its entries over. Trusts no length, no number and no order that it
 * reads: an image that no state can have written is an {@link IllegalStateException}, and nothing outside of the chunk is
 * ever read. One thread.
 */
public final class StateImageReader implements StateImage.ChunkHandler
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HIGHEST_ID = 1 << 30;

    /** In a counter and in a member: behind the kind, and behind that, generation and one number. */
    private static final int ID_OFFSET = 1;
    private static final int COUNTER_NAME_OFFSET = ID_OFFSET + 2 * Integer.BYTES + Long.BYTES;

    private final StateImage.EntryHandler handler;
    private final long maxIds;
    private final UnsafeBuffer chunk = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer name = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer columnNames = new UnsafeBuffer(0, 0);
    private final BoardDefinition definition = new BoardDefinition();
    private final long[] values = new long[BoardDefinition.MAX_COLUMNS];
    private final int[] idsAhead = new int[StateImage.MAX_AHEAD];
    private final int[] namesAhead = new int[StateImage.MAX_AHEAD];

    private int position;
    private long entries;
    private boolean isEnded;
    private boolean hasSession;
    private int columns;
    private int membersLeft;
    /** Entries that the handler has been told of ahead and has not heard of yet. */
    private int ahead;

    /**
     * @param handler     that hears the entries.
     * @param imageLength bytes of all chunks, or more: bounds how many ids there can be.
     */
    StateImageReader(final StateImage.EntryHandler handler, final long imageLength)
    {
        this.handler = handler;
        maxIds = Math.min(HIGHEST_ID, imageLength / StateImage.MIN_ID_ENTRY_LENGTH);
    }

    /**
     * Says ahead of the first chunk how many names there will be, so that room for them is made at once. It is only a hint.
     *
     * @param names of the image; more than it can hold count for as many as it can.
     */
    public void expectNames(final long names)
    {
        handler.onNames(Math.min(names, maxIds));
    }

    /**
     * @throws IllegalStateException when this is not the next chunk of an image.
     */
    @Override
    public void onChunk(final DirectBuffer buffer, final int offset, final int length)
    {
        chunk.wrap(buffer, offset, length);
        position = 0;
        ahead = 0;
        while (position < length)
        {
            onEntry(getByte());
        }
    }

    /**
     * To be called behind the last chunk.
     *
     * @throws IllegalStateException when the image has no end.
     */
    public void finish()
    {
        check(isEnded, "no end", entries);
    }

    private void onEntry(final int kind)
    {
        check(!isEnded, "entry behind the end", kind);
        check(entries == 0 == (kind == StateImage.BEGIN), "begin is not first", kind);
        check(membersLeft == 0 || kind == StateImage.MEMBER, "members are missing", membersLeft);
        hasSession = kind == StateImage.SESSION || hasSession && kind == StateImage.REPLY;
        switch (kind)
        {
            case StateImage.BEGIN:
                handler.onBegin(getLong(), getLong(), getInt(), getLong());
                break;

            case StateImage.IDS:
                onIds(getByte(), getInt(), getInt());
                break;

            case StateImage.LIMIT:
                onLimit(getByte(), getLong());
                break;

            case StateImage.COUNTER:
                lookAhead(StateImage.COUNTER, COUNTER_NAME_OFFSET);
                handler.onCounter(getInt(), getInt(), getLong(), getName());
                break;

            case StateImage.BOARD:
                onBoard();
                break;

            case StateImage.RELEASE:
                onRelease();
                break;

            case StateImage.MEMBER:
                onMember();
                break;

            case StateImage.FREE:
                handler.onFree(getByte(), getInt(), getInt());
                break;

            case StateImage.SESSION:
                handler.onSession(getInt(), getLong(), getLong(), getLong(), getLong(), getLong());
                break;

            case StateImage.REPLY:
                onReply(getLong(), getInt());
                break;

            case StateImage.END:
                check(getLong() == entries, "entries do not add up", entries);
                handler.onEnd();
                isEnded = true;
                break;

            default:
                throw new IllegalStateException("image: kind=" + kind + " entry=" + entries);
        }
        entries++;
    }

    /**
     * Tells of the entry whose kind has just been read, and of those of the same kind behind it in this chunk; what is wrong with
     * one is found when its turn comes.
     */
    private void lookAhead(final int kind, final int nameOffset)
    {
        if (ahead == 0)
        {
            int count = 0;
            int entry = position - 1;
            while (count < StateImage.MAX_AHEAD && isNamed(entry, kind, nameOffset))
            {
                idsAhead[count] = chunk.getInt(entry + ID_OFFSET, ORDER);
                namesAhead[count] = entry + nameOffset;
                entry += nameOffset + 1 + (chunk.getByte(entry + nameOffset) & 0xFF);
                count++;
            }
            check(count > 0, "an entry reaches beyond its chunk, or has no name", kind);
            handler.onAhead(kind, chunk, idsAhead, namesAhead, count);
            ahead = count;
        }
        ahead--;
    }

    /** Whether an entry of a kind stands at a place of the chunk, with a name that can be. */
    private boolean isNamed(final int entry, final int kind, final int nameOffset)
    {
        if (entry + nameOffset >= chunk.capacity() || (chunk.getByte(entry) & 0xFF) != kind)
        {
            return false;
        }

        final int length = chunk.getByte(entry + nameOffset) & 0xFF;
        return isNameLength(length) && entry + nameOffset + 1 + length <= chunk.capacity();
    }

    private static boolean isNameLength(final int length)
    {
        return length >= NameTable.MIN_LENGTH && length <= NameTable.MAX_LENGTH;
    }

    private void onIds(final int kind, final int highest, final int free)
    {
        check(free >= 0 && free <= highest && highest <= maxIds, "ids beyond what the image holds", highest);
        handler.onIds(kind, highest, free);
    }

    private void onLimit(final int which, final long value)
    {
        check(Limits.isKnown(which) && Limits.isInRange(which, value), "limit " + Limit.get((short)which), value);
        handler.onLimit(which, value);
    }

    private void onBoard()
    {
        final int id = getInt();
        final int generation = getInt();
        final long startedAt = getLong();
        membersLeft = getInt();
        definition.set(getByte(), getByte(), getByte(), getByte(), getInt(), getLong());
        final int columnNamesLength = getByte();
        columnNames.wrap(chunk, take(columnNamesLength), columnNamesLength);
        definition.columnNames(columnNames);
        check(definition.isValid() && membersLeft >= 0, "definition of a board", id);
        columns = definition.columnCount();
        handler.onBoard(id, generation, startedAt, definition, getName());
    }

    private void onRelease()
    {
        final long startedAt = getLong();
        final long endedAt = getLong();
        membersLeft = getInt();
        final int ties = getByte();
        definition.set(Operator.SUM.value(), ties, getByte(), getByte(), 0, 0);
        check(definition.hasValidOrder() && membersLeft >= 0, "a release begun at", startedAt);
        columns = definition.columnCount();
        handler.onRelease(startedAt, endedAt, definition);
    }

    private void onMember()
    {
        check(membersLeft > 0, "a member of no board", membersLeft);
        membersLeft--;
        lookAhead(StateImage.MEMBER, COUNTER_NAME_OFFSET + columns * Long.BYTES);
        final int id = getInt();
        final int generation = getInt();
        final long changedAt = getLong();
        for (int i = 0; i < columns; i++)
        {
            values[i] = getLong();
        }
        handler.onMember(id, generation, changedAt, values, getName());
    }

    private void onReply(final long requestSequence, final int length)
    {
        check(hasSession, "a reply of no session", requestSequence);
        check(length >= 0 && length <= SessionTable.MAX_KEPT_BYTES, "length of a reply", length);
        handler.onReply(requestSequence, chunk, take(length), length);
    }

    private DirectBuffer getName()
    {
        final int length = getByte();
        check(isNameLength(length), "length of a name", length);
        name.wrap(chunk, take(length), length);

        return name;
    }

    private int getByte()
    {
        return chunk.getByte(take(1)) & 0xFF;
    }

    private int getInt()
    {
        return chunk.getInt(take(Integer.BYTES), ORDER);
    }

    private long getLong()
    {
        return chunk.getLong(take(Long.BYTES), ORDER);
    }

    /** Goes on behind a field; returns where it begins. */
    private int take(final int length)
    {
        final int start = position;
        check(length <= chunk.capacity() - start, "an entry reaches beyond its chunk", length);
        position += length;

        return start;
    }

    private void check(final boolean isGood, final String what, final long value)
    {
        if (!isGood)
        {
            throw new IllegalStateException("image: " + what + ": " + value + " at entry " + entries);
        }
    }
}

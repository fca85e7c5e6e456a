package io.quipu.engine.state;

import java.nio.ByteOrder;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes a state down as {@link StateImage}, between two calls of apply, on the thread of the state. Changes nothing.
 */
final class StateImageWriter
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;
    private final SessionTable sessions;
    private final Limits limits;
    private final StateImage.ChunkHandler handler;
    private final UnsafeBuffer chunk = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    private int position;
    private long entries;

    StateImageWriter(
        final NameTable names,
        final CounterTable counters,
        final Boards boards,
        final SessionTable sessions,
        final Limits limits,
        final StateImage.ChunkHandler handler)
    {
        this.names = names;
        this.counters = counters;
        this.boards = boards;
        this.sessions = sessions;
        this.limits = limits;
        this.handler = handler;
    }

    void write(final long sequence, final long timeNs)
    {
        final long memory = OffHeap.allocate(StateImage.MAX_CHUNK_LENGTH);
        try
        {
            chunk.wrap(memory, StateImage.MAX_CHUNK_LENGTH);
            writeAll(sequence, timeNs);
        }
        finally
        {
            chunk.wrap(0, 0);
            OffHeap.free(memory);
        }
    }

    private void writeAll(final long sequence, final long timeNs)
    {
        begin(StateImage.BEGIN, 2 * Long.BYTES + Integer.BYTES + Long.BYTES);
        putLong(sequence);
        putLong(timeNs);
        putInt(sessions.nextSessionId());
        putLong(sessions.evictedUpTo());

        writeIds(Handle.COUNTER, counters.ids());
        writeIds(Handle.BOARD, boards.ids());
        writeIds(Handle.MEMBER, boards.members().ids());
        writeLimits();
        writeCounters();
        writeBoards();
        writeFree(Handle.COUNTER, counters.ids());
        writeFree(Handle.BOARD, boards.ids());
        writeFree(Handle.MEMBER, boards.members().ids());
        sessions.forEachOldestFirst(this::writeSession, this::writeReply);

        final long before = entries;
        begin(StateImage.END, Long.BYTES);
        putLong(before);
        flush();
    }

    private void writeIds(final int kind, final IdTable ids)
    {
        begin(StateImage.IDS, 1 + 2 * Integer.BYTES);
        putByte(kind);
        putInt(ids.highest());
        putInt(ids.freeCount());
    }

    private void writeLimits()
    {
        for (int which = 1; which <= Limits.count(); which++)
        {
            begin(StateImage.LIMIT, 1 + Long.BYTES);
            putByte(which);
            putLong(limits.value(which));
        }
    }

    private void writeCounters()
    {
        for (int id = 1; id <= counters.highest(); id++)
        {
            if (counters.isLive(id))
            {
                final int nameId = counters.nameId(id);
                begin(StateImage.COUNTER, 2 * Integer.BYTES + Long.BYTES + lengthOf(nameId));
                putInt(id);
                putInt(counters.ids().generation(id));
                putLong(counters.value(id));
                putName(nameId);
            }
        }
    }

    private void writeBoards()
    {
        for (Board board = boards.next(1); board != null; board = boards.next(Handle.id(board.handle()) + 1))
        {
            writeBoard(board);
            writeMembers(board.ranking());
        }
        for (Ranking ranking = boards.rankings().firstGivenUp(); ranking != null; ranking = ranking.next)
        {
            writeRelease(ranking);
            writeMembers(ranking);
        }
    }

    private void writeBoard(final Board board)
    {
        final BoardDefinition definition = board.definition();
        begin(
            StateImage.BOARD,
            4 * Integer.BYTES + 2 * Long.BYTES + 4 + 1 + definition.columnNamesLength() + lengthOf(board.nameId()));
        putInt(Handle.id(board.handle()));
        putInt(Handle.generation(board.handle()));
        putLong(board.ranking().startedAt());
        putInt(board.ranking().size());
        putByte(definition.scoreOperator());
        putByte(definition.ties());
        putByte(definition.columnCount());
        putByte(definition.ascending());
        putInt(definition.feedRows());
        putLong(definition.capacity());
        putByte(definition.columnNamesLength());
        putBytes(definition.columnNames(), 0, definition.columnNamesLength());
        putName(board.nameId());
    }

    private void writeRelease(final Ranking ranking)
    {
        final BoardDefinition definition = ranking.board().definition();
        begin(StateImage.RELEASE, 2 * Long.BYTES + Integer.BYTES + 3);
        putLong(ranking.startedAt());
        putLong(ranking.endedAt());
        putInt(ranking.size());
        putByte(definition.ties());
        putByte(definition.columnCount());
        putByte(definition.ascending());
    }

    private void writeMembers(final Ranking ranking)
    {
        final RankTree tree = ranking.tree;
        for (long place = tree.first(); place != RankTree.NULL_PLACE; place = tree.next(place))
        {
            writeMember(ranking, place);
        }
    }

    private void writeMember(final Ranking ranking, final long place)
    {
        final int columns = ranking.board().columnCount();
        final int id = ranking.tree.memberAt(place);
        final int nameId = boards.members().nameId(id);
        begin(StateImage.MEMBER, 2 * Integer.BYTES + Long.BYTES + columns * Long.BYTES + lengthOf(nameId));
        putInt(id);
        putInt(boards.members().ids().generation(id));
        putLong(ranking.changedAt(place));
        for (int i = 0; i < columns; i++)
        {
            putLong(ranking.value(place, i));
        }
        putName(nameId);
    }

    private void writeFree(final int kind, final IdTable ids)
    {
        for (int id = ids.freeHead(); id != IdTable.NULL_ID; id = ids.freeBelow(id))
        {
            begin(StateImage.FREE, 1 + 2 * Integer.BYTES);
            putByte(kind);
            putInt(id);
            putInt(ids.generation(id));
        }
    }

    private void writeSession(
        final int id,
        final long hashHigh,
        final long hashLow,
        final long lastRequest,
        final long lastSequence,
        final long lastTimeNs)
    {
        begin(StateImage.SESSION, Integer.BYTES + 5 * Long.BYTES);
        putInt(id);
        putLong(hashHigh);
        putLong(hashLow);
        putLong(lastRequest);
        putLong(lastSequence);
        putLong(lastTimeNs);
    }

    private void writeReply(final long requestSequence, final long address, final int length)
    {
        begin(StateImage.REPLY, Long.BYTES + Integer.BYTES + length);
        putLong(requestSequence);
        putInt(length);
        bytes.wrap(address, length);
        putBytes(bytes, 0, length);
    }

    // ---- bytes ----

    private int lengthOf(final int nameId)
    {
        return 1 + names.length(nameId);
    }

    /** Makes room for an entry, in the next chunk where this one has none, and begins it. */
    private void begin(final int kind, final int fieldsLength)
    {
        if (position + 1 + fieldsLength > StateImage.MAX_CHUNK_LENGTH)
        {
            flush();
        }
        putByte(kind);
        entries++;
    }

    private void flush()
    {
        handler.onChunk(chunk, 0, position);
        position = 0;
    }

    private void putByte(final int value)
    {
        chunk.putByte(position, (byte)value);
        position++;
    }

    private void putInt(final int value)
    {
        chunk.putInt(position, value, ORDER);
        position += Integer.BYTES;
    }

    private void putLong(final long value)
    {
        chunk.putLong(position, value, ORDER);
        position += Long.BYTES;
    }

    private void putName(final int nameId)
    {
        putByte(names.length(nameId));
        bytes.wrap(names.address(nameId), names.length(nameId));
        putBytes(bytes, 0, bytes.capacity());
    }

    private void putBytes(final DirectBuffer source, final int offset, final int length)
    {
        chunk.putBytes(position, source, offset, length);
        position += length;
    }
}

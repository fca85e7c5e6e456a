package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.egress.BoardListEncoder;
import io.quipu.codecs.egress.MemberRanksEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.StandingsEncoder;
import io.quipu.codecs.ingress.Flag;
import io.quipu.codecs.ingress.GetAroundDecoder;
import io.quipu.codecs.ingress.GetPageDecoder;
import io.quipu.codecs.ingress.GetRangeDecoder;
import io.quipu.codecs.ingress.ListBoardsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The queries on boards, on behalf of {@link Queries}: what boards there are, and their standings.
 */
final class BoardQueries
{
    private final NameTable names;
    private final Boards boards;
    private final ChunkWriter chunks;
    private final Lookahead lookahead;
    private final Standings standings;
    private final UnsafeBuffer name = new UnsafeBuffer();
    private final long[] from = new long[BoardDefinition.MAX_COLUMNS];
    private final long[] to = new long[BoardDefinition.MAX_COLUMNS];

    BoardQueries(final NameTable names, final Boards boards, final ChunkWriter chunks, final Lookahead lookahead)
    {
        this.lookahead = lookahead;
        this.names = names;
        this.boards = boards;
        this.chunks = chunks;
        standings = boards.newStandings();
    }

    ResultCode list(final CommandRuns query, final QueryHandler handler)
    {
        final DirectBuffer buffer = query.buffer();
        final long cursor = buffer.getLong(
            query.entryOffset() + ListBoardsDecoder.cursorEncodingOffset(), LITTLE_ENDIAN);
        final int maxRows = buffer.getShort(
            query.entryOffset() + ListBoardsDecoder.maxRowsEncodingOffset(), LITTLE_ENDIAN) & 0xFFFF;
        if (maxRows > Queries.MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        if (cursor < 0)
        {
            return ResultCode.MALFORMED;
        }

        beginBoards(handler);
        final long next = cursor > Integer.MAX_VALUE ? 0 : walk(query, Math.max(1, (int)cursor), maxRows);
        putNextCursor(next);
        chunks.end();

        return ResultCode.OK;
    }

    ResultCode describe(final Board board, final QueryHandler handler)
    {
        beginBoards(handler);
        putNextCursor(0);
        addBoard(board);
        chunks.end();

        return ResultCode.OK;
    }

    ResultCode ranks(final Board board, final CommandRuns query, final QueryHandler handler)
    {
        if (query.count() > Queries.MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }

        chunks.begin(
            handler,
            MemberRanksEncoder.TEMPLATE_ID,
            MemberRanksEncoder.BLOCK_LENGTH,
            MemberRanksEncoder.MembersEncoder.sbeBlockLength());
        final int block = ChunkWriter.BLOCK_OFFSET;
        putLong(block + MemberRanksEncoder.boardMembersEncodingOffset(), board.memberCount());
        putByte(block + MemberRanksEncoder.columnCountEncodingOffset(), board.definition().columnCount());
        int lookedAt = 0;
        while (query.nextEntry())
        {
            if (lookedAt-- == 0)
            {
                lookedAt = lookahead.look(query, board) - 1;
            }
            name.wrap(query.buffer(), query.nameOffset(), query.nameLength());
            final Sighting sighting = lookahead.nextMember();
            addRanks(sighting.member != MemberTable.NULL_MEMBER ?
                standings.member(board, sighting) :
                standings.member(board, name));
        }
        chunks.end();

        return ResultCode.OK;
    }

    ResultCode page(final Board board, final CommandRuns query, final QueryHandler handler)
    {
        final long skip = query.buffer().getLong(
            query.entryOffset() + GetPageDecoder.skipEncodingOffset(), LITTLE_ENDIAN);
        final int maxRows = shortField(query, GetPageDecoder.maxRowsEncodingOffset());
        if (maxRows > Queries.MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        if (skip < 0)
        {
            return ResultCode.MALFORMED;
        }
        standings.page(board, skip, maxRows);
        sendStandings(board, handler);

        return ResultCode.OK;
    }

    ResultCode around(final Board board, final CommandRuns query, final QueryHandler handler)
    {
        final int maxRows = shortField(query, GetAroundDecoder.maxRowsEncodingOffset());
        if (maxRows > Queries.MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        name.wrap(query.buffer(), query.nameOffset(), query.nameLength());
        if (standings.around(board, name, maxRows) < 0)
        {
            return ResultCode.NOT_FOUND;
        }
        sendStandings(board, handler);

        return ResultCode.OK;
    }

    ResultCode range(final Board board, final CommandRuns query, final QueryHandler handler)
    {
        final int maxRows = shortField(query, GetRangeDecoder.maxRowsEncodingOffset());
        final long skip = longField(query, GetRangeDecoder.skipEncodingOffset());
        final int fromColumns = byteField(query, GetRangeDecoder.fromColumnsEncodingOffset());
        final int toColumns = byteField(query, GetRangeDecoder.toColumnsEncodingOffset());
        if (maxRows > Queries.MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        if (skip < 0)
        {
            return ResultCode.MALFORMED;
        }
        final int columnCount = board.definition().columnCount();
        if (fromColumns > columnCount || toColumns > columnCount)
        {
            return ResultCode.WRONG_COLUMNS;
        }

        from[0] = longField(query, GetRangeDecoder.from0EncodingOffset());
        from[1] = longField(query, GetRangeDecoder.from1EncodingOffset());
        from[2] = longField(query, GetRangeDecoder.from2EncodingOffset());
        from[3] = longField(query, GetRangeDecoder.from3EncodingOffset());
        to[0] = longField(query, GetRangeDecoder.to0EncodingOffset());
        to[1] = longField(query, GetRangeDecoder.to1EncodingOffset());
        to[2] = longField(query, GetRangeDecoder.to2EncodingOffset());
        to[3] = longField(query, GetRangeDecoder.to3EncodingOffset());
        standings.range(
            board,
            from,
            fromColumns,
            byteField(query, GetRangeDecoder.fromInclusiveEncodingOffset()) == Flag.YES.value(),
            to,
            toColumns,
            byteField(query, GetRangeDecoder.toInclusiveEncodingOffset()) == Flag.YES.value(),
            skip,
            maxRows);
        sendStandings(board, handler);

        return ResultCode.OK;
    }

    private void beginBoards(final QueryHandler handler)
    {
        chunks.begin(
            handler,
            BoardListEncoder.TEMPLATE_ID,
            BoardListEncoder.BLOCK_LENGTH,
            BoardListEncoder.BoardsEncoder.sbeBlockLength());
    }

    private void putNextCursor(final long next)
    {
        putLong(ChunkWriter.BLOCK_OFFSET + BoardListEncoder.nextCursorEncodingOffset(), next);
    }

    /** Adds boards from an id on, and returns the id to go on with, 0 at the end. */
    private long walk(final CommandRuns query, final int firstId, final int maxRows)
    {
        int rows = 0;
        int looked = 0;
        for (Board board = boards.next(firstId); board != null; board = boards.next(idOf(board) + 1))
        {
            if (looked++ == Queries.MAX_WALK)
            {
                return idOf(board);
            }
            if (names.startsWith(board.nameId(), query.buffer(), query.nameOffset(), query.nameLength()))
            {
                if (rows == maxRows || !addBoard(board))
                {
                    return idOf(board);
                }
                rows++;
            }
        }

        return 0;
    }

    private static int idOf(final Board board)
    {
        return Handle.id(board.handle());
    }

    private boolean addBoard(final Board board)
    {
        final BoardDefinition definition = board.definition();
        final int nameLength = names.length(board.nameId());
        final int namesLength = 1 + nameLength + 1 + definition.columnNamesLength();
        if (!chunks.fits(BoardListEncoder.BoardsEncoder.sbeBlockLength() + namesLength))
        {
            return false;
        }

        final int row = chunks.row(namesLength);
        putLong(row + BoardListEncoder.BoardsEncoder.handleEncodingOffset(), board.handle());
        putLong(row + BoardListEncoder.BoardsEncoder.membersEncodingOffset(), board.memberCount());
        putLong(row + BoardListEncoder.BoardsEncoder.capacityEncodingOffset(), definition.capacity());
        chunks.buffer().putShort(
            row + BoardListEncoder.BoardsEncoder.feedRowsEncodingOffset(),
            (short)definition.feedRows(),
            LITTLE_ENDIAN);
        putByte(row + BoardListEncoder.BoardsEncoder.scoreOperatorEncodingOffset(), definition.scoreOperator());
        putByte(row + BoardListEncoder.BoardsEncoder.tiesEncodingOffset(), definition.ties());
        putByte(row + BoardListEncoder.BoardsEncoder.columnCountEncodingOffset(), definition.columnCount());
        putByte(row + BoardListEncoder.BoardsEncoder.ascendingEncodingOffset(), definition.ascending());
        name.wrap(names.address(board.nameId()), nameLength);
        chunks.name(name, nameLength);
        name.wrap(definition.columnNames(), 0, definition.columnNamesLength());
        chunks.name(name, definition.columnNamesLength());

        return true;
    }

    private void addRanks(final boolean isPresent)
    {
        final int row = chunks.row(0);
        if (!isPresent)
        {
            chunks.buffer().setMemory(row, MemberRanksEncoder.MembersEncoder.sbeBlockLength(), (byte)0);
            return;
        }

        putLong(row + MemberRanksEncoder.MembersEncoder.ordinalEncodingOffset(), standings.ordinal());
        putLong(row + MemberRanksEncoder.MembersEncoder.competitionEncodingOffset(), standings.competition());
        putLong(row + MemberRanksEncoder.MembersEncoder.denseEncodingOffset(), standings.dense());
        putLong(row + MemberRanksEncoder.MembersEncoder.tiesEncodingOffset(), standings.ties());
        putLong(row + MemberRanksEncoder.MembersEncoder.percentileEncodingOffset(), standings.percentile());
        putLong(row + MemberRanksEncoder.MembersEncoder.value0EncodingOffset(), standings.column(0));
        putLong(row + MemberRanksEncoder.MembersEncoder.value1EncodingOffset(), standings.column(1));
        putLong(row + MemberRanksEncoder.MembersEncoder.value2EncodingOffset(), standings.column(2));
        putLong(row + MemberRanksEncoder.MembersEncoder.value3EncodingOffset(), standings.column(3));
        putLong(row + MemberRanksEncoder.MembersEncoder.changedAtEncodingOffset(), standings.changedAt());
        putByte(row + MemberRanksEncoder.MembersEncoder.presentEncodingOffset(), Flag.YES.value());
    }

    private void sendStandings(final Board board, final QueryHandler handler)
    {
        chunks.begin(
            handler,
            StandingsEncoder.TEMPLATE_ID,
            StandingsEncoder.BLOCK_LENGTH,
            StandingsEncoder.RowsEncoder.sbeBlockLength());
        final int block = ChunkWriter.BLOCK_OFFSET;
        putLong(block + StandingsEncoder.boardMembersEncodingOffset(), board.memberCount());
        putLong(block + StandingsEncoder.totalEncodingOffset(), standings.total());
        putByte(block + StandingsEncoder.columnCountEncodingOffset(), board.definition().columnCount());
        while (standings.next())
        {
            addStanding();
        }
        chunks.end();
    }

    private void addStanding()
    {
        standings.wrapName(name);
        final int nameLength = name.capacity();
        final int row = chunks.row(1 + nameLength);
        putLong(row + StandingsEncoder.RowsEncoder.ordinalEncodingOffset(), standings.ordinal());
        putLong(row + StandingsEncoder.RowsEncoder.competitionEncodingOffset(), standings.competition());
        putLong(row + StandingsEncoder.RowsEncoder.denseEncodingOffset(), standings.dense());
        putLong(row + StandingsEncoder.RowsEncoder.value0EncodingOffset(), standings.column(0));
        putLong(row + StandingsEncoder.RowsEncoder.value1EncodingOffset(), standings.column(1));
        putLong(row + StandingsEncoder.RowsEncoder.value2EncodingOffset(), standings.column(2));
        putLong(row + StandingsEncoder.RowsEncoder.value3EncodingOffset(), standings.column(3));
        chunks.name(name, nameLength);
    }

    private void putLong(final int offset, final long value)
    {
        chunks.buffer().putLong(offset, value, LITTLE_ENDIAN);
    }

    private void putByte(final int offset, final int value)
    {
        chunks.buffer().putByte(offset, (byte)value);
    }

    private static long longField(final CommandRuns query, final int fieldOffset)
    {
        return query.buffer().getLong(query.entryOffset() + fieldOffset, LITTLE_ENDIAN);
    }

    private static int shortField(final CommandRuns query, final int fieldOffset)
    {
        return query.buffer().getShort(query.entryOffset() + fieldOffset, LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int byteField(final CommandRuns query, final int fieldOffset)
    {
        return query.buffer().getByte(query.entryOffset() + fieldOffset) & 0xFF;
    }
}

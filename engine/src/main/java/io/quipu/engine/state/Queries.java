package io.quipu.engine.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.egress.CounterListEncoder;
import io.quipu.codecs.egress.CounterValuesEncoder;
import io.quipu.codecs.egress.HandlesEncoder;
import io.quipu.codecs.egress.LimitListEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.DescribeBoardDecoder;
import io.quipu.codecs.ingress.GetAroundDecoder;
import io.quipu.codecs.ingress.GetCountersDecoder;
import io.quipu.codecs.ingress.GetLimitsDecoder;
import io.quipu.codecs.ingress.GetPageDecoder;
import io.quipu.codecs.ingress.GetRangeDecoder;
import io.quipu.codecs.ingress.GetRanksDecoder;
import io.quipu.codecs.ingress.Kind;
import io.quipu.codecs.ingress.ListBoardsDecoder;
import io.quipu.codecs.ingress.ListCountersDecoder;
import io.quipu.codecs.ingress.ResolveDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers queries from the state as it stands, on the sequencer thread between two records. Changes nothing, allocates
 * nothing.
 * <p>
 * Lists by prefix walk over ids: each answer is one chunk, looks at no more than {@link #MAX_WALK} ids, and names the
 * cursor to go on with, even where it found no row.
 */
public final class Queries
{
    /** Longest body message of an answer; a larger answer comes in several. */
    public static final int MAX_CHUNK_LENGTH = 60 * 1024;
    /** Most names that a query may list and most rows that it may ask for. */
    public static final int MAX_ROWS = 1_000;

    /** Most ids that one list query looks at. */
    static final int MAX_WALK = 4_096;

    private final NameTable names;
    private final CounterTable counters;
    private final Boards boards;
    private final Limits limits;
    private final Usage usage;
    private final ChunkWriter chunks = new ChunkWriter();
    private final BoardQueries boardQueries;
    private final QueryLookahead ahead;

    private final CommandRuns runs = new CommandRuns();
    private final UnsafeBuffer name = new UnsafeBuffer();
    private DirectBuffer buffer;
    private Board board;

    Queries(
        final NameTable names,
        final CounterTable counters,
        final Boards boards,
        final Limits limits,
        final Usage usage)
    {
        this.names = names;
        this.counters = counters;
        this.boards = boards;
        this.limits = limits;
        this.usage = usage;
        ahead = new QueryLookahead(names, boards);
        boardQueries = new BoardQueries(names, boards, chunks, new Lookahead(names, counters, boards));
    }

    /**
     * Tells of a query that will be run soon, together with others: what they need of memory is then read for all of them at
     * once. To be followed by {@link #readAhead()}.
     *
     * @param buffer holds the messages behind the Query block.
     * @param offset of the first of them.
     * @param length of all of them.
     */
    public void announce(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        runs.wrap(buffer, offset, length);
        if (runs.next() && runs.templateId() == GetRanksDecoder.TEMPLATE_ID)
        {
            while (runs.nextEntry())
            {
                ahead.add(buffer, runs.nameOffset(), runs.nameLength());
            }
        }
    }

    /**
     * Reads what the announced queries will need. Changes nothing: each is answered as it would be without this.
     */
    public void readAhead()
    {
        ahead.look();
    }

    /**
     * Answers a validated query. {@code GetStatus} is not answered here, since most of it is not state:
     * UNKNOWN_TEMPLATE.
     *
     * @param buffer  holds the messages behind the Query block: [OnBoard] and one query message.
     * @param offset  of the first of them.
     * @param length  of all of them.
     * @param handler hears the chunks when the code is OK, at least one; none otherwise.
     * @return OK, or why there is no answer.
     */
    public ResultCode run(final DirectBuffer buffer, final int offset, final int length, final QueryHandler handler)
    {
        this.buffer = buffer;
        runs.wrap(buffer, offset, length);
        if (!runs.next())
        {
            return ResultCode.MALFORMED;
        }

        switch (runs.templateId())
        {
            case GetCountersDecoder.TEMPLATE_ID:
                return getCounters(handler);

            case ListCountersDecoder.TEMPLATE_ID:
                return listCounters(handler);

            case ResolveDecoder.TEMPLATE_ID:
                return resolve(handler);

            case GetLimitsDecoder.TEMPLATE_ID:
                return getLimits(handler);

            case ListBoardsDecoder.TEMPLATE_ID:
                runs.nextEntry();
                return boardQueries.list(runs, handler);

            default:
                return runOnBoard(handler);
        }
    }

    private ResultCode runOnBoard(final QueryHandler handler)
    {
        final ResultCode code = selectBoard();
        if (code != ResultCode.OK)
        {
            return code;
        }

        switch (runs.templateId())
        {
            case GetRanksDecoder.TEMPLATE_ID:
                return boardQueries.ranks(board, runs, handler);

            case GetPageDecoder.TEMPLATE_ID:
                runs.nextEntry();
                return boardQueries.page(board, runs, handler);

            case GetAroundDecoder.TEMPLATE_ID:
                runs.nextEntry();
                return boardQueries.around(board, runs, handler);

            case GetRangeDecoder.TEMPLATE_ID:
                runs.nextEntry();
                return boardQueries.range(board, runs, handler);

            case DescribeBoardDecoder.TEMPLATE_ID:
                return boardQueries.describe(board, handler);

            default:
                return ResultCode.UNKNOWN_TEMPLATE;
        }
    }

    private ResultCode selectBoard()
    {
        if (runs.boardNameLength() > 0)
        {
            name.wrap(buffer, runs.boardNameOffset(), runs.boardNameLength());
            board = boards.find(name);
            return board == null ? ResultCode.NO_SUCH_BOARD : ResultCode.OK;
        }

        board = runs.selections() == 0 ? null : boards.byHandle(runs.boardHandle());
        if (board == null)
        {
            return runs.selections() == 0 ? ResultCode.UNKNOWN_TEMPLATE : ResultCode.STALE_HANDLE;
        }

        return ResultCode.OK;
    }

    private ResultCode getCounters(final QueryHandler handler)
    {
        if (runs.count() > MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }

        chunks.begin(
            handler,
            CounterValuesEncoder.TEMPLATE_ID,
            CounterValuesEncoder.BLOCK_LENGTH,
            CounterValuesEncoder.CountersEncoder.sbeBlockLength());
        while (runs.nextEntry())
        {
            final int id = counters.find(buffer, runs.nameOffset(), runs.nameLength());
            final boolean isPresent = id != CounterTable.NULL_COUNTER;
            final int row = chunks.row(0);
            chunks.buffer().putLong(
                row + CounterValuesEncoder.CountersEncoder.valueEncodingOffset(),
                isPresent ? counters.value(id) : 0,
                LITTLE_ENDIAN);
            chunks.buffer().putByte(
                row + CounterValuesEncoder.CountersEncoder.presentEncodingOffset(), (byte)(isPresent ? 1 : 0));
        }
        chunks.end();

        return ResultCode.OK;
    }

    private ResultCode listCounters(final QueryHandler handler)
    {
        runs.nextEntry();
        final long cursor = buffer.getLong(
            runs.entryOffset() + ListCountersDecoder.cursorEncodingOffset(), LITTLE_ENDIAN);
        final int maxRows = buffer.getShort(
            runs.entryOffset() + ListCountersDecoder.maxRowsEncodingOffset(), LITTLE_ENDIAN) & 0xFFFF;
        if (maxRows > MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        if (cursor < 0)
        {
            return ResultCode.MALFORMED;
        }

        chunks.begin(
            handler,
            CounterListEncoder.TEMPLATE_ID,
            CounterListEncoder.BLOCK_LENGTH,
            CounterListEncoder.CountersEncoder.sbeBlockLength());
        final long next = walkCounters(Math.max(1, cursor), maxRows);
        chunks.buffer().putLong(
            ChunkWriter.BLOCK_OFFSET + CounterListEncoder.nextCursorEncodingOffset(), next, LITTLE_ENDIAN);
        chunks.end();

        return ResultCode.OK;
    }

    /** Adds rows from an id on, and returns the id to go on with, 0 at the end. */
    private long walkCounters(final long firstId, final int maxRows)
    {
        if (firstId > counters.highest())
        {
            return 0;
        }

        final long lastId = Math.min(counters.highest(), firstId + MAX_WALK - 1);
        int rows = 0;
        for (long id = firstId; id <= lastId; id++)
        {
            if (counters.isLive((int)id) && hasPrefix(counters.nameId((int)id)))
            {
                if (rows == maxRows || !addCounter((int)id))
                {
                    return id;
                }
                rows++;
            }
        }

        return lastId < counters.highest() ? lastId + 1 : 0;
    }

    private boolean hasPrefix(final int nameId)
    {
        return names.startsWith(nameId, buffer, runs.nameOffset(), runs.nameLength());
    }

    private boolean addCounter(final int id)
    {
        final int nameId = counters.nameId(id);
        final int nameLength = names.length(nameId);
        if (!chunks.fits(CounterListEncoder.CountersEncoder.sbeBlockLength() + 1 + nameLength))
        {
            return false;
        }

        final int row = chunks.row(1 + nameLength);
        chunks.buffer().putLong(
            row + CounterListEncoder.CountersEncoder.valueEncodingOffset(), counters.value(id), LITTLE_ENDIAN);
        name.wrap(names.address(nameId), nameLength);
        chunks.name(name, nameLength);

        return true;
    }

    private ResultCode resolve(final QueryHandler handler)
    {
        final int kind = buffer.getByte(runs.blockOffset() + ResolveDecoder.kindEncodingOffset());
        if (runs.count() > MAX_ROWS)
        {
            return ResultCode.REQUEST_TOO_LARGE;
        }
        if (kind == Kind.MEMBER.value())
        {
            final ResultCode code = selectBoard();
            if (code != ResultCode.OK)
            {
                return code;
            }
        }

        chunks.begin(
            handler,
            HandlesEncoder.TEMPLATE_ID,
            HandlesEncoder.BLOCK_LENGTH,
            HandlesEncoder.RowsEncoder.sbeBlockLength());
        while (runs.nextEntry())
        {
            chunks.buffer().putLong(
                chunks.row(0) + HandlesEncoder.RowsEncoder.handleEncodingOffset(), handleOf(kind), LITTLE_ENDIAN);
        }
        chunks.end();

        return ResultCode.OK;
    }

    private long handleOf(final int kind)
    {
        if (kind == Kind.COUNTER.value())
        {
            final int id = counters.find(buffer, runs.nameOffset(), runs.nameLength());
            return id == CounterTable.NULL_COUNTER ? Handle.NULL_HANDLE : counters.handle(id);
        }

        name.wrap(buffer, runs.nameOffset(), runs.nameLength());
        if (kind == Kind.BOARD.value())
        {
            final Board found = boards.find(name);
            return found == null ? Handle.NULL_HANDLE : found.handle();
        }

        return boards.resolve(board, name);
    }

    private ResultCode getLimits(final QueryHandler handler)
    {
        chunks.begin(
            handler,
            LimitListEncoder.TEMPLATE_ID,
            LimitListEncoder.BLOCK_LENGTH,
            LimitListEncoder.LimitsEncoder.sbeBlockLength());
        for (int which = 1; which <= Limits.count(); which++)
        {
            final int row = chunks.row(0);
            chunks.buffer().putLong(
                row + LimitListEncoder.LimitsEncoder.valueEncodingOffset(), limits.value(which), LITTLE_ENDIAN);
            chunks.buffer().putLong(
                row + LimitListEncoder.LimitsEncoder.usedEncodingOffset(), usage.of(which), LITTLE_ENDIAN);
            chunks.buffer().putByte(row + LimitListEncoder.LimitsEncoder.whichEncodingOffset(), (byte)which);
        }
        chunks.end();

        return ResultCode.OK;
    }
}

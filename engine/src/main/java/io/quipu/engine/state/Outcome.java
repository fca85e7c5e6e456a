package io.quipu.engine.state;

import io.quipu.codecs.egress.ResultCode;

/**
 * What a command came to: its code, and the values and ranks that it answers. One object, filled anew by each command.
 */
final class Outcome
{
    static final int OK = ResultCode.OK.value();
    static final int OVERFLOW = ResultCode.OVERFLOW.value();
    static final int OUT_OF_BOUNDS = ResultCode.OUT_OF_BOUNDS.value();
    static final int NO_SUCH_BOARD = ResultCode.NO_SUCH_BOARD.value();
    static final int BOARD_EXISTS = ResultCode.BOARD_EXISTS.value();
    static final int NOT_FOUND = ResultCode.NOT_FOUND.value();
    static final int STALE_HANDLE = ResultCode.STALE_HANDLE.value();
    static final int WRONG_COLUMNS = ResultCode.WRONG_COLUMNS.value();
    static final int BAD_DEFINITION = ResultCode.BAD_DEFINITION.value();
    static final int REJECT_CAPACITY = ResultCode.REJECT_CAPACITY.value();
    static final int NOT_KEPT = ResultCode.NOT_KEPT.value();
    static final int BAD_LIMIT = ResultCode.BAD_LIMIT.value();
    static final int BAD_BOUNDS = ResultCode.BAD_BOUNDS.value();
    static final int BAD_NAME = ResultCode.BAD_NAME.value();

    int code;
    int columnCount;
    long value0;
    long value1;
    long value2;
    long value3;
    long oldRank;
    long newRank;

    /**
     * A command without a value.
     */
    void set(final int code)
    {
        set(code, 0, 0, 0);
    }

    /**
     * A command with one value.
     */
    void set(final int code, final long value)
    {
        set(code, 1, value, 0);
    }

    /**
     * A command with so many of two values.
     */
    void set(final int code, final int columnCount, final long value0, final long value1)
    {
        this.code = code;
        this.columnCount = columnCount;
        this.value0 = value0;
        this.value1 = value1;
        value2 = 0;
        value3 = 0;
        oldRank = 0;
        newRank = 0;
    }

    /**
     * A command on boards, which hold its answer.
     */
    void set(final int code, final Boards boards)
    {
        this.code = code;
        columnCount = boards.columnCount();
        value0 = boards.column(0);
        value1 = boards.column(1);
        value2 = boards.column(2);
        value3 = boards.column(3);
        oldRank = boards.oldRank();
        newRank = boards.newRank();
    }
}

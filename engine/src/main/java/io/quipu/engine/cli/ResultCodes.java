package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;

/**
 * Result codes in words: what is wrong with the line and what to do.
 */
final class ResultCodes
{
    private ResultCodes()
    {
    }

    /** The code and what it says. */
    static String inWords(final ResultCode code)
    {
        return code + ": " + words(code);
    }

    private static String words(final ResultCode code)
    {
        return switch (code)
        {
            case OVERFLOW -> "the sum does not fit into 64 bits; the value is unchanged";
            case OUT_OF_BOUNDS -> "the sum leaves min..max; the value is unchanged";
            case NO_SUCH_BOARD -> "there is no such board; create it with board NAME";
            case BOARD_EXISTS -> "there is such a board with other options; drop it or use another name";
            case NOT_FOUND -> "there is no such counter or member";
            case WRONG_COLUMNS -> "the board has another number of columns; boards shows them";
            case BAD_DEFINITION -> "a board cannot have these options together";
            case REJECT_CAPACITY -> "a limit is reached; limits show names it";
            case NOT_KEPT -> "the board is full and this score is worse than its last";
            case BAD_BOUNDS -> "min is above max";
            default -> "refused";
        };
    }
}

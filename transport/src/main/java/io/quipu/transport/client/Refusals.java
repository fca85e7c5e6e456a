package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;

import java.util.concurrent.TimeUnit;

/**
 * Words for what the engine refuses: one line that names the value and what to do.
 */
final class Refusals
{
    private Refusals()
    {
    }

    /** What to tell of a command, a request or a query that was refused. */
    static RefusedException refused(final String what, final ResultCode code, final int index, final long detail)
    {
        return new RefusedException(code, index, what + ": " + code + ", " + explain(code, detail));
    }

    /** A session that cannot go on. */
    static SessionEvictedException ended(final ResultCode code)
    {
        return new SessionEvictedException(
            "session ended: " + code + ", " + explain(code, 0) +
            "; what was not acknowledged may or may not have been applied");
    }

    /** Nobody answered. */
    static UnreachableException unreachable(
        final ClientContext context, final EngineConnection connection, final ResultCode lastRefusal)
    {
        final String reason = connection.isConnected() ? "it refuses the session: " + lastRefusal : connection.lastFailure();
        return new UnreachableException(
            "no engine at " + context.engine() + " within " +
            TimeUnit.NANOSECONDS.toMillis(context.connectTimeoutNs()) + " ms (" + reason +
            "): start one there, or give the address that its ready line names");
    }

    static String explain(final ResultCode code, final long detail)
    {
        return switch (code)
        {
            case OK -> "applied";
            case OVERFLOW -> "the value would leave int64; unchanged";
            case OUT_OF_BOUNDS -> "the value would leave its bounds; unchanged";
            case NO_SUCH_BOARD -> "create the board first";
            case BOARD_EXISTS -> "there is a board of that name with another definition";
            case NOT_FOUND -> "there is none of that name";
            case STALE_HANDLE -> "what it named is gone, or of another kind; resolve the name again";
            case WRONG_COLUMNS -> "the board has another number of columns";
            case BAD_DEFINITION -> "such a board cannot be";
            case REJECT_CAPACITY -> "a limit is reached; see limits";
            case NOT_KEPT -> "the board is full and the score worse than its last";
            case BAD_LIMIT -> "the limit is out of range or below what is in use";
            case BAD_BOUNDS -> "the lower bound is above the upper";
            case BAD_NAME -> "a name has 1..128 bytes";
            case REPLY_TOO_LARGE -> "ask for a smaller form or send fewer commands";
            case REQUEST_TOO_LARGE -> detail > 0 ? "the most is " + detail : "ask for less at once";
            case SESSION_EVICTED -> "the engine no longer knows the session";
            case RETRY_TOO_OLD -> "it was dealt with before, and the reply is no longer kept";
            case ROLLED_BACK -> "the engine has lost what it had acknowledged";
            case REJECT_DISK -> "the engine's disk is full";
            case BUSY -> "the engine is busy; try again later";
            case SHUTTING_DOWN -> "the engine is shutting down";
            case ACK_UNAVAILABLE -> "the engine cannot give that ack level";
            case TOO_MANY_CONNECTIONS, TOO_MANY_ATTACHMENTS -> "the engine has no room for another client";
            case UNSUPPORTED_VERSION, UNKNOWN_TEMPLATE -> "client and engine are of different versions";
            default -> "refused before it was journaled";
        };
    }
}

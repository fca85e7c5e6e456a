package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;

/**
 * Told the outcome of each offered request, exactly once, in the order of the replies; called inside
 * {@link AsyncSession#poll()}. A handler may offer further requests.
 */
public interface ReplyHandler
{
    /**
     * The engine applied the request. Single commands of it may still have been refused: look at {@link Reply#code(int)}, and
     * at {@link Reply#code()} when it was ATOMIC.
     *
     * @param correlation as given to {@link AsyncSession#offer(Request, long)}.
     * @param reply       valid during the call; {@link Reply#copy()} keeps it.
     */
    void onReply(long correlation, Reply reply);

    /**
     * There is no reply. After {@code SESSION_EVICTED}, {@code ROLLED_BACK} and {@code RETRY_TOO_OLD} the request may have been
     * applied; after any other code it was not, and never will be: its number goes to the next request.
     *
     * @param correlation     as given to {@link AsyncSession#offer(Request, long)}.
     * @param requestSequence that it had.
     * @param code            why.
     * @param detail          of the code: the limit, or what was expected.
     */
    void onRefused(long correlation, long requestSequence, ResultCode code, long detail);
}

package io.quipu.perf;

import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;

/**
 * What the load generator sends, and how it knows that the engine answered right. One session sends everything, in
 * order, so every value is known before it comes back. One thread.
 */
interface Workload
{
    /** Most commands of a request that fills. */
    int FILL_BATCH = 512;

    /** Commands of one timed request. */
    int commandsPerRequest();

    /** Whether there are names that were not sent yet: they are, in large requests, before anything is timed. */
    boolean isFilling();

    /** Builds the next request that fills, reset by the caller; its reply is an {@code ACK} of everything. */
    void fill(Request request);

    /**
     * Builds the next timed request.
     *
     * @param request  reset by the caller.
     * @param expected receives, for each command, the value that the reply must show.
     */
    void next(Request request, long[] expected);

    /**
     * Compares a reply with what was expected when its request was built.
     *
     * @throws IllegalStateException that says what differs.
     */
    void verify(Reply reply, long[] expected);

    /**
     * Reads everything back after the run and compares it with what was sent.
     *
     * @return how many values were compared.
     * @throws IllegalStateException that names the first difference.
     */
    long verifyAll(QuipuClient client);

    /** Between filling and timing, such as looking up handles. */
    default void prepare(final QuipuClient client)
    {
    }

    /** Fails unless the two are the same. */
    static void same(final String what, final long actual, final long expected)
    {
        if (actual != expected)
        {
            throw new IllegalStateException(what + " is " + actual + " and should be " + expected);
        }
    }
}

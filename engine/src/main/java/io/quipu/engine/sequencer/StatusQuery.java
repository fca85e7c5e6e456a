package io.quipu.engine.sequencer;

import io.quipu.engine.state.QueryHandler;

/**
 * Answers the one query that is not about the state alone.
 */
@FunctionalInterface
public interface StatusQuery
{
    /**
     * Writes a StatusReport, on the sequencer thread between two records.
     *
     * @param handler hears its chunks.
     */
    void answer(QueryHandler handler);
}

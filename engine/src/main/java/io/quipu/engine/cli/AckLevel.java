package io.quipu.engine.cli;

import io.quipu.codecs.ingress.Ack;

/**
 * The levels of durability that an engine of one node can give.
 */
enum AckLevel
{
    /** Survives a killed process. */
    JOURNALED(Ack.JOURNALED),
    /** Survives power loss. */
    DURABLE(Ack.DURABLE);

    private final Ack ack;

    AckLevel(final Ack ack)
    {
        this.ack = ack;
    }

    Ack ack()
    {
        return ack;
    }
}

package io.quipu.engine.sim;

/**
 * What may go wrong in a simulation, and how often while it is on: about once in so many occasions.
 */
enum Fault
{
    // Of messages, for each.
    DELAY(1),
    GAP(60),
    DUPLICATE(12),
    BACK_PRESSURE(20),

    // Of the world, for each turn.
    CONNECTION_LOST(400),
    KILL(700),
    POWER_LOSS(700),
    FILES_REMOVED(1),
    SLOW_DISK(600),
    SYNC_FAILS(1500),
    APPEND_FAILS(1500),
    CHECKPOINT_FAILS(600),
    DISK_FULL(800),
    CLOCK_JUMP(300),
    LONG_SILENCE(2000),
    STALL(400),
    ORDERLY_STOP(1500),
    SECOND_ENGINE(1000),

    // Of a start, for each.
    KILL_IN_RECOVERY(3),
    READ_FAILS(6),
    BIT_FLIP(3);

    private final int rarity;

    Fault(final int rarity)
    {
        this.rarity = rarity;
    }

    int rarity()
    {
        return rarity;
    }
}

package io.quipu.engine;

import org.junit.jupiter.api.Nested;

/**
 * What an engine promises, once more with the network on a thread of its own: admission, back pressure, durability, the
 * ways to end, kills, the whole client library, nothing left behind, nothing allocated.
 */
class SplitThreadsTest
{
    private static final int KILLS = 5;

    @Nested
    class Admission extends AdmissionPathsTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }
    }

    @Nested
    class Stops extends EngineStopTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }
    }

    @Nested
    class Kills extends EngineKillTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }

        @Override
        int kills()
        {
            return KILLS;
        }
    }

    @Nested
    class Library extends ClientLibraryTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }
    }

    @Nested
    class Leaks extends EngineLeakTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }
    }

    @Nested
    class Allocation extends AllocationTest
    {
        @Override
        Threads threads()
        {
            return Threads.SPLIT;
        }
    }
}

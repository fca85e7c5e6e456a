package io.quipu.perf;

import io.quipu.codecs.ingress.ReplyForm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code bench} measures, by the names under which the figures are published.
 */
enum BenchTarget
{
    /** Inside apply. */
    A("apply: adds by handle, ACK, 512 a request; no network, no journal"),
    /** Inside apply. */
    B("apply: adds by 14-byte name, VALUES, 512 a request; no network, no journal"),
    /** Inside apply. */
    C1("apply: moves on a board, VALUES, 512 a request; no network, no journal"),
    /** Inside apply. */
    C2("apply: moves on a board, RANKS, 512 a request; no network, no journal"),
    /** Inside apply. */
    D("queries: all rank modes of members, and the first ten; no network"),

    /** End to end. */
    E1("adds by handle, ACK", 2_000, 60, false)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), true, ReplyForm.ACK, seed);
        }
    },

    /** End to end. */
    E2("adds by name, VALUES", 64, 60, false)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), false, ReplyForm.VALUES, seed);
        }
    },

    /** End to end. */
    F("board increments by name, VALUES", 64, 60, false)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new BoardWorkload(names, batch(), ReplyForm.VALUES, seed);
        }
    },

    /** End to end. */
    G("one add by name at a time, VALUES, load and receive in one thread", 1, 1, true)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), false, ReplyForm.VALUES, seed);
        }
    },

    /** At a fixed rate. */
    H("200,000 adds a second through the client library, 4 sessions, automatic coalescing, timed from the intended send"),
    /** Durable. */
    I("durable: one add at a time with the caller blocked, and adds by handle, 2,000 a request"),
    /** Memory. */
    J("memory of the engine's state after random moves"),
    /** Replay. */
    K("replay from the journal that was just written"),
    /** Allocation. */
    L("heap allocated inside apply and by queries, steady state"),
    /** Growth and release. */
    M("worst pause of a request of 64 while names grow, and behind a drop and a reset of a board"),
    /** Journal. */
    N("journal bytes of an add by handle, 512 a request", 512, 60, false)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), true, ReplyForm.ACK, seed);
        }
    },

    /** Idle connections. */
    O("one add by name at a time, VALUES, beside 127 idle connections", 1, 1, true)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return G.workload(names, seed);
        }
    };

    private final String title;
    private final int batch;
    private final int window;
    private final boolean isSpinning;

    BenchTarget(final String title)
    {
        this(title, 1, 1, true);
    }

    BenchTarget(final String title, final int batch, final int window, final boolean isSpinning)
    {
        this.title = title;
        this.batch = batch;
        this.window = window;
        this.isSpinning = isSpinning;
    }

    /** Of those that are measured end to end by one session. */
    Workload workload(final int names, final long seed)
    {
        throw new IllegalStateException(id() + " has no workload");
    }

    /** The name in output and on the command line. */
    String id()
    {
        return name().toLowerCase(Locale.ROOT);
    }

    String title()
    {
        return title;
    }

    /** Commands a request. */
    int batch()
    {
        return batch;
    }

    /** Most requests under way. */
    int window()
    {
        return window;
    }

    /** Whether the engine must not leave its core between two requests; under full load it never does. */
    boolean isSpinning()
    {
        return isSpinning;
    }

    /** Whether a journal is written while it is measured. */
    boolean isJournaled()
    {
        return switch (this)
        {
            case A, B, C1, C2, D, J, L, M -> false;
            default -> true;
        };
    }

    /**
     * Finds targets.
     *
     * @param ids in any order; {@code all} stands for all.
     * @throws IllegalArgumentException that names the first that there is not.
     */
    static List<BenchTarget> of(final List<String> ids)
    {
        if (ids.equals(List.of("all")))
        {
            return List.of(values());
        }
        return ids.stream().map(String::strip).map(BenchTarget::of).distinct().toList();
    }

    private static BenchTarget of(final String id)
    {
        return Arrays.stream(values())
            .filter((target) -> target.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(
                "--targets=" + id + ": choose from " +
                Arrays.stream(values()).map(BenchTarget::id).collect(Collectors.joining(",")) + ", or all"));
    }
}

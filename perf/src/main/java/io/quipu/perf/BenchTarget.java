package io.quipu.perf;

import io.quipu.codecs.ingress.ReplyForm;

import java.util.Locale;

/**
 * The kinds of load that {@code bench} knows, by the names under which their figures are published.
 */
enum BenchTarget
{
    /** Adds by handle, 512 a request, ACK. */
    E1("adds by handle, ACK", 512, 60)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), true, ReplyForm.ACK, seed);
        }
    },

    /** Adds by name, 64 a request, VALUES. */
    E2("adds by name, VALUES", 64, 60)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), false, ReplyForm.VALUES, seed);
        }
    },

    /** Board increments by name, 64 a request, VALUES. */
    F("board increments by name, VALUES", 64, 60)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new BoardWorkload(names, batch(), ReplyForm.VALUES, seed);
        }
    },

    /** One add by name under way at a time, VALUES. */
    G("one add by name at a time, VALUES", 1, 1)
    {
        @Override
        Workload workload(final int names, final long seed)
        {
            return new CounterWorkload(names, batch(), false, ReplyForm.VALUES, seed);
        }
    };

    private final String title;
    private final int batch;
    private final int window;

    BenchTarget(final String title, final int batch, final int window)
    {
        this.title = title;
        this.batch = batch;
        this.window = window;
    }

    abstract Workload workload(int names, long seed);

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

    static BenchTarget of(final String id)
    {
        for (final BenchTarget target : values())
        {
            if (target.id().equals(id.strip()))
            {
                return target;
            }
        }
        throw new IllegalArgumentException("--targets=" + id + ": choose from e1, e2, f and g, separated by commas");
    }
}

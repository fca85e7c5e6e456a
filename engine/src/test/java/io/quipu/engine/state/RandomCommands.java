package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.quipu.codecs.ingress.ReplyForm;

/**
 * Commands of all kinds: skewed names that counters, boards and members share, values at the edges three times in ten,
 * handles that are good, stale, or of nothing.
 */
public final class RandomCommands
{
    private static final long[] EDGES =
    {
        0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE + 1,
        1L << 32, -(1L << 32), Long.MAX_VALUE / 2 + 1, Long.MIN_VALUE / 2 - 1
    };
    private static final String[] COLUMN_NAMES = { "points", "points,diff", "a,b,c", "a,b,c,d" };

    private final Random random;
    private final Twin twin;
    private final List<String> names = new ArrayList<>();
    private final long[] handles = new long[64];
    private int remembered;
    private TwinBoard board;

    public RandomCommands(final Random random, final Twin twin, final int nameCount)
    {
        this.random = random;
        this.twin = twin;
        for (int i = 0; i < nameCount; i++)
        {
            final byte[] name = new byte[1 + (i % 7 == 0 ? random.nextInt(128) : random.nextInt(16))];
            random.nextBytes(name);
            names.add(new String(name, ISO_8859_1));
        }
    }

    public RequestBuilder fill(final RequestBuilder request)
    {
        request.clear().form(ReplyForm.get((short)random.nextInt(3)));
        if (random.nextInt(5) == 0)
        {
            request.atomic();
        }
        final int commands = 1 + (random.nextInt(8) == 0 ? random.nextInt(60) : random.nextInt(12));
        while (request.commandCount() < commands)
        {
            run(request);
        }
        return request;
    }

    String name()
    {
        final double even = random.nextDouble();
        return names.get((int)(even * even * even * names.size()));
    }

    /** A board's name; there are few, so that they fill. */
    String boardName()
    {
        return random.nextInt(50) == 0 ? name() : names.get(random.nextInt(5));
    }

    long value()
    {
        return random.nextInt(10) < 3 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(21) - 10;
    }

    private void run(final RequestBuilder request)
    {
        final int kind = random.nextInt(1000);
        final int length = 1 + random.nextInt(6);
        for (int i = 0; i < length; i++)
        {
            if (kind < 230)
            {
                request.add(bytes(name()), value());
            }
            else if (kind < 330)
            {
                request.addByHandle(handle(twin.state.counterHandle(name())), value());
            }
            else if (kind < 410)
            {
                request.addBounded(bytes(name()), value(), value(), value(), random.nextBoolean());
            }
            else if (kind < 470)
            {
                request.set(bytes(name()), value());
            }
            else if (kind < 510)
            {
                request.delete(bytes(name()));
            }
            else
            {
                boardRun(request, kind, i == 0);
            }
        }
    }

    private void boardRun(final RequestBuilder request, final int kind, final boolean isFirst)
    {
        if (kind >= 970)
        {
            if (isFirst)
            {
                rareCommand(request, kind);
            }
            return;
        }
        if (kind >= 870)
        {
            request.scoreByHandle(handle(memberHandle()), value());
            return;
        }
        if (isFirst)
        {
            onBoard(request);
        }
        if (kind < 830)
        {
            score(request);
        }
        else
        {
            request.remove(bytes(name()));
        }
    }

    /** With as many columns as the board has, most of the time. */
    private void score(final RequestBuilder request)
    {
        final int boardColumns = board == null ? 1 : board.spec.columnCount();
        final int columns = random.nextInt(25) == 0 ? random.nextInt(7) : boardColumns;
        if (columns == 1 && random.nextInt(4) > 0)
        {
            request.score(bytes(name()), value());
            return;
        }
        final long[] values = new long[columns];
        for (int i = 0; i < columns; i++)
        {
            values[i] = value();
        }
        request.scoreColumns(bytes(name()), values);
    }

    private long memberHandle()
    {
        final TwinBoard any = twin.state.boards.get(boardName());
        if (any == null || any.ranking.isEmpty() || any.spec.columnCount() > 1 && random.nextInt(10) > 0)
        {
            return 0;
        }
        return any.ranking.get(random.nextInt(any.ranking.size())).handle();
    }

    private void rareCommand(final RequestBuilder request, final int kind)
    {
        if (kind < 990)
        {
            request.create(bytes(boardName()), spec());
        }
        else if (kind < 993)
        {
            if (random.nextInt(6) == 0)
            {
                onBoard(request);
                request.drop();
            }
        }
        else if (kind < 996)
        {
            if (random.nextInt(6) == 0)
            {
                onBoard(request);
                request.reset();
            }
        }
        else
        {
            limit(request);
        }
    }

    private void onBoard(final RequestBuilder request)
    {
        final String name = boardName();
        board = twin.state.boards.get(name);
        if (random.nextInt(3) == 0)
        {
            request.onBoard(handle(board == null ? 0 : board.handle));
        }
        else
        {
            request.onBoard(bytes(name));
        }
    }

    private BoardSpec spec()
    {
        final int columns = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1 + random.nextInt(2);
        final BoardSpec spec = new BoardSpec(
            1 + random.nextInt(3),
            1 + random.nextInt(3),
            columns,
            random.nextInt(1 << columns),
            random.nextInt(4) == 0 ? random.nextInt(1001) : 0,
            random.nextInt(3) == 0 ? random.nextInt(40) : 0,
            COLUMN_NAMES[columns - 1]);
        switch (random.nextInt(40))
        {
            case 0:
                return new BoardSpec(0, 1, 1, 0, 0, 0, "points");

            case 1:
                return new BoardSpec(1, 4, 1, 0, 0, 0, "points");

            case 2:
                return new BoardSpec(1, 1, 5, 0, 0, 0, "a,b,c,d,e");

            case 3:
                return spec.ascending(16);

            case 4:
                return spec.capacity(-1);

            case 5:
                return spec.feedRows(1001);

            case 6:
                return new BoardSpec(1, 1, 2, 0, 0, 0, "same,same");

            case 7:
                return new BoardSpec(1, 1, 1, 0, 0, 0, "");

            default:
                return spec;
        }
    }

    /** Limits near what is in use, and far away again. */
    private void limit(final RequestBuilder request)
    {
        final int which = 1 + random.nextInt(5);
        if (random.nextInt(3) == 0)
        {
            request.limit(which, twin.state.used(which, twin.sessionCount()) + random.nextInt(12) - 2);
        }
        else if (random.nextInt(10) == 0)
        {
            request.limit(random.nextInt(9), value());
        }
        else
        {
            request.limit(which, 1_000_000);
        }
    }

    private long handle(final long good)
    {
        final int choice = random.nextInt(10);
        if (choice == 0)
        {
            return handles[random.nextInt(handles.length)];
        }
        if (choice == 1)
        {
            return good + (1L << random.nextInt(63));
        }
        handles[remembered++ & handles.length - 1] = good;
        return good;
    }

    private static byte[] bytes(final String name)
    {
        return name.getBytes(ISO_8859_1);
    }
}

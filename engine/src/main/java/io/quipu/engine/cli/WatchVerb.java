package io.quipu.engine.cli;

import io.quipu.transport.client.BoardDefinition.Column;
import io.quipu.transport.client.BoardInfo;
import io.quipu.transport.client.BoardView;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.FeedHandler;
import io.quipu.transport.client.FeedPosition;
import io.quipu.transport.client.FeedSubscriber;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.QuipuException;
import io.quipu.transport.client.Standing;
import io.quipu.transport.client.Standings;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows a board as it changes: first what a query answers, then what the engine publishes to everybody. Where no feed
 * arrives it asks once a second and says so. Goes on over restarts of the engine.
 */
@Command(
    name = "watch",
    description = {
        "Show a board as it changes, until Ctrl-C.",
        "A query first, then the multicast feed.",
        "On a terminal a live table; else each view that differs from the one before; with --json every view, one a line."})
final class WatchVerb extends RemoteVerb implements FeedHandler
{
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long ASK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(4);
    private static final int DEFAULT_ROWS = 100;

    @Parameters(index = "0", paramLabel = "BOARD")
    private String board;

    @Option(names = "--count", paramLabel = "N", description = "End after N views.")
    private Long count;

    @Option(names = "--feed", paramLabel = "CHANNEL", description = "As given to the engine; default: multicast on loopback.")
    private String feed;

    private WatchScreen screen;
    private long heardNs;
    private long askedNs;
    private long shown;
    private volatile boolean stopped;
    private int epoch;
    private long sequence = -1;

    @Override
    protected int run() throws IOException
    {
        if (count != null && count < 1)
        {
            throw VerbException.usage("--count=" + count + ": views to show, from 1");
        }
        try (QuipuClient client = QuipuClient.connect(clientContext().errorHandler(WatchVerb::ignore)))
        {
            final BoardInfo info = client.describe(board);
            final List<String> columns = info.definition().columns().stream().map(Column::name).toList();
            final int feedRows = info.definition().feedRows();
            try (Terminal terminal = terminal(); WatchScreen opened = WatchScreen.of(out(), terminal, board, columns))
            {
                screen = opened;
                ask(client, feedRows == 0 ? DEFAULT_ROWS : feedRows);
                follow(client, feedRows);
            }
        }
        return ExitCodes.GOOD;
    }

    @Override
    public void onBoardView(final FeedPosition position, final BoardView view)
    {
        heardNs = System.nanoTime();
        if (view.board().equals(board))
        {
            show(position.epoch(), position.sequence(), view.rows(), view.boardMembers(), true);
        }
    }

    @Override
    public void onBoardDropped(final FeedPosition position, final String dropped)
    {
        heardNs = System.nanoTime();
        if (dropped.equals(board) && isNews(position.epoch(), position.sequence()))
        {
            epoch = position.epoch();
            sequence = position.sequence();
            screen.dropped(epoch, sequence);
        }
    }

    @Override
    public void onHeartbeat(final FeedPosition position, final long durableSequence)
    {
        heardNs = System.nanoTime();
    }

    private void follow(final QuipuClient client, final int feedRows)
    {
        final ClientContext context = clientContext()
            .aeronDirectory(client.aeronDirectory()).feedChannel(feed).errorHandler(WatchVerb::ignore);
        heardNs = System.nanoTime();
        long drawnNs = System.nanoTime() - REDRAW_NS;
        try (FeedSubscriber subscriber = FeedSubscriber.subscribe(context, this).onlyBoard(board))
        {
            while (!stopped && (count == null || shown < count))
            {
                final int work = subscriber.poll();
                final long nowNs = System.nanoTime();
                final boolean isFed = feedRows > 0 && nowNs - heardNs < SILENCE_NS;
                if (!isFed && nowNs - askedNs > ASK_NS)
                {
                    ask(client, feedRows == 0 ? DEFAULT_ROWS : feedRows);
                }
                if (work > 0 || nowNs - drawnNs > REDRAW_NS)
                {
                    drawnNs = nowNs;
                    screen.status(status(client, isFed, feedRows));
                }
                if (work == 0)
                {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        }
    }

    /** Asks for the rows; an engine that does not answer is no reason to stop. */
    private void ask(final QuipuClient client, final int rows)
    {
        askedNs = System.nanoTime();
        if (sequence >= 0 && !client.isConnected())
        {
            return;
        }
        try
        {
            final Standings standings = client.top(board, rows);
            show(standings.epoch(), standings.sequence(), standings.rows(), standings.boardMembers(), false);
        }
        catch (final QuipuException ex)
        {
            if (sequence < 0)
            {
                throw ex;
            }
        }
    }

    private void show(
        final int ofEpoch, final long ofSequence, final List<Standing> rows, final long members, final boolean isFeed)
    {
        if (isNews(ofEpoch, ofSequence) && (count == null || shown < count))
        {
            epoch = ofEpoch;
            sequence = ofSequence;
            shown += screen.view(epoch, sequence, rows, members, isFeed) ? 1 : 0;
        }
    }

    private boolean isNews(final int ofEpoch, final long ofSequence)
    {
        return ofEpoch > epoch || (ofEpoch == epoch && ofSequence >= sequence);
    }

    private String status(final QuipuClient client, final boolean isFed, final int feedRows)
    {
        if (isFed)
        {
            return "live from the feed";
        }
        if (!client.isConnected())
        {
            return "the engine is silent; waiting for it";
        }
        return feedRows == 0 ? "not published (feed=0): asked once a second" : "no feed arrives: asked once a second";
    }

    /** The terminal, or null when there is none to draw on. */
    private Terminal terminal() throws IOException
    {
        if (json() || !QuipuTool.isTerminal("out"))
        {
            return null;
        }
        final Terminal terminal = TerminalBuilder.builder().system(true).build();
        terminal.handle(Terminal.Signal.INT, signal -> stopped = true);
        return terminal;
    }

    private static void ignore(final Throwable error)
    {
        // The screen says whether the engine is there; what failed meanwhile is tried again.
    }
}

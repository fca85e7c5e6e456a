package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.cli.FootballResults.Match;
import io.quipu.engine.recovery.Replay;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.BoardView;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.CounterValue;
import io.quipu.transport.client.FeedHandler;
import io.quipu.transport.client.FeedPosition;
import io.quipu.transport.client.FeedSubscriber;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.Request;
import io.quipu.transport.client.Standing;
import io.quipu.transport.client.Standings;
import io.quipu.transport.client.Status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The demo, step by step. Every match with a score becomes one ATOMIC request over UDP: points, goal difference and
 * goals for of both teams on the board of the season, and goal counters of the league and of both teams. Midway and at
 * the end the engine is killed with SIGKILL and started again on the same directory; tables and digest must be what
 * they were. The tables must also be those that plain Java works out ({@link LeagueTable}), and a replay of the journal
 * must end at the same digest. One thread.
 */
final class Demo
{
    private static final int MAX_TEAMS = 100;
    private static final int TRIES = 5;
    private static final long FEED_WAIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FEED_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int POINTS = 0;
    private static final int DIFF = 1;
    private static final int FOR = 2;

    private final Output out;
    private final Path dir;
    private final Path log;
    private final DemoStory story;
    private final Request request = new Request();
    private final Map<String, LeagueTable> tables = new LinkedHashMap<>();
    private final Map<String, Long> goals = new LinkedHashMap<>();
    private final List<Match> skipped = new ArrayList<>();
    private EngineProcess engine;
    private int sent;
    private boolean equal = true;

    /** A kill: where the engine stood before it, and what it said afterwards. */
    private record Crash(long sequence, String digest, String recoveredDigest)
    {
    }

    /**
     * @param out  where it tells.
     * @param base directory of its own, for the engine's directory and its log.
     */
    Demo(final Output out, final Path base)
    {
        this.out = out;
        this.dir = base.resolve("engine");
        this.log = base.resolve("engine.log");
        this.story = new DemoStory(out);
    }

    /**
     * Runs all of it.
     *
     * @return whether all held.
     * @throws IOException when a file or a process fails.
     */
    boolean run() throws IOException
    {
        final List<Match> matches = FootballResults.load();
        final int half = matches.size() / 2;
        story.begin(matches.size());
        engine = EngineProcess.start(dir, "localhost:0", log);
        try (QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            story.started(engine, dir);

            send(client, matches.subList(0, half));
            crash(client);
            send(client, matches.subList(half, matches.size()));
            final Crash last = crash(client);

            hear(client);
            final String replayDigest = replay(last.sequence());
            check(replayDigest.equals(last.digest()), "the replayed digest differs");
            story.replayed(last.sequence(), replayDigest);
            showTables(client);
            showResult(last, replayDigest);
            story.end(skipped, sent, last.digest(), equal);
        }
        finally
        {
            engine.close();
        }
        return equal;
    }

    /** Reads where the engine stands, kills it, starts it again on its directory, and compares. */
    private Crash crash(final QuipuClient client) throws IOException
    {
        for (int i = 0; i < TRIES; i++)
        {
            final Status before = client.status();
            compare(client);
            story.kill(engine, before.sequence(), before.digest());
            final String ingress = engine.ingress();
            engine.kill();
            engine.close();

            engine = EngineProcess.start(dir, ingress, log);
            final Status after = client.status();
            story.recovered(engine, after.sequence(), after.digest());
            // An engine may append an entry of its own between the reading and the kill; then both are done again.
            if (after.sequence() == before.sequence())
            {
                check(after.digest().equals(before.digest()), "the recovered digest differs");
                compare(client);
                return new Crash(before.sequence(), before.digest(), after.digest());
            }
        }
        throw VerbException.refused("DEMO", "the engine never stood still between a reading and its kill");
    }

    /** The engine sends every board to whoever listens, at least every 2 s: one of them must be what it is here. */
    private void hear(final QuipuClient client)
    {
        final Map.Entry<String, LeagueTable> table = List.copyOf(tables.entrySet()).get(tables.size() - 1);
        final ViewOfBoard heard = new ViewOfBoard();
        final ClientContext context =
            new ClientContext().engine(engine.ingress()).aeronDirectory(client.aeronDirectory());
        final long deadlineNs = System.nanoTime() + FEED_WAIT_NS;
        try (FeedSubscriber subscriber = FeedSubscriber.subscribe(context, heard).onlyBoard(table.getKey()))
        {
            while (heard.view == null && System.nanoTime() - deadlineNs < 0)
            {
                if (subscriber.poll() == 0)
                {
                    LockSupport.parkNanos(FEED_IDLE_NS);
                }
            }
        }
        // A machine may have no multicast; then nothing is claimed about it.
        check(heard.view == null || isSame(heard.view.rows(), table.getValue().standings()),
            "the published table of " + table.getKey() + " differs");
        story.heard(table.getKey(), heard.view);
    }

    /** The last view of the feed. */
    private static final class ViewOfBoard implements FeedHandler
    {
        private BoardView view;

        @Override
        public void onBoardView(final FeedPosition position, final BoardView newView)
        {
            view = newView;
        }
    }

    private void send(final QuipuClient client, final List<Match> matches)
    {
        for (final Match match : matches)
        {
            if (!match.hasScore())
            {
                skipped.add(match);
                continue;
            }
            final String board = match.division() + ' ' + match.season();
            if (!tables.containsKey(board))
            {
                tables.put(board, new LeagueTable(match.division(), match.season()));
                client.createBoard(BoardDefinition.named(board).columns("points:desc,diff:desc,for:desc"));
            }
            tables.get(board).play(match);
            count(match);
            final Reply reply = client.submit(request(board, match));
            if (reply.code() != ResultCode.OK)
            {
                throw VerbException.refused(reply.code().name(), match + " was refused");
            }
            sent++;
        }
        story.sent(sent, request.commandCount());
    }

    /** What the engine is to do with a match. */
    private Request request(final String board, final Match match)
    {
        final int home = match.homeGoals();
        final int away = match.awayGoals();
        return request.reset().atomic().form(ReplyForm.ACK)
            .board(board)
            .score(match.home(), LeagueTable.points(home, away), home - away, home)
            .score(match.away(), LeagueTable.points(away, home), away - home, away)
            .add(leagueCounter(match), home + away)
            .add(teamCounter(match.home()), home)
            .add(teamCounter(match.away()), away);
    }

    private void count(final Match match)
    {
        goals.merge(leagueCounter(match), (long)match.homeGoals() + match.awayGoals(), Long::sum);
        goals.merge(teamCounter(match.home()), (long)match.homeGoals(), Long::sum);
        goals.merge(teamCounter(match.away()), (long)match.awayGoals(), Long::sum);
    }

    /** The engine's tables and counters against those of plain Java. */
    private void compare(final QuipuClient client)
    {
        for (final Map.Entry<String, LeagueTable> table : tables.entrySet())
        {
            check(isSame(client.top(table.getKey(), MAX_TEAMS).rows(), table.getValue().standings()),
                "the table of " + table.getKey() + " differs");
        }
        final String[] names = goals.keySet().toArray(new String[0]);
        for (final CounterValue counter : client.get(names))
        {
            check(counter.value() == goals.get(counter.counter()), "the counter " + counter.counter() + " differs");
        }
        story.compared(tables.size(), names.length);
    }

    private void check(final boolean holds, final String otherwise)
    {
        if (!holds)
        {
            equal = false;
            story.wrong(otherwise);
        }
    }

    private String replay(final long sequence)
    {
        try (Replay replay = Replay.of(dir, sequence, RecoveryProgress.NONE))
        {
            return replay.digest();
        }
    }

    private void showTables(final QuipuClient client)
    {
        for (final Map.Entry<String, LeagueTable> table : tables.entrySet())
        {
            final Standings standings = client.top(table.getKey(), MAX_TEAMS);
            if (out.json())
            {
                showTable(table.getValue(), standings.rows());
            }
            else
            {
                story.table(table.getValue(), standings.rows());
            }
        }
    }

    private void showTable(final LeagueTable table, final List<Standing> rows)
    {
        out.object(
            (fields) ->
            {
                fields.writeStringField("table", table.division());
                fields.writeStringField("season", table.season());
                fields.writeArrayFieldStart("standings");
                for (final Standing row : rows)
                {
                    fields.writeStartObject();
                    fields.writeNumberField("rank", row.ordinal());
                    fields.writeStringField("team", row.member());
                    fields.writeNumberField("points", row.score()[POINTS]);
                    fields.writeNumberField("diff", row.score()[DIFF]);
                    fields.writeNumberField("for", row.score()[FOR]);
                    fields.writeEndObject();
                }
                fields.writeEndArray();
            });
    }

    private void showResult(final Crash last, final String replayDigest)
    {
        if (out.json())
        {
            out.object(
                (fields) ->
                {
                    fields.writeNumberField("matches", sent);
                    fields.writeNumberField("skipped", skipped.size());
                    fields.writeNumberField("sequence", last.sequence());
                    fields.writeStringField("digest", last.digest());
                    fields.writeStringField("recoveredDigest", last.recoveredDigest());
                    fields.writeStringField("replayDigest", replayDigest);
                    fields.writeBooleanField("equal", equal);
                });
        }
    }

    private static boolean isSame(final List<Standing> rows, final List<LeagueTable.Row> expected)
    {
        boolean same = rows.size() == expected.size();
        for (int i = 0; same && i < expected.size(); i++)
        {
            final Standing row = rows.get(i);
            final LeagueTable.Row other = expected.get(i);
            same = row.ordinal() == i + 1 && row.member().equals(other.team()) && row.score()[POINTS] == other.points() &&
                row.score()[DIFF] == other.diff() && row.score()[FOR] == other.goalsFor();
        }
        return same;
    }

    private static String leagueCounter(final Match match)
    {
        return "goals/" + match.division();
    }

    private static String teamCounter(final String team)
    {
        return "goals/team/" + team;
    }
}

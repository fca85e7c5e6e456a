package io.quipu.engine.cli;

import io.quipu.engine.cli.FootballResults.Match;
import io.quipu.transport.client.BoardView;
import io.quipu.transport.client.Standing;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the demo tells people while it goes on. With {@code --json} only the rules and what went wrong, on standard
 * error. Used by one thread.
 */
final class DemoStory
{
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle STEP = AttributedStyle.BOLD.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle KILL = AttributedStyle.BOLD.foreground(AttributedStyle.RED);
    private static final AttributedStyle GOOD = AttributedStyle.BOLD.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle GOLD = AttributedStyle.BOLD.foreground(AttributedStyle.YELLOW);

    private static final String RULES =
        "Tables go by points, goal difference, goals for, then who got there first;\n" +
            "points deductions and head-to-head rules are not applied.";
    private static final String SHOWN_WHOLE = "English Premier League 2015-16";
    private static final int LABEL_WIDTH = 9;
    private static final int DIGEST_SHOWN = 8;
    private static final double NS_PER_S = 1e9;

    private final Output out;
    private final TextTable champions = new TextTable()
        .words("season").words("league").words("champion").numbers("points").numbers("diff").numbers("for");
    private TextTable whole;
    private long stepNs = System.nanoTime();
    private int sentBefore;
    private String killedDigest = "";

    DemoStory(final Output out)
    {
        this.out = out;
    }

    void begin(final int matches)
    {
        if (out.json())
        {
            out.note(RULES.replace('\n', ' '));
            return;
        }
        line(GOLD, String.format(Locale.ROOT,
            "Quipu counts and ranks %,d football results, is killed twice, and forgets nothing.", matches));
        line(PLAIN, "Five leagues, 2013-14 to 2016-17, from OpenFootball, which is in the public domain.");
        line(PLAIN, RULES);
        line(PLAIN, "");
    }

    void started(final EngineProcess engine, final Path dir)
    {
        step(STEP, "engine", "process " + engine.pid() + " listens on UDP " + engine.ingress() + took());
        step(PLAIN, "", "its journal is in " + dir);
    }

    void sent(final int sent, final int commands)
    {
        step(STEP, "send", String.format(Locale.ROOT,
            "%,d matches%s, each one ATOMIC request of %d commands, answered once journaled%s",
            sent - sentBefore, sentBefore == 0 ? "" : " more", commands, took()));
        sentBefore = sent;
    }

    void compared(final int tables, final int counters)
    {
        step(STEP, "compare", tables + " tables and " + counters + " goal counters with what plain Java works out" + took());
    }

    void kill(final EngineProcess engine, final long sequence, final String digest)
    {
        killedDigest = digest;
        step(KILL, "kill -9", String.format(Locale.ROOT,
            "process %d, at sequence %,d, digest %s", engine.pid(), sequence, shown(digest)));
    }

    void recovered(final EngineProcess engine, final long sequence, final String digest)
    {
        step(GOOD, "recover", String.format(Locale.ROOT,
            "process %d read the journal: sequence %,d, digest %s, %s%s", engine.pid(), sequence, shown(digest),
            digest.equals(killedDigest) ? "the same" : "another", took()));
    }

    /** What came by multicast; null for nothing. */
    void heard(final String board, final BoardView view)
    {
        step(STEP, "feed", (view == null ?
            "no multicast reached this process; the table was asked for instead" :
            "the table of " + board + " came by multicast, " + view.rows().size() + " rows, as it must be") + took());
    }

    void replayed(final long sequence, final String digest)
    {
        step(GOOD, "replay", String.format(Locale.ROOT,
            "of the whole journal: sequence %,d, digest %s, %s%s", sequence, shown(digest),
            digest.equals(killedDigest) ? "the same" : "another", took()));
    }

    /** Takes a table for the end. */
    void table(final LeagueTable table, final List<Standing> rows)
    {
        final Standing first = rows.get(0);
        champions.row(
            table.season(), table.division(), first.member(), first.score()[0], first.score()[1], first.score()[2]);
        if (SHOWN_WHOLE.equals(table.division() + ' ' + table.season()))
        {
            whole = new TextTable().numbers("rank").words("team").numbers("points").numbers("diff").numbers("for");
            rows.forEach(row ->
                whole.row(row.ordinal(), row.member(), row.score()[0], row.score()[1], row.score()[2]));
        }
    }

    /** Something is not as it must be. */
    void wrong(final String what)
    {
        out.note("quipu demo: " + what);
    }

    void end(final List<Match> skipped, final int sent, final String digest, final boolean equal)
    {
        if (out.json())
        {
            return;
        }
        line(PLAIN, "");
        champions.print(out);
        if (whole != null)
        {
            line(PLAIN, "");
            line(GOLD, SHOWN_WHOLE);
            whole.print(out);
        }
        line(PLAIN, "");
        line(FAINT, "Skipped, without a score in the source:");
        skipped.forEach(match -> line(FAINT, "  " + match));
        line(PLAIN, "");
        line(equal ? GOOD : KILL, equal ?
            String.format(Locale.ROOT, "%,d matches, two kills, one digest: %s", sent, digest) :
            "Not everything is as it must be; see above.");
    }

    private String took()
    {
        final long nowNs = System.nanoTime();
        final String took = String.format(Locale.ROOT, " (%.1f s)", (nowNs - stepNs) / NS_PER_S);
        stepNs = nowNs;
        return took;
    }

    private static String shown(final String digest)
    {
        return digest.substring(0, DIGEST_SHOWN) + "…";
    }

    private void step(final AttributedStyle style, final String label, final String text)
    {
        if (!out.json())
        {
            out.line(new AttributedStringBuilder()
                .styled(style, label + " ".repeat(LABEL_WIDTH - label.length())).append(text).toAttributedString());
        }
    }

    private void line(final AttributedStyle style, final String text)
    {
        out.line(new AttributedStringBuilder().styled(style, text).toAttributedString());
    }
}

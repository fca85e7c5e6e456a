package io.quipu.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateVerbTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldShowTheStateAsItWasAtAnySequence()
    {
        final long seed = 20261122;
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> digests = new ArrayList<>();
        final List<Long> totals = new ArrayList<>();
        final List<Long> sequences = new ArrayList<>();
        long total = 0;
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().record();
            for (int i = 0; i < 50; i++)
            {
                for (int requests = random.nextInt(1, 4); requests > 0; requests--)
                {
                    final int delta = random.nextInt(-100, 100);
                    final String member = "m" + random.nextInt(20);
                    total += delta;
                    writer.request((r) -> r.add("total", delta).onBoard("b").score(member, delta, 1));
                }
                writer.record();
                sequences.add(writer.state().sequence());
                digests.add(writer.digest());
                totals.add(total);
            }
        }

        for (int i = 0; i < sequences.size(); i += 7)
        {
            final Quipu run = Quipu.run(
                "replay", "state", "--json", "--dir", dir, "--to", sequences.get(i), "--counter", "total");
            assertThat(run.exitCode()).as("seed %d: %s", seed, run.err()).isZero();
            assertThat(run.out()).containsExactly(
                "{\"counter\":\"total\",\"value\":" + totals.get(i) + "}",
                "{\"sequence\":" + sequences.get(i) + ",\"digest\":\"" + digests.get(i) + "\"}");
        }
        final int last = sequences.size() - 1;
        assertThat(Quipu.run("replay", "state", "--json", "--dir", dir).last()).isEqualTo(
            "{\"sequence\":" + sequences.get(last) + ",\"digest\":\"" + digests.get(last) + "\"}");
    }

    @Test
    void shouldShowBoardsAndRanks()
    {
        writeLeague();

        final Quipu then = Quipu.run(
            "replay", "state", "--json", "--dir", dir, "--to", 4, "--board", "epl", "--top", 5);
        assertThat(then.out()).hasSize(3).startsWith(
            "{\"rank\":1,\"competition\":1,\"dense\":1,\"member\":\"Leicester City\",\"score\":[3,2]}",
            "{\"rank\":2,\"competition\":2,\"dense\":2,\"member\":\"Arsenal\",\"score\":[1,0]}");
        assertThat(then.exitCode()).isZero();

        final Quipu now = Quipu.run("replay", "state", "--json", "--dir", dir, "--board", "epl",
            "--member", "Leicester City", "--member", "Chelsea");
        assertThat(now.out()).hasSize(3).startsWith(
            "{\"board\":\"epl\",\"members\":2,\"rank\":2,\"competition\":2,\"dense\":2,\"member\":\"Leicester City\"," +
            "\"score\":[3,2],\"ties\":1,\"percentile\":0}",
            "{\"error\":\"NOT_FOUND\",\"board\":\"epl\",\"member\":\"Chelsea\"}");
        assertThat(now.exitCode()).isEqualTo(1);

        final Quipu people = Quipu.run(
            "replay", "state", "--dir", dir, "--board", "epl", "--counter", "goals", "--parts");
        assertThat(String.join("\n", people.out())).contains(
            "counter  value\ngoals        3\n",
            "rank  shared  dense  member          points  diff\n" +
            "   1       1      1  Arsenal              7     4\n" +
            "   2       2      2  Leicester City       3     2\n",
            "board:epl",
            "sequence 6 of 2023-11-14T22:13:20.003Z, digest ");
    }

    @Test
    void shouldStopBehindTheRequestThatHoldsTheSequence()
    {
        writeLeague();
        final Quipu run = Quipu.run("replay", "state", "--json", "--dir", dir, "--to", 5, "--counter", "goals");
        assertThat(run.out()).first().isEqualTo("{\"counter\":\"goals\",\"value\":3}");
        assertThat(run.last()).startsWith("{\"sequence\":6,");
        final Quipu nothing = Quipu.run("replay", "state", "--json", "--dir", dir, "--to", 0, "--counter", "goals");
        assertThat(nothing.out()).first().isEqualTo("{\"counter\":\"goals\",\"value\":0}");
        assertThat(nothing.last()).startsWith("{\"sequence\":0,");
    }

    @Test
    void shouldRefuseWhatIsNotThere()
    {
        writeLeague();
        refused(1, "NOT_FOUND", "7", "state", "--dir", dir, "--to", 7);
        refused(1, "NO_SUCH_BOARD", "'liga'", "state", "--dir", dir, "--board", "liga");
        refused(1, "NO_SUCH_DIRECTORY", "nowhere", "state", "--dir", dir.resolve("nowhere"));
        refused(1, "NO_JOURNAL", dir.getParent().toString(), "state", "--dir", dir.getParent());
        refused(2, "USAGE", "-1", "state", "--dir", dir, "--to", "-1");
        refused(2, "USAGE", "x", "state", "--dir", dir, "--to", "x");
        refused(2, "USAGE", "--board", "state", "--dir", dir, "--top", 5);
        refused(2, "USAGE", "1001", "state", "--dir", dir, "--board", "epl", "--top", 1001);
        refused(2, "USAGE", "129 bytes", "state", "--dir", dir, "--counter", "x".repeat(129));
        refused(2, "USAGE", "0 bytes", "state", "--dir", dir, "--counter", "");
        refused(2, "USAGE", "--dir", "state");
    }

    private void writeLeague()
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.board("epl")).record();
            writer.request(Mode.ATOMIC, (r) -> r.onBoard("epl").score("Leicester City", 3, 2).score("Arsenal", 1, 0))
                .record();
            writer.request((r) -> r.onBoard("epl").score("Arsenal", 6, 4).add("goals", 3)).record();
        }
    }

    private static void refused(final int exitCode, final String error, final String named, final Object... args)
    {
        final Object[] words = new Object[args.length + 2];
        words[0] = "replay";
        System.arraycopy(args, 0, words, 1, args.length);
        words[args.length + 1] = "--json";
        final Quipu run = Quipu.run(words);
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode);
        assertThat(run.last()).startsWith("{\"error\":\"" + error + "\"");
        assertThat(run.err()).contains(named).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
    }
}

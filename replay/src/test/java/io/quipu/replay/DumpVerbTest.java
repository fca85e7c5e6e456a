package io.quipu.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.ingress.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpVerbTest
{
    @TempDir
    private Path dir;

    @BeforeEach
    void write()
    {
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.session().request((r) -> r.board("epl")).record();
            writer.request(Mode.ATOMIC, (r) -> r.onBoard("epl").score("Leicester City", 3, 2).add("page:/home", -1))
                .record();
            writer.request((r) -> r.set("a \"b\" \u001b", 5).onBoard("epl").remove("nobody")).record();
        }
        try (JournalWriter writer = new JournalWriter(dir))
        {
            writer.request((r) -> r.add("ü", Long.MIN_VALUE)).record();
        }
    }

    @Test
    void shouldPrintOneLineAnEntry()
    {
        final Quipu run = Quipu.run("replay", "dump", "--dir", dir);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsExactly(
            "1 2023-11-14T22:13:20.001Z session 1: session-open",
            "2 2023-11-14T22:13:20.001Z session 1 request 1: " +
            "board epl columns=points:desc,diff:desc op=sum ties=first feed=100",
            "3 2023-11-14T22:13:20.002Z session 1 request 2 atomic: score epl \"Leicester City\" 3,2",
            "4 2023-11-14T22:13:20.002Z session 1 request 2 atomic: add page:/home -1",
            "5 2023-11-14T22:13:20.003Z session 1 request 3: set \"a \\\"b\\\" \\u001b\" 5",
            "6 2023-11-14T22:13:20.003Z session 1 request 3: remove epl nobody",
            "7 2023-11-14T22:13:20.005Z session 1 request 4: add ü -9223372036854775808");
    }

    @Test
    void shouldPrintOneObjectAnEntry()
    {
        final Quipu run = Quipu.run("replay", "dump", "--json", "--dir", dir, "--from", 2, "--to", 3);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsExactly(
            "{\"sequence\":2,\"timeNs\":1700000000001000000,\"epoch\":1,\"session\":1,\"request\":1,\"index\":0," +
            "\"atomic\":false,\"command\":\"board\",\"board\":\"epl\",\"columns\":\"points:desc,diff:desc\"," +
            "\"op\":\"sum\",\"ties\":\"first\",\"capacity\":0,\"feed\":100}",
            "{\"sequence\":3,\"timeNs\":1700000000002000000,\"epoch\":1,\"session\":1,\"request\":2,\"index\":0," +
            "\"atomic\":true,\"command\":\"score\",\"board\":\"epl\",\"member\":\"Leicester City\",\"score\":[3,2]}");
    }

    @Test
    void shouldRefuseRangesThatAreNotThere()
    {
        assertThat(Quipu.run("replay", "dump", "--dir", dir, "--from", 0).exitCode()).isEqualTo(2);
        assertThat(Quipu.run("replay", "dump", "--dir", dir, "--from", 3, "--to", 2).exitCode()).isEqualTo(2);
        assertThat(Quipu.run("replay", "dump", "--dir", dir, "--from", 8).exitCode()).isEqualTo(1);
    }

    @Test
    void shouldDescribeTheJournal()
    {
        final Quipu run = Quipu.run("replay", "describe", "--json", "--dir", dir);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).hasSize(1);
        assertThat(run.last())
            .contains("\"verdict\":\"CLEAN\"", "\"records\":6", "\"firstSequence\":1,\"sequence\":7", "\"epoch\":2")
            .contains("\"epochs\":[{\"epoch\":1,\"continuesSequence\":0,")
            .contains("{\"epoch\":2,\"continuesSequence\":6,\"timeNs\":1700000000004000000,\"engineVersion\":\"test\",")
            .endsWith("\"entries\":{\"add\":2,\"board\":1,\"remove\":1,\"score\":1,\"session-open\":1,\"set\":1}}");

        final Quipu people = Quipu.run("replay", "describe", "--dir", dir);
        assertThat(String.join("\n", people.out())).contains("verdict", "CLEAN", "1..7", "2023-11-14T22:13:20.001Z");
    }

    @Test
    void shouldShowHelp()
    {
        for (final String verb : new String[]{ "describe", "verify", "dump", "state" })
        {
            final Quipu run = Quipu.run("replay", verb, "--help");
            assertThat(run.exitCode()).isZero();
            assertThat(run.last()).isNotEmpty();
            assertThat(String.join("\n", run.out())).contains("--dir", "--to", "--json");
        }
        assertThat(Quipu.run("replay").out()).isNotEmpty();
    }
}

package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The verbs against a running engine: what they say to people and to programs. */
class VerbsTest
{
    @TempDir
    private static Path directory;
    private static EngineNode engine;

    private final Captured captured = new Captured();

    @BeforeAll
    static void startEngine()
    {
        engine = EngineNode.launch(
            new EngineContext().dir(directory.resolve("engine")).ingress("localhost:0").log(line -> {}));
    }

    @AfterAll
    static void stopEngine()
    {
        engine.close();
    }

    @BeforeEach
    void askThisEngine()
    {
        captured.environment().put(RemoteVerb.ENGINE_VARIABLE, engine.ingress());
    }

    @Test
    void shouldCount()
    {
        good("3\n", "add", "page:/home", "3");
        good("4\n", "add", "page:/home");
        good("{\"counter\":\"page:/home\",\"value\":-1}\n", "add", "page:/home", "-5", "--json");
        good("{\"counter\":\"page:/home\",\"value\":-1}\n{\"counter\":\"page:/none\",\"value\":0}\n",
            "get", "page:/home", "page:/none", "--json");
        good("0\n", "get", "page:/none");
        good("7\n", "set", "page:/home", "7");
        good("{\"counter\":\"page:/home\",\"value\":10,\"applied\":3}\n",
            "add", "page:/home", "5", "--max", "10", "--saturate", "--json");
        good("-5 (-15 of -20 applied)\n", "add", "page:/home", "-20", "--min", "-5", "--saturate");
        good("-5\tpage:/home\n", "counters", "page:/h");
        good("{\"counter\":\"page:/home\",\"value\":-5}\n", "counters", "page:", "--json");
        good("-5\n", "delete", "page:/home");
        good("", "counters", "page:");
    }

    @Test
    void shouldRankByColumnsInOrder()
    {
        good("epl  columns=points:desc,diff:desc,for:desc op=sum ties=first capacity=0 feed=100  members=0\n",
            "board", "epl", "columns=points:desc,diff:desc,for:desc");
        good("3,2,4  rank 1, new\n", "score", "epl", "Leicester City", "3,2,4");
        good("{\"board\":\"epl\",\"member\":\"Arsenal\",\"score\":[3,-2,4],\"oldRank\":0,\"newRank\":2}\n",
            "score", "epl", "Arsenal", "3,-2,4", "--json");
        good("0,0,0  rank 3, new\n", "score", "epl", "Norwich", "0,0,0");
        good("6,3,8  rank 1, was 2\n", "score", "epl", "Arsenal", "3,5,4");

        final String arsenal = "{\"rank\":1,\"competition\":1,\"dense\":1,\"member\":\"Arsenal\",\"score\":[6,3,8]}\n";
        final String leicester =
            "{\"rank\":2,\"competition\":2,\"dense\":2,\"member\":\"Leicester City\",\"score\":[3,2,4]}\n";
        final String norwich = "{\"rank\":3,\"competition\":3,\"dense\":3,\"member\":\"Norwich\",\"score\":[0,0,0]}\n";
        good(arsenal + leicester, "top", "epl", "2", "--json");
        good(norwich, "page", "epl", "2", "--json");
        good(leicester + norwich, "around", "epl", "Norwich", "2", "--json");
        good(arsenal + leicester, "range", "epl", "..", "3", "--json");
        good(leicester, "range", "epl", "(6", "1", "--json");
        good("2\n", "count", "epl", "5,9");
        good("{\"board\":\"epl\",\"count\":3,\"members\":3}\n", "count", "epl", "--json");
        good("{\"board\":\"epl\",\"members\":3,\"rank\":2,\"competition\":2,\"dense\":2,\"ties\":1,\"percentile\":333333," +
            "\"member\":\"Leicester City\",\"score\":[3,2,4]}\n", "rank", "epl", "Leicester City", "--json");

        assertThat(captured.run("top", "epl")).isZero();
        assertThat(captured.out()).startsWith(
            "rank  shared  dense  member          points  diff  for\n" +
                "   1       1      1  Arsenal              6     3    8\n" +
                "   2       2      2  Leicester City       3     2    4\n" +
                "   3       3      3  Norwich              0     0    0\n" +
                "3 of 3 members, sequence ");

        good("{\"board\":\"epl\",\"member\":\"Norwich\",\"score\":[0,0,0]}\n", "remove", "epl", "Norwich", "--json");
        good("{\"board\":\"epl\",\"columns\":\"points:desc,diff:desc,for:desc\",\"op\":\"sum\",\"ties\":\"first\"," +
            "\"capacity\":0,\"feed\":100,\"members\":2}\n", "boards", "ep", "--json");
        good("epl reset\n", "reset", "epl");
        good("{\"board\":\"epl\",\"dropped\":true}\n", "drop", "epl", "--json");
        good("", "boards", "ep");
    }

    @Test
    void shouldKeepMissingMembersApart()
    {
        good("{\"board\":\"runs\",\"columns\":\"time:asc\",\"op\":\"best\",\"ties\":\"latest\",\"capacity\":10,\"feed\":0," +
            "\"members\":0}\n",
            "board", "runs", "columns=time:asc", "op=best", "ties=latest", "capacity=10", "feed=0", "--json");
        good("61  rank 1, new\n", "score", "runs", "Ada", "61");

        assertThat(captured.run("rank", "runs", "Ada", "Nobody", "--json")).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.out().lines()).hasSize(2).last()
            .isEqualTo("{\"error\":\"NOT_FOUND\",\"board\":\"runs\",\"member\":\"Nobody\"}");
        assertThat(captured.err()).isEqualTo(
            "quipu rank: there is no member 'Nobody' on board 'runs'; ./quipu top lists who is\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "add full 1                        | OVERFLOW            | full",
        "add ''                            | BAD_NAME            | 0 bytes",
        "add NAME129                       | BAD_NAME            | 129 bytes",
        "delete nothing                    | NOT_FOUND           | nothing",
        "top nowhere                       | NO_SUCH_BOARD       | nowhere",
        "watch nowhere                     | NO_SUCH_BOARD       | nowhere",
        "score nowhere Ada 1               | NO_SUCH_BOARD       | nowhere",
        "around one Nobody                 | NOT_FOUND           | Nobody",
        "remove one Nobody                 | NOT_FOUND           | Nobody",
        "score one Ada 1,2                 | WRONG_COLUMNS       | one",
        "score one Full 1                  | OVERFLOW            | Full",
        "board one op=last                 | BOARD_EXISTS        | one",
        "board both op=sum capacity=5      | BAD_DEFINITION      | both",
        "board twice columns=a:asc,a:desc  | BAD_DEFINITION      | twice",
        "add n 5 --min 3 --max 1           | BAD_BOUNDS          | n",
        "add n 5 --max 1                   | OUT_OF_BOUNDS       | n",
        "limits set names 1                | BAD_LIMIT           | 1",
    })
    void shouldRefuseInOneLineThatNamesTheValue(final String line, final String error, final String named)
    {
        captured.run("set", "full", Long.toString(Long.MAX_VALUE));
        captured.run("board", "one");
        captured.run("set", "n", "0");
        captured.run("reset", "one");
        captured.run("score", "one", "Full", Long.toString(Long.MAX_VALUE));
        final String[] args = (line + " --json").replace("NAME129", "x".repeat(129)).split(" +");
        for (int i = 0; i < args.length; i++)
        {
            args[i] = "''".equals(args[i]) ? "" : args[i];
        }

        assertThat(captured.run(args)).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.out()).startsWith("{\"error\":\"" + error + "\",\"message\":\"");
        assertThat(captured.err()).startsWith("quipu " + args[0]).contains(error.equals("BAD_NAME") ? named : error, named);
        assertThat(captured.err().lines()).hasSize(1);
        assertThat(captured.err()).doesNotContain("Exception");
    }

    @Test
    void shouldShowStatusAndLimits()
    {
        assertThat(captured.run("status", "--json")).isZero();
        assertThat(captured.out()).matches("(?s)\\{\"sequence\":\\d+,\"durableSequence\":\\d+,\"epoch\":1," +
            "\"digest\":\"[0-9a-f]{32}\",\"timeNs\":\\d+,\"parts\":\\{\"names\":\"[0-9a-f]{32}\".*\\}\n")
            .contains("\"sessions\":", "\"rejects\":{", "\"journalBytes\":", "\"freeBytes\":", "\"commandsPerSecond\":");
        assertThat(captured.out()).containsOnlyOnce("\"epoch\"");

        assertThat(captured.run("status")).isZero();
        assertThat(captured.out()).contains("sequence", "digest of", "everything");

        assertThat(captured.run("limits", "show", "--json")).isZero();
        assertThat(captured.out()).contains("{\"limit\":\"sessions\",\"value\":16384,\"used\":");
        good("boards 99999\n", "limits", "set", "boards", "99999");
    }

    @Test
    void shouldChangeNothingByAsking()
    {
        captured.run("status", "--json");
        final String before = sequenceAndDigest();
        for (int i = 0; i < 3; i++)
        {
            captured.run("get", "whatever");
            captured.run("counters");
            captured.run("boards");
            captured.run("limits", "show");
        }

        captured.run("status", "--json");
        assertThat(sequenceAndDigest()).isEqualTo(before);
    }

    @Test
    void shouldWatchFromAQueryThenFromTheFeed()
    {
        captured.run("board", "live", "columns=points");
        captured.run("score", "live", "Ada", "3");

        assertThat(captured.run("watch", "live", "--count", "2", "--json")).isZero();

        assertThat(captured.out().lines()).hasSize(2).allSatisfy(line -> assertThat(line)
            .contains("\"board\":\"live\"", "\"members\":1", "\"member\":\"Ada\",\"score\":[3]"));
        assertThat(captured.out().lines()).first().asString().contains("\"source\":\"query\"");
    }

    private String sequenceAndDigest()
    {
        return captured.out().replaceAll("(?s)\\{(\"sequence\":\\d+).*(\"digest\":\"\\w{32}\").*", "$1 $2");
    }

    private void good(final String expected, final String... args)
    {
        assertThat(captured.run(args)).as("exit code of %s: %s", String.join(" ", args), captured.err()).isZero();
        assertThat(captured.out()).isEqualTo(expected);
        assertThat(captured.err()).isEmpty();
    }
}

package io.quipu.engine.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What needs no engine: how a command line is read, and what is said about one that cannot be. */
class CommandLineTest
{
    private final Captured captured = new Captured();

    @BeforeEach
    void noEngineAnswers()
    {
        captured.environment().put(RemoteVerb.ENGINE_VARIABLE, "localhost:1");
    }

    @Test
    void shouldShowTheHelpWhenCalledBare()
    {
        assertThat(captured.run()).isEqualTo(ExitCodes.GOOD);
        assertThat(captured.out()).startsWith("Usage: ./quipu VERB").contains("demo", "engine", "load", "Exit codes: 0 good");
        assertThat(captured.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(captured.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "demo", "engine", "load", "add", "set", "get", "delete", "counters", "board", "boards", "drop", "reset", "score",
        "remove", "rank", "top", "page", "around", "range", "count", "watch", "status", "limits", "limits show", "limits set"})
    void shouldExplainEachVerb(final String verb)
    {
        final String[] args = (verb + " --help").split(" ");

        assertThat(captured.run(args)).isEqualTo(ExitCodes.GOOD);
        assertThat(captured.out()).startsWith("Usage: quipu " + verb);
        assertThat(captured.out().lines()).allMatch(line -> line.length() <= 110);
        assertThat(captured.err()).isEmpty();
    }

    @Test
    void shouldTellItsVersion()
    {
        assertThat(captured.run("--version")).isEqualTo(ExitCodes.GOOD);
        assertThat(captured.out()).matches("(?s)quipu \\d+\\.\\d+\\.\\d+\\S*\nJava .*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "launch                          | unknown verb 'launch'; ",
        "add                             | 'COUNTER'",
        "add hits twelve                 | DELTA: 'twelve' is not a whole number",
        "add hits 1.5                    | DELTA: '1.5' is not a whole number",
        "add hits 9223372036854775808    | DELTA: '9223372036854775808' is not a whole number",
        "add hits 1 2                    | '2'",
        "add hits --jsno                 | '--jsno'",
        "add hits 1 --saturate           | --saturate needs a bound",
        "add hits 1 --ack=quorum         | --ack: expected one of",
        "set hits                        | 'VALUE'",
        "get                             | 'COUNTER'",
        "score epl Leicester 3,x         | 'x' in '3,x' is not a whole number",
        "score epl Leicester 1,2,3,4,5   | '1,2,3,4,5' has 5 columns",
        "board epl op=max                | op=max: the operator is sum, best or last",
        "board epl columns=points:up     | columns=points:up: write 1 to 4 columns",
        "board epl capacity=-1           | capacity=-1: expected a whole number",
        "board epl depth=3               | 'depth=3' is no board option",
        "top epl 0                       | N=0: one answer has 1 to 1000 rows",
        "top epl 1001                    | N=1001: one answer has 1 to 1000 rows",
        "page epl -1                     | OFFSET=-1",
        "range epl 1 x                   | 'x' in 'x' is not a whole number",
        "watch epl --count=0             | --count=0",
        "limits set colours 5            | there is no limit 'colours'",
        "status --engine=nowhere         | --engine=nowhere: write HOST:PORT",
        "load - --retry=soon             | --retry=soon: write a time",
        "engine                          | '--dir=DIR'",
        "engine --dir d --sync-interval 5| --sync-interval=5: write a time",
        "engine --dir d --idle sleep     | --idle: expected one of",
    })
    void shouldNameWhatIsWrongInOneLine(final String line, final String expected)
    {
        assertThat(captured.run(line.trim().split(" +"))).isEqualTo(ExitCodes.USAGE);
        assertThat(captured.err()).contains(expected).startsWith("quipu");
        assertThat(captured.err().lines()).hasSize(1);
        assertThat(captured.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tpo, top", "staus, status", "addd, add", "lead, load", "laod, load"})
    void shouldKnowASlip(final String typed, final String meant)
    {
        assertThat(captured.run(typed)).isEqualTo(ExitCodes.USAGE);
        assertThat(captured.err()).contains("unknown verb '" + typed + "': did you mean " + meant + "?");
    }

    @Test
    void shouldAlsoSayItToPrograms()
    {
        assertThat(captured.run("add", "hits", "twelve", "--json")).isEqualTo(ExitCodes.USAGE);
        assertThat(captured.out()).startsWith("{\"error\":\"USAGE\",\"message\":\"DELTA: 'twelve' is not");
        assertThat(captured.out().lines()).hasSize(1);
    }

    @Test
    void shouldTakeNegativeNumbersAsArguments()
    {
        final ParseResult add = parse("add", "hits", "-5", "--json");
        assertThat(add.matchedPositionalValue(1, 0L)).isEqualTo(-5L);
        assertThat(add.hasMatchedOption("--json")).isTrue();

        assertThat(parse("add", "hits", "-9223372036854775808", "--min", "-7").<Long>matchedOptionValue("--min", 0L))
            .isEqualTo(-7L);
        assertThat(parse("score", "epl", "Leicester City", "-3,-2,-4").<String>matchedPositionalValue(2, ""))
            .isEqualTo("-3,-2,-4");
        assertThat(parse("get", "--", "--odd").<String[]>matchedPositionalValue(0, null)).containsExactly("--odd");
    }

    @Test
    void shouldReadScoresAndTimes()
    {
        assertThat(Scores.parse("-1,0,9223372036854775807")).containsExactly(-1, 0, Long.MAX_VALUE);
        assertThat(Scores.text(new long[]{3, -2})).isEqualTo("3,-2");
        assertThat(Durations.parseNs("--retry", "60s")).isEqualTo(60_000_000_000L);
        assertThat(Durations.parseNs("--retry", "250us")).isEqualTo(250_000L);
        assertThatThrownBy(() -> Durations.parseNs("--retry", "-1s")).isInstanceOf(VerbException.class);
    }

    @Test
    void shouldSayWhichFileIsMissing()
    {
        assertThat(captured.run("load", "/nowhere/commands.txt", "--strict", "--json")).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.err()).contains("/nowhere/commands.txt");
        assertThat(captured.out()).startsWith("{\"error\":\"NO_SUCH_FILE\"");
    }

    @Test
    void shouldWriteNamesAsUtf8()
    {
        assertThat(captured.run("limits", "set", "größe", "1")).isEqualTo(ExitCodes.USAGE);
        assertThat(captured.errBytes()).contains("größe".getBytes(StandardCharsets.UTF_8));
    }

    private static ParseResult parse(final String... args)
    {
        final CommandLine commandLine = new CommandLine(new Captured().tool());
        Verbs.addTo(commandLine, args);
        Arguments.configure(commandLine);
        return commandLine.parseArgs(args).subcommand();
    }
}

package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Command files against a running engine. */
class LoadTest
{
    private static final String MIXED = """
        # the first three are good
        add hits
        add "page views" -3     # of no bytes
        board epl columns=points:desc,diff:desc
        rubbish
        add hits x
        score epl "Leicester City" 3,1

        score epl Arsenal 3
        remove epl Nobody
        begin
        score epl Arsenal 1,0
        add hits 10
        end
        begin
        add hits 100
        set full 9223372036854775807
        add full 1
        end
        begin
        add hits 1000
        oops
        end
        end
        add hits 5 max=3
        add hits 10000
        begin
        add hits 100000
        """;

    @TempDir
    private Path directory;
    private EngineNode engine;
    private final Captured captured = new Captured();

    @BeforeEach
    void startEngine()
    {
        engine = launch();
        captured.environment().put(RemoteVerb.ENGINE_VARIABLE, engine.ingress());
    }

    @AfterEach
    void stopEngine()
    {
        engine.close();
    }

    @Test
    void shouldLoadGoodLinesAndReportBadOnes() throws IOException
    {
        assertThat(captured.run("load", file(MIXED), "--json")).isEqualTo(ExitCodes.REFUSED);

        assertThat(captured.out()).matches("\\{\"applied\":7,\"rejected\":13,\"reasons\":" +
            "\\{\"ATOMIC\":4,\"BAD_LINE\":5,\"NOT_FOUND\":1,\"OUT_OF_BOUNDS\":1,\"OVERFLOW\":1,\"WRONG_COLUMNS\":1}," +
            "\"seconds\":[0-9.]+}\n");
        assertThat(captured.err().lines().map(line -> line.replaceAll(":.*", ""))).containsExactlyInAnyOrder(
            "line 5", "line 6", "line 9", "line 10", "line 18", "line 22", "line 20", "line 24", "line 25", "line 27",
            "line 27");
        assertThat(captured.err()).contains("line 18: OVERFLOW", "lines 16 to 18, is refused as a whole");
        assertThat(value("hits")).isEqualTo("10011");
        assertThat(value("page views")).isEqualTo("-3");
        assertThat(value("full")).isEqualTo("0");
        captured.run("top", "epl", "--json");
        assertThat(captured.out()).isEqualTo(
            "{\"rank\":1,\"competition\":1,\"dense\":1,\"member\":\"Leicester City\",\"score\":[3,1]}\n" +
                "{\"rank\":2,\"competition\":2,\"dense\":2,\"member\":\"Arsenal\",\"score\":[1,0]}\n");
    }

    @Test
    void shouldSendNothingOfAFileWithABadLineWhenStrict() throws IOException
    {
        assertThat(captured.run("load", file("add hits 1\nadd hits x\n"), "--strict")).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.err()).contains("line 2: 'x' is not a whole number", "nothing was sent");
        assertThat(value("hits")).isEqualTo("0");

        assertThat(captured.run("load", file("add hits 1\ndelete nothing\n"), "--strict")).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.err()).contains("line 2: NOT_FOUND");
    }

    @Test
    void shouldReadStandardInput()
    {
        captured.in("add hits 2\nadd hits 3");
        assertThat(captured.run("load", "-", "--json")).isZero();
        assertThat(captured.out()).startsWith("{\"applied\":2,\"rejected\":0,\"reasons\":{},\"seconds\":");
        assertThat(value("hits")).isEqualTo("5");
    }

    @Test
    void shouldKeepNamesOfAnyBytes() throws IOException
    {
        final Path path = directory.resolve("bytes.txt");
        Files.write(path, "add \"\u00ff\u00fe\" 1\ndelete \u00ff\u00ff\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(captured.run("load", path.toString())).isEqualTo(ExitCodes.REFUSED);

        assertThat(captured.err()).startsWith("line 2: NOT_FOUND");
    }

    @Test
    void shouldCountALineOnceHoweverOftenItIsLoadedWithTheSameResumeFile() throws IOException
    {
        final String file = file("add hits 1\n".repeat(1_000) + "add hits x\n");
        final String resume = directory.resolve("resume").toString();

        assertThat(captured.run("load", file, "--resume", resume, "--json")).isEqualTo(ExitCodes.REFUSED);
        final String first = captured.out();
        assertThat(captured.run("load", file, "--resume", resume, "--json")).isEqualTo(ExitCodes.REFUSED);

        assertThat(captured.out()).isEqualTo(first).contains("\"applied\":1000,\"rejected\":1,\"reasons\":{\"BAD_LINE\":1}");
        assertThat(captured.err()).contains("all of it is loaded");
        assertThat(value("hits")).isEqualTo("1000");
    }

    @Test
    void shouldRefuseAnotherFileUnderTheSameResumeFile() throws IOException
    {
        final String resume = directory.resolve("resume").toString();
        captured.run("load", file("add hits 1\n"), "--resume", resume);

        assertThat(captured.run("load", file("add hits 1\nadd hits 2\n"), "--resume", resume))
            .isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.err()).contains("is not the file that was being loaded");
        assertThat(value("hits")).isEqualTo("1");
    }

    @Test
    void shouldCutAFileInTheSamePlacesEachTime() throws IOException
    {
        final String file = file(MIXED + "add hits\n".repeat(300));
        final StringBuilder cuts = new StringBuilder();
        for (int i = 0; i < 2; i++)
        {
            final StringBuilder again = new StringBuilder();
            final LoadBatch batch = new LoadBatch();
            try (CommandFile commands = new CommandFile(
                new LineReader(Files.newInputStream(Path.of(file)), i == 1), 10, false, (line, offset, reason, text) -> {}))
            {
                for (int step = commands.next(batch); step != CommandFile.END; step = commands.next(batch))
                {
                    if (step == CommandFile.BATCH)
                    {
                        again.append(batch.commands()).append('@').append(batch.offset()).append(' ');
                        batch.clear();
                    }
                }
            }
            assertThat(i == 0 ? again.toString() : cuts.toString()).isEqualTo(again.toString());
            cuts.setLength(0);
            cuts.append(again);
        }
        assertThat(cuts.toString()).startsWith("6@").contains(" 2@");
    }

    @Test
    void shouldGiveUpOnAnEngineThatStaysAwayAndGoOnLater() throws IOException
    {
        final String file = file("add hits 1\n".repeat(500));
        final String resume = directory.resolve("resume").toString();
        engine.close();
        assertThat(captured.run("load", file, "--resume", resume, "--json")).isEqualTo(ExitCodes.REFUSED);
        assertThat(captured.out()).startsWith("{\"error\":\"UNREACHABLE\"");

        engine = launch();
        captured.environment().put(RemoteVerb.ENGINE_VARIABLE, engine.ingress());
        assertThat(captured.run("load", file, "--resume", resume)).isZero();
        assertThat(value("hits")).isEqualTo("500");
    }

    private EngineNode launch()
    {
        return EngineNode.launch(
            new EngineContext().dir(directory.resolve("engine")).ingress("localhost:0").log(line -> {}));
    }

    private String value(final String counter)
    {
        assertThat(captured.run("get", counter)).isZero();
        return captured.out().strip();
    }

    private String file(final String text) throws IOException
    {
        final Path path = directory.resolve("commands.txt");
        Files.writeString(path, text);
        return path.toString();
    }
}

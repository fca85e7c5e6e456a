package io.quipu.engine.cli;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** How an engine starts and ends as a verb. */
class EngineVerbTest
{
    private static final int LOCKED = 69;

    @TempDir
    private Path directory;

    private final Captured captured = new Captured();

    @Test
    void shouldStartSayReadyAndEndInOrderOnSigterm() throws IOException
    {
        final Path log = directory.resolve("log");
        try (EngineProcess engine = EngineProcess.start(directory.resolve("engine"), "localhost:0", log))
        {
            captured.environment().put(RemoteVerb.ENGINE_VARIABLE, engine.ingress());
            assertThat(captured.run("add", "hits")).isZero();
            assertThat(engine.stop()).isZero();
        }
        assertThat(log).content().contains("SIGTERM").contains("stopped sequence=").doesNotContain("\tat ");
    }

    @Test
    void shouldSayReadyToPrograms() throws Exception
    {
        final String dir = directory.resolve("an engine").toString();
        final Process engine = new ProcessBuilder(
            EngineProcess.command("engine", "--dir", dir, "--ingress", "localhost:0", "--feed", "off", "--json"))
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(engine.getInputStream())))
        {
            assertThat(reader.readLine()).matches("\\{\"ingress\":\"localhost:\\d+\",\"feed\":\"off\",\"dir\":\"" +
                Pattern.quote(dir) + "\",\"sequence\":0,\"digest\":\"[0-9a-f]{32}\"}");
        }
        finally
        {
            engine.destroy();
            assertThat(engine.waitFor()).isZero();
        }
    }

    @Test
    void shouldRefuseWhatAnotherEngineHas()
    {
        final Path dir = directory.resolve("engine");
        try (EngineNode running = EngineNode.launch(new EngineContext().dir(dir).ingress("localhost:0").log(line -> {})))
        {
            assertThat(captured.run("engine", "--dir", dir.toString(), "--ingress", "localhost:0")).isEqualTo(LOCKED);
            refusedInOneLine(dir.toString());

            final String other = directory.resolve("other").toString();
            assertThat(captured.run("engine", "--dir", other, "--ingress", running.ingress())).isEqualTo(ExitCodes.REFUSED);
            refusedInOneLine(running.ingress().substring(running.ingress().indexOf(':') + 1));
        }
    }

    @Test
    void shouldRefuseADirectoryThatCannotBe() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "mine");

        assertThat(captured.run("engine", "--dir", file.toString(), "--ingress", "localhost:0"))
            .isEqualTo(ExitCodes.REFUSED);
        refusedInOneLine(file.toString());
        assertThat(captured.run("engine", "--dir", "/proc/quipu", "--ingress", "localhost:0", "--json"))
            .isEqualTo(ExitCodes.REFUSED);
        refusedInOneLine("/proc/quipu");
        assertThat(captured.out()).startsWith("{\"error\":\"");
        assertThat(file).hasContent("mine");
    }

    @Test
    void shouldNotOpenToTheWorldUnasked()
    {
        final String dir = directory.resolve("engine").toString();

        assertThat(captured.run("engine", "--dir", dir, "--ingress", "0.0.0.0:0")).isNotZero();

        refusedInOneLine("--allow-unauthenticated");
    }

    @Test
    void shouldRefuseAWayOfThreadsThatThereIsNot()
    {
        final String dir = directory.resolve("engine").toString();

        assertThat(captured.run("engine", "--dir", dir, "--threads", "many")).isEqualTo(ExitCodes.USAGE);

        assertThat(captured.err()).contains("--threads");
    }

    private void refusedInOneLine(final String named)
    {
        assertThat(captured.err()).startsWith("quipu engine: ").contains(named);
        assertThat(captured.err().lines()).hasSize(1);
    }
}

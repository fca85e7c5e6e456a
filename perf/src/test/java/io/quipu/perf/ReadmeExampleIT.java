package io.quipu.perf;

import io.quipu.engine.cli.EngineProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what the README tells somebody who never saw Aeron: saves its Java, runs its command, outside the build.
 */
class ReadmeExampleIT
{
    private static final long MINUTES = 2;
    private static final Path ROOT = Path.of(System.getProperty("quipu.root"));

    @TempDir
    private Path dir;

    @Test
    void shouldCountFromTheTenLinesOfTheReadme() throws Exception
    {
        final String readme = Files.readString(ROOT.resolve("README.md"), StandardCharsets.UTF_8);
        final String program = block(readme, "java", "class Hello");
        final String command = block(readme, "sh", "Hello.java");
        final Path source = Files.writeString(dir.resolve("Hello.java"), program);

        try (EngineProcess engine = EngineProcess.start(dir.resolve("engine"), "localhost:0", dir.resolve("engine.log")))
        {
            final String here = command
                .replace("Hello.java", "'" + source + "'")
                .replace("localhost:7400", engine.ingress());

            assertThat(output(here)).contains("views: 1\n");
            assertThat(output(here)).contains("views: 2\n");
            assertThat(engine.stop()).isZero();
        }
    }

    private static String block(final String readme, final String language, final String holding)
    {
        final Matcher blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
        while (blocks.find())
        {
            if (blocks.group(1).contains(holding))
            {
                return blocks.group(1);
            }
        }
        throw new AssertionError("the README has no " + language + " block with " + holding);
    }

    private String output(final String command) throws IOException, InterruptedException
    {
        final Path output = dir.resolve("output.txt");
        final Process process = new ProcessBuilder("sh", "-ec", command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        try
        {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        }
        finally
        {
            process.destroyForcibly();
        }
        final String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}

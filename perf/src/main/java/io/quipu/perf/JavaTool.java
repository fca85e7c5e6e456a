package io.quipu.perf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a main class of this class path in a JVM of its own, and reads the {@code name value} lines that it prints.
 */
final class JavaTool
{
    private JavaTool()
    {
    }

    static Map<String, Double> run(final Class<?> main, final Object... arguments) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((option) -> option.startsWith("--"))
            .forEach(command::add);
        command.addAll(List.of(
            "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"),
            main.getName()));
        for (final Object argument : arguments)
        {
            command.add(String.valueOf(argument));
        }
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try
        {
            final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0)
            {
                throw new IllegalStateException(main.getSimpleName() + " ended with " + process.exitValue() + ": " + text);
            }
            return values(text);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    private static Map<String, Double> values(final String text)
    {
        final Map<String, Double> values = new LinkedHashMap<>();
        text.lines().map((line) -> line.split(" ")).forEach((words) -> values.put(words[0], Double.valueOf(words[1])));
        return values;
    }
}

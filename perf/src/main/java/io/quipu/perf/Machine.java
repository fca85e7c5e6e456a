package io.quipu.perf;

import io.quipu.engine.EngineVersion;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a figure must be read with: processor, cores, memory, system, Java, and the commit.
 */
final class Machine
{
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final double KIB_A_GIB = 1 << 20;

    private Machine()
    {
    }

    static String describe()
    {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " +
            memory() + ", " + System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ", " +
            System.getProperty("java.vm.name") + ' ' + Runtime.version();
    }

    /** The options of this JVM that change its speed; the engine's are {@code EngineProcess.JVM_FLAGS}. */
    static String flags()
    {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((option) -> option.startsWith("-X"))
            .collect(Collectors.joining(" "));
    }

    /** Of the sources that this runs, where it runs beside them. */
    static String commit()
    {
        try
        {
            final Path code = Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            final Process git = new ProcessBuilder(
                "git", "-C", code.getParent().toString(), "describe", "--always", "--dirty", "--exclude=*")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
            final String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return answer.isEmpty() ? EngineVersion.version() : answer;
        }
        catch (final IOException | URISyntaxException noGit)
        {
            return EngineVersion.version();
        }
    }

    private static String memory()
    {
        return line(MEMORY_INFO, "MemTotal")
            .map((kib) -> Math.round(Long.parseLong(kib.replaceAll("[^0-9]", "")) / KIB_A_GIB) + " GiB")
            .orElse("memory unknown");
    }

    private static String processor()
    {
        return line(CPU_INFO, "model name").orElse(System.getProperty("os.arch"));
    }

    /** What stands behind the colon of the first line of a name. */
    private static Optional<String> line(final Path file, final String name)
    {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8))
        {
            return lines.filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip());
        }
        catch (final IOException ex)
        {
            return Optional.empty();
        }
    }
}

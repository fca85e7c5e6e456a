package io.quipu.perf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a figure must be read with: processor, cores, system and Java.
 */
final class Machine
{
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine()
    {
    }

    static String describe()
    {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " +
            System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ", " +
            System.getProperty("java.vm.name") + ' ' + Runtime.version();
    }

    /** The options of this JVM that change its speed; the engine's are those of {@code EngineProcess}. */
    static String flags()
    {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((option) -> option.startsWith("-X"))
            .collect(Collectors.joining(" "));
    }

    private static String processor()
    {
        try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.UTF_8))
        {
            return lines.filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(System.getProperty("os.arch"));
        }
        catch (final IOException ex)
        {
            return System.getProperty("os.arch");
        }
    }
}

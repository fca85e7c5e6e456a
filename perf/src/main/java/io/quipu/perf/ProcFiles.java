package io.quipu.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel counts about processes and the loopback device.
 */
final class ProcFiles
{
    /** Of the times in {@code /proc/PID/stat}: USER_HZ, 100 on every Linux that Java runs on. */
    private static final long TICKS_A_SECOND = 100;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int SENT_BYTES = 8;

    private ProcFiles()
    {
    }

    /** Time that all threads of a process were on a core, in user and kernel mode; 0 when it is gone. */
    static long cpuNs(final long pid)
    {
        try
        {
            return cpuNs(Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1));
        }
        catch (final IOException ex)
        {
            return 0;
        }
    }

    /** The same of a line of {@code /proc/PID/stat}, whose second field may hold blanks and ends at the last bracket. */
    static long cpuNs(final String stat)
    {
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        final long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return ticks * (TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND);
    }

    /** Resident memory of a process; 0 when it is gone. */
    static long residentBytes(final long pid)
    {
        return statusBytes(pid, "VmRSS:");
    }

    /** The most that was ever resident of a process; 0 when it is gone. */
    static long peakResidentBytes(final long pid)
    {
        return statusBytes(pid, "VmHWM:");
    }

    private static long statusBytes(final long pid, final String label)
    {
        try
        {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1).stream()
                .filter((line) -> line.startsWith(label))
                .mapToLong((line) -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst().orElse(0);
        }
        catch (final IOException ex)
        {
            return 0;
        }
    }

    /** Bytes sent over the loopback device, by whomever, headers counted; 0 where the kernel does not tell. */
    static long loopbackBytes()
    {
        try
        {
            return Files.readAllLines(Path.of("/proc/net/dev"), StandardCharsets.ISO_8859_1).stream()
                .map(String::strip)
                .filter((line) -> line.startsWith("lo:"))
                .mapToLong((line) -> Long.parseLong(line.substring(3).strip().split(" +")[SENT_BYTES]))
                .findFirst().orElse(0);
        }
        catch (final IOException ex)
        {
            return 0;
        }
    }
}

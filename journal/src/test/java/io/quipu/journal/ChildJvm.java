package io.quipu.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM with the class path and flags of this one.
 */
final class ChildJvm implements AutoCloseable
{
    private final Process process;
    private final BufferedReader output;

    ChildJvm(final Class<?> main, final String... arguments) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of(System.getProperty("quipu.jvm.args").trim().split("\\s+")));
        command.add("-Xshare:auto");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Next line that it prints, null at the end. */
    String readLine() throws IOException
    {
        return output.readLine();
    }

    int waitFor() throws InterruptedException
    {
        if (!process.waitFor(60, TimeUnit.SECONDS))
        {
            throw new AssertionError("the child does not end");
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException
    {
        process.destroyForcibly();
        waitFor();
    }

    /** Lets it end by the end of its input. */
    void release() throws IOException
    {
        process.getOutputStream().close();
    }

    @Override
    public void close() throws IOException
    {
        process.destroyForcibly();
        output.close();
    }
}

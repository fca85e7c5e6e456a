package io.quipu.engine.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The command line in this process, its output kept. Used by one thread. */
final class Captured
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private byte[] in = {};

    Map<String, String> environment()
    {
        return environment;
    }

    void in(final String text)
    {
        in = text.getBytes(StandardCharsets.UTF_8);
    }

    QuipuTool tool()
    {
        return new QuipuTool(
            new ByteArrayInputStream(in),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            environment);
    }

    /** Runs a verb; what the one before wrote is forgotten. */
    int run(final String... args)
    {
        out.reset();
        err.reset();
        return tool().execute(args);
    }

    String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    byte[] errBytes()
    {
        return err.toByteArray();
    }
}

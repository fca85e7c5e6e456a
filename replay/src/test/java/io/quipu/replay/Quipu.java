package io.quipu.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quipu.engine.cli.QuipuTool;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** One run of {@code ./quipu} within the test: exit code, what it printed. */
record Quipu(int exitCode, List<String> out, String err)
{
    static Quipu run(final Object... args)
    {
        final String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++)
        {
            words[i] = String.valueOf(args[i]);
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int exitCode = new QuipuTool(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of()).execute(words);
        return new Quipu(exitCode, out.toString(UTF_8).lines().toList(), err.toString(UTF_8));
    }

    String last()
    {
        return out.get(out.size() - 1);
    }
}

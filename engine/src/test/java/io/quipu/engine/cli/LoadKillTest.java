package io.quipu.engine.cli;

import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code load --resume} as a process that is killed with SIGKILL twenty times over one file, and three times the engine
 * under it: each line counts once, and the last run knows of every line what became of it.
 */
class LoadKillTest
{
    private static final int LINES = 250_000;
    private static final int LOADER_KILLS = 20;
    private static final int ENGINE_KILLED_AFTER_EACH = 6;
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(3);
    private static final Pattern BATCH = Pattern.compile("\nbatch=(\\d+)\n");

    @TempDir
    private Path directory;

    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Long> scores = new HashMap<>();
    private int refused;

    @Test
    void shouldCountEachLineOnceHoweverOftenItIsKilled() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Path file = write(random);
        final Path resume = directory.resolve("resume");
        final Path dir = directory.resolve("engine");
        final Path log = directory.resolve("engine.log");
        EngineProcess engine = EngineProcess.start(dir, "localhost:0", log);
        try
        {
            final String ingress = engine.ingress();
            for (int kill = 1; kill <= LOADER_KILLS; kill++)
            {
                final long before = Math.max(0, batch(resume));
                final long target = before + 1 + random.nextInt(LINES / CommandFile.LINES_PER_REQUEST / (LOADER_KILLS + 2));
                final Process loader = loader(file, resume, ingress);
                try
                {
                    awaitBatch(resume, target, loader);
                    if (kill % ENGINE_KILLED_AFTER_EACH == 0)
                    {
                        engine.kill();
                        engine.close();
                        final long atKill = batch(resume);
                        engine = EngineProcess.start(dir, ingress, log);
                        awaitBatch(resume, atKill + 1, loader);
                    }
                }
                finally
                {
                    loader.destroyForcibly().waitFor();
                }
                assertThat(batch(resume)).isGreaterThan(before);
                assertThat(Files.readString(resume, StandardCharsets.ISO_8859_1)).doesNotContain("done=true");
            }

            final Process last = loader(file, resume, ingress);
            final String output = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(last.waitFor()).as(output).isEqualTo(ExitCodes.REFUSED);
            assertThat(output).contains("{\"applied\":" + (LINES - refused) + ",\"rejected\":" + refused +
                ",\"reasons\":{\"NOT_FOUND\":" + refused + "}");
            compare(ingress);
            assertThat(engine.stop()).isZero();
        }
        finally
        {
            engine.close();
        }
    }

    /** Commands and what they must add up to. */
    private Path write(final Random random) throws IOException
    {
        final StringBuilder text = new StringBuilder(LINES * 24);
        text.append("board total columns=points\n");
        int lines = 1;
        while (lines < LINES)
        {
            final int kind = random.nextInt(200);
            if (kind == 0)
            {
                text.append("delete nothing\n");
                refused++;
                lines++;
            }
            else if (kind < 10 && lines + 2 <= LINES)
            {
                text.append("begin\n");
                add(text, random);
                score(text, random);
                text.append("end\n");
                lines += 2;
            }
            else
            {
                add(text, random);
                lines++;
            }
        }
        final Path file = directory.resolve("commands.txt");
        Files.writeString(file, text);
        return file;
    }

    private void add(final StringBuilder text, final Random random)
    {
        final String counter = "counter " + random.nextInt(100);
        final long delta = random.nextInt(2_000) - 1_000;
        counters.merge(counter, delta, Long::sum);
        text.append("add \"").append(counter).append("\" ").append(delta).append('\n');
    }

    private void score(final StringBuilder text, final Random random)
    {
        final String member = "member " + random.nextInt(50);
        final long points = random.nextInt(10);
        scores.merge(member, points, Long::sum);
        text.append("score total \"").append(member).append("\" ").append(points).append('\n');
    }

    private void compare(final String ingress)
    {
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            final Map<String, Long> counted = new HashMap<>();
            client.counters("", counter -> counted.put(counter.counter(), counter.value()));
            assertThat(counted).isEqualTo(counters);
            final Map<String, Long> scored = new HashMap<>();
            for (final Standing row : client.top("total", 1_000).rows())
            {
                scored.put(row.member(), row.score()[0]);
            }
            assertThat(scored).isEqualTo(scores);
        }
    }

    private Process loader(final Path file, final Path resume, final String ingress) throws IOException
    {
        return new ProcessBuilder(EngineProcess.command(
            "load", file.toString(), "--resume", resume.toString(), "--engine", ingress, "--json"))
            .redirectError(directory.resolve("loader.err").toFile()).start();
    }

    private static void awaitBatch(final Path resume, final long target, final Process loader) throws Exception
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (batch(resume) < target)
        {
            assertThat(loader.isAlive()).as("loader runs up to request " + target).isTrue();
            assertThat(System.nanoTime() - deadlineNs).isNegative();
            Thread.sleep(1);
        }
    }

    /** The last request counted in the resume file, -1 for none. */
    private static long batch(final Path resume) throws IOException
    {
        if (!Files.exists(resume))
        {
            return -1;
        }
        long batch = -1;
        final Matcher matcher = BATCH.matcher(Files.readString(resume, StandardCharsets.ISO_8859_1));
        while (matcher.find())
        {
            batch = Math.max(batch, Long.parseLong(matcher.group(1)));
        }
        return batch;
    }
}

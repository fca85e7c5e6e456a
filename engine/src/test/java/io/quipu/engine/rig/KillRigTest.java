package io.quipu.engine.rig;

import io.quipu.engine.EngineMain;
import io.quipu.engine.EngineProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An engine dies again and again, by SIGKILL at any moment, while it starts too, and at its named places, under the load
 * of clients that keep their own record. After each death the journal verifies, the next engine, which begins with a
 * checkpoint where there is one, stands where a replay of the whole journal does, and in the end everything counted once.
 */
class KillRigTest
{
    private static final boolean IS_SOAK = Boolean.getBoolean("quipu.soak");
    private static final int CYCLES = IS_SOAK ? 300 : 20;
    private static final int CLIENTS = 3;
    private static final int ROLL_LENGTH = 1 << 20;
    private static final int CHECKPOINT_BYTES = 1 << 18;
    private static final String[] POINTS = {
        "journal.append.before",
        "journal.append.after",
        "journal.roll",
        "journal.sync.file.before",
        "journal.sync.directory.before",
        "checkpoint.rename.before",
        "checkpoint.directory.before",
        "engine.apply.before",
        "engine.apply.after",
        "engine.reply.before",
        "engine.reply.after"};

    private static final Pattern SELDOM = Pattern.compile("checkpoint.*|journal\\.roll|.*directory.*");

    @TempDir
    private Path dir;

    private final Map<String, Integer> deaths = new TreeMap<>();

    @Test
    void shouldLoseNothingAndApplyNothingTwiceWhereverItDies() throws Exception
    {
        final long seed = Long.getLong("quipu.seed", System.nanoTime());
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final long startNs = System.nanoTime();
        try (Rig rig = new Rig(
            dir,
            dir.resolve("engine"),
            "-D" + EngineProcess.ROLL_LENGTH + "=" + ROLL_LENGTH,
            "-D" + EngineProcess.CHECKPOINT_BYTES + "=" + CHECKPOINT_BYTES))
        {
            rig.startEngine();
            rig.startClients(CLIENTS, seed);
            for (int cycle = 1; cycle <= CYCLES; cycle++)
            {
                rig.awaitAnswers(1 + random.nextInt(500));
                rig.engine().kill();
                count("killed under load");
                verifyAndStart(rig);
                if (cycle % 3 == 0)
                {
                    dieAtAPlace(rig, random);
                }
                else if (cycle % 3 == 1)
                {
                    dieWhileStarting(rig, random);
                }
            }

            rig.finish();
            final long answered = rig.answered();
            assertThat(rig.engine().terminate()).isZero();
            System.out.println(
                "kill cycles " + CYCLES + ", deaths " + deaths + ", answers " + answered + ", seconds " +
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs));
        }
    }

    private void count(final String death)
    {
        deaths.merge(death, 1, Integer::sum);
    }

    private void verifyAndStart(final Rig rig) throws Exception
    {
        final String expected = rig.verify();
        rig.startEngine();
        assertThat(rig.engine().readyLine()).endsWith(expected);
        rig.checkAcknowledged();
    }

    private void dieAtAPlace(final Rig rig, final Random random) throws Exception
    {
        rig.awaitAnswers(1);
        rig.engine().kill();
        final String point = POINTS[random.nextInt(POINTS.length)];
        final int passes = SELDOM.matcher(point).matches() ? 1 : 1 + random.nextInt(200);
        final EngineProcess engine = rig.launchEngine("crash", point, Integer.toString(passes));
        rig.await("death at " + point, engine::hasEnded);
        assertThat(engine.awaitExit()).isEqualTo(EngineMain.CRASHED);
        count(point);
        verifyAndStart(rig);
    }

    /** Anywhere between the start of the JVM and the first commands. */
    private void dieWhileStarting(final Rig rig, final Random random) throws Exception
    {
        rig.engine().kill();
        final EngineProcess engine = rig.launchEngine();
        engine.awaitEnd(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_000)));
        engine.kill();
        count("killed while it started");
        verifyAndStart(rig);
    }
}

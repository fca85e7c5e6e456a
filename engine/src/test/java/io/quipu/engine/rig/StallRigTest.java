package io.quipu.engine.rig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An engine that is stopped and goes on later, also behind Aeron's time-outs of 10 s: it serves on, and nothing is lost
 * or applied twice.
 */
@Timeout(900)
class StallRigTest
{
    private static final long[] STALLS_MS = Boolean.getBoolean("quipu.soak") ?
        new long[]{ 100, 1_000, 5_000, 12_000, 30_000, 120_000 } : new long[]{ 100, 1_000, 12_000 };

    @TempDir
    private Path dir;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldServeOnBehindAStall() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (Rig rig = new Rig(dir, dir.resolve("engine")))
        {
            rig.startEngine();
            rig.startClients(2, seed);
            for (final long stallMs : STALLS_MS)
            {
                rig.awaitAnswers(100);
                rig.engine().signal("STOP");
                // Not a condition to wait for: the time that passes is the fault.
                Thread.sleep(stallMs);
                rig.engine().signal("CONT");
                rig.awaitAnswers(100);
            }

            rig.finish();
            final long answered = rig.answered();
            assertThat(rig.engine().terminate()).isZero();
            rig.verify();
            System.out.println("stalls in ms " + Arrays.toString(STALLS_MS) + ", answers " + answered);
        }
    }
}

package io.quipu.engine.rig;

import io.quipu.engine.EngineProcess;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Datagrams that are lost in both directions, by Aeron's own generators, and the driver's shared memory swept away under
 * load: everything that was acknowledged counted once.
 */
@Timeout(300)
class NetworkRigTest
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final double[] LOSS =
        Boolean.getBoolean("quipu.soak") ? new double[]{ 0.01, 0.05, 0.1, 0.3 } : new double[]{ 0.05 };

    @TempDir
    private Path dir;

    @Test
    void shouldCountOnceHoweverManyDatagramsAreLost() throws Exception
    {
        for (final double rate : LOSS)
        {
            final Path place = Files.createDirectory(dir.resolve("loss-" + rate));
            try (Rig rig = new Rig(place, place.resolve("engine")))
            {
                rig.startEngine();
                rig.startClients(2, 1,
                    "-Daeron.SendChannelEndpoint.supplier=io.aeron.driver.ext.DebugSendChannelEndpointSupplier",
                    "-Daeron.ReceiveChannelEndpoint.supplier=io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier",
                    "-Daeron.debug.send.data.loss.rate=" + rate,
                    "-Daeron.debug.send.data.loss.seed=7",
                    "-Daeron.debug.send.control.loss.rate=" + rate,
                    "-Daeron.debug.send.control.loss.seed=8",
                    "-Daeron.debug.receive.data.loss.rate=" + rate,
                    "-Daeron.debug.receive.data.loss.seed=9",
                    "-Daeron.debug.receive.control.loss.rate=" + rate,
                    "-Daeron.debug.receive.control.loss.seed=10");
                rig.awaitAnswers(500);
                rig.engine().kill();
                rig.verify();
                rig.startEngine();
                rig.awaitAnswers(500);
                rig.finish();
                System.out.println("datagrams lost, of data and control, both ways: " + rate + ", answers " + rig.answered());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldStopWithALineWhenSharedMemoryIsSwept() throws Exception
    {
        try (Rig rig = new Rig(dir, dir.resolve("engine")))
        {
            final EngineProcess engine = rig.startEngine();
            rig.startClients(1, 1);
            rig.awaitAnswers(100);
            final List<Path> swept = driverDirectories(engine.pid());
            assertThat(swept).hasSize(1);
            IoUtil.delete(swept.get(0).toFile(), false);

            assertThat(engine.awaitExit()).isEqualTo(1);
            assertThat(engine.lines()).anyMatch(line -> line.contains("was removed: start the engine again"));
            rig.verify();
            rig.startEngine();
            rig.awaitAnswers(100);
            rig.finish();
        }
    }

    private static List<Path> driverDirectories(final long pid) throws Exception
    {
        try (Stream<Path> paths = Files.list(SHARED_MEMORY))
        {
            return paths.filter(path -> path.getFileName().toString().matches("quipu-.*-" + pid + "-\\d+")).toList();
        }
    }
}

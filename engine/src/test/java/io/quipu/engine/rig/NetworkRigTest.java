package io.quipu.engine.rig;

import io.quipu.engine.EngineMain;
import io.quipu.engine.EngineProcess;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.QuipuException;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Datagrams that are lost in both directions, by Aeron's own generators, and the driver's shared memory too small, full, or
 * swept away under load: everything that was acknowledged counted once.
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

    /** The engine goes elsewhere, says so, and serves. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldServeWhereThereIsTooLittleSharedMemory() throws Exception
    {
        try (EngineProcess engine = withSharedMemory("8m"))
        {
            engine.awaitReady();
            assertThat(engine.lines()).anyMatch((line) -> line.contains("shared memory /dev/shm has 8 MiB free"));
            try (QuipuClient client = QuipuClient.connect(engine.ready("ingress")))
            {
                assertThat(client.add("a", 1)).isEqualTo(1);
            }
            assertThat(engine.terminate()).isZero();
        }
    }

    /** What is mapped there and has no page yet is a signal to who touches it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldStopWithALineWhenSharedMemoryIsFull() throws Exception
    {
        try (EngineProcess engine = withSharedMemory("64m"))
        {
            engine.awaitReady();
            final Path filler = Path.of("/proc/" + engine.pid() + "/root" + SHARED_MEMORY + "/filler");
            final ClientContext context = new ClientContext()
                .engine(engine.ready("ingress")).requestTimeoutNs(TimeUnit.SECONDS.toNanos(3));
            long answered = 0;
            try (QuipuClient client = QuipuClient.connect(context))
            {
                client.add("a", 1);
                assertThatThrownBy(() -> fill(filler)).hasMessageContaining("No space left on device");
                for (answered = 1; answered < 1_000_000; answered++)
                {
                    client.add("a", 1);
                }
            }
            catch (final QuipuException ex)
            {
                assertThat(engine.awaitExit()).as(ex + " " + engine.lines()).isEqualTo(1);
            }
            assertThat(engine.lines()).anyMatch((line) -> line.contains("a page of a mapped file could not be had"));

            try (EngineProcess next = withSharedMemory("64m"))
            {
                next.awaitReady();
                try (QuipuClient client = QuipuClient.connect(next.ready("ingress")))
                {
                    assertThat(client.get("a").get(0).value()).isBetween(answered, answered + 1);
                }
            }
        }
    }

    private EngineProcess withSharedMemory(final String size) throws Exception
    {
        final boolean isPermitted = new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
        if (!isPermitted)
        {
            System.out.println("skipped: a mount namespace is not permitted");
        }
        assumeTrue(isPermitted);
        final String mount = "mount -t tmpfs -o size=" + size + " tmpfs " + SHARED_MEMORY + " && exec \"$@\"";
        return new EngineProcess(
            List.of("unshare", "--mount", "sh", "-c", mount, "sh"),
            List.of(),
            EngineMain.class,
            dir.resolve("engine").toString(),
            "localhost:0");
    }

    private static void fill(final Path filler) throws IOException
    {
        try (OutputStream out = Files.newOutputStream(filler))
        {
            while (true)
            {
                out.write(new byte[4096]);
            }
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

package io.quipu.engine.rig;

import io.quipu.engine.EngineProcess;
import io.quipu.transport.client.QuipuClient;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A small file system in memory is filled under an engine with load: with a floor, which is reached in order, and
 * without, page by page to the last one, as a quota or a fast neighbour would; or of its inodes none is left. Each time
 * writes wait, reads go on, and when there is room again so do writes.
 */
@Timeout(300)
class FullDiskRigTest
{
    private static final int IO_FAULT = 74;
    private static final int PAGE_LENGTH = 4096;
    private static final int PAGES_LEFT = Boolean.getBoolean("quipu.soak") ? 4096 : 256;
    private static final long REFUSALS_NS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    private Path dir;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseWritesAtTheFloorAndResume() throws Exception
    {
        fillUnderLoad("size=96m", FullDiskRigTest::takeBlocks, true, "-D" + EngineProcess.FLOOR + "=" + (16 << 20));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseWritesWhenTheLastPageIsGoneAndResume() throws Exception
    {
        fillUnderLoad("size=96m", FullDiskRigTest::takeBlocks, true, "-D" + EngineProcess.FLOOR + "=0");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseWritesWhenTheLastInodeIsGoneAndResume() throws Exception
    {
        fillUnderLoad("size=256m,nr_inodes=64", FullDiskRigTest::takeInodes, false, "-D" + EngineProcess.FLOOR + "=0");
    }

    /** Takes all that is left of a file system. Where the ballast has gone into a file that was begun, a start waits too. */
    private interface Filler
    {
        void fill(Path other, Path small) throws IOException;
    }

    private void fillUnderLoad(
        final String options, final Filler filler, final boolean hasBallast, final String floor) throws Exception
    {
        final Path small = Files.createDirectory(dir.resolve("small"));
        final boolean isMounted = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", small.toString());
        if (!isMounted)
        {
            System.out.println("skipped: mounting a tmpfs is not permitted");
        }
        assumeTrue(isMounted);

        try (Rig rig = new Rig(dir, small.resolve("engine"), floor, "-D" + EngineProcess.ROLL_LENGTH + "=" + (4 << 20)))
        {
            rig.startEngine();
            rig.startClients(2, 1);
            rig.awaitAnswers(1_000);
            final Path other = small.resolve("other");
            filler.fill(other, small);
            awaitRefusals(rig);
            assertThat(rig.engine().hasEnded()).as(rig.engine().lines().toString()).isFalse();
            readOn(rig);

            IoUtil.delete(other.toFile(), false);
            rig.awaitAnswers(1_000);
            filler.fill(other, small);
            awaitRefusals(rig);
            rig.engine().kill();
            if (hasBallast)
            {
                rig.startEngine();
                readOn(rig);
                IoUtil.delete(other.toFile(), false);
            }
            else
            {
                assertThat(rig.launchEngine().awaitExit()).isEqualTo(IO_FAULT);
                assertThat(rig.engine().lines()).last().asString().contains("no room on the disk");
                IoUtil.delete(other.toFile(), false);
                rig.startEngine();
            }
            rig.awaitAnswers(1_000);

            rig.finish();
            assertThat(rig.engine().terminate()).isZero();
            rig.verify();
        }
        finally
        {
            run("umount", small.toString());
        }
    }

    /** Reads are answered, and say that writes are not. */
    private static void readOn(final Rig rig)
    {
        try (QuipuClient client = QuipuClient.connect(rig.ingress()))
        {
            assertThat(client.get(RigClient.TOTAL).get(0).value()).isPositive();
        }
    }

    private static void awaitRefusals(final Rig rig) throws Exception
    {
        try (QuipuClient client = QuipuClient.connect(rig.ingress()))
        {
            rig.await("refusal", () -> client.status().gauges().get("rejects.reject_disk") > 0);
            long before = -1;
            long now = rig.answered();
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (now != before)
            {
                assertThat(System.nanoTime() - deadlineNs).as("still taken in").isNegative();
                TimeUnit.NANOSECONDS.sleep(REFUSALS_NS);
                before = now;
                now = rig.answered();
            }
        }
    }

    /** The bulk at once, the rest page by page. */
    private static void takeBlocks(final Path other, final Path small) throws IOException
    {
        final byte[] page = new byte[PAGE_LENGTH];
        try (RandomAccessFile file = new RandomAccessFile(other.toFile(), "rw"))
        {
            final byte[] bulk = new byte[1 << 20];
            while (Files.getFileStore(small).getUsableSpace() > (long)PAGES_LEFT * PAGE_LENGTH + bulk.length)
            {
                file.write(bulk);
            }
            while (true)
            {
                file.write(page);
                Thread.yield();
            }
        }
        catch (final IOException ex)
        {
            assertThat(ex).hasMessageContaining("No space left on device");
        }
    }

    /** By empty files: of blocks there are plenty. */
    private static void takeInodes(final Path other, final Path small) throws IOException
    {
        Files.createDirectory(other);
        try
        {
            for (int i = 0; ; i++)
            {
                Files.createFile(other.resolve(Integer.toString(i)));
            }
        }
        catch (final IOException ex)
        {
            assertThat(ex).hasMessageContaining("No space left on device");
        }
        assertThat(Files.getFileStore(small).getUsableSpace()).isGreaterThan(16 << 20);
    }

    private static boolean run(final String... command) throws IOException, InterruptedException
    {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}

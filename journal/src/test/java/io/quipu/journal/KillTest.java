package io.quipu.journal;

import io.quipu.journal.Writing.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that appends, killed with SIGKILL at random moments and started again on the same directory.
 */
class KillTest
{
    private static final int KILLS = 6;
    private static final String ACKS = "acks";

    @TempDir
    Path directory;

    /** Appends without end, rolls often, syncs on another thread, and notes in a mapped file what is appended. */
    static final class Appending
    {
        public static void main(final String[] args) throws IOException
        {
            final Path directory = Path.of(args[0]);
            final Random random = new Random(Long.parseLong(args[1]));
            final MappedByteBuffer acks;
            try (FileChannel channel = FileChannel.open(
                directory.resolveSibling(ACKS),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE))
            {
                acks = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8);
                acks.order(ByteOrder.LITTLE_ENDIAN);
            }

            final Journal journal = Writing.start(
                Writing.context(directory).rollLength(1 << 20).aheadLength(random.nextInt(2) << 20),
                RecordHandler.NONE);
            final Thread syncer = new Thread(() -> syncAlways(journal));
            syncer.setDaemon(true);
            syncer.start();
            System.out.println("appending");
            while (true)
            {
                final int bodyLength = random.nextInt(100) == 0 ? random.nextInt(60_000) : random.nextInt(400);
                acks.putLong(0, Writing.append(journal.appender(), bodyLength, 1 + random.nextInt(5), 0));
            }
        }

        private static void syncAlways(final Journal journal)
        {
            while (true)
            {
                journal.sync();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    /** A kill before the first append of a run would show nothing. */
    private void awaitAcknowledged(final long behind) throws IOException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(directory.resolve(ACKS)) || acknowledged() <= behind)
        {
            assertThat(System.nanoTime() - deadlineNs).as("nothing is appended").isNegative();
            Thread.onSpinWait();
        }
    }

    private long acknowledged() throws IOException
    {
        final byte[] bytes = Files.readAllBytes(directory.resolve(ACKS));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Test
    void shouldLoseNothingAppendedAndGoOnWithTheSameChain() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final Path journalDirectory = directory.resolve("data");

        long lastSequence = 0;
        for (int kill = 1; kill <= KILLS; kill++)
        {
            try (ChildJvm child = new ChildJvm(Appending.class, journalDirectory.toString(), "" + random.nextLong()))
            {
                assertThat(child.readLine()).isEqualTo("appending");
                awaitAcknowledged(lastSequence);
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(300_000)));
                child.kill();
            }

            final Collector records = new Collector();
            final ScanResult result = Writing.scan(journalDirectory, records);
            assertThat(result.verdict()).isIn(Verdict.CLEAN, Verdict.TORN_TAIL);
            assertThat(result.lastSequence()).isGreaterThanOrEqualTo(acknowledged()).isGreaterThan(lastSequence);
            assertThat(result.lastSequence()).isEqualTo(records.entries());
            assertThat(result.epoch()).isEqualTo(kill);
            System.out.println("killed at " + result.describe());
            lastSequence = result.lastSequence();
        }

        try (Journal journal = Writing.start(journalDirectory))
        {
            assertThat(journal.appender().nextSequence()).isEqualTo(lastSequence + 1);
            assertThat(journal.appender().epoch()).isEqualTo(KILLS + 1);
        }
    }
}

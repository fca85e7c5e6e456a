package io.quipu.engine.state;

import java.util.Random;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.engine.HugePages;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.checkpoint.Checkpoints;
import io.quipu.journal.CrashPoint;
import io.quipu.journal.FileCheckpointStore;
import io.quipu.journal.JournalPlace;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long a checkpoint takes to write, with its reading back, and to load, and the most memory that was resident: a main, by
 * hand. {@code CheckpointSpeed DIR COUNTERS MEMBERS} makes one where there is none yet, and leaves it; else it loads it.
 */
final class CheckpointSpeed
{
    private static final int COMMANDS = 512;
    private static final int LOADS = 3;

    private CheckpointSpeed()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        HugePages.install();
        try (FileCheckpointStore store = new FileCheckpointStore(Path.of(args[0]), CrashPoint.NONE))
        {
            final Checkpoints checkpoints = new Checkpoints(store, System.out::println);
            if (store.sequences().length == 0)
            {
                make(checkpoints, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
                return;
            }
            for (int i = 0; i < LOADS; i++)
            {
                final long startNs = System.nanoTime();
                final long startCpuNs = cpuNs();
                try (StateMachine state = checkpoints.restore(RecoveryProgress.NONE).state())
                {
                    System.out.printf("loaded to sequence %,d in %,d ms, processor time %,d ms; peak %s%n",
                        state.sequence(),
                        (System.nanoTime() - startNs) / 1_000_000,
                        (cpuNs() - startCpuNs) / 1_000_000,
                        peak());
                }
            }
        }
    }

    private static void make(final Checkpoints checkpoints, final int counters, final int members)
    {
        try (StateMachine state = new StateMachine())
        {
            fill(state, counters, members);
            final JournalPlace place = new JournalPlace(state.sequence(), 1, 1, 1, 1, 1, 1, 0, 0, 1, 1);
            final long startNs = System.nanoTime();
            final long bytes = checkpoints.save(state, place, state.sequence());
            System.out.printf("%,d counters, %,d members: %,d MB written and read back in %,d ms%n",
                counters, members, bytes >> 20, (System.nanoTime() - startNs) / 1_000_000);
        }
    }

    private static long cpuNs()
    {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String peak() throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("unknown");
    }

    private static void fill(final StateMachine state, final int counters, final int members)
    {
        final BodyBuilder body = new BodyBuilder().open(1, 1, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, ReplyHandler.NONE);
        final RequestBuilder request = new RequestBuilder();
        final Random random = new Random(1);
        long requests = 0;
        for (int i = 0; i < counters + members; )
        {
            request.clear().form(ReplyForm.ACK);
            if (requests == 0)
            {
                request.create("board", BoardSpec.points());
            }
            for (int end = Math.min(i + COMMANDS, i < counters ? counters : counters + members); i < end; i++)
            {
                if (i < counters)
                {
                    request.add(String.format("counter-%08d", i), i);
                }
                else
                {
                    request.onBoard("board").score(String.format("member-%08d", i - counters), random.nextInt(1 << 30));
                }
            }
            requests++;
            body.clear().request(1, requests, requests - 1, request);
            state.apply(body.buffer(), 0, body.length(), state.sequence() + 1, 1, ReplyHandler.NONE);
        }
    }
}

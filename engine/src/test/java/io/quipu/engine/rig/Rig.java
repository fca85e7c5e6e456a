package io.quipu.engine.rig;

import io.quipu.engine.EngineMain;
import io.quipu.engine.EngineProcess;
import io.quipu.engine.RecoveryProgress;
import io.quipu.engine.recovery.Replay;
import io.quipu.engine.recovery.Replayer;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One engine and some clients, each a process of its own, and what must hold between what the clients wrote down and
 * what the engine's directory says. For the thread of a test.
 */
final class Rig implements AutoCloseable
{
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(2);

    private final Path directory;
    private final Path data;
    private final List<String> engineOptions;
    private final List<EngineProcess> clients = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private EngineProcess engine;
    private String ingress = "localhost:0";

    /**
     * @param directory     for the logs of the clients.
     * @param data          directory of the engine.
     * @param engineOptions for the engine's JVM.
     */
    Rig(final Path directory, final Path data, final String... engineOptions)
    {
        this.directory = directory;
        this.data = data;
        this.engineOptions = List.of(engineOptions);
    }

    /** Starts an engine, and does not wait until it is ready; always with the same port. */
    EngineProcess launchEngine(final String... faults)
    {
        final List<String> args = new ArrayList<>(List.of(data.toString(), ingress));
        args.addAll(List.of(faults));
        engine = new EngineProcess(List.of(), engineOptions, EngineMain.class, args.toArray(new String[0]));
        return engine;
    }

    /** Starts an engine. */
    EngineProcess startEngine(final String... faults) throws InterruptedException
    {
        launchEngine(faults).awaitReady();
        ingress = engine.ready("ingress");
        return engine;
    }

    EngineProcess engine()
    {
        return engine;
    }

    String ingress()
    {
        return ingress;
    }

    /** Creates the board, and starts clients that go on until {@link #finish()}. */
    void startClients(final int count, final long seed, final String... options)
    {
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            client.createBoard(BoardDefinition.named(RigClient.BOARD));
        }

        for (int i = 0; i < count; i++)
        {
            final Path log = directory.resolve("client-" + i + ".log");
            logs.add(log);
            clients.add(new EngineProcess(
                List.of(),
                List.of(options),
                RigClient.class,
                ingress,
                log.toString(),
                name(i),
                Long.toString(seed + i)));
        }
    }

    private static String name(final int client)
    {
        return "client:" + client;
    }

    /** Answers that the clients wrote down so far. */
    long answered() throws IOException
    {
        long lines = 0;
        for (final Path log : logs)
        {
            lines += lines(log).size();
        }
        return lines;
    }

    /** Waits until the clients have so many more answers. */
    void awaitAnswers(final long more) throws IOException, InterruptedException
    {
        final long wanted = answered() + more;
        await(more + " more answers", () -> count() >= wanted);
    }

    private long count()
    {
        try
        {
            return answered();
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    void await(final String what, final BooleanSupplier condition) throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("no " + what + "; the engine said " + engine.lines());
            }
            Thread.sleep(5);
        }
    }

    /** Whole lines: the last one may still be on its way. */
    private static List<String> lines(final Path log) throws IOException
    {
        if (!Files.exists(log))
        {
            return List.of();
        }

        final String text = Files.readString(log);
        try (Stream<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines())
        {
            return lines.toList();
        }
    }

    /**
     * What the clients wrote down: the n-th request was answered with n, and once. Durable answers come later than
     * journaled ones.
     *
     * @return the answers of each.
     */
    private List<Long> checkHistories() throws IOException
    {
        final List<Long> answers = new ArrayList<>();
        for (final Path log : logs)
        {
            final BitSet answered = new BitSet();
            for (final String line : lines(log))
            {
                final String[] fields = line.split(" ");
                assertThat(fields[1]).as(log + ": " + line).isEqualTo(fields[0]);
                final int number = Integer.parseInt(fields[0]);
                assertThat(answered.get(number)).as(log + ": a second " + line).isFalse();
                answered.set(number);
            }
            answers.add((long)answered.cardinality());
        }
        return answers;
    }

    /**
     * With the engine gone: its journal is whole, and its digests are those of a replay.
     *
     * @return sequence and digest, as an engine's ready line has them.
     */
    String verify() throws IOException
    {
        checkHistories();
        try (Replay replay = Replay.of(data, Replayer.TO_END, RecoveryProgress.NONE))
        {
            assertThat(replay.found().verdict().isRefusal()).as(replay.found().describe()).isFalse();
            return "sequence=" + replay.state().sequence() + " digest=" + replay.digest();
        }
    }

    /** All that was acknowledged so far is there. */
    void checkAcknowledged() throws IOException
    {
        final List<Long> answers = checkHistories();
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            for (int i = 0; i < answers.size(); i++)
            {
                assertThat(client.get(name(i)).get(0).value()).isGreaterThanOrEqualTo(answers.get(i));
            }
        }
    }

    /** Ends the clients; everything that they offered counted once. */
    void finish() throws IOException, InterruptedException
    {
        for (final EngineProcess client : clients)
        {
            client.endInput();
        }
        for (final EngineProcess client : clients)
        {
            assertThat(client.awaitExit()).as(client.lines().toString()).isZero();
            assertThat(client.ready("answered")).isEqualTo(client.ready("offered"));
        }

        final List<Long> answers = checkHistories();
        try (QuipuClient client = QuipuClient.connect(ingress))
        {
            long shared = 0;
            for (int i = 0; i < answers.size(); i++)
            {
                assertThat(client.get(name(i)).get(0).value()).isEqualTo(answers.get(i));
                shared += client.rank(RigClient.BOARD, name(i)).get(0).score()[0];
            }
            assertThat(client.get(RigClient.TOTAL).get(0).value()).isEqualTo(shared);
            final Status live = client.status();
            try (Replay replay = Replay.of(data, live.sequence(), RecoveryProgress.NONE))
            {
                assertThat(replay.digest()).isEqualTo(live.digest());
            }
        }
    }

    @Override
    public void close()
    {
        clients.forEach(EngineProcess::close);
        if (engine != null)
        {
            engine.close();
        }
    }
}

package io.quipu.engine.rig;

import io.quipu.engine.EngineMain;
import io.quipu.engine.EngineProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Several engines on one directory: one serves, the others leave with LOCKED and have touched nothing.
 */
@Timeout(600)
class DirectoryRigTest
{
    private static final int ENGINES = 8;
    private static final int ROUNDS = Boolean.getBoolean("quipu.soak") ? 20 : 2;
    private static final int LOCKED = 69;

    @TempDir
    private Path dir;

    @Test
    void shouldServeOnceHoweverManyAreStarted() throws Exception
    {
        final Path data = dir.resolve("engine");
        for (int round = 1; round <= ROUNDS; round++)
        {
            final List<EngineProcess> engines = new ArrayList<>();
            try
            {
                for (int i = 0; i < ENGINES; i++)
                {
                    engines.add(new EngineProcess(data.toString(), "localhost:0"));
                }
                final EngineProcess winner = awaitOneLeft(engines);
                winner.awaitReady();
                for (final EngineProcess loser : engines)
                {
                    if (loser != winner)
                    {
                        assertThat(loser.awaitExit()).as(loser.lines().toString()).isEqualTo(LOCKED);
                        assertThat(loser.lines()).last().asString().startsWith("LOCKED: ");
                    }
                }
                assertThat(winner.terminate()).isZero();
                final String recovered = "recovered verdict=CLEAN checkpoint=0 records=" + winnersBefore(round) + ' ';
                assertThat(winner.lines()).anyMatch(line -> line.contains(recovered));
            }
            finally
            {
                engines.forEach(EngineProcess::close);
            }
        }
        System.out.println("engines on one directory: " + ENGINES + " at once, " + ROUNDS + " times");
    }

    /** One epoch record a round, so that a loser which had written would show. */
    private static int winnersBefore(final int round)
    {
        return round - 1;
    }

    private static EngineProcess awaitOneLeft(final List<EngineProcess> engines) throws InterruptedException
    {
        while (true)
        {
            final List<EngineProcess> running = engines.stream().filter(engine -> !engine.hasEnded()).toList();
            if (running.size() <= 1)
            {
                return running.stream().findFirst().orElseThrow(
                    () -> new AssertionError("none left: " + engines.stream().map(EngineProcess::lines).toList()));
            }
            Thread.sleep(5);
        }
    }

    /** In containers both are process 1, and each takes the other's number for its own. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldServeOnceAlsoWhereBothAreProcessOne() throws Exception
    {
        final List<String> namespace = List.of("unshare", "--pid", "--fork", "--kill-child");
        final List<String> probe = new ArrayList<>(namespace);
        probe.add("true");
        final boolean isPermitted = new ProcessBuilder(probe).start().waitFor() == 0;
        if (!isPermitted)
        {
            System.out.println("skipped: a process namespace is not permitted");
        }
        assumeTrue(isPermitted);

        final String data = dir.resolve("engine").toString();
        try (EngineProcess first = new EngineProcess(namespace, List.of(), EngineMain.class, data, "localhost:0"))
        {
            first.awaitReady();
            try (EngineProcess second = new EngineProcess(namespace, List.of(), EngineMain.class, data, "localhost:0"))
            {
                assertThat(second.awaitExit()).as(second.lines().toString()).isEqualTo(LOCKED);
                assertThat(first.hasEnded()).isFalse();
            }
            first.kill();
        }
        try (EngineProcess third = new EngineProcess(namespace, List.of(), EngineMain.class, data, "localhost:0"))
        {
            third.awaitReady();
        }
    }
}

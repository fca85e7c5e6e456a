package io.quipu.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verbs on a journal whose first files were removed: each begins behind a checkpoint, and says so. */
@Timeout(120)
class RemovedFilesTest
{
    private static final int COMMANDS = 2000;

    @TempDir
    private Path dir;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldBeginBehindACheckpoint() throws IOException
    {
        final String end = fill();
        final List<Long> checkpoints = checkpoints();
        assertThat(checkpoints).hasSize(3);
        final String from = "it begins behind the checkpoint at sequence ";

        final Quipu verify = Quipu.run("replay", "verify", "--json", "--dir", dir);
        assertThat(verify.exitCode()).isZero();
        assertThat(verify.err().toString()).contains(from + checkpoints.get(0));
        assertThat(verify.last()).isEqualTo("{\"verdict\":\"CLEAN\"," + end + "}");

        final Quipu state = Quipu.run("replay", "state", "--json", "--dir", dir);
        assertThat(state.last()).isEqualTo("{" + end + "}");
        final long past = checkpoints.get(1) + 1;
        assertThat(Quipu.run("replay", "state", "--json", "--dir", dir, "--to", past).last())
            .startsWith("{\"sequence\":");
        assertThat(Quipu.run("replay", "state", "--dir", dir, "--to", 5).exitCode()).isEqualTo(1);

        final Quipu dump = Quipu.run("replay", "dump", "--dir", dir, "--from", past, "--to", past);
        assertThat(dump.last()).startsWith(past + " ");
        final Quipu early = Quipu.run("replay", "dump", "--dir", dir, "--to", 5);
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err().toString()).contains("--to 5 is before sequence " + checkpoints.get(0));

        final Quipu describe = Quipu.run("replay", "describe", "--dir", dir);
        assertThat(describe.exitCode()).isZero();
        assertThat(describe.err().toString()).contains(from + checkpoints.get(0));
    }

    /** Until files were removed; answers where the engine then ended. */
    private String fill()
    {
        try (EngineNode engine = launch(); QuipuClient client = QuipuClient.connect(engine.ingress()))
        {
            final Request request = new Request();
            while (log.toArray().length == 0)
            {
                request.reset();
                for (int command = 0; command < COMMANDS; command++)
                {
                    request.add("counter-" + command, 1);
                }
                client.submit(request);
            }
        }
        try (EngineNode engine = launch())
        {
            return engine.readyLine()
                .replaceAll(".* sequence=(\\d+) digest=(\\w+)", "\"sequence\":$1,\"digest\":\"$2\"");
        }
    }

    private EngineNode launch()
    {
        return EngineNode.launch(new EngineContext()
            .dir(dir)
            .ingress("localhost:0")
            .feed(EngineContext.FEED_OFF)
            .freeBytesFloor(0)
            .rollLength(1 << 20)
            .checkpointBytes(1 << 20)
            .retainBytes(0)
            .log(
                (line) ->
                {
                    if (line.startsWith("removed "))
                    {
                        log.add(line);
                    }
                }));
    }

    private List<Long> checkpoints() throws IOException
    {
        try (Stream<Path> paths = Files.list(dir.resolve("checkpoints")))
        {
            return paths
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith("checkpoint-"))
                .map(name -> Long.parseLong(name.substring("checkpoint-".length())))
                .sorted()
                .toList();
        }
    }
}

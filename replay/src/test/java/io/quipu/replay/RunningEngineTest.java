package io.quipu.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.engine.EngineContext;
import io.quipu.engine.EngineNode;
import io.quipu.transport.client.BoardDefinition;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.MemberRank;
import io.quipu.transport.client.QuipuClient;
import io.quipu.transport.client.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Beside a running engine, everything real: what replay says is what the engine says.
 */
class RunningEngineTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldSayWhatTheEngineSays()
    {
        try (EngineNode engine = EngineNode.launch(new EngineContext()
            .dir(dir).ingress("localhost:0").feed(EngineContext.FEED_OFF).freeBytesFloor(0).log((line) -> { }));
            QuipuClient client = QuipuClient.connect(new ClientContext().engine(engine.ingress())))
        {
            client.createBoard(BoardDefinition.named("epl"));
            for (int i = 0; i < 50; i++)
            {
                client.score("epl", "member " + i % 7, i % 5);
                client.add("goals", i % 3);
            }

            final Status status = client.status();
            final String stands = "\"sequence\":" + status.sequence() + ",\"digest\":\"" + status.digest() + "\"}";
            assertThat(Quipu.run("replay", "verify", "--json", "--dir", dir).last())
                .isEqualTo("{\"verdict\":\"CLEAN\"," + stands);

            final Quipu state = Quipu.run("replay", "state", "--json", "--dir", dir, "--to", status.sequence(),
                "--counter", "goals", "--board", "epl", "--member", "member 3");
            final MemberRank rank = client.rank("epl", "member 3").iterator().next();
            assertThat(state.out()).hasSize(3);
            assertThat(state.out().get(0)).isEqualTo("{\"counter\":\"goals\",\"value\":49}");
            assertThat(state.out().get(1))
                .contains("\"rank\":" + rank.ordinal() + ",", "\"score\":[" + rank.score()[0] + "]");
            assertThat(state.last()).isEqualTo("{" + stands);
        }
    }
}

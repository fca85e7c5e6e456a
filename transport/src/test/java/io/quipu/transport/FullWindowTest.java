package io.quipu.transport;

import io.aeron.Publication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that send all that they may while the engine does not listen: what the socket holds until then is all there is.
 */
class FullWindowTest
{
    private static final int CLIENTS = 4;
    private static final int TURNS = 50;

    @TempDir
    Path directory;

    @Test
    void shouldLoseNothingOfLongFramesWhenAllWindowsAreFull()
    {
        assertThat(sendUntilBackPressured(CLIENTS, 150)).isGreaterThan(40);
    }

    @Test
    void shouldLoseNothingOfShortFramesInDatagramsOfTheirOwn()
    {
        assertThat(sendUntilBackPressured(1, 1)).isGreaterThan(100);
    }

    @Test
    void shouldShareTheSocketAmongClients()
    {
        assertThat(SocketBuffers.windowOf(2 << 20, 1)).isEqualTo(Channels.TERM_LENGTH / 2);
        assertThat(SocketBuffers.windowOf(2 << 20, 8)).isEqualTo(128 << 10);
        assertThat(SocketBuffers.windowOf(200_000, 4)).isEqualTo(25_000);
        assertThat(SocketBuffers.windowOf(2 << 20, 1_000_000)).isEqualTo(Channels.LOOPBACK_MTU_LENGTH);
    }

    @Test
    void shouldAskForNoMoreThanTheKernelGrants()
    {
        assertThat(SocketBuffers.receiveLength()).isBetween(SocketBuffers.window(1), 2 << 20);
        assertThat(SocketBuffers.sendLength()).isBetween(Channels.LOOPBACK_MTU_LENGTH, 2 << 20);
    }

    /** @return frames that arrived: all that were sent, none of them asked for twice. */
    private int sendUntilBackPressured(final int clients, final int commands)
    {
        try (TestWorld world = new TestWorld(directory))
        {
            final TestClient.Link[] links = new TestClient.Link[clients];
            Arrays.setAll(links, (i) -> world.connect());
            // The windows that each may fill follow the number of clients with the next status messages.
            world.turns(TURNS);
            final int before = world.handler.frames.size();

            int sent = 0;
            for (final TestClient.Link link : links)
            {
                final byte[] frame = TestFrames.submit(link.key(), 1, 1, commands);
                while (Publication.BACK_PRESSURED != link.offer(frame))
                {
                    sent++;
                    world.client.invoke();
                }
            }
            for (int i = 0; i < TURNS; i++)
            {
                world.client.invoke();
            }

            final int expected = before + sent;
            world.await("all frames", () -> world.handler.frames.size() == expected);
            assertThat(world.gauge("transport.naks.sent")).isZero();
            return sent;
        }
    }
}

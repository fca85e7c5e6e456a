package io.quipu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.driver.CongestionControl;
import org.junit.jupiter.api.Test;

class IngressWindowTest
{
    private static final int MTU_LENGTH = 8192;

    private final IngressWindow.Sharing sharing = new IngressWindow.Sharing();
    private long nowNs;

    @Test
    void shouldHaveRoomForOneDatagramUntilItSends()
    {
        final IngressWindow window = sharing.open(Channels.TERM_LENGTH, MTU_LENGTH);

        assertThat(window.initialWindowLength()).isEqualTo(MTU_LENGTH);
        assertThat(at(window, 0)).isEqualTo(MTU_LENGTH);
        assertThat(at(window, 96)).isEqualTo(SocketBuffers.window(1));
    }

    @Test
    void shouldShareWithThoseThatSendOnly()
    {
        final IngressWindow busy = sharing.open(Channels.TERM_LENGTH, MTU_LENGTH);
        final IngressWindow[] others = new IngressWindow[100];
        at(busy, 0);
        for (int i = 0; i < others.length; i++)
        {
            others[i] = sharing.open(Channels.TERM_LENGTH, MTU_LENGTH);
            at(others[i], 0);
        }
        assertThat(at(busy, 64)).isEqualTo(SocketBuffers.window(1));

        for (final IngressWindow other : others)
        {
            at(other, 64);
        }
        assertThat(at(busy, 128)).isEqualTo(Math.max(MTU_LENGTH, SocketBuffers.window(101)));

        nowNs += IngressWindow.IDLE_AFTER_NS + 1;
        for (final IngressWindow other : others)
        {
            assertThat(at(other, 64)).isEqualTo(MTU_LENGTH);
        }
        assertThat(at(busy, 192)).isEqualTo(SocketBuffers.window(1));
    }

    @Test
    void shouldGiveItsShareBackOnce()
    {
        final IngressWindow left = sharing.open(Channels.TERM_LENGTH, MTU_LENGTH);
        final IngressWindow stays = sharing.open(Channels.TERM_LENGTH, MTU_LENGTH);
        at(left, 0);
        at(left, 64);
        at(stays, 0);
        at(stays, 64);

        left.close();
        left.close();

        assertThat(at(stays, 128)).isEqualTo(SocketBuffers.window(1));
    }

    @Test
    void shouldStayWithinHalfOfAShortTermAndAboveALongDatagram()
    {
        final IngressWindow shortTerm = sharing.open(65_536, MTU_LENGTH);
        at(shortTerm, 0);
        assertThat(at(shortTerm, 64)).isEqualTo(32_768);
        assertThat(shortTerm.maxWindowLength()).isEqualTo(32_768);

        final IngressWindow longDatagrams = sharing.open(65_536, 65_504);
        at(longDatagrams, 0);
        assertThat(at(longDatagrams, 64)).isEqualTo(65_504);
    }

    private int at(final IngressWindow window, final long highestPosition)
    {
        final long outcome = window.onTrackRebuild(nowNs, 0, 0, highestPosition, 0, 0, false);
        return CongestionControl.receiverWindowLength(outcome);
    }
}

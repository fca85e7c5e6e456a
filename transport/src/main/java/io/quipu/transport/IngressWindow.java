package io.quipu.transport;

import io.aeron.driver.CongestionControl;

import java.net.InetSocketAddress;

/**
 * How much one client may have under way to the ingress socket, which all of them share: as many bytes as the socket can
 * hold for it beside the others. It shrinks when clients come and grows when they go; Aeron tells the senders with their
 * next status message.
 * <p>
 * Called by the driver, in the turn of the thread that invokes it.
 */
final class IngressWindow implements CongestionControl
{
    private final Sharing sharing;
    private boolean isClosed;

    private IngressWindow(final Sharing sharing)
    {
        this.sharing = sharing;
    }

    @Override
    public boolean shouldMeasureRtt(final long nowNs)
    {
        return false;
    }

    @Override
    public void onRttMeasurementSent(final long nowNs)
    {
    }

    @Override
    public void onRttMeasurement(final long nowNs, final long rttNs, final InetSocketAddress srcAddress)
    {
    }

    @Override
    public long onTrackRebuild(
        final long nowNs,
        final long newConsumptionPosition,
        final long lastSmPosition,
        final long hwmPosition,
        final long startingRebuildPosition,
        final long endingRebuildPosition,
        final boolean lossOccurred)
    {
        return CongestionControl.packOutcome(sharing.windowLength, false);
    }

    @Override
    public int initialWindowLength()
    {
        return sharing.windowLength;
    }

    @Override
    public int maxWindowLength()
    {
        return SocketBuffers.window(1);
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            sharing.count(-1);
        }
    }

    /** Those that share a socket. */
    static final class Sharing
    {
        private int count;
        private int windowLength = SocketBuffers.window(1);

        IngressWindow open()
        {
            count(1);
            return new IngressWindow(this);
        }

        private void count(final int change)
        {
            count += change;
            windowLength = SocketBuffers.window(count);
        }
    }
}

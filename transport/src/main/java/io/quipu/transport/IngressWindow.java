package io.quipu.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.aeron.driver.CongestionControl;

/**
 * How much one client may have under way to the ingress socket, which all of them share: as many bytes as the socket can
 * hold for it beside the others that send. One that has not sent for a while has room for one datagram, and has its share
 * with the first that comes; so idle clients, and what is left of those that went, take nothing from the others. Aeron tells a
 * sender of its new window with a status message of its own.
 * <p>
 * Never more than half of the term that the sender chose, beyond which the driver drops what comes; never less than one of its
 * datagrams, without which nothing would move.
 * <p>
 * Called by the driver, in the turn of the thread that invokes it.
 */
final class IngressWindow implements CongestionControl
{
    /** Much longer than a round trip, much shorter than Aeron keeps the image of a client that has gone. */
    static final long IDLE_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Sharing sharing;
    private final int leastLength;
    private final int mostLength;
    private long highestPosition;
    private long movedAtNs;
    private boolean isActive;

    private IngressWindow(final Sharing sharing, final int leastLength, final int mostLength)
    {
        this.sharing = sharing;
        this.leastLength = leastLength;
        this.mostLength = mostLength;
        highestPosition = Long.MIN_VALUE;
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
        if (hwmPosition != highestPosition)
        {
            activate(highestPosition != Long.MIN_VALUE);
            highestPosition = hwmPosition;
            movedAtNs = nowNs;
        }
        else if (nowNs - movedAtNs > IDLE_AFTER_NS)
        {
            activate(false);
        }

        return CongestionControl.packOutcome(isActive ? clamp(sharing.windowLength()) : leastLength, false);
    }

    @Override
    public int initialWindowLength()
    {
        return leastLength;
    }

    @Override
    public int maxWindowLength()
    {
        return clamp(SocketBuffers.window(1));
    }

    @Override
    public void close()
    {
        activate(false);
    }

    private int clamp(final int length)
    {
        return Math.max(leastLength, Math.min(length, mostLength));
    }

    private void activate(final boolean toBeActive)
    {
        if (isActive != toBeActive)
        {
            isActive = toBeActive;
            sharing.count(toBeActive ? 1 : -1);
        }
    }

    /** Those that share a socket. */
    static final class Sharing
    {
        private int activeCount;
        private int windowLength = SocketBuffers.window(1);

        /**
         * @param termLength that the sender chose.
         * @param mtuLength  of its datagrams.
         */
        IngressWindow open(final int termLength, final int mtuLength)
        {
            return new IngressWindow(this, mtuLength, Math.max(mtuLength, termLength >> 1));
        }

        int windowLength()
        {
            return windowLength;
        }

        private void count(final int change)
        {
            activeCount += change;
            windowLength = SocketBuffers.window(activeCount);
        }
    }
}

package io.quipu.transport;

import java.nio.file.Path;

/**
 * The engine's whole network: an embedded media driver and an Aeron client, both driven by the caller's thread, with the
 * ingress, the connections, the replies and the feed on top of them.
 * <p>
 * One thread launches, runs and closes it: the sequencer's. No other thread is started, except that {@link #gauges} may be
 * called from anywhere.
 * <pre>
 *   while (running)
 *   {
 *       work = transport.doWork();                        // driver, client, connections
 *       work += transport.ingress().poll(sequencer, 256); // frames in
 *       ...                                               // replies out: transport.egress().offer(...)
 *   }
 * </pre>
 * Messages offered between two turns share datagrams. Launch binds the ports, so a port in use is known before the journal is
 * read; the thread may then stay away up to an hour.
 */
public final class EngineTransport implements AutoCloseable
{
    private EngineTransport()
    {
    }

    /**
     * Binds the ports and starts.
     *
     * @throws TransportException with one clear line when a port is in use, the address is not allowed, or there is no room.
     */
    public static EngineTransport launch(final TransportContext context)
    {
        context.conclude();
        return new EngineTransport();
    }

    /** One turn of driver, client and connections (creation, heartbeats, time-outs). */
    public int doWork()
    {
        throw new UnsupportedOperationException();
    }

    public Ingress ingress()
    {
        throw new UnsupportedOperationException();
    }

    public Egress egress()
    {
        throw new UnsupportedOperationException();
    }

    public Feed feed()
    {
        throw new UnsupportedOperationException();
    }

    /** {@code HOST:PORT} that clients connect to; the port picked when 0 was asked. */
    public String ingressAddress()
    {
        throw new UnsupportedOperationException();
    }

    public int ingressPort()
    {
        throw new UnsupportedOperationException();
    }

    /** The Aeron channel that subscribers of the feed listen on, or {@link TransportContext#FEED_OFF}. */
    public String feedChannel()
    {
        throw new UnsupportedOperationException();
    }

    /** The driver's directory: other front doors in this process publish to {@code aeron:ipc} through it. */
    public Path aeronDirectory()
    {
        throw new UnsupportedOperationException();
    }

    /** Every count and level, always in the same order. Any thread. */
    public void gauges(final GaugeHandler handler)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs the driver until all that was offered has been received, or the time is over. Before {@link #close}.
     *
     * @return whether all was received.
     */
    public boolean flush(final long timeoutNs)
    {
        throw new UnsupportedOperationException();
    }

    /** Ends all connections, gives the ports back and removes the driver's directory. Idempotent. */
    @Override
    public void close()
    {
    }
}

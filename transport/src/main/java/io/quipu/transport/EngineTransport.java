package io.quipu.transport;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.exceptions.RegistrationException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.CountersReader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * The engine's whole network: an embedded media driver and an Aeron client, both driven by the caller's thread, with the
 * ingress, the connections, the replies and the feed on top of them.
 * <p>
 * One thread at a time: the one that launches it, then the sequencer's. No other thread is started.
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
    private static final int LAUNCH_ATTEMPTS = 8;
    private static final long HOUSEKEEPING_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /**
     * After the last byte left, long enough for a receiver to ask for what it missed, and for the heartbeats of 100 ms that tell
     * every receiver of the end: else a client waits for its own time-out before it connects to a successor.
     */
    private static final long RETRANSMIT_GRACE_NS = TimeUnit.MILLISECONDS.toNanos(120);
    /** A connection needs two logs, of at most three terms of 1 MiB and of 512 KiB. */
    private static final long CONNECTION_SPACE = 6L * 1024 * 1024;

    private final TransportGauges gauges = new TransportGauges();
    private final NanoClock nanoClock;
    private final ErrorLog errorLog;
    private final DriverDirectory directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker clientInvoker;
    private final Endpoint endpoint;
    private final String feedChannel;
    private final Connections connections;
    private final IngressAdapter ingress;
    private final Feed feed;
    private long nextHousekeepingNs;
    private boolean isClosed;

    private EngineTransport(final TransportContext context, final Endpoint endpoint, final DriverDirectory directory)
    {
        this.nanoClock = context.nanoClock();
        this.endpoint = endpoint;
        this.directory = directory;
        this.feedChannel = null == context.feed() ? Channels.feed(endpoint.port()) : context.feed();

        this.errorLog = new ErrorLog(gauges, context.log());
        MediaDriver launchedDriver = null;
        Aeron connectedAeron = null;
        boolean isLaunched = false;
        try
        {
            launchedDriver = MediaDriver.launchEmbedded(DriverSettings.driver(directory.path(), errorLog, gauges));
            connectedAeron = Aeron.connect(DriverSettings.client(launchedDriver, errorLog));
            driver = launchedDriver;
            aeron = connectedAeron;
            driverInvoker = driver.sharedAgentInvoker();
            clientInvoker = aeron.conductorAgentInvoker();

            final String responseChannel = responseChannel();
            connections = new Connections(
                aeron, responseChannel, this::hasRoom, context.progress(), gauges, nanoClock.nanoTime());
            ingress = new IngressAdapter(connections, gauges);

            // Holds the response port while nobody is connected.
            aeron.addExclusivePublication(
                Channels.response(endpoint.host(), endpoint.port()) + "|term-length=64k|response-correlation-id=prototype",
                Channels.RESPONSE_STREAM_ID);
            subscribe(Channels.ingress(endpoint.host(), endpoint.port()), false);
            subscribe("aeron:ipc", true);
            feed = openFeed(!context.allowUnauthenticated());
            isLaunched = true;
        }
        finally
        {
            if (!isLaunched)
            {
                CloseHelper.quietCloseAll(connectedAeron, launchedDriver);
            }
        }
    }

    /**
     * Binds the ports and starts.
     *
     * @throws TransportException with one clear line when a port is in use, the address is not allowed, or there is no room.
     */
    public static EngineTransport launch(final TransportContext context)
    {
        context.conclude();
        final Endpoint wanted = Endpoint.parse(context.ingress());
        if (!wanted.isLoopback() && !context.allowUnauthenticated())
        {
            throw new TransportException("ingress=" + wanted + ": " + wanted.host() +
                " can be reached from other machines and nobody is asked who he is: allow it with --allow-unauthenticated");
        }
        if (0 != wanted.port())
        {
            wanted.checkFree();
        }

        for (int attempt = 1; ; attempt++)
        {
            final Endpoint endpoint = 0 == wanted.port() ? wanted.pick() : wanted;
            final DriverDirectory directory = claimDirectory(context);
            boolean isLaunched = false;
            try
            {
                final EngineTransport transport = new EngineTransport(context, endpoint, directory);
                isLaunched = true;
                return transport;
            }
            catch (final RegistrationException ex)
            {
                // Somebody took the port between the look and the leap.
                if (0 != wanted.port() || LAUNCH_ATTEMPTS == attempt)
                {
                    throw new TransportException("cannot listen on " + endpoint + ": " + ex.getMessage(), ex);
                }
            }
            finally
            {
                if (!isLaunched)
                {
                    directory.close();
                }
            }
        }
    }

    /**
     * One turn of driver, client and connections (creation, heartbeats, time-outs).
     *
     * @return 0 when there was nothing to do.
     * @throws TransportException when the driver or its directory is gone: the engine cannot be reached any more and must stop.
     */
    public int doWork()
    {
        int workCount = driverInvoker.invoke();
        workCount += clientInvoker.invoke();
        workCount += ingress.removeGone();

        final long nowNs = nanoClock.nanoTime();
        workCount += connections.doWork(nowNs);
        if (nowNs - nextHousekeepingNs >= 0)
        {
            nextHousekeepingNs = nowNs + HOUSEKEEPING_INTERVAL_NS;
            checkAlive();
            workCount += ingress.rejectIdleImages(nowNs);
        }
        return workCount;
    }

    public Ingress ingress()
    {
        return ingress;
    }

    public Egress egress()
    {
        return connections.publisher();
    }

    public Feed feed()
    {
        return feed;
    }

    /** {@code HOST:PORT} that clients connect to; the port picked when 0 was asked. */
    public String ingressAddress()
    {
        return endpoint.toString();
    }

    public int ingressPort()
    {
        return endpoint.port();
    }

    /** The Aeron channel that subscribers of the feed listen on, or {@link TransportContext#FEED_OFF}. */
    public String feedChannel()
    {
        return feedChannel;
    }

    /** The driver's directory: other front doors in this process publish to {@code aeron:ipc} through it. */
    public Path aeronDirectory()
    {
        return directory.path();
    }

    /** Every count and level. The transport's thread. */
    public void gauges(final GaugeHandler handler)
    {
        gauges.visit(handler);
        // Datagrams that were lost on the way in, and on the way out.
        final CountersReader counters = aeron.countersReader();
        handler.onGauge(
            "transport.naks.sent", counters.getCounterValue(SystemCounterDescriptor.NAK_MESSAGES_SENT.id()));
        handler.onGauge(
            "transport.naks.received", counters.getCounterValue(SystemCounterDescriptor.NAK_MESSAGES_RECEIVED.id()));
    }

    /**
     * Runs the driver until all that was offered has left, or the time is over. Before {@link #close}.
     *
     * @return whether all has left.
     */
    public boolean flush(final long timeoutNs)
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        while (!hasAllLeft())
        {
            if (System.nanoTime() - deadlineNs >= 0)
            {
                return false;
            }
            driverInvoker.invoke();
            clientInvoker.invoke();
        }

        final long graceEndNs = Math.min(deadlineNs, System.nanoTime() + RETRANSMIT_GRACE_NS);
        while (connections.provenCount() > 0 && System.nanoTime() - graceEndNs < 0)
        {
            driverInvoker.invoke();
            clientInvoker.invoke();
        }
        return true;
    }

    /** Ends all connections, gives the ports back and removes the driver's directory. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.closeAll(connections::closeAll, this::sayGoodbye, aeron, driver, directory);
        }
    }

    /** For a client of the same driver in the same thread. */
    AgentInvoker driverInvoker()
    {
        return driverInvoker;
    }

    private void subscribe(final String channel, final boolean isIpc)
    {
        aeron.addSubscription(
            channel,
            Channels.INGRESS_STREAM_ID,
            (image) -> ingress.onAvailableImage(image, isIpc),
            ingress::onUnavailableImage);
    }

    private Feed openFeed(final boolean isLoopbackOnly)
    {
        if (TransportContext.FEED_OFF.equals(feedChannel))
        {
            return Feed.OFF;
        }
        final String channel = FeedChannel.publication(feedChannel, isLoopbackOnly);
        try
        {
            return new FeedPublication(aeron.addExclusivePublication(channel, Channels.FEED_STREAM_ID), gauges);
        }
        catch (final RegistrationException ex)
        {
            throw new TransportException(
                "feed=" + feedChannel + ": cannot be opened, name another or " + TransportContext.FEED_OFF + ": " +
                    ex.getMessage(), ex);
        }
    }

    private String responseChannel()
    {
        final String channel = Channels.response(endpoint.host(), endpoint.port());
        return endpoint.isLoopback() ? channel + "|mtu=" + Channels.LOOPBACK_MTU_LENGTH : channel;
    }

    private boolean hasRoom()
    {
        final long usable = directory.usableSpace();
        if (usable < CONNECTION_SPACE)
        {
            errorLog.onError(new TransportException(
                "no room for a connection: " + (usable >> 20) + " MiB free beside " + directory.path()));
            return false;
        }
        return true;
    }

    /** Driver turns, so that clients hear that their streams ended, rather than find out by silence. */
    private void sayGoodbye()
    {
        final long endNs = System.nanoTime() + RETRANSMIT_GRACE_NS;
        while (System.nanoTime() - endNs < 0)
        {
            driverInvoker.invoke();
            clientInvoker.invoke();
        }
    }

    private void checkAlive()
    {
        if (driverInvoker.isClosed() || aeron.isClosed())
        {
            throw new TransportException("the media driver in " + directory.path() + " has ended: start the engine again");
        }
        if (!directory.isPresent())
        {
            throw new TransportException(
                "the media driver's directory " + directory.path() + " was removed: start the engine again");
        }
    }

    private boolean hasAllLeft()
    {
        final CountersReader counters = aeron.countersReader();
        for (int i = 0; i < connections.provenCount(); i++)
        {
            final ExclusivePublication publication = connections.provenAt(i).publication;
            final int counterId = counters.findByTypeIdAndRegistrationId(
                AeronCounters.DRIVER_SENDER_POSITION_TYPE_ID, publication.registrationId());
            if (CountersReader.NULL_COUNTER_ID != counterId && publication.isConnected() &&
                counters.getCounterValue(counterId) < publication.position())
            {
                return false;
            }
        }
        return true;
    }

    private static DriverDirectory claimDirectory(final TransportContext context)
    {
        final Path home = context.directory().toAbsolutePath().normalize();
        return DriverDirectory.claim(
            "engine-" + hash(home),
            context.sharedMemory(),
            context.sharedMemoryNeeded(),
            home.resolve("aeron"),
            context.log());
    }

    private static String hash(final Path path)
    {
        try
        {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, Long.BYTES);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}

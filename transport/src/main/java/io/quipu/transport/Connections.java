package io.quipu.transport;

import io.aeron.Aeron;
import io.aeron.exceptions.RegistrationException;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayQueue;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Who may talk to the engine, and for how long.
 * <p>
 * A Connect costs a stranger nothing and us one of 64 slots for 2 s: the response publication is made asynchronously, at most
 * one a turn, and leads back to where the image came from, never to an address that the client chose. Its first message carries
 * a random key; who sends that key reads our replies, and is proven. The transport's thread only; allocates only when a
 * connection is made.
 */
final class Connections
{
    static final int MAX_UNPROVEN = 64;
    static final int MAX_PROVEN = 128;

    private static final int SLOTS = MAX_UNPROVEN + MAX_PROVEN;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Aeron aeron;
    private final String udpChannel;
    private final BooleanSupplier hasRoom;
    private final EngineProgress progress;
    private final TransportGauges gauges;
    private final ResponsePublisher publisher;
    private final ControlEncoder encoder = new ControlEncoder();
    private final SecureRandom random = new SecureRandom();

    private final Connection[] slots = new Connection[SLOTS];
    private final int[] freeSlots = new int[SLOTS];
    private int freeCount;

    /** In order of arrival. */
    private final Connection[] unproven = new Connection[MAX_UNPROVEN];
    private int unprovenCount;
    /** In no order. */
    private final Connection[] proven = new Connection[MAX_PROVEN];
    private int provenCount;
    /** Proven ones that ended, not told yet; never more than were proven at the last poll and in it. */
    private final IntArrayQueue closed = new IntArrayQueue(SLOTS * 2, ConnectionId.NULL_VALUE);

    private long nowNs;
    private long lastPollNs;
    private long nextTickNs;

    Connections(
        final Aeron aeron,
        final String udpChannel,
        final BooleanSupplier hasRoom,
        final EngineProgress progress,
        final TransportGauges gauges,
        final long nowNs)
    {
        this.aeron = aeron;
        this.udpChannel = udpChannel;
        this.hasRoom = hasRoom;
        this.progress = progress;
        this.gauges = gauges;
        this.publisher = new ResponsePublisher(this, gauges);
        this.nowNs = nowNs;
        this.lastPollNs = nowNs;
        this.nextTickNs = nowNs;

        for (int i = SLOTS - 1; i >= 0; i--)
        {
            slots[i] = new Connection(i);
            freeSlots[freeCount++] = i;
        }
    }

    ResponsePublisher publisher()
    {
        return publisher;
    }

    long nowNs()
    {
        return nowNs;
    }

    /** The connection of that id when it is proven and still there, else {@code null}. */
    Connection proven(final int connectionId)
    {
        final int slot = ConnectionId.slot(connectionId);
        if (slot >= SLOTS)
        {
            return null;
        }
        final Connection connection = slots[slot];
        return connection.id == connectionId && connection.isProven() ? connection : null;
    }

    int doWork(final long newNowNs)
    {
        nowNs = newNowNs;
        int workCount = 0;
        if (unprovenCount > 0)
        {
            workCount += advanceUnproven();
        }
        if (nowNs - nextTickNs >= 0)
        {
            nextTickNs = nowNs + TICK_NS;
            workCount += keepProven();
        }
        return workCount;
    }

    /**
     * Frames are about to be read. Whoever could not be heard because we were away is not silent: the time away is added
     * to every deadline.
     */
    void beforePoll()
    {
        final long awayNs = nowNs - lastPollNs;
        lastPollNs = nowNs;
        if (awayNs > STALL_NS)
        {
            for (int i = 0; i < unprovenCount; i++)
            {
                unproven[i].deadlineNs += awayNs;
            }
            for (int i = 0; i < provenCount; i++)
            {
                proven[i].lastHeardNs += awayNs;
            }
        }
    }

    /** Tells which connections ended since the last call. */
    int drainClosed(final IngressHandler handler)
    {
        int count = 0;
        while (!closed.isEmpty())
        {
            handler.onConnectionClosed(closed.pollInt());
            count++;
        }
        return count;
    }

    /** A Connect came over an image: a slot, if there is one, or the same answer again. */
    void onConnect(final ClientImage source, final long nonce, final int protocolVersion)
    {
        Connection connection = source.connection;
        if (null == connection)
        {
            if (source.isSpent || MAX_UNPROVEN == unprovenCount)
            {
                gauges.connectsIgnored++;
                return;
            }
            connection = open(source);
        }

        connection.nonce = nonce;
        if (connection.isProven())
        {
            publisher.offer(connection, encoder.buffer(), encoder.connected(connection, progress));
            return;
        }

        connection.isAnswerDue = true;
        connection.refusal = Channels.PROTOCOL_VERSION == protocolVersion ? ResultCode.OK : ResultCode.UNSUPPORTED_VERSION;
    }

    /**
     * A frame with the connection's key came.
     *
     * @return whether the connection is proven now; {@code false} when there are too many, and then it has ended.
     */
    boolean prove(final Connection connection)
    {
        if (MAX_PROVEN == provenCount)
        {
            refuse(connection, ResultCode.TOO_MANY_CONNECTIONS, MAX_PROVEN);
            return false;
        }

        removeUnproven(connection);
        proven[provenCount++] = connection;
        connection.state = Connection.State.PROVEN;
        connection.lastHeardNs = nowNs;
        connection.nextHeartbeatNs = nowNs + Channels.HEARTBEAT_INTERVAL_NS;
        gauges.connectionsOpened++;
        updateLevels();
        return true;
    }

    /** Answers a frame that failed the validation; only lengths decide what is read of it. */
    void refuseFrame(
        final Connection connection, final DirectBuffer frame, final int offset, final int length, final int code)
    {
        publisher.offer(connection, encoder.buffer(), encoder.refusedFrame(frame, offset, length, code));
    }

    /** Ends a connection in any state but FREE; the log of its publication drains in the driver. */
    void close(final Connection connection)
    {
        if (connection.isProven())
        {
            removeProven(connection);
            closed.addInt(connection.id);
        }
        else
        {
            removeUnproven(connection);
        }

        if (null != connection.publication)
        {
            connection.publication.close();
        }
        else if (Connection.State.CREATING == connection.state)
        {
            aeron.asyncRemovePublication(connection.registrationId);
        }

        final ClientImage source = connection.source;
        source.isSpent = Connection.State.WAITING != connection.state;
        source.connection = null;
        source.idleSinceNs = nowNs;
        source.assembledLength = ClientImage.NOT_ASSEMBLING;

        connection.state = Connection.State.FREE;
        connection.id = ConnectionId.NULL_VALUE;
        connection.source = null;
        connection.publication = null;
        connection.isAnswerDue = false;
        freeSlots[freeCount++] = connection.slot;
        updateLevels();
    }

    void closeAll()
    {
        while (unprovenCount > 0)
        {
            close(unproven[unprovenCount - 1]);
        }
        while (provenCount > 0)
        {
            close(proven[provenCount - 1]);
        }
    }

    int provenCount()
    {
        return provenCount;
    }

    Connection provenAt(final int index)
    {
        return proven[index];
    }

    private Connection open(final ClientImage source)
    {
        final Connection connection = slots[freeSlots[--freeCount]];
        connection.generation = ConnectionId.nextGeneration(connection.generation);
        connection.id = ConnectionId.of(connection.slot, connection.generation);
        connection.state = Connection.State.WAITING;
        connection.source = source;
        connection.key = random.nextLong();
        connection.deadlineNs = nowNs + Channels.UNPROVEN_TIMEOUT_NS;
        source.connection = connection;
        unproven[unprovenCount++] = connection;
        updateLevels();
        return connection;
    }

    private int advanceUnproven()
    {
        final boolean isListening = nowNs - lastPollNs <= STALL_NS;
        boolean mayCreate = true;
        int workCount = 0;
        int i = 0;
        while (i < unprovenCount)
        {
            final Connection connection = unproven[i];
            if (isListening && nowNs - connection.deadlineNs >= 0)
            {
                gauges.connectionsNotProven++;
                close(connection);
                workCount++;
            }
            else
            {
                if (Connection.State.WAITING == connection.state)
                {
                    workCount += mayCreate ? create(connection) : 0;
                    mayCreate = false;
                }
                else if (Connection.State.CREATING == connection.state)
                {
                    workCount += awaitPublication(connection);
                }
                else if (connection.isAnswerDue && connection.publication.isConnected())
                {
                    workCount += answer(connection);
                }

                // What ended has made room for its successor.
                i += Connection.State.FREE == connection.state ? 0 : 1;
            }
        }
        return workCount;
    }

    private int create(final Connection connection)
    {
        if (!hasRoom.getAsBoolean())
        {
            gauges.connectsIgnored++;
            close(connection);
            return 1;
        }

        final String channel = connection.source.isIpc ? "aeron:ipc?control-mode=response" : udpChannel;
        connection.registrationId = aeron.asyncAddExclusivePublication(
            channel + "|response-correlation-id=" + connection.source.image.correlationId(), Channels.RESPONSE_STREAM_ID);
        connection.state = Connection.State.CREATING;
        return 1;
    }

    private int awaitPublication(final Connection connection)
    {
        try
        {
            connection.publication = aeron.getExclusivePublication(connection.registrationId);
        }
        catch (final RegistrationException ex)
        {
            // The image went in the meantime, or asked for no response channel.
            gauges.connectionsRefused++;
            connection.state = Connection.State.WAITING;
            close(connection);
            return 1;
        }

        if (null == connection.publication)
        {
            return 0;
        }
        connection.state = Connection.State.OPEN;
        return 1;
    }

    private int answer(final Connection connection)
    {
        if (ResultCode.OK != connection.refusal)
        {
            refuse(connection, connection.refusal, Channels.PROTOCOL_VERSION);
            return 1;
        }
        if (MAX_PROVEN == provenCount)
        {
            refuse(connection, ResultCode.TOO_MANY_CONNECTIONS, MAX_PROVEN);
            return 1;
        }

        final int length = encoder.connected(connection, progress);
        if (Egress.SENT == publisher.offer(connection, encoder.buffer(), length))
        {
            connection.isAnswerDue = false;
            return 1;
        }
        return 0;
    }

    private void refuse(final Connection connection, final ResultCode code, final long detail)
    {
        gauges.connectionsRefused++;
        gauges.rejects[code.value()]++;
        publisher.offer(connection, encoder.buffer(), encoder.refusedConnect(connection.nonce, code, detail));
        close(connection);
    }

    private int keepProven()
    {
        final boolean isListening = nowNs - lastPollNs <= STALL_NS;
        int workCount = 0;
        for (int i = provenCount - 1; i >= 0; i--)
        {
            final Connection connection = proven[i];
            if (isListening && nowNs - connection.lastHeardNs > Channels.SILENT_TIMEOUT_NS)
            {
                gauges.connectionsSilent++;
                close(connection);
                workCount++;
            }
            else if (nowNs - connection.nextHeartbeatNs >= 0)
            {
                connection.nextHeartbeatNs = nowNs + Channels.HEARTBEAT_INTERVAL_NS;
                publisher.offer(connection, encoder.buffer(), encoder.heartbeat(progress));
                workCount++;
            }
        }
        return workCount;
    }

    private void removeUnproven(final Connection connection)
    {
        int i = 0;
        while (unproven[i] != connection)
        {
            i++;
        }
        unprovenCount--;
        System.arraycopy(unproven, i + 1, unproven, i, unprovenCount - i);
        unproven[unprovenCount] = null;
    }

    private void removeProven(final Connection connection)
    {
        int i = 0;
        while (proven[i] != connection)
        {
            i++;
        }
        proven[i] = proven[--provenCount];
        proven[provenCount] = null;
    }

    private void updateLevels()
    {
        gauges.connectionsProven = provenCount;
        gauges.connectionsUnproven = unprovenCount;
    }
}

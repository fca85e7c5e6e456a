package io.quipu.engine.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.engine.Frames;
import io.quipu.engine.WholeEgress;
import io.quipu.transport.ConnectionId;
import io.quipu.transport.Ingress;
import io.quipu.transport.IngressHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What Aeron does to messages, and clients to each other: a connection keeps the order of what it delivers, but whole
 * stretches of it may be missing (an image lost, and joined again with a gap), messages may come twice (a client that
 * sends again), anything takes its time, an offer may find no room, and a connection may end.
 * <pre>
 *   client --send--> [ frame, deliver at | frame | ... ] --poll--> engine        per connection, both ways
 *          &lt;-receive-- [ ... | message ]                 &lt;--offer--
 * </pre>
 */
final class SimNetwork implements Ingress, WholeEgress
{
    private static final int MAX_DELAY_NS = 2_000_000;
    private static final int MAX_GAP = 4;
    private static final int MAX_SLOT = 200;

    private record Message(byte[] bytes, long atNs)
    {
    }

    private static final class Connection
    {
        final int id;
        final ArrayDeque<Message> toEngine = new ArrayDeque<>();
        final ArrayDeque<Message> toClient = new ArrayDeque<>();
        int gap;

        Connection(final int id)
        {
            this.id = id;
        }
    }

    private final SimClock clock;
    private final Random random;
    private final Swarm swarm;
    private final Figures figures;
    private final Oracle oracle;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final QueryReplyDecoder queryReply = new QueryReplyDecoder();

    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Integer> closed = new ArrayDeque<>();
    private int connectCount;
    private boolean isServing;
    private boolean isMute;
    private long trace;

    SimNetwork(
        final SimClock clock, final Random random, final Swarm swarm, final Figures figures, final Oracle oracle)
    {
        this.clock = clock;
        this.random = random;
        this.swarm = swarm;
        this.figures = figures;
        this.oracle = oracle;
    }

    // ---- what clients see ----

    /** @return the new connection, or {@link ConnectionId#NULL_VALUE} while no engine serves. */
    int connect()
    {
        if (!isServing)
        {
            return ConnectionId.NULL_VALUE;
        }

        connectCount++;
        final Connection connection =
            new Connection(ConnectionId.of(1 + connectCount % MAX_SLOT, 1 + connectCount / MAX_SLOT));
        connections.add(connection);
        return connection.id;
    }

    boolean isOpen(final int connectionId)
    {
        return null != find(connectionId);
    }

    void send(final int connectionId, final byte[] frame)
    {
        final Connection connection = find(connectionId);
        if (null == connection)
        {
            return;
        }

        if (isLost(connection))
        {
            return;
        }

        enqueue(connection.toEngine, frame);
        if (swarm.happens(Fault.DUPLICATE, random))
        {
            figures.onFault(Fault.DUPLICATE);
            enqueue(connection.toEngine, frame);
        }
    }

    /** @return the next message that has arrived, or null. */
    byte[] receive(final int connectionId)
    {
        final Connection connection = find(connectionId);
        final boolean hasArrived = null != connection &&
            !connection.toClient.isEmpty() && connection.toClient.peek().atNs() <= clock.monotonicNs();
        return hasArrived ? connection.toClient.remove().bytes() : null;
    }

    private boolean isLost(final Connection connection)
    {
        if (0 == connection.gap && swarm.happens(Fault.GAP, random))
        {
            figures.onFault(Fault.GAP);
            connection.gap = 1 + random.nextInt(MAX_GAP);
        }

        return connection.gap > 0 && connection.gap-- > 0;
    }

    private void enqueue(final ArrayDeque<Message> queue, final byte[] bytes)
    {
        final long delayNs = swarm.isOn(Fault.DELAY) ? random.nextInt(MAX_DELAY_NS) : 0;
        final long earliestNs = queue.isEmpty() ? 0 : queue.peekLast().atNs();
        queue.add(new Message(bytes, Math.max(earliestNs, clock.monotonicNs() + delayNs)));
    }

    private Connection find(final int connectionId)
    {
        for (final Connection connection : connections)
        {
            if (connection.id == connectionId)
            {
                return connection;
            }
        }
        return null;
    }

    // ---- what the world does ----

    /** An engine has bound its ports. */
    void onEngineUp()
    {
        isServing = true;
        isMute = false;
    }

    /** The engine is gone, and with it all that was on the way. */
    void onEngineDown()
    {
        isServing = false;
        connections.clear();
        closed.clear();
    }

    /** From here on nothing may leave the engine. */
    void mute()
    {
        isMute = true;
    }

    void closeOne()
    {
        if (!connections.isEmpty())
        {
            closed.add(connections.remove(random.nextInt(connections.size())).id);
        }
    }

    /** A number that differs when anything that left the engine differs, or its time. */
    long trace()
    {
        return trace;
    }

    // ---- what the engine sees ----

    @Override
    public int poll(final IngressHandler handler, final int fragmentLimit)
    {
        int count = 0;
        while (!closed.isEmpty())
        {
            handler.onConnectionClosed(closed.remove());
            count++;
        }

        boolean hasRoom = true;
        for (int i = 0; i < connections.size() && hasRoom; i++)
        {
            final ArrayDeque<Message> queue = connections.get(i).toEngine;
            while (hasRoom && count < fragmentLimit && !queue.isEmpty() && queue.peek().atNs() <= clock.monotonicNs())
            {
                hasRoom = Frames.deliver(queue.peek().bytes(), connections.get(i).id, handler);
                if (hasRoom)
                {
                    queue.remove();
                    count++;
                }
            }
        }
        return count;
    }

    @Override
    public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        return offer(connectionId, message);
    }

    private int offer(final int connectionId, final byte[] message)
    {
        Check.that(!isMute, "a message leaves an engine that should have stopped");
        final Connection connection = find(connectionId);
        if (null == connection)
        {
            return NOT_CONNECTED;
        }

        if (swarm.happens(Fault.BACK_PRESSURE, random))
        {
            figures.onFault(Fault.BACK_PRESSURE);
            return BACK_PRESSURED;
        }

        check(message);
        trace = 31 * (31 * trace + clock.monotonicNs()) + Arrays.hashCode(message);
        if (!isLost(connection))
        {
            enqueue(connection.toClient, message);
        }
        return SENT;
    }

    private void check(final byte[] message)
    {
        view.wrap(message);
        Check.that(
            FrameValidator.OK == FrameValidator.validateEgress(view, 0, message.length),
            "the engine sends what the validator refuses");
        final int template = header.wrap(view, 0).templateId();
        if (ReplyDecoder.TEMPLATE_ID == template)
        {
            oracle.onReply(EgressReply.of(message));
        }
        else if (QueryReplyDecoder.TEMPLATE_ID == template)
        {
            queryReply.wrap(view, MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
            oracle.checkEpoch(queryReply.epoch());
            oracle.checkDurable(queryReply.ackReached(), queryReply.sequence());
        }
    }
}

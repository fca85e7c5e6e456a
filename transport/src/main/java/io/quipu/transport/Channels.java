package io.quipu.transport;

import java.util.concurrent.TimeUnit;

/**
 * What engine and client agree on before the first byte: stream ids, ports, lengths and the shape of the Aeron channels.
 * <p>
 * A client knows only {@code HOST:PORT}. The rest follows from it:
 * <pre>
 *   PORT      ingress, UDP, stream 10        client -> engine
 *   PORT + 1  control of the responses, UDP, stream 11   engine -> one client
 *   PORT + 2  feed, UDP multicast, stream 20 engine -> everybody
 * </pre>
 * The engine opens no address that a client names: a response channel leads back to where the client's image came from.
 */
public final class Channels
{
    /** Version of the conversation drawn in {@code ingress.xml}, sent in Connect and answered in Connected. */
    public static final int PROTOCOL_VERSION = 1;

    public static final String DEFAULT_HOST = "localhost";
    public static final int DEFAULT_PORT = 7400;

    public static final int INGRESS_STREAM_ID = 10;
    public static final int RESPONSE_STREAM_ID = 11;
    public static final int FEED_STREAM_ID = 20;

    /** Added to the ingress port. */
    public static final int RESPONSE_PORT_OFFSET = 1;
    /** Added to the ingress port. */
    public static final int FEED_PORT_OFFSET = 2;

    /** Multicast group of the feed; Aeron wants the last octet odd. */
    public static final String FEED_GROUP = "224.20.30.41";

    /** Longest frame in either direction, all headers of ours included; an eighth of a term. */
    public static final int MAX_MESSAGE_LENGTH = 64 * 1024;
    /** Terms of the ingress and response publications. */
    public static final int TERM_LENGTH = 512 * 1024;
    /** The engine takes no image with longer terms. */
    public static final int MAX_TERM_LENGTH = 1024 * 1024;

    /** Terms of the feed. */
    public static final int FEED_TERM_LENGTH = 1024 * 1024;
    /** Longest feed message; an eighth of a term. */
    public static final int MAX_FEED_MESSAGE_LENGTH = 128 * 1024;

    /** Datagram payload on loopback, where nothing is fragmented; elsewhere Aeron's default fits one Ethernet frame. */
    public static final int LOOPBACK_MTU_LENGTH = 8 * 1024;

    /** An unproven connection is forgotten after this time. What proves it must be short: one fragment, such as a KeepAlive. */
    public static final long UNPROVEN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    /** A connection that sends nothing, not even a KeepAlive, is forgotten after this time. */
    public static final long SILENT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    /** The engine sends a Heartbeat this often to each proven connection. */
    public static final long HEARTBEAT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private Channels()
    {
    }

    /** The channel of a client's ingress publication; {@code response-correlation-id} still to be added. */
    public static String ingress(final String host, final int port)
    {
        return "aeron:udp?endpoint=" + host + ':' + port;
    }

    /**
     * The channel of a client's response subscription.
     * <p>
     * Aeron ties a response subscription to the first publication that answers it, for good. So every connection, also one
     * after the engine restarted or forgot the client, needs a new response subscription and a new ingress publication.
     */
    public static String response(final String host, final int port)
    {
        return "aeron:udp?control-mode=response|control=" + host + ':' + (port + RESPONSE_PORT_OFFSET);
    }

    /** The channel of the feed of the engine at an ingress port: multicast that never leaves the machine. */
    public static String feed(final int port)
    {
        return "aeron:udp?endpoint=" + FEED_GROUP + ':' + (port + FEED_PORT_OFFSET) + "|interface=localhost|ttl=0";
    }
}

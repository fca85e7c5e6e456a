package io.quipu.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * {@code HOST:PORT} to listen on, and the search for ports that are free.
 */
final class Endpoint
{
    /** The ports of the responses and of the feed follow. */
    static final int MAX_PORT = 0xFFFF - Channels.FEED_PORT_OFFSET;

    private static final int PICK_ATTEMPTS = 64;

    private final String host;
    private final InetAddress address;
    private final int port;

    private Endpoint(final String host, final InetAddress address, final int port)
    {
        this.host = host;
        this.address = address;
        this.port = port;
    }

    /**
     * @throws TransportException naming the text that is no address, and why.
     */
    static Endpoint parse(final String text)
    {
        final int colon = text.lastIndexOf(':');
        if (colon <= 0)
        {
            throw new TransportException("ingress=" + text + ": HOST:PORT is needed, such as localhost:7400");
        }

        final String host = text.substring(0, colon);
        try
        {
            final int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 0 || port > MAX_PORT)
            {
                throw new TransportException("ingress=" + text + ": the port must be 0.." + MAX_PORT);
            }
            return new Endpoint(host, InetAddress.getByName(host), port);
        }
        catch (final NumberFormatException ex)
        {
            throw new TransportException("ingress=" + text + ": the port must be a number, 0.." + MAX_PORT, ex);
        }
        catch (final UnknownHostException ex)
        {
            throw new TransportException("ingress=" + text + ": unknown host " + host, ex);
        }
    }

    String host()
    {
        return host;
    }

    int port()
    {
        return port;
    }

    boolean isLoopback()
    {
        return address.isLoopbackAddress();
    }

    Endpoint withPort(final int newPort)
    {
        return new Endpoint(host, address, newPort);
    }

    /** An even port that was free a moment ago, and so was the one after it. */
    Endpoint pick()
    {
        for (int i = 0; i < PICK_ATTEMPTS; i++)
        {
            final int candidate;
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0)))
            {
                candidate = socket.getLocalPort() & ~1;
            }
            catch (final IOException ex)
            {
                throw new TransportException("cannot listen on host " + host + ": " + ex.getMessage(), ex);
            }

            if (candidate <= MAX_PORT && isFree(candidate) && isFree(candidate + Channels.RESPONSE_PORT_OFFSET))
            {
                return withPort(candidate);
            }
        }

        throw new TransportException("no two free UDP ports in a row on " + host + ": name one with HOST:PORT");
    }

    /**
     * @throws TransportException naming the port that is in use, of the two that are needed.
     */
    void checkFree()
    {
        for (int i = port; i <= port + Channels.RESPONSE_PORT_OFFSET; i++)
        {
            if (!isFree(i))
            {
                throw new TransportException("UDP port " + i + " of " + host + " is in use" +
                    (i == port ? "" : " (the responses need it, one above the ingress port)") +
                    ": stop its owner, or listen elsewhere, " + host + ":0 for a free port");
            }
        }
    }

    private boolean isFree(final int candidate)
    {
        try (DatagramSocket ignore = new DatagramSocket(new InetSocketAddress(address, candidate)))
        {
            return true;
        }
        catch (final BindException ex)
        {
            final String message = ex.getMessage();
            if (null != message && message.contains("in use"))
            {
                return false;
            }
            throw new TransportException("cannot listen on " + host + ':' + candidate + ": " + message, ex);
        }
        catch (final IOException ex)
        {
            throw new TransportException("cannot listen on " + host + ':' + candidate + ": " + ex.getMessage(), ex);
        }
    }

    @Override
    public String toString()
    {
        return host + ':' + port;
    }
}

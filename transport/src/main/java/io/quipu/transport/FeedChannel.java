package io.quipu.transport;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Turns the channel that a subscriber of the feed is told into the one that the engine publishes on.
 */
final class FeedChannel
{
    private FeedChannel()
    {
    }

    /**
     * @throws TransportException when it is no channel, or leaves the machine though that is not allowed.
     */
    static String publication(final String channel, final boolean isLoopbackOnly)
    {
        final ChannelUri uri;
        try
        {
            uri = ChannelUri.parse(channel);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new TransportException("feed=" + channel + ": no Aeron channel: " + ex.getMessage(), ex);
        }

        if (uri.isUdp())
        {
            final boolean isOnLoopback = isOnLoopback(channel, uri);
            if (isLoopbackOnly && !isOnLoopback)
            {
                throw new TransportException("feed=" + channel +
                    ": leaves this machine, which nobody is kept from reading: allow it with --allow-unauthenticated");
            }
            if (isOnLoopback)
            {
                putIfAbsent(uri, CommonContext.MTU_LENGTH_PARAM_NAME, Integer.toString(Channels.LOOPBACK_MTU_LENGTH));
            }
            if (hasManyReceivers(channel, uri))
            {
                putIfAbsent(uri, CommonContext.FLOW_CONTROL_PARAM_NAME, "max");
            }
        }
        putIfAbsent(uri, CommonContext.TERM_LENGTH_PARAM_NAME, Integer.toString(Channels.FEED_TERM_LENGTH));
        return uri.toString();
    }

    private static boolean hasManyReceivers(final String channel, final ChannelUri uri)
    {
        return uri.containsKey(CommonContext.MDC_CONTROL_PARAM_NAME) || address(channel, uri).isMulticastAddress();
    }

    private static InetAddress address(final String channel, final ChannelUri uri)
    {
        final String endpoint = uri.get(CommonContext.ENDPOINT_PARAM_NAME);
        final String control = uri.get(CommonContext.MDC_CONTROL_PARAM_NAME);
        final String address = null != control ? control : endpoint;
        if (null == address)
        {
            throw new TransportException("feed=" + channel + ": names neither endpoint nor control address");
        }
        return resolve(channel, address.substring(0, Math.max(0, address.lastIndexOf(':'))));
    }

    private static boolean isOnLoopback(final String channel, final ChannelUri uri)
    {
        final InetAddress resolved = address(channel, uri);
        if (!resolved.isMulticastAddress())
        {
            return resolved.isLoopbackAddress();
        }
        final String networkInterface = uri.get(CommonContext.INTERFACE_PARAM_NAME);
        return null != networkInterface && resolve(channel, networkInterface.split("[:/]")[0]).isLoopbackAddress();
    }

    private static InetAddress resolve(final String channel, final String host)
    {
        try
        {
            return InetAddress.getByName(host);
        }
        catch (final UnknownHostException ex)
        {
            throw new TransportException("feed=" + channel + ": unknown host " + host, ex);
        }
    }

    private static void putIfAbsent(final ChannelUri uri, final String name, final String value)
    {
        if (!uri.containsKey(name))
        {
            uri.put(name, value);
        }
    }
}

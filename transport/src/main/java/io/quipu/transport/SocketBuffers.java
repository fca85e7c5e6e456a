package io.quipu.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * How much a UDP socket may hold here, and the flow control windows that follow from it.
 * <p>
 * A datagram that finds its socket's buffer full is lost without a word; Aeron asks for it again, some milliseconds later.
 * The kernel grants what is asked for up to a limit of its own ({@code net.core.rmem_max}), takes twice as much for its
 * bookkeeping, and charges each datagram with the memory that it takes: 768 bytes for one of 100, 16.6 KB for one of
 * 8 KiB, little more than its length for those of 16 KiB and more. So nothing is lost as long as senders may have half of
 * what was granted under way.
 */
public final class SocketBuffers
{
    /** What is asked for: eight full windows, so that four clients may fill theirs at the same time. */
    private static final int WANTED_LENGTH = 2 * 1024 * 1024;
    /** The longest window that a term has room for. */
    private static final int MAX_WINDOW_LENGTH = Channels.TERM_LENGTH / 2;

    private static final int RECEIVE_LENGTH = granted(StandardSocketOptions.SO_RCVBUF);
    private static final int SEND_LENGTH = granted(StandardSocketOptions.SO_SNDBUF);

    private SocketBuffers()
    {
    }

    /** SO_RCVBUF to set, which will be granted. */
    public static int receiveLength()
    {
        return RECEIVE_LENGTH;
    }

    /** SO_SNDBUF to set, which will be granted. */
    public static int sendLength()
    {
        return SEND_LENGTH;
    }

    /**
     * What one of so many senders to the same socket may have under way: its share of what the socket can hold, but never
     * less than one datagram, without which nothing would move, and never more than a term allows.
     */
    public static int window(final int senders)
    {
        return windowOf(RECEIVE_LENGTH, senders);
    }

    static int windowOf(final int receiveLength, final int senders)
    {
        final int share = receiveLength / 2 / Math.max(1, senders);
        return Math.max(Channels.LOOPBACK_MTU_LENGTH, Math.min(MAX_WINDOW_LENGTH, share));
    }

    private static int granted(final SocketOption<Integer> option)
    {
        try (DatagramChannel channel = DatagramChannel.open())
        {
            channel.setOption(option, WANTED_LENGTH);
            return Math.min(WANTED_LENGTH, channel.getOption(option));
        }
        catch (final IOException ex)
        {
            throw new TransportException("no UDP socket can be opened: " + ex.getMessage(), ex);
        }
    }
}

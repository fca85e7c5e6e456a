package io.quipu.transport;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import org.agrona.DirectBuffer;

/**
 * Sends replies to proven connections, each over its own response publication. The transport's thread only; allocates nothing.
 */
final class ResponsePublisher implements Egress
{
    private final Connections connections;
    private final TransportGauges gauges;

    ResponsePublisher(final Connections connections, final TransportGauges gauges)
    {
        this.connections = connections;
        this.gauges = gauges;
    }

    @Override
    public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        checkLength(length);
        final ExclusivePublication publication = find(connectionId);
        if (null == publication)
        {
            return count(NOT_CONNECTED, length);
        }

        long position = publication.offer(buffer, offset, length, null);
        if (Publication.ADMIN_ACTION == position)
        {
            position = publication.offer(buffer, offset, length, null);
        }
        return count(outcome(position), length);
    }

    @Override
    public int offer(
        final int connectionId,
        final DirectBuffer firstBuffer,
        final int firstOffset,
        final int firstLength,
        final DirectBuffer secondBuffer,
        final int secondOffset,
        final int secondLength)
    {
        final int length = firstLength + secondLength;
        checkLength(length);
        final ExclusivePublication publication = find(connectionId);
        if (null == publication)
        {
            return count(NOT_CONNECTED, length);
        }

        long position = publication.offer(
            firstBuffer, firstOffset, firstLength, secondBuffer, secondOffset, secondLength, null);
        if (Publication.ADMIN_ACTION == position)
        {
            position = publication.offer(
                firstBuffer, firstOffset, firstLength, secondBuffer, secondOffset, secondLength, null);
        }
        return count(outcome(position), length);
    }

    /** To a connection in any state that has a publication. */
    int offer(final Connection connection, final DirectBuffer buffer, final int length)
    {
        return count(outcome(connection.publication.offer(buffer, 0, length, null)), length);
    }

    private ExclusivePublication find(final int connectionId)
    {
        final Connection connection = connections.proven(connectionId);
        return null == connection ? null : connection.publication;
    }

    private int count(final int outcome, final int length)
    {
        switch (outcome)
        {
            case SENT:
                gauges.repliesSent++;
                gauges.replyBytesSent += length;
                break;

            case BACK_PRESSURED:
                gauges.repliesBackPressured++;
                break;

            default:
                gauges.repliesNotConnected++;
                break;
        }
        return outcome;
    }

    private static int outcome(final long position)
    {
        if (position > 0)
        {
            return SENT;
        }
        return Publication.BACK_PRESSURED == position || Publication.ADMIN_ACTION == position ?
            BACK_PRESSURED : NOT_CONNECTED;
    }

    private static void checkLength(final int length)
    {
        if (length > Channels.MAX_MESSAGE_LENGTH)
        {
            throw new IllegalArgumentException("length=" + length + " exceeds " + Channels.MAX_MESSAGE_LENGTH);
        }
    }
}

package io.quipu.transport;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import org.agrona.DirectBuffer;

/**
 * The feed over one Aeron publication whose flow control follows the fastest receiver, so that none holds it up. The
 * transport's thread only; allocates nothing.
 */
final class FeedPublication implements Feed
{
    private final ExclusivePublication publication;
    private final TransportGauges gauges;

    FeedPublication(final ExclusivePublication publication, final TransportGauges gauges)
    {
        this.publication = publication;
        this.gauges = gauges;
    }

    @Override
    public boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length > Channels.MAX_FEED_MESSAGE_LENGTH)
        {
            throw new IllegalArgumentException("length=" + length + " exceeds " + Channels.MAX_FEED_MESSAGE_LENGTH);
        }

        long position = publication.offer(buffer, offset, length, null);
        if (Publication.ADMIN_ACTION == position)
        {
            position = publication.offer(buffer, offset, length, null);
        }

        if (position > 0)
        {
            gauges.feedSent++;
            gauges.feedBytesSent += length;
            return true;
        }
        if (Publication.NOT_CONNECTED != position)
        {
            gauges.feedDropped++;
        }
        return false;
    }

    @Override
    public boolean isConnected()
    {
        return publication.isConnected();
    }
}

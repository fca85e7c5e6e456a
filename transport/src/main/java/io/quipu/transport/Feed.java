package io.quipu.transport;

import org.agrona.DirectBuffer;

/**
 * The way out to everybody who listens. A seam. No subscriber slows the caller: what cannot be sent now is dropped and
 * counted, and a later view makes good for it.
 */
public interface Feed
{
    /** Publishes nothing; for an engine started without a feed. */
    Feed OFF = new Feed()
    {
        public boolean offer(final DirectBuffer buffer, final int offset, final int length)
        {
            return false;
        }

        public boolean isConnected()
        {
            return false;
        }
    };

    /**
     * Offers one message of at most {@link Channels#MAX_FEED_MESSAGE_LENGTH} bytes.
     *
     * @return whether it was sent; {@code false} when dropped or when nobody listens.
     * @throws IllegalArgumentException when the message is longer.
     */
    boolean offer(DirectBuffer buffer, int offset, int length);

    /** Whether anybody listens: without, a view need not be cut. */
    boolean isConnected();
}

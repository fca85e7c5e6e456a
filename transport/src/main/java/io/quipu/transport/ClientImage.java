package io.quipu.transport;

import io.aeron.Image;

/**
 * An image on the ingress stream, the connection that it opened, and the message of several fragments that is on its way.
 */
final class ClientImage
{
    /** No message is being put together. */
    static final int NOT_ASSEMBLING = -1;

    final Image image;
    final boolean isIpc;

    Connection connection;
    /** Since when there has been no connection. */
    long idleSinceNs;
    /** Its bytes make no sense any more: not polled until it goes. */
    boolean isPoisoned;
    boolean isRejected;
    /**
     * It had a response publication: Aeron ties a response subscription to the first publication that answers it, for good,
     * so a second connection over the same image would never be heard. A client opens a new pair of channels.
     */
    boolean isSpent;
    /** Aeron has closed it. */
    boolean isGone;
    int assembledLength = NOT_ASSEMBLING;
    int nextTermOffset;

    ClientImage(final Image image, final boolean isIpc, final long nowNs)
    {
        this.image = image;
        this.isIpc = isIpc;
        this.idleSinceNs = nowNs;
    }
}

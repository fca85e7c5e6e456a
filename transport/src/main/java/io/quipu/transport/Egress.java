package io.quipu.transport;

import org.agrona.DirectBuffer;

/**
 * The way back to one client. A seam. Never blocks; what could not be offered is the caller's to drop or to offer again.
 * Bytes are copied before the call returns.
 */
public interface Egress
{
    /** The message is in the connection's log buffer; it leaves with the next turns of the driver. */
    int SENT = 1;
    /** No room now: the client does not read fast enough, or the log is being rotated. */
    int BACK_PRESSURED = -1;
    /** The connection is gone, is not proven yet, or never was. */
    int NOT_CONNECTED = -2;

    /**
     * Offers one message of at most {@link Channels#MAX_MESSAGE_LENGTH} bytes.
     *
     * @return {@link #SENT}, {@link #BACK_PRESSURED} or {@link #NOT_CONNECTED}.
     * @throws IllegalArgumentException when the message is longer.
     */
    int offer(int connectionId, DirectBuffer buffer, int offset, int length);

    /**
     * Offers one message whose bytes stand in two places, such as an envelope and a kept reply.
     *
     * @return {@link #SENT}, {@link #BACK_PRESSURED} or {@link #NOT_CONNECTED}.
     * @throws IllegalArgumentException when both together are longer than {@link Channels#MAX_MESSAGE_LENGTH}.
     */
    int offer(
        int connectionId,
        DirectBuffer firstBuffer,
        int firstOffset,
        int firstLength,
        DirectBuffer secondBuffer,
        int secondOffset,
        int secondLength);
}

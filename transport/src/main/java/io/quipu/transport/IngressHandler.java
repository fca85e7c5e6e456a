package io.quipu.transport;

import org.agrona.DirectBuffer;

/**
 * Takes the frames of proven connections, on the thread that polls the {@link Ingress}.
 * <p>
 * Each frame has been validated to its last byte and carries the key of its connection. The bytes are only there during the
 * call. {@code false} says that there is no room for what the frame would cause: nothing of it may have been kept, polling
 * stops, and the same frame is delivered again by a later poll.
 */
public interface IngressHandler
{
    /** A Submit frame with all its requests. */
    boolean onSubmit(int connectionId, DirectBuffer buffer, int offset, int length);

    /** A Query frame with its one query message. */
    boolean onQuery(int connectionId, DirectBuffer buffer, int offset, int length);

    /** An AttachSession frame. */
    boolean onAttachSession(int connectionId, DirectBuffer buffer, int offset, int length);

    /** A CloseSession frame. */
    boolean onCloseSession(int connectionId, DirectBuffer buffer, int offset, int length);

    /**
     * A connection that was proven is gone: its id will never be delivered again and offers to it answer
     * {@link Egress#NOT_CONNECTED}. Called from {@link Ingress#poll} only, so never inside another call of this handler.
     */
    void onConnectionClosed(int connectionId);
}

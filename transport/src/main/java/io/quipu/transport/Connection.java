package io.quipu.transport;

import io.aeron.ExclusivePublication;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One slot, used again and again.
 * <pre>
 *   FREE -- Connect --> WAITING --> CREATING --> OPEN -- a frame with the key --> PROVEN
 *     ^                    |           |           |                                |
 *     +--------------------+-----------+-----------+--------------------------------+
 *        2 s without proof, 30 s of silence, Disconnect, refused, or the image is gone
 * </pre>
 */
final class Connection
{
    enum State
    {
        /** Nobody's. */
        FREE,
        /** Its turn to have a response publication has not come yet. */
        WAITING,
        /** The driver was asked for the response publication. */
        CREATING,
        /** Connected is sent, or about to be, as soon as the client's subscription is there. */
        OPEN,
        /** A frame with the key came: the client reads what is sent to it. */
        PROVEN
    }

    final int slot;

    State state = State.FREE;
    int generation;
    int id = ConnectionId.NULL_VALUE;
    ClientImage source;
    ExclusivePublication publication;
    long registrationId;
    long key;
    long nonce;
    /** What to answer the Connect with instead of Connected. */
    ResultCode refusal = ResultCode.OK;
    /** A Connect has not been answered yet. */
    boolean isAnswerDue;
    /** When an unproven connection is dropped. */
    long deadlineNs;
    long lastHeardNs;
    long nextHeartbeatNs;

    private UnsafeBuffer assembly;

    Connection(final int slot)
    {
        this.slot = slot;
    }

    boolean isProven()
    {
        return State.PROVEN == state;
    }

    /** Where a message of several fragments is put together: made at the first need, kept for the slot's next owners. */
    UnsafeBuffer assembly()
    {
        if (null == assembly)
        {
            assembly = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Channels.MAX_MESSAGE_LENGTH, Long.BYTES));
        }
        return assembly;
    }
}

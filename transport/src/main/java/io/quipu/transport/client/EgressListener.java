package io.quipu.transport.client;

import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;

/**
 * Told what an {@link EngineConnection} receives, on the thread that drives it. Every frame has been validated. The bytes are
 * only there during the call.
 */
interface EgressListener
{
    /** A connection is made and proven: nothing sent over an earlier one may be counted on. */
    void onConnected(long nowNs);

    /** The connection is gone. */
    void onDisconnected();

    void onSessionAttached(
        long correlationId, long lastRequestSequence, long sequence, long attachment, long nowNs);

    void onSessionClosed(long correlationId);

    /** A whole Reply frame. */
    void onReply(DirectBuffer buffer, int offset, int length, long nowNs);

    /** A whole QueryReply frame. */
    void onQueryReply(DirectBuffer buffer, int offset, int length, long nowNs);

    /** Refused before the append: a request when its sequence is not 0, else a query, attach or close. */
    void onRefused(
        long correlationId, long attachment, long requestSequence, ResultCode code, long detail, long nowNs);
}

package io.quipu.transport.client;

import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.ResultCode;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayListUtil;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The queries that callers wait for. They change nothing, so each is simply sent again after silence, refusal that passes, or a
 * new connection. For the client's thread.
 */
final class PendingQueries
{
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final long BUSY_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int MAX_RESEND_FACTOR = 8;

    private final EngineConnection connection;
    private final long resendIntervalNs;
    private final ArrayList<QueryCall> calls = new ArrayList<>();
    private final QueryReplyDecoder queryReply = new QueryReplyDecoder();

    PendingQueries(final EngineConnection connection, final long resendIntervalNs)
    {
        this.connection = connection;
        this.resendIntervalNs = resendIntervalNs;
    }

    int size()
    {
        return calls.size();
    }

    void add(final QueryCall call, final long nowNs)
    {
        call.sendAtNs = nowNs;
        calls.add(call);
    }

    /** Sends what is due, and drops it when its caller no longer waits. */
    int doWork(final long nowNs)
    {
        if (!connection.isConnected())
        {
            return 0;
        }
        int work = 0;
        for (int i = calls.size() - 1; i >= 0; i--)
        {
            final QueryCall call = calls.get(i);
            if (nowNs - call.sendAtNs >= 0)
            {
                if (call.isAbandoned())
                {
                    ArrayListUtil.fastUnorderedRemove(calls, i);
                    continue;
                }
                final DirectBuffer frame = call.frame(connection.connectionKey(), connection.nextCorrelationId());
                if (!connection.offer(frame, 0, frame.capacity()))
                {
                    return work;
                }
                call.sendAtNs = nowNs + Math.min(1 << call.attempts, MAX_RESEND_FACTOR) * resendIntervalNs;
                call.attempts = Math.min(call.attempts + 1, MAX_RESEND_FACTOR);
                work++;
            }
        }
        return work;
    }

    /** All of them are to be sent anew: nothing is known of those that were under way. */
    void onConnected(final long nowNs)
    {
        for (final QueryCall call : calls)
        {
            call.sendAtNs = nowNs;
            call.correlationId = 0;
        }
    }

    /** A QueryReply frame. */
    void onQueryReply(final DirectBuffer buffer, final int offset, final int length)
    {
        final int blockLength = buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
        queryReply.wrap(buffer, offset + HEADER_LENGTH, blockLength, QueryReplyDecoder.SCHEMA_VERSION);
        final int index = find(queryReply.correlationId());
        if (index >= 0)
        {
            final int bodyOffset = offset + HEADER_LENGTH + blockLength;
            final QueryCall call = calls.get(index);
            if (call.onChunk(queryReply, buffer, bodyOffset, offset + length - bodyOffset))
            {
                ArrayListUtil.fastUnorderedRemove(calls, index);
                call.complete();
            }
        }
    }

    /** A query was refused before it ran; false when it is none of these. */
    boolean onRefused(final long correlationId, final ResultCode code, final long detail, final long nowNs)
    {
        final int index = find(correlationId);
        if (index < 0)
        {
            return false;
        }
        final QueryCall call = calls.get(index);
        if (ResultCode.BUSY == code)
        {
            call.sendAtNs = nowNs + BUSY_WAIT_NS;
        }
        else
        {
            ArrayListUtil.fastUnorderedRemove(calls, index);
            call.fail(() -> Refusals.refused(call.what(), code, 0, detail));
        }
        return true;
    }

    void failAll(final Supplier<QuipuException> failure)
    {
        for (final QueryCall call : calls)
        {
            call.fail(failure);
        }
        calls.clear();
    }

    private int find(final long correlationId)
    {
        for (int i = 0, size = calls.size(); i < size; i++)
        {
            if (calls.get(i).correlationId == correlationId)
            {
                return i;
            }
        }
        return -1;
    }
}

package io.quipu.engine.state;

import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionCloseFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.codecs.storage.TickFrameEncoder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bodies of journal records, frame by frame.
 */
final class BodyBuilder
{
    private final MutableDirectBuffer buffer =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(1 << 21, 64));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RequestFrameEncoder request = new RequestFrameEncoder();
    private final SessionOpenFrameEncoder open = new SessionOpenFrameEncoder();
    private final SessionCloseFrameEncoder close = new SessionCloseFrameEncoder();
    private final TickFrameEncoder tick = new TickFrameEncoder();
    private int length;

    BodyBuilder clear()
    {
        length = 0;
        return this;
    }

    BodyBuilder open(final int sessionId, final long tokenHashHigh, final long tokenHashLow)
    {
        open.wrapAndApplyHeader(buffer, length, header)
            .tokenHashHigh(tokenHashHigh)
            .tokenHashLow(tokenHashLow)
            .sessionId(sessionId)
            .reserved(0);
        return end(open.limit());
    }

    BodyBuilder close(final int sessionId)
    {
        close.wrapAndApplyHeader(buffer, length, header).sessionId(sessionId).reserved(0);
        return end(close.limit());
    }

    BodyBuilder tick()
    {
        tick.wrapAndApplyHeader(buffer, length, header).reserved(0);
        return end(tick.limit());
    }

    BodyBuilder request(
        final int sessionId,
        final long requestSequence,
        final long repliesReceivedUpTo,
        final RequestBuilder commands)
    {
        request.wrapAndApplyHeader(buffer, length, header)
            .requestSequence(requestSequence)
            .repliesReceivedUpTo(repliesReceivedUpTo)
            .sessionId(sessionId)
            .length(commands.length())
            .commandCount(commands.commandCount())
            .replyForm(commands.replyForm().value())
            .mode(commands.mode().value())
            .reserved(0);
        buffer.putBytes(request.limit(), commands.buffer(), 0, commands.length());
        return end(request.limit() + commands.length());
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return length;
    }

    byte[] toBytes()
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private BodyBuilder end(final int limit)
    {
        length = BitUtil.align(limit, 8);
        buffer.setMemory(limit, length - limit, (byte)0);
        return this;
    }
}

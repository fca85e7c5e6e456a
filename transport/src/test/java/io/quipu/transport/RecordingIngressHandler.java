package io.quipu.transport;

import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what the transport delivers.
 */
final class RecordingIngressHandler implements IngressHandler
{
    record Frame(String kind, int connectionId, byte[] bytes)
    {
    }

    final List<Frame> frames = new ArrayList<>();
    final List<Integer> closed = new ArrayList<>();
    boolean hasRoom = true;
    int refusals;
    RuntimeException failure;

    @Override
    public boolean onSubmit(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return record("submit", connectionId, buffer, offset, length);
    }

    @Override
    public boolean onQuery(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return record("query", connectionId, buffer, offset, length);
    }

    @Override
    public boolean onAttachSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return record("attach", connectionId, buffer, offset, length);
    }

    @Override
    public boolean onCloseSession(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        return record("close", connectionId, buffer, offset, length);
    }

    @Override
    public void onConnectionClosed(final int connectionId)
    {
        closed.add(connectionId);
    }

    Frame last()
    {
        return frames.get(frames.size() - 1);
    }

    private boolean record(
        final String kind, final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (null != failure)
        {
            throw failure;
        }
        if (!hasRoom)
        {
            refusals++;
            return false;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        frames.add(new Frame(kind, connectionId, bytes));
        return true;
    }
}

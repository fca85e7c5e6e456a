package io.quipu.engine;

import io.quipu.transport.Egress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An egress that is offered each message in one piece.
 */
public interface WholeEgress extends Egress
{
    @Override
    default int offer(
        final int connectionId,
        final DirectBuffer firstBuffer,
        final int firstOffset,
        final int firstLength,
        final DirectBuffer secondBuffer,
        final int secondOffset,
        final int secondLength)
    {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[firstLength + secondLength]);
        whole.putBytes(0, firstBuffer, firstOffset, firstLength);
        whole.putBytes(firstLength, secondBuffer, secondOffset, secondLength);
        return offer(connectionId, whole, 0, whole.capacity());
    }
}

package io.quipu.transport;

import io.aeron.Image;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.AttachSessionDecoder;
import io.quipu.codecs.ingress.CloseSessionDecoder;
import io.quipu.codecs.ingress.ConnectDecoder;
import io.quipu.codecs.ingress.DisconnectDecoder;
import io.quipu.codecs.ingress.KeepAliveDecoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.QueryDecoder;
import io.quipu.codecs.ingress.SubmitDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Polls every image, puts messages together, validates each once, and hands what carries its connection's key to the engine.
 * <p>
 * Images are kept with their connection, so that no map is asked for a fragment. A bad frame is counted; it is answered only
 * when it comes over a proven connection and has that connection's key in its place, for a session id alone is anybody's to
 * forge. The transport's thread only; allocates only when an image comes or goes.
 */
final class IngressAdapter implements Ingress, ControlledFragmentHandler
{
    /** All keyed messages have the key first. */
    private static final int KEY_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH + KeepAliveDecoder.connectionKeyEncodingOffset();
    private static final int KEYED_LENGTH = KEY_OFFSET + Long.BYTES;

    /** An image without a connection takes one of the stream's places; after this time it is asked to leave. */
    private static final long IDLE_IMAGE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Connections connections;
    private final TransportGauges gauges;
    private final ConnectDecoder connect = new ConnectDecoder();
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();

    private ClientImage[] images = new ClientImage[16];
    private int imageCount;
    private int goneCount;
    private int nextIndex;

    private ClientImage source;
    private IngressHandler handler;
    private boolean isBlocked;
    private RuntimeException failure;

    IngressAdapter(final Connections connections, final TransportGauges gauges)
    {
        this.connections = connections;
        this.gauges = gauges;
    }

    void onAvailableImage(final Image image, final boolean isIpc)
    {
        if (imageCount == images.length)
        {
            images = Arrays.copyOf(images, imageCount * 2);
        }
        images[imageCount++] = new ClientImage(image, isIpc, connections.nowNs());
        gauges.images = imageCount;
    }

    /** Called by Aeron, which lets no publication be closed in the meantime: {@link #removeGone} does the rest. */
    void onUnavailableImage(final Image image)
    {
        for (int i = 0; i < imageCount; i++)
        {
            if (images[i].image == image)
            {
                images[i].isGone = true;
                goneCount++;
            }
        }
    }

    /** Ends what came over images that are gone. After each turn of the Aeron client. */
    int removeGone()
    {
        final int workCount = goneCount;
        for (int i = imageCount - 1; i >= 0 && goneCount > 0; i--)
        {
            final ClientImage client = images[i];
            if (client.isGone)
            {
                goneCount--;
                if (null != client.connection)
                {
                    connections.close(client.connection);
                }
                images[i] = images[--imageCount];
                images[imageCount] = null;
                gauges.images = imageCount;
            }
        }
        return workCount;
    }

    /** Once a second or so: images that nobody connects over, or whose bytes make no sense, are asked to leave. */
    int rejectIdleImages(final long nowNs)
    {
        for (int i = 0; i < imageCount; i++)
        {
            final ClientImage client = images[i];
            final boolean isIdle = null == client.connection && nowNs - client.idleSinceNs > IDLE_IMAGE_NS;
            if (!client.isIpc && !client.isGone && !client.isRejected && (isIdle || client.isPoisoned))
            {
                reject(client);
                return 1;
            }
        }
        return 0;
    }

    private void reject(final ClientImage client)
    {
        client.isRejected = true;
        try
        {
            client.image.reject(client.isPoisoned ? "malformed" : "no connection");
            gauges.imagesRejected++;
        }
        catch (final RegistrationException ex)
        {
            // The driver has let go of it already and will say so: there is nobody left to ask.
            return;
        }
    }

    @Override
    public int poll(final IngressHandler ingressHandler, final int fragmentLimit)
    {
        connections.beforePoll();
        int workCount = connections.drainClosed(ingressHandler);
        final int count = imageCount;
        if (0 == count)
        {
            return workCount;
        }

        handler = ingressHandler;
        isBlocked = false;
        int fragments = 0;
        int index = nextIndex < count ? nextIndex : 0;
        nextIndex = index + 1;
        for (int i = 0; i < count && fragments < fragmentLimit && !isBlocked; i++)
        {
            source = images[index];
            if (!source.isPoisoned)
            {
                fragments += source.image.controlledPoll(this, fragmentLimit - fragments);
            }
            index = ++index < count ? index : 0;
        }

        workCount += fragments;
        source = null;
        if (null != failure)
        {
            final RuntimeException ex = failure;
            failure = null;
            throw ex;
        }
        return workCount;
    }

    /**
     * {@inheritDoc}
     * <p>
     * Aeron would hand an exception to its error handler and step over the frame: it is kept for the caller of poll.
     */
    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        try
        {
            if (length < 0 || offset + length > buffer.capacity())
            {
                source.isPoisoned = true;
                reject(ResultCode.MALFORMED.value());
                return Action.ABORT;
            }

            final byte flags = header.flags();
            if (FrameDescriptor.UNFRAGMENTED == (flags & FrameDescriptor.UNFRAGMENTED))
            {
                source.assembledLength = ClientImage.NOT_ASSEMBLING;
                return onFrame(buffer, offset, length) ? Action.CONTINUE : block();
            }
            return assemble(buffer, offset, length, header, flags) ? Action.CONTINUE : block();
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
            return block();
        }
    }

    private Action block()
    {
        isBlocked = true;
        return Action.ABORT;
    }

    /** Only the proven may have a message of several fragments put together: nobody else has anything to say that is so long. */
    private boolean assemble(
        final DirectBuffer buffer, final int offset, final int length, final Header header, final byte flags)
    {
        final ClientImage client = source;
        final Connection connection = client.connection;
        final boolean isBegin = FrameDescriptor.BEGIN_FRAG_FLAG == (flags & FrameDescriptor.BEGIN_FRAG_FLAG);
        if (isBegin)
        {
            if (null == connection || !connection.isProven())
            {
                reject(ResultCode.UNKNOWN_CONNECTION.value());
                return true;
            }
            client.assembledLength = 0;
        }
        else if (ClientImage.NOT_ASSEMBLING == client.assembledLength || header.termOffset() != client.nextTermOffset)
        {
            client.assembledLength = ClientImage.NOT_ASSEMBLING;
            return true;
        }

        final int assembledLength = client.assembledLength;
        if (length > Channels.MAX_MESSAGE_LENGTH - assembledLength)
        {
            client.assembledLength = ClientImage.NOT_ASSEMBLING;
            reject(ResultCode.REQUEST_TOO_LARGE.value());
            return true;
        }

        final UnsafeBuffer assembly = connection.assembly();
        assembly.putBytes(assembledLength, buffer, offset, length);
        if (FrameDescriptor.END_FRAG_FLAG != (flags & FrameDescriptor.END_FRAG_FLAG))
        {
            client.assembledLength = assembledLength + length;
            client.nextTermOffset = header.nextTermOffset();
            return true;
        }

        final boolean isTaken = onFrame(assembly, 0, assembledLength + length);
        if (isTaken)
        {
            client.assembledLength = ClientImage.NOT_ASSEMBLING;
        }
        return isTaken;
    }

    /** @return whether the frame is done with; {@code false}: the engine has no room. */
    private boolean onFrame(final DirectBuffer buffer, final int offset, final int length)
    {
        final int code = FrameValidator.validateIngress(buffer, offset, length);
        if (FrameValidator.OK != code)
        {
            reject(code);
            answerRejected(buffer, offset, length, code);
            return true;
        }

        final int templateId = ControlEncoder.templateId(buffer, offset);
        if (ConnectDecoder.TEMPLATE_ID == templateId)
        {
            gauges.framesReceived++;
            connect.wrapAndApplyHeader(buffer, offset, messageHeader);
            connections.onConnect(source, connect.nonce(), connect.protocolVersion());
            return true;
        }

        final Connection connection = source.connection;
        if (null == connection || connection.key != key(buffer, offset))
        {
            reject(ResultCode.UNKNOWN_CONNECTION.value());
            return true;
        }
        if (!connection.isProven() && !connections.prove(connection))
        {
            return true;
        }

        connection.lastHeardNs = connections.nowNs();
        final boolean isTaken = dispatch(templateId, connection, buffer, offset, length);
        if (isTaken)
        {
            gauges.framesReceived++;
        }
        else
        {
            gauges.framesNotTaken++;
        }
        return isTaken;
    }

    private boolean dispatch(
        final int templateId, final Connection connection, final DirectBuffer buffer, final int offset, final int length)
    {
        switch (templateId)
        {
            case SubmitDecoder.TEMPLATE_ID:
                return handler.onSubmit(connection.id, buffer, offset, length);

            case QueryDecoder.TEMPLATE_ID:
                return handler.onQuery(connection.id, buffer, offset, length);

            case AttachSessionDecoder.TEMPLATE_ID:
                return handler.onAttachSession(connection.id, buffer, offset, length);

            case CloseSessionDecoder.TEMPLATE_ID:
                return handler.onCloseSession(connection.id, buffer, offset, length);

            case DisconnectDecoder.TEMPLATE_ID:
                connections.close(connection);
                return true;

            default:
                return true;
        }
    }

    private void answerRejected(final DirectBuffer buffer, final int offset, final int length, final int code)
    {
        final Connection connection = source.connection;
        if (null != connection && connection.isProven() && length >= KEYED_LENGTH && connection.key == key(buffer, offset))
        {
            connection.lastHeardNs = connections.nowNs();
            connections.refuseFrame(connection, buffer, offset, length, code);
        }
    }

    private void reject(final int code)
    {
        gauges.rejects[code]++;
    }

    private static long key(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + KEY_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}

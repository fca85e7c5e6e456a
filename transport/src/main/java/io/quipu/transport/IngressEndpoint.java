package io.quipu.transport;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;

/**
 * The ingress socket, with two checks ahead of Aeron's.
 * <p>
 * The sender of a SETUP chooses the term length of the image, up to 1 GiB, and the driver maps three terms for it: a SETUP with
 * longer terms than ours is dropped. And a datagram is copied into the term as it is: one whose frames do not fill it exactly
 * would make the reader step to where no frame is, so it is dropped as well.
 * <p>
 * Called by the driver's receiver, in the turn of the thread that invokes the driver.
 */
final class IngressEndpoint extends ReceiveChannelEndpoint
{
    private final TransportGauges gauges;

    IngressEndpoint(
        final UdpChannel udpChannel,
        final DataPacketDispatcher dispatcher,
        final AtomicCounter statusIndicator,
        final MediaDriver.Context context,
        final TransportGauges gauges)
    {
        super(udpChannel, dispatcher, statusIndicator, context);
        this.gauges = gauges;
    }

    @Override
    public void onSetupMessage(
        final SetupFlyweight header,
        final UnsafeBuffer buffer,
        final int length,
        final InetSocketAddress srcAddress,
        final int transportIndex)
    {
        if (length < SetupFlyweight.HEADER_LENGTH || !isAcceptable(header))
        {
            gauges.setupsRefused++;
            return;
        }
        super.onSetupMessage(header, buffer, length, srcAddress, transportIndex);
    }

    @Override
    public int onDataPacket(
        final DataHeaderFlyweight header,
        final UnsafeBuffer buffer,
        final int length,
        final InetSocketAddress srcAddress,
        final int transportIndex)
    {
        if (!isFilledByFrames(buffer, length))
        {
            gauges.datagramsRefused++;
            return 0;
        }
        return super.onDataPacket(header, buffer, length, srcAddress, transportIndex);
    }

    private static boolean isAcceptable(final SetupFlyweight header)
    {
        final int termLength = header.termLength();
        final int termOffset = header.termOffset();
        final int mtuLength = header.mtuLength();

        return termLength >= LogBufferDescriptor.TERM_MIN_LENGTH && termLength <= Channels.MAX_TERM_LENGTH &&
            BitUtil.isPowerOfTwo(termLength) &&
            termOffset >= 0 && termOffset <= termLength && isAligned(termOffset) &&
            mtuLength > DataHeaderFlyweight.HEADER_LENGTH && mtuLength <= DriverSettings.MAX_MTU_LENGTH &&
            isAligned(mtuLength);
    }

    /**
     * A heartbeat is one header of frame length 0; padding is one header that stands for a longer frame; anything else is
     * one or more data frames, each ending on a multiple of 32, together as long as the datagram.
     */
    private static boolean isFilledByFrames(final UnsafeBuffer buffer, final int length)
    {
        final int termOffset = buffer.getInt(DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET);
        if (termOffset < 0 || termOffset > Channels.MAX_TERM_LENGTH || !isAligned(termOffset))
        {
            return false;
        }

        int offset = 0;
        while (offset < length)
        {
            if (length - offset < DataHeaderFlyweight.HEADER_LENGTH)
            {
                return false;
            }

            final int frameLength = FrameDescriptor.frameLength(buffer, offset);
            if (FrameDescriptor.isPaddingFrame(buffer, offset))
            {
                return frameLength >= DataHeaderFlyweight.HEADER_LENGTH &&
                    frameLength <= Channels.MAX_TERM_LENGTH && length == offset + DataHeaderFlyweight.HEADER_LENGTH;
            }
            if (0 == frameLength)
            {
                return 0 == offset && DataHeaderFlyweight.HEADER_LENGTH == length;
            }
            if (frameLength < DataHeaderFlyweight.HEADER_LENGTH || frameLength > length - offset)
            {
                return false;
            }
            offset += BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT);
        }
        return offset == length;
    }

    private static boolean isAligned(final int value)
    {
        return 0 == (value & FrameDescriptor.FRAME_ALIGNMENT - 1);
    }
}

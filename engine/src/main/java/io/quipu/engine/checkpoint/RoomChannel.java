package io.quipu.engine.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongPredicate;

/**
 * Asks before each {@link #STEP} bytes whether there is room for so many more, and writes nothing where there is not. One thread.
 */
final class RoomChannel implements WritableByteChannel
{
    static final long STEP = 1 << 20;

    private final WritableByteChannel channel;
    private final LongPredicate hasRoom;
    private long written;
    private long askedUpTo;

    RoomChannel(final WritableByteChannel channel, final LongPredicate hasRoom)
    {
        this.channel = channel;
        this.hasRoom = hasRoom;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException
    {
        while (written + source.remaining() > askedUpTo)
        {
            if (!hasRoom.test(askedUpTo + STEP - written))
            {
                throw new IOException("too little room on the disk behind " + written + " bytes");
            }
            askedUpTo += STEP;
        }

        final int count = channel.write(source);
        written += count;
        return count;
    }

    @Override
    public boolean isOpen()
    {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }
}

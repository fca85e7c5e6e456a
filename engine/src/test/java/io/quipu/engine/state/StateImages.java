package io.quipu.engine.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The image of a state, kept chunk by chunk.
 */
final class StateImages
{
    private final List<byte[]> chunks = new ArrayList<>();

    static StateImages of(final StateMachine state)
    {
        final StateImages image = new StateImages();
        state.writeImage((buffer, offset, length) ->
        {
            final byte[] chunk = new byte[length];
            buffer.getBytes(offset, chunk);
            image.chunks.add(chunk);
        });
        return image;
    }

    static StateImages of(final byte[] chunk)
    {
        final StateImages image = new StateImages();
        image.chunks.add(chunk);
        return image;
    }

    int chunkCount()
    {
        return chunks.size();
    }

    byte[] bytes()
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** A new state made of it; closed here when it cannot be one. */
    StateMachine load()
    {
        final StateMachine state = new StateMachine();
        boolean isGood = false;
        try
        {
            read(state.newImageReader(bytes().length));
            isGood = true;
            return state;
        }
        finally
        {
            if (!isGood)
            {
                state.close();
            }
        }
    }

    void read(final StateImageReader reader)
    {
        for (final byte[] chunk : chunks)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(chunk.length));
            buffer.putBytes(0, chunk);
            reader.onChunk(buffer, 0, chunk.length);
        }
        reader.finish();
    }
}
